package io.iftb.cache.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.iftb.cache.TestServer;
import io.iftb.cache.codec.BarRow;
import io.iftb.cache.embedded.RespConnection;
import io.iftb.cache.market.BarKey;
import io.iftb.cache.market.BarSeries;
import io.iftb.cache.market.OhlcvBar;
import io.iftb.cache.market.SeriesKey;
import io.iftb.cache.redis.FaultProxy;
import io.iftb.cache.redis.RedisConnection;
import io.iftb.cache.redis.RedisOutcomeUnknownException;
import io.iftb.cache.redis.RedisServerException;
import io.iftb.cache.store.EntryStore.Condition;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Programs that seal and change pages at once, or are cut off at any step of it: the series is whole, and they know it. */
class SealingTest {

    private static final SeriesKey BTC = SeriesKey.of("BTCUSDT", "1m");
    private static final String HEAD = "ohlcv:{BTCUSDT:1m}";
    private static final long MINUTE = 60_000;
    private static final int BARS = 9_000;

    /** The last of the bars that are there at first is of now. */
    private static final long TIME_OF_0 = System.currentTimeMillis() / MINUTE * MINUTE - BARS * MINUTE;

    private static final Lifetimes ETERNAL = new Lifetimes(Lifetimes.ETERNAL, Lifetimes.ETERNAL);
    private static final Lifetimes KEEPING = new Lifetimes(Lifetimes.ETERNAL, Lifetimes.KEEP);
    private static final boolean THOROUGH = Boolean.getBoolean("iftb.test.thorough");

    private static Program program;
    private static RespConnection raw;

    /** A connection with its stores, as another JVM would have. */
    private record Program(RedisConnection redis, CandleStore store, BarEntryStore entries) implements AutoCloseable {

        static Program open(String uri) {
            RedisConnection redis = RedisConnection.open(TestServer.settings(uri));
            SeriesAccess access = SeriesAccess.of(new SeriesScripts(redis, new Keys("")), new SeriesDamage());
            CandleStore store = new RedisCandleStore(access);
            return new Program(redis, store, new BarEntryStore(store, access, new ChangeChannel("changes")));
        }

        <T> T done(CompletableFuture<T> future) {
            return redis.await(future);
        }

        void put(int from, int count, int version) {
            done(store.upsert(BTC, BarSeries.of(bars(from, count, version)), Lifetimes.ETERNAL));
        }

        @Override
        public void close() {
            redis.close();
        }
    }

    /** What a program does that is cut off; all but the last two are atomic. */
    private enum Change {
        BACK_FILL_BEFORE_THE_OLDEST(-4_000, 4_000),
        BACK_FILL_BETWEEN_PAGES(2_000, 3_000),
        OVERLAPPING_ALL(-1_000, 11_000),
        BEHIND_THE_NEWEST(BARS, 5_000),
        OVER_THE_HEAD(BARS - 500, 3_000),
        LATE_BAR(1_234, 1),
        LATE_BARS_AND_NEW_ONES(BARS - 2_000, 2_010),
        FEW_THAT_SEAL(BARS, 1_500),
        PRESENT(3_456, 1),
        PUT_ALL(100, 5_000);

        final int from;
        final int count;

        Change(int from, int count) {
            this.from = from;
            this.count = count;
        }

        void make(Program by) {
            switch (this) {
                case PRESENT -> {
                    byte[] value = BarRow.value(bars(from, 1, 1).get(0));
                    assertThat(by.done(by.entries.put(BarKey.of(BTC, time(from)), value, KEEPING, Condition.PRESENT)))
                            .isTrue();
                }
                case PUT_ALL -> {
                    Map<BarKey, byte[]> values = new HashMap<>();
                    bars(from, count, 1).forEach(bar -> values.put(BarKey.of(BTC, bar.openTime()), BarRow.value(bar)));
                    by.done(by.entries.putAll(values, ETERNAL));
                }
                default -> by.put(from, count, 1);
            }
        }
    }

    @BeforeAll
    static void connect() {
        program = Program.open(TestServer.uri());
        raw = TestServer.raw();
    }

    @AfterAll
    static void disconnect() throws IOException {
        program.close();
        raw.close();
    }

    @BeforeEach
    void flush() {
        TestServer.flush();
    }

