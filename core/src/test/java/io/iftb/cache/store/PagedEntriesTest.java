package io.iftb.cache.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.iftb.cache.TestServer;
import io.iftb.cache.codec.BarRow;
import io.iftb.cache.market.BarKey;
import io.iftb.cache.market.BarSeries;
import io.iftb.cache.market.OhlcvBar;
import io.iftb.cache.market.SeriesKey;
import io.iftb.cache.redis.RedisConnection;
import io.iftb.cache.store.EntryStore.Change;
import io.iftb.cache.store.EntryStore.Condition;
import io.iftb.cache.store.EntryStore.TimedValue;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Conditional changes of bars that lie in pages, or move there, by several threads of two programs at once. */
class PagedEntriesTest {

    private static final SeriesKey BTC = SeriesKey.of("BTCUSDT", "1h");
    private static final long LONG = 600_000;
    private static final Lifetimes ETERNAL = new Lifetimes(Lifetimes.ETERNAL, Lifetimes.ETERNAL);
    private static final Lifetimes KEEPING = new Lifetimes(Lifetimes.ETERNAL, Lifetimes.KEEP);
    private static final Duration RUN = Duration.ofMillis(Boolean.getBoolean("iftb.test.thorough") ? 15_000 : 1_200);

    private static final Program[] programs = new Program[2];

    /** A connection with its stores, as another JVM would have. */
    private record Program(RedisConnection redis, CandleStore store, BarEntryStore entries) {

        static Program open() {
            RedisConnection redis = TestServer.connect();
            SeriesAccess access = SeriesAccess.of(new SeriesScripts(redis, new Keys("")), new SeriesDamage());
            CandleStore store = new RedisCandleStore(access);
            return new Program(redis, store, new BarEntryStore(store, access, new ChangeChannel("changes")));
        }

        void put(int from, int count, int version, long lifetime) {
            redis.await(store.upsert(BTC, BarSeries.of(bars(from, count, version)), lifetime));
        }

        <T> T done(CompletableFuture<T> future) {
            return redis.await(future);
        }
    }

    @BeforeAll
    static void connect() {
        programs[0] = Program.open();
        programs[1] = Program.open();
    }

    @AfterAll
    static void disconnect() {
        programs[0].redis.close();
        programs[1].redis.close();
    }

    @BeforeEach
    void flush() {
        TestServer.flush();
    }

    @Test
    void touchAndRemove_ofManyPages_whileAnotherReplacesThem_missNoBar() throws Exception {
        programs[0].put(0, 24_000, 0, Lifetimes.ETERNAL);
        AtomicBoolean stop = new AtomicBoolean();
        CompletableFuture<Void> other = InThread.run(() -> {
            for (int version = 1; !stop.get(); version++) {
                for (int time = 1; time < 22_000 && !stop.get(); time += 700) {
                    programs[1].put(time, 1, version, Lifetimes.ETERNAL);
                    for (int read = 0; read < 40; read++) { // else a change of all pages seldom finds them unchanged
                        programs[1].done(programs[1].store.latest(BTC, 1_000));
                    }
                }
            }
        });
        try {
            List<BarKey> keys = IntStream.range(0, 500)
                    .mapToObj(i -> BarKey.of(BTC, i * 42L + 14))
                    .toList();
            Map<BarKey, byte[]> values = new HashMap<>();
            keys.forEach(key -> values.put(
                    key, BarRow.value(bars((int) key.openTime(), 1, 0).get(0))));
            long end = System.nanoTime() + RUN.toNanos();
            int rounds = 0;
            while (rounds < 2 || System.nanoTime() < end) {
                assertThat(programs[0].done(programs[0].entries.getAll(keys, LONG)))
                        .as("touched in round %d", rounds)
                        .hasSize(500);
                assertThat(programs[0].done(programs[0].entries.removeAll(keys)))
                        .as("removed in round %d", rounds)
                        .isEqualTo(500);
                assertThat(programs[0].done(programs[0].entries.getAll(keys, Lifetimes.KEEP)))
                        .isEmpty();
                programs[0].done(programs[0].entries.putAll(values, KEEPING));
                rounds++;
            }
        } finally {
            stop.set(true);
            other.get(10, TimeUnit.SECONDS);
        }
    }

