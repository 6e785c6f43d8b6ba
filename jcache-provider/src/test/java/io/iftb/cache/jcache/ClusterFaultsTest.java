package io.iftb.cache.jcache;

import static org.assertj.core.api.Assertions.assertThat;

import io.iftb.cache.TestCluster;
import io.iftb.cache.jcache.TimedCall.Kind;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * The calls of {@link RandomFaultsTest} on a Redis Cluster whose slots move, whose primaries fail over and whose connections are
 * cut, at random. Slot moves take nothing from a history. A failover may: a replica that takes over without asking misses
 * what it had not heard of, and until the former primary hears of a new one, it answers reads with what was. So a history
 * that is wrong has to lie in the time of a failover, and those are counted. {@code -Dfaults.seconds} says how long, {@code
 * -Dfaults.seed} repeats the faults that a failure has printed.
 */
@Tag("servers")
@Tag("thorough")
class ClusterFaultsTest {

    private static final Duration TIME = Duration.ofSeconds(Long.getLong("faults.seconds", 120));
    private static final long SEED = Long.getLong("faults.seed", new Random().nextLong());
    private static final int THREADS = 4;
    private static final long LONGEST_MILLIS = 2_500;
    private static final int MOST_UNDECIDED = 20;

    /** Histories that one failover may make wrong: it takes a second or two, in which some hundred keys have their time. */
    private static final int MOST_LOST = 20;

    @Test
    void calls_slotsMove_areLinearizable() {
        check(List.of(ClusterFaults.Fault.SLOTS_MOVED, ClusterFaults.Fault.CONNECTIONS_KILLED));
    }

    @Test
    void calls_slotsMoveAndPrimariesFailOver_areLinearizableButInAFailover() {
        check(List.of(ClusterFaults.Fault.values()));
    }

    private static void check(List<ClusterFaults.Fault> kinds) {
        try {
            run(kinds);
        } catch (Exception | AssertionError e) {
            throw new AssertionError("with -Dfaults.seed=" + SEED + ": " + e, e);
        }
    }

    private static void run(List<ClusterFaults.Fault> kinds) throws Exception {
        try (TestCluster cluster = TestCluster.withReplicas();
                IftbCachingProvider provider = new IftbCachingProvider();
                LoadJvm other = new LoadJvm(cluster.uri(), null, "fenced", Walks.MAY_MISS, SEED, THREADS);
                FaultLoad here =
                        new FaultLoad(LoadJvm.open(provider, cluster.uri(), null, "off"), 0, SEED, Walks.MAY_MISS)) {
            ClusterFaults faults = new ClusterFaults(cluster, SEED);
            here.entries().call("first", Kind.PUT, 1, 0);
            here.start(THREADS);

            faults.run(TIME.dividedBy(2), kinds);

            FaultLoad.Calls calls = other.stop();
            calls.addAll(here.stop());
            Histories histories = Histories.of(calls, faults::isInFailover);
            String told = "with -Dfaults.seed=" + SEED + ": " + calls.keys().size() + " calls on keys, "
                    + calls.series().size() + " on series, " + calls.unknown() + " unknown, "
                    + histories.undecided() + " histories undecided, " + histories.excused()
                    + " lost in a failover, " + here.refused() + " refused here, the longest was "
                    + here.longest() + ", faults " + faults.counts();
            System.out.println(told);
            assertThat(calls.wrong()).as(told).isEmpty();
            assertThat(histories.wrong()).as(told).isEmpty();
            assertThat(histories.undecided()).as(told).isLessThan(MOST_UNDECIDED);
            assertThat(calls.keys().size()).as(told).isGreaterThan((int) TIME.toSeconds() * 25);
            assertThat(calls.series().size()).as(told).isGreaterThan((int) TIME.toSeconds() * 5);
            assertThat(here.longest().millis()).as(told).isLessThan(LONGEST_MILLIS);
            assertThat(histories.excused()).as(told).isLessThanOrEqualTo(MOST_LOST * faults.failovers());
        }
    }
}