    /** Faster than a head is sealed: scripts move its rows to pages of rows, and the program packs them. */
    @Test
    void upsert_fasterThanSealing_isPackedSoonAfter() {
        SeriesLayout layout = new SeriesLayout(program.redis, raw, HEAD);
        List<CompletableFuture<Void>> puts = new ArrayList<>();
        for (int from = 0; from < 40_000; from += 2_000) {
            puts.add(program.store.upsert(BTC, BarSeries.of(bars(from, 2_000, 1)), Lifetimes.ETERNAL));
        }
        puts.forEach(program::done);

        Awaitility.await().untilAsserted(() -> {
            assertThat(layout.entries()).isNotEmpty().allMatch(PageEntry::packed);
            assertThat(program.done(program.store.describe(BTC)).rows()).isEqualTo(40_000);
            assertThat(Integer.parseInt(raw.call("STRLEN", HEAD).substring(1)))
                    .isLessThan((SeriesReader.HEAD_MAX_ROWS + 1) * BarRow.ROW_BYTES + 48);
        });
    }

    @ParameterizedTest
    @EnumSource
    void changeOfPages_cutOffAtAnyStep_isDoneOrNotAsItsCallerIsTold(Change change) throws IOException {
        int told = 0;
        try (FaultProxy proxy = new FaultProxy(TestServer.port());
                Program doomed = Program.open(proxy.uri())) {
            for (FaultProxy.Fault fault : List.of(FaultProxy.Fault.CUT_REQUESTS, FaultProxy.Fault.CUT_REPLIES)) {
                boolean pending = false;
                for (int step = 0; !pending; step += THOROUGH || step < 3 ? 1 : 4) {
                    TestServer.flush();
                    program.put(0, BARS, 0);
                    Map<Long, Double> before = all();
                    Map<Long, Double> after = new TreeMap<>(before);
                    bars(change.from, change.count, 1).forEach(bar -> after.put(bar.openTime(), bar.volume()));
                    doomed.done(doomed.store.describe(BTC));
                    proxy.onceAfter(step, fault);
                    Map<Long, Double> expected;
                    try {
                        change.make(doomed);
                        expected = after;
                        pending = proxy.isPending();
                    } catch (RedisOutcomeUnknownException e) {
                        told++;
                        expected = null;
                    } catch (RedisServerException e) {
                        told++;
                        expected = before;
                    }
                    Map<Long, Double> found = all();
                    assertThat(expected == null ? found.equals(before) || found.equals(after) : found.equals(expected))
                            .as("%s at step %d: %s", fault, step, expected == null ? "all or nothing" : "as told")
                            .isTrue();
                    checkLayout();
                    change.make(program);
                    assertThat(all().equals(after)).as("the next one makes it").isTrue();
                    checkLayout();
                }
            }
        }
        assertThat(told).isPositive();
    }

