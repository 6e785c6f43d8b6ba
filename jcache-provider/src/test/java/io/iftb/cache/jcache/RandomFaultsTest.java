package io.iftb.cache.jcache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.iftb.cache.jcache.TimedCall.Kind;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import javax.cache.Cache;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * All operations of a cache and of the candle cache from two JVMs, one of them with fenced near caches, while server and network
 * fail at random: the history of each key and of each series is linearizable, whatever callers were told, and nothing grows. {@code -Dfaults.seconds} says how long, {@code -Dfaults.seed}
 * repeats the faults that a failure has printed.
 */
@Tag("servers")
class RandomFaultsTest {

    private static final long SECONDS = Boolean.getBoolean("iftb.test.thorough") ? 600 : 12;
    private static final Duration TIME = Duration.ofSeconds(Long.getLong("faults.seconds", SECONDS));
    private static final long SEED = Long.getLong("faults.seed", new Random().nextLong());
    private static final int THREADS = 4;

    /**
     * The budget of a call is a second, and a fresh one for the commit behind a processor; the rest is for a machine whose
     * two cores also run other tests. {@link FailureMatrixTest} is exact.
     */
    private static final long LONGEST_MILLIS = 5_000;

    /** Of so many histories one may have so many unknown outcomes that its orders cannot all be searched. */
    private static final int UNDECIDED = 100;

    private static final Duration WARM_UP = Duration.ofSeconds(1);

    /** What a pool and the caches of a JVM may take more of than after a second. */
    private static final int MORE_CONNECTIONS = 2 * THREADS;

    private static final int MORE_THREADS = 2 * THREADS;
    private static final long MORE_BUFFERS = 16 << 20;
    private static final long MORE_HEAP = 16 << 20;

    @TempDir
    private Path data;

    @Test
    void calls_serverAndNetworkFailAtRandom_areLinearizable() {
        try {
            run();
        } catch (Exception | AssertionError e) {
            throw new AssertionError("with -Dfaults.seed=" + SEED + ": " + e, e);
        }
    }

    private void run() throws Exception {
        try (RandomFaults faults = new RandomFaults(data, SEED);
                IftbCachingProvider provider = new IftbCachingProvider();
                LoadJvm other =
                        new LoadJvm(faults.uri(1), faults.passwordFile(), "fenced", Walks.FIND_ALL, SEED, THREADS);
                FaultLoad here = new FaultLoad(faults.open(provider, 0, "off"), 0, SEED, Walks.FIND_ALL)) {
            here.entries().call("first", Kind.PUT, 1, 0);
            here.start(THREADS);
            LockSupport.parkNanos(WARM_UP.toNanos()); // no fault yet
            Taken before = Taken.now(faults, other);

            faults.run(TIME);

            check(faults, here, other);
            await().atMost(Duration.ofSeconds(60)) // idle connections are closed after some seconds
                    .pollInterval(Duration.ofSeconds(1))
                    .untilAsserted(() -> requireNoGrowth(faults, other, before));
            System.out.println(before + " became " + Taken.now(faults, other));
        }
    }

    private static void check(RandomFaults faults, FaultLoad here, LoadJvm other) throws Exception {
        FaultLoad.Calls calls = other.stop();
        calls.addAll(here.stop());
        await().atMost(Duration.ofSeconds(2)).until(() -> answers(here.entries()));
        calls.addAll(last(faults, calls));
        Histories histories = Histories.of(calls);
        String told = "with -Dfaults.seed=" + SEED + ": " + calls.keys().size() + " calls on keys, "
                + calls.series().size() + " on series, " + calls.unknown() + " unknown, " + histories.undecided()
                + " of " + histories.count() + " histories undecided, " + here.refused()
                + " refused here, the longest was " + here.longest() + ", faults " + faults.counts();
        System.out.println(told);
        assertThat(calls.wrong()).as(told).isEmpty();
        assertThat(histories.wrong()).as(told).isEmpty();
        assertThat(histories.undecided()).as(told).isLessThan(histories.count() / UNDECIDED);
        assertThat(calls.keys().size()).as(told).isGreaterThan((int) TIME.toSeconds() * 50);
        assertThat(calls.series().size()).as(told).isGreaterThan((int) TIME.toSeconds() * 10);
        assertThat(here.longest().millis()).as(told).isLessThan(LONGEST_MILLIS);
    }

