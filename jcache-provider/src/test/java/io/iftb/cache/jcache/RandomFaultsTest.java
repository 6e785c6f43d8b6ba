package io.iftb.cache.jcache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.iftb.cache.jcache.TimedCall.Kind;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.stream.Collectors;
import javax.cache.Cache;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * All operations from two JVMs, one of them with a fenced near cache, while server and network fail at random: the history of
 * each key is linearizable, whatever its callers were told. {@code -Dfaults.seconds} says how long, {@code -Dfaults.seed}
 * repeats the faults that a failure has printed.
 */
class RandomFaultsTest {

    private static final long SECONDS = Boolean.getBoolean("iftb.test.thorough") ? 600 : 20;
    private static final Duration TIME = Duration.ofSeconds(Long.getLong("faults.seconds", SECONDS));
    private static final long SEED = Long.getLong("faults.seed", new Random().nextLong());
    private static final int THREADS = 4;

    /** The budget of a call is a second; the rest is for a busy machine. */
    private static final long LONGEST_MILLIS = 2_000;

    @TempDir
    private Path data;

    @Test
    void calls_serverAndNetworkFailAtRandom_areLinearizable() throws Exception {
        try (RandomFaults faults = new RandomFaults(data, SEED);
                IftbCachingProvider provider = new IftbCachingProvider();
                LoadJvm other = new LoadJvm(faults.uri(1), "fenced", SEED, THREADS)) {
            Cache<String, Long> cache = LoadJvm.open(provider, faults.uri(0), "off");
            RecordedLoad here = new RecordedLoad(cache, 0, SEED);
            here.call("first", Kind.PUT, 1, 0);
            int threadsBefore = threadsOfOurs();
            here.start(THREADS);

            faults.run(TIME);

            here.stop();
            await().atMost(Duration.ofSeconds(2)).until(() -> answers(here));
            List<TimedCall> calls = new ArrayList<>(other.stop());
            calls.addAll(here.calls());
            calls.addAll(last(faults, calls));
            String told = "with -Dfaults.seed=" + SEED + ": " + calls.size() + " calls, "
                    + calls.stream().filter(TimedCall::isUnknown).count() + " unknown, "
                    + here.refused() + " refused here, the longest took " + here.longestMillis() + " ms, faults "
                    + faults.counts();
            System.out.println(told);
            assertThat(here.wrong()).as(told).isEmpty();
            assertThat(other.wrong()).as(told).isEmpty();
            assertThat(notLinearizable(calls)).as(told).isEmpty();
            assertThat(calls.size()).as(told).isGreaterThan((int) TIME.toSeconds() * 50);
            assertThat(here.longestMillis()).as(told).isLessThan(LONGEST_MILLIS);
            await().untilAsserted(
                            () -> assertThat(threadsOfOurs()).as(told).isLessThanOrEqualTo(threadsBefore + THREADS));
        }
    }

    private static boolean answers(RecordedLoad load) {
        TimedCall call = load.call("first", Kind.GET, 0, 0);
        return call != null && !call.isUnknown();
    }

    /** What all keys hold at the end, by a client that knows nothing of the faults. */
    private static List<TimedCall> last(RandomFaults faults, List<TimedCall> calls) {
        try (IftbCachingProvider provider = new IftbCachingProvider()) {
            RecordedLoad reader = new RecordedLoad(LoadJvm.open(provider, faults.serverUri(), "off"), 2, SEED);
            calls.stream().map(TimedCall::key).distinct().forEach(key -> reader.call(key, Kind.GET, 0, 0));
            return reader.calls();
        }
    }

    private static List<String> notLinearizable(List<TimedCall> calls) {
        Map<String, List<TimedCall>> byKey = calls.stream().collect(Collectors.groupingBy(TimedCall::key));
        List<String> found = new ArrayList<>();
        byKey.forEach((key, ofKey) -> {
            KeyHistory history = new KeyHistory(ofKey);
            if (!history.isLinearizable()) {
                found.add(key + ":\n" + history);
            }
        });
        return found;
    }

    private static int threadsOfOurs() {
        return (int) Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().startsWith("iftb-cache"))
                .count();
    }

    // ---- faults that are planted

    @Test
    void checker_lostWrite_isFound() throws IOException {
        try (RandomFaults faults = new RandomFaults(data, SEED);
                IftbCachingProvider provider = new IftbCachingProvider();
                RawRedis raw = new RawRedis(faults.serverUri())) {
            RecordedLoad load = new RecordedLoad(LoadJvm.open(provider, faults.uri(0), "off"), 0, SEED);
            load.call("key", Kind.PUT, 1, 0);
            Object former = Objects.requireNonNull(raw.send("GET", raw.key("*key")));
            load.call("key", Kind.PUT, 2, 0);
            assertThat(notLinearizable(load.calls())).isEmpty();

            assertThat(raw.send("SET", raw.key("*key"), former)).isNotNull();
            load.call("key", Kind.GET, 0, 0);

            assertThat(notLinearizable(load.calls())).hasSize(1);
        }
    }

    @Test
    void checker_doubledIncrement_isFound() throws IOException {
        try (RandomFaults faults = new RandomFaults(data, SEED);
                IftbCachingProvider provider = new IftbCachingProvider()) {
            Cache<String, Long> cache = LoadJvm.open(provider, faults.uri(0), "off");
            RecordedLoad load = new RecordedLoad(cache, 0, SEED);
            load.call("key", Kind.PUT, 1, 0);
            load.call("key", Kind.INCREMENT, 0, 0);
            assertThat(notLinearizable(load.calls())).isEmpty();

            cache.invoke("key", (entry, arguments) -> {
                entry.setValue(entry.getValue() + 1);
                return null;
            });
            load.call("key", Kind.GET, 0, 0);

            assertThat(notLinearizable(load.calls())).hasSize(1);
        }
    }

    /** A near cache without fences promises less, and what it gives while messages are late is found. */
    @Test
    void checker_staleNearRead_isFound() throws IOException {
        try (RandomFaults faults = new RandomFaults(data, SEED);
                IftbCachingProvider provider = new IftbCachingProvider();
                IftbCachingProvider writing = new IftbCachingProvider()) {
            Cache<String, Long> near = LoadJvm.open(provider, faults.uri(0), "on");
            RecordedLoad reader = new RecordedLoad(near, 0, SEED);
            RecordedLoad writer = new RecordedLoad(LoadJvm.open(writing, faults.uri(1), "off"), 1, SEED);
            await().until(() -> {
                for (int i = 0; notLinearizable(together(reader, writer)).isEmpty() && i < 1_000; i++) {
                    reader.call("key", Kind.GET, 0, 0);
                    writer.call("key", Kind.PUT, System.nanoTime(), 0);
                    reader.call("key", Kind.GET, 0, 0);
                }
                return !notLinearizable(together(reader, writer)).isEmpty();
            });
        }
    }

    private static List<TimedCall> together(RecordedLoad one, RecordedLoad two) {
        List<TimedCall> all = new ArrayList<>(one.calls());
        all.addAll(two.calls());
        return all;
    }
}