    /** Keys that are not of the series are offered pages, which soon expire. */
    private static void checkLayout() throws IOException {
        SeriesLayout layout = new SeriesLayout(program.redis, raw, HEAD);
        Set<String> known = new HashSet<>(List.of(HEAD, HEAD + ":index"));
        Awaitility.await()
                .atMost(Duration.ofSeconds(60))
                .pollDelay(Duration.ZERO)
                .ignoreExceptions()
                .untilAsserted(() -> {
                    layout.entries().forEach(entry -> known.add(HEAD + ":" + entry.number()));
                    for (String key : raw.list("KEYS", "*")) {
                        if (!known.contains(key)) {
                            assertThat(raw.number("PTTL", key))
                                    .as("lifetime of %s", key)
                                    .isBetween(-2L, 60_000L)
                                    .isNotEqualTo(-1);
                            raw.call("DEL", key);
                        }
                    }
                });
        layout.check();
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 40, 1_022, 1_023})
    void compact_ofAShortSeries_makesNoPage(int bars) throws IOException {
        if (bars > 0) {
            program.put(0, bars, 0);
        }

        assertThat(program.done(program.store.compact(BTC))).isZero();

        assertThat(all()).hasSize(bars);
        assertThat(new SeriesLayout(program.redis, raw, HEAD).entries()).isEmpty();
    }

    /** Bars that never move take so few bytes that full pages are small ones. */
    @Test
    void compact_ofPagesThatAreFullAndSmall_endsWithNothingToDo() throws Exception {
        List<OhlcvBar> flat = new ArrayList<>();
        for (int i = 0; i < 12_000; i++) {
            flat.add(new OhlcvBar(i * 3_600_000L, 1, 1, 1, 1, 0));
        }
        program.done(program.store.upsert(BTC, BarSeries.of(flat), Lifetimes.ETERNAL));
        int calls = 0;
        while (program.done(program.store.compact(BTC)) > 0) {
            calls++;
            assertThat(calls).isLessThan(5);
        }
        assertThat(all()).hasSize(flat.size());
    }

    @Test
    void twoPrograms_thatSealOneHeadAtOnce_loseNothing() throws Exception {
        try (Program other = Program.open(TestServer.uri())) {
            int rounds = THOROUGH ? 400 : 6;
            int at = 0;
            CyclicBarrier barrier = new CyclicBarrier(2);
            for (int round = 0; round < rounds; round++) {
                int from = at;
                List<CompletableFuture<Void>> both = new ArrayList<>();
                for (Program each : List.of(program, other)) {
                    both.add(InThread.run(() -> {
                        await(barrier);
                        for (int i = 0; i < 4; i++) { // the same bars, from both
                            each.put(from + 300 * i, 300, 1);
                        }
                        each.done(each.store.compact(BTC));
                    }));
                }
                for (CompletableFuture<Void> each : both) {
                    each.get(20, TimeUnit.SECONDS);
                }
                at += 1_200;
            }
            assertThat(all()).hasSize(at);
            checkLayout();
            SeriesLayout layout = new SeriesLayout(program.redis, raw, HEAD);
            assertThat(layout.headRows()).isLessThanOrEqualTo(SeriesReader.HEAD_MAX_ROWS);
            assertThat(layout.entries()).isNotEmpty();
        }
    }

    @Test
    void twoPrograms_thatWriteBulksAtOnce_doNotUndoEachOther() throws Exception {
        try (Program other = Program.open(TestServer.uri())) {
            program.put(0, BARS, 0);
            int rounds = THOROUGH ? 60 : 8;
            List<CompletableFuture<Void>> both = new ArrayList<>();
            // even and odd minutes, so that they share all pages, and the head
            for (int parity = 0; parity < 2; parity++) {
                Program each = parity == 0 ? program : other;
                int first = parity;
                both.add(InThread.run(() -> {
                    for (int round = 1; round <= rounds; round++) {
                        int version = round;
                        List<OhlcvBar> mine = IntStream.range(0, 3_500)
                                .mapToObj(i -> bar(2_200 + first + 2 * i, version))
                                .toList();
                        each.done(each.store.upsert(BTC, BarSeries.of(mine), Lifetimes.ETERNAL));
                    }
                }));
            }
            for (CompletableFuture<Void> each : both) {
                each.get(40, TimeUnit.SECONDS);
            }
            Map<Long, Double> found = all();
            for (int minute = 0; minute < 9_200; minute++) {
                assertThat(found.get(time(minute))).as("minute %d", minute).isEqualTo(minute < 2_200 ? 0.0 : rounds);
            }
            checkLayout();
        }
    }

    private static void await(CyclicBarrier barrier) {
        try {
            barrier.await(10, TimeUnit.SECONDS);
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    /** Versions by open time. */
    private static Map<Long, Double> all() {
        BarSeries found = program.done(program.store.range(BTC, Long.MIN_VALUE, Long.MAX_VALUE, Integer.MAX_VALUE));
        Map<Long, Double> all = new TreeMap<>();
        for (int i = 0; i < found.size(); i++) {
            all.put(found.openTime(i), found.volume(i));
        }
        return all;
    }

    private static long time(int minute) {
        return TIME_OF_0 + minute * MINUTE;
    }

    private static List<OhlcvBar> bars(int from, int count, int version) {
        return IntStream.range(from, from + count)
                .mapToObj(minute -> bar(minute, version))
                .toList();
    }

    private static OhlcvBar bar(int minute, int version) {
        double price = 1_000 + ((minute * 2_654_435_761L) >>> 7) % 65_536 / 100.0; // no page holds many
        return new OhlcvBar(time(minute), price, price + 2, price - 1, price + 1, version);
    }
}
