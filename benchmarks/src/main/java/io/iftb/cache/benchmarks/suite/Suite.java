package io.iftb.cache.benchmarks.suite;

import static io.iftb.cache.benchmarks.contender.Contender.BUCKET;
import static io.iftb.cache.benchmarks.contender.Contender.IFTB_CODEC;
import static io.iftb.cache.benchmarks.contender.Contender.IFTB_TCP;
import static io.iftb.cache.benchmarks.contender.Contender.JSON_SCAN;
import static io.iftb.cache.benchmarks.contender.Contender.SOCKET;
import static io.iftb.cache.benchmarks.contender.Contender.SORTED_SET;

import io.iftb.cache.benchmarks.contender.Contender;
import io.iftb.cache.benchmarks.measure.Duet;
import io.iftb.cache.benchmarks.workload.Load;
import io.iftb.cache.benchmarks.workload.Workload.Kind;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/** A choice of cases. */
public enum Suite {
    /** ours beside the two references: what the gate looks at, and as short as it can tell 15% */
    GATE(8, 5_000, Duration.ofMillis(500)) {
        @Override
        List<Group> all() {
            List<Group> groups = new ArrayList<>();
            List<Contender> contenders = List.of(IFTB_TCP, SOCKET, BUCKET);
            add(groups, Loads.bars(100_000), contenders);
            add(groups, Loads.entries(), contenders);
            add(groups, Loads.codecs(), List.of(IFTB_CODEC));
            return groups;
        }

        /** Nobody judges what the references cost. */
        @Override
        List<Contender> costing(Group group) {
            return group.contenders().stream()
                    .filter(each -> !each.isReference())
                    .toList();
        }
    },
    /** everything */
    FULL(3, 8_000, Duration.ofSeconds(1)) {
        @Override
        List<Group> all() {
            List<Group> groups = new ArrayList<>();
            List<Contender> contenders = List.copyOf(EnumSet.complementOf(EnumSet.of(JSON_SCAN)));
            add(groups, Loads.bars(1_000_000), contenders);
            add(groups, Loads.entries(), contenders);
            add(groups, Loads.codecs(), contenders);
            add(groups, Loads.threads(), contenders);
            add(groups, List.of(Loads.year()), contenders);
            for (Load load : Loads.growth()) {
                groups.add(new Group(load, List.of(IFTB_TCP, SOCKET, BUCKET, SORTED_SET)));
                // takes no turns with the others: they would wait seconds for theirs
                groups.add(new Group(load, List.of(JSON_SCAN)));
            }
            return groups;
        }
    };

    private final int forks;
    private final int warmRounds;
    private final Duration measuring;

    /**
     * @param warmRounds after so many the JVM has compiled what runs in them; before, what takes more steps seems worse
     *     than it is
     * @param measuring how long turns are counted
     */
    Suite(int forks, int warmRounds, Duration measuring) {
        this.forks = forks;
        this.warmRounds = warmRounds;
        this.measuring = measuring;
    }

    /** Its groups, in the order in which they are measured. */
    abstract List<Group> all();

    /** Those of a group whose costs are counted. */
    List<Contender> costing(Group group) {
        return group.contenders();
    }

    private static void add(List<Group> groups, List<Load> loads, List<Contender> contenders) {
        loads.forEach(load -> groups.add(new Group(load, contenders)));
    }

    /** Its name on the command line. */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** In how many JVMs it measures times, unless somebody says otherwise. */
    public int forks() {
        return forks;
    }

    /** How it measures the times of a load; bytes alone need no turns. */
    Duet duet(Load load) {
        return load.workload().kind() == Kind.CODEC
                ? new Duet(Duration.ofMillis(300), 0, Duration.ofMillis(300), 30)
                : new Duet(Duration.ofMillis(500), warmRounds, measuring, 30);
    }

    /** How long an operation is carried out before its allocation is counted. */
    Duration warmUpOfCosts() {
        return Duration.ofSeconds(1);
    }

    /** The groups with cases in whose text a pattern is found; references stay where there is something to compare. */
    List<Group> groups(Pattern only) {
        return all().stream()
                .map(group -> group.only(only))
                .filter(Group::isToBeMeasured)
                .toList();
    }
}