    /** Bars move from the head to pages while they are counted up, and late bars come to the same pages. */
    @Test
    void compareAndSet_byManyThreads_whileBarsAreSealed_losesNoCount() throws Exception {
        int bars = 6_000;
        programs[0].put(0, bars, 0, LONG);
        AtomicIntegerArray counts = new AtomicIntegerArray(bars);
        AtomicInteger total = new AtomicInteger();
        AtomicBoolean stop = new AtomicBoolean();
        List<CompletableFuture<Void>> threads = new ArrayList<>();
        for (int thread = 0; thread < 6; thread++) {
            Program program = programs[thread % 2];
            Random random = new Random(thread);
            threads.add(InThread.run(() -> {
                while (!stop.get()) {
                    // few, some of which lie where the head ends
                    int time = random.nextBoolean() ? random.nextInt(3) * 1_000 : bars - 1 - random.nextInt(4) * 500;
                    increment(program, time, random);
                    counts.incrementAndGet(time);
                    total.incrementAndGet();
                }
            }));
        }
        threads.add(InThread.run(() -> {
            for (int time = bars; !stop.get(); time += 40) {
                programs[1].put(time, 40, 0, LONG); // seals
                programs[1].put(time % 2_900 + 1, 1, 0, LONG); // late, none of those that count
            }
        }));
        CompletableFuture<Void> all = CompletableFuture.allOf(threads.toArray(new CompletableFuture<?>[0]));
        try {
            long end = System.nanoTime() + RUN.toNanos();
            while ((total.get() <= 100 || System.nanoTime() < end) && !all.isDone()) {
                for (int time : new int[] {0, 1_000, bars - 1}) {
                    TimedValue value = programs[0].done(programs[0].entries.getWithTtl(BarKey.of(BTC, time)));
                    assertThat(value).isNotNull();
                    assertThat(value.ttl()).isBetween(LONG - 100_000, LONG);
                }
            }
        } finally {
            stop.set(true);
        }
        all.get(20, TimeUnit.SECONDS);
        int sum = 0;
        for (int time = 0; time < bars; time++) {
            if (counts.get(time) > 0) {
                byte[] value = programs[0].done(programs[0].entries.get(BarKey.of(BTC, time), Lifetimes.KEEP));
                assertThat(BarRow.bar(value).volume()).as("bar %d", time).isEqualTo(counts.get(time));
                sum += counts.get(time);
            }
        }
        assertThat(sum).isGreaterThan(100);
    }

    private static void increment(Program program, int time, Random random) {
        BarKey key = BarKey.of(BTC, time);
        while (true) {
            byte[] before = program.done(program.entries.get(key, Lifetimes.KEEP));
            assertThat(before).isNotNull();
            OhlcvBar bar = BarRow.bar(before);
            byte[] after =
                    BarRow.value(new OhlcvBar(time, bar.open(), bar.high(), bar.low(), bar.close(), bar.volume() + 1));
            Change<BarKey> change = new Change<>(key, before, after, Lifetimes.KEEP);
            if (random.nextInt(4) == 0) {
                List<CompletableFuture<Boolean>> made = program.entries.compareAndSetAll(List.of(change));
                if (program.done(made.get(0))) {
                    return;
                }
            } else if (program.done(program.entries.compareAndSet(change))) {
                return;
            }
        }
    }

    /** Who finds a bar absent puts it, who finds it removes it: each put and each removal is of one program only. */
    @Test
    void putAbsentAndRemove_byManyThreads_eachHaveOneWinner() throws Exception {
        programs[0].put(0, 6_000, 0, Lifetimes.ETERNAL);
        int[] times = {100, 2_500, 5_900};
        AtomicIntegerArray balance = new AtomicIntegerArray(times.length);
        for (int time : times) {
            programs[0].done(programs[0].entries.remove(BarKey.of(BTC, time)));
        }
        AtomicBoolean stop = new AtomicBoolean();
        List<CompletableFuture<Void>> threads = new ArrayList<>();
        for (int thread = 0; thread < 6; thread++) {
            Program program = programs[thread % 2];
            Random random = new Random(thread);
            threads.add(InThread.run(() -> {
                while (!stop.get()) {
                    int i = random.nextInt(times.length);
                    BarKey key = BarKey.of(BTC, times[i]);
                    byte[] value = BarRow.value(bars(times[i], 1, 1).get(0));
                    if (random.nextBoolean()) {
                        if (program.done(program.entries.put(key, value, ETERNAL, Condition.ABSENT))) {
                            balance.incrementAndGet(i);
                        }
                    } else if (random.nextBoolean()) {
                        if (program.done(program.entries.remove(key))) {
                            balance.decrementAndGet(i);
                        }
                    } else if (program.done(
                            program.entries.compareAndSet(new Change<>(key, value, null, Lifetimes.KEEP)))) {
                        balance.decrementAndGet(i);
                    }
                }
            }));
        }
        try {
            CompletableFuture.allOf(threads.toArray(new CompletableFuture<?>[0]))
                    .get(RUN.toMillis() / 2, TimeUnit.MILLISECONDS);
        } catch (java.util.concurrent.TimeoutException expected) {
            stop.set(true);
        }
        CompletableFuture.allOf(threads.toArray(new CompletableFuture<?>[0])).get(20, TimeUnit.SECONDS);
        for (int i = 0; i < times.length; i++) {
            byte[] value = programs[0].done(programs[0].entries.get(BarKey.of(BTC, times[i]), Lifetimes.KEEP));
            assertThat(balance.get(i)).as("bar %d", times[i]).isEqualTo(value == null ? 0 : 1);
        }
    }

    private static List<OhlcvBar> bars(int from, int count, int version) {
        return IntStream.range(from, from + count)
                .mapToObj(time -> {
                    double price = 1_000 + ((time * 2_654_435_761L) >>> 7) % 65_536 / 100.0; // no page holds many
                    return new OhlcvBar(time, price, price + 2, price - 1, price + 1, version);
                })
                .toList();
    }
}