    private static boolean answers(RecordedLoad load) {
        TimedCall call = load.call("first", Kind.GET, 0, 0);
        return call != null && !call.isUnknown();
    }

    /** What all keys and series hold at the end, by a client that knows nothing of the faults. */
    private static FaultLoad.Calls last(RandomFaults faults, FaultLoad.Calls calls) throws InterruptedException {
        try (IftbCachingProvider provider = new IftbCachingProvider();
                FaultLoad reader = new FaultLoad(
                        LoadJvm.open(provider, faults.serverUri(), null, "off"), 2, SEED, Walks.FIND_ALL)) {
            calls.keys().stream()
                    .map(TimedCall::key)
                    .distinct()
                    .filter(key -> !key.equals(RecordedBatches.ALL_KEYS))
                    .forEach(key -> reader.entries().call(key, Kind.GET, 0, 0));
            calls.series().stream()
                    .map(SeriesCall::series)
                    .distinct()
                    .forEach(series -> reader.candles().call(series, SeriesCall.Kind.RANGE, 0, SeriesCall.BLOCKS, 0));
            return reader.stop();
        }
    }

    /** What both JVMs and the server take. */
    private record Taken(Footprint here, Footprint other, int connections, long clients) {

        static Taken now(RandomFaults faults, LoadJvm other) throws IOException {
            return new Taken(Footprint.now(), other.footprint(), faults.connections(), faults.clients());
        }
    }

    private static void requireNoGrowth(RandomFaults faults, LoadJvm other, Taken before) throws IOException {
        Taken after = Taken.now(faults, other);
        String told = "with -Dfaults.seed=" + SEED + ": " + before + " became " + after;
        assertThat(after.connections).as(told).isLessThanOrEqualTo(before.connections + MORE_CONNECTIONS);
        assertThat(after.clients).as(told).isLessThanOrEqualTo(before.clients + MORE_CONNECTIONS);
        requireNoGrowth(told, before.here, after.here);
        requireNoGrowth(told, before.other, after.other);
    }

    private static void requireNoGrowth(String told, Footprint before, Footprint after) {
        assertThat(after.threads()).as(told).isLessThanOrEqualTo(before.threads() + MORE_THREADS);
        assertThat(after.buffers()).as(told).isLessThanOrEqualTo(before.buffers() + MORE_BUFFERS);
        assertThat(after.heap()).as(told).isLessThanOrEqualTo(before.heap() + MORE_HEAP);
    }

    private static List<String> notLinearizable(List<TimedCall> calls) {
        return Histories.keys(calls);
    }

    // ---- faults that are planted

    @Test
    void checker_lostWrite_isFound() throws IOException {
        try (RandomFaults faults = new RandomFaults(data, SEED);
                IftbCachingProvider provider = new IftbCachingProvider();
                RawRedis raw = new RawRedis(faults.serverUri())) {
            RecordedLoad load = new RecordedLoad(faults.open(provider, 0, "off"), 0, SEED);
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
            Cache<String, Long> cache = faults.open(provider, 0, "off");
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
            Cache<String, Long> near = faults.open(provider, 0, "on");
            RecordedLoad reader = new RecordedLoad(near, 0, SEED);
            RecordedLoad writer = new RecordedLoad(faults.open(writing, 1, "off"), 1, SEED);
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

    @Test
    void checker_lostBar_isFound() throws IOException {
        try (RandomFaults faults = new RandomFaults(data, SEED);
                IftbCachingProvider provider = new IftbCachingProvider();
                RawRedis raw = new RawRedis(faults.serverUri())) {
            RecordedCandles load = candles(provider, faults);
            load.call("S1", SeriesCall.Kind.PUT, 2, 5, 7);
            load.call("S1", SeriesCall.Kind.LATEST, 0, 3, 0);
            load.call("S1", SeriesCall.Kind.RANGE, 0, 12, 0);
            load.call("S1", SeriesCall.Kind.REMOVE, 4, 5, 0);
            load.call("S1", SeriesCall.Kind.LATEST, 0, 1, 0);
            assertThat(Histories.series(load.calls())).isEmpty();

            String head = raw.key("*S1*");
            byte[] rows = (byte[]) Objects.requireNonNull(raw.send("GET", head));
            assertThat(raw.send("SET", head, Arrays.copyOf(rows, rows.length / 2)))
                    .isNotNull();
            load.call("S1", SeriesCall.Kind.RANGE, 0, 12, 0);

            assertThat(Histories.series(load.calls())).hasSize(1);
        }
    }

    @Test
    void checker_holeInASeries_isFound() throws IOException {
        try (RandomFaults faults = new RandomFaults(data, SEED);
                IftbCachingProvider provider = new IftbCachingProvider();
                IftbCachingProvider reading = new IftbCachingProvider();
                RawRedis raw = new RawRedis(faults.serverUri())) {
            RecordedCandles writer = candles(provider, faults);
            for (int block = 0; block < SeriesCall.BLOCKS; block++) {
                writer.call("L1", SeriesCall.Kind.PUT, block, block + 1, 100 + block);
            }
            await().until(() -> raw.keys("*L1*:*index").size() == 1);
            RecordedCandles reader = candles(reading, faults);
            reader.call("L1", SeriesCall.Kind.RANGE, 0, SeriesCall.BLOCKS, 0);
            assertThat(Histories.series(both(writer, reader))).isEmpty();

            removeOldestPage(raw);
            reader.call("L1", SeriesCall.Kind.RANGE, 0, SeriesCall.BLOCKS, 0);

            assertThat(Histories.series(both(writer, reader))).hasSize(1);
        }
    }

    private static void removeOldestPage(RawRedis raw) {
        List<String> pages = raw.keys("*L1*:*").stream()
                .filter(key -> !key.endsWith("index"))
                .toList();
        assertThat(pages).isNotEmpty();
        pages.forEach(page -> assertThat(raw.send("UNLINK", page)).isEqualTo(1L));
    }

    /** Of bars that several calls wrote, one block is half there. */
    @Test
    void reader_halfABlock_saysSo() throws IOException {
        try (RandomFaults faults = new RandomFaults(data, SEED);
                IftbCachingProvider provider = new IftbCachingProvider();
                RawRedis raw = new RawRedis(faults.serverUri())) {
            RecordedCandles load = candles(provider, faults);
            load.call("L2", SeriesCall.Kind.PUT, 0, 2, 7);
            String head = raw.key("*L2*");
            byte[] rows = (byte[]) Objects.requireNonNull(raw.send("GET", head));
            int row = rows.length / 512;
            assertThat(raw.send("SET", head, Arrays.copyOfRange(rows, 100 * row, rows.length)))
                    .isNotNull();

            load.call("L2", SeriesCall.Kind.RANGE, 0, 12, 0);

            assertThat(load.log().wrong()).singleElement().asString().contains("has a hole: 156 of 256 bars");
        }
    }

    private static RecordedCandles candles(IftbCachingProvider provider, RandomFaults faults) {
        return new RecordedCandles(faults.open(provider, 0, "off").getCacheManager(), 0, SEED);
    }

    private static List<SeriesCall> both(RecordedCandles one, RecordedCandles two) {
        List<SeriesCall> all = new ArrayList<>(one.calls());
        all.addAll(two.calls());
        return all;
    }

    @Test
    void checker_keyThatCameBackAfterClear_isFound() throws IOException {
        try (RandomFaults faults = new RandomFaults(data, SEED);
                IftbCachingProvider provider = new IftbCachingProvider()) {
            Cache<String, Long> cache = faults.open(provider, 0, "off");
            RecordedLoad load = new RecordedLoad(cache, 0, SEED);
            load.batches().putAll(Map.of("a", 1L, "b", 2L));
            load.batches().getAll(Set.of("a", "b", "c"));
            load.batches().iterate(List.of("a", "b", "c"));
            load.batches().clear();
            load.batches().iterate(List.of("a", "b", "c"));
            assertThat(notLinearizable(load.calls())).isEmpty();

            cache.put("a", 1L);
            load.batches().iterate(List.of("a"));

            assertThat(notLinearizable(load.calls())).hasSize(1);
        }
    }

    private static List<TimedCall> together(RecordedLoad one, RecordedLoad two) {
        List<TimedCall> all = new ArrayList<>(one.calls());
        all.addAll(two.calls());
        return all;
    }
}
