package io.iftb.cache.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.iftb.cache.TestServer;
import io.iftb.cache.embedded.RespConnection;
import io.iftb.cache.market.BarSeries;
import io.iftb.cache.market.OhlcvBar;
import io.iftb.cache.market.SeriesKey;
import io.iftb.cache.redis.RedisConnection;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Tag("servers")
class CandleStoreTest {

    private static final SeriesKey BTC = SeriesKey.of("BTCUSDT", "1h");
    private static final String HEAD = "ohlcv:{BTCUSDT:1h}";
    private static final long HOUR = 3_600_000;
    private static final long QUIET_NANOS = 50_000_000;

    private static RedisConnection redis;
    private static RespConnection raw;
    private static CandleStore store;

    @BeforeAll
    static void connect() {
        redis = TestServer.connect();
        raw = TestServer.raw();
        store = new RedisCandleStore(access(redis));
    }

    @AfterAll
    static void disconnect() throws IOException {
        redis.close();
        raw.close();
    }

    @BeforeEach
    void flush() {
        TestServer.flush();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 1_022, 1_023, 1_024, 2_046, 2_047, 3_069, 3_070, 10_000, 20_000})
    void upsert_anyNumberOfBars_comesBackWhole(int count) {
        List<OhlcvBar> bars = bars(0, count);

        put(bars, Lifetimes.ETERNAL);

        assertThat(all()).isEqualTo(bars);
        assertLaidOut();
    }

    @Test
    void upsert_oneByOneInOrder_comesBackWhole() throws IOException {
        List<OhlcvBar> bars = bars(0, 5_000);

        bars.forEach(bar -> put(List.of(bar), 600_000));

        assertThat(all()).isEqualTo(bars);
        assertLaidOut();
    }

    @Tag("thorough")
    @Test
    void upsert_oneByOneInReverse_comesBackWholeInFullPages() throws IOException {
        List<OhlcvBar> bars = bars(0, Boolean.getBoolean("iftb.test.thorough") ? 5_000 : 2_100);
        List<OhlcvBar> reversed = new ArrayList<>(bars);
        Collections.reverse(reversed);

        reversed.forEach(bar -> put(List.of(bar), Lifetimes.ETERNAL));

        assertThat(all()).isEqualTo(bars);
        assertLaidOut();
        assertThat(layout().entries()).hasSizeLessThanOrEqualTo(bars.size() / 1_023);
    }

    @Tag("thorough")
    @Test
    void upsert_shuffledBatches_equalsModel() throws IOException {
        Random random = new Random(7);
        TreeMap<Long, OhlcvBar> model = new TreeMap<>();
        for (int round = 0; round < 120; round++) {
            int size = random.nextInt(4) == 0 ? random.nextInt(3_000) : random.nextInt(20);
            List<OhlcvBar> batch = new ArrayList<>();
            for (int i = 0; i < size; i++) {
                OhlcvBar bar = bar((random.nextInt(20_000) - 10_000) * HOUR, random.nextInt(1_000));
                batch.add(bar);
                model.put(bar.openTime(), bar);
            }
            put(batch, Lifetimes.ETERNAL);
            assertLaidOut();
            assertThat(all()).isEqualTo(List.copyOf(model.values()));
            assertRandomReads(random, model);
        }
    }

    private static void assertRandomReads(Random random, NavigableMap<Long, OhlcvBar> model) {
        int limit = 1 + random.nextInt(3_000);
        assertThat(latest(limit)).isEqualTo(last(model.values(), limit));
        long from = (random.nextInt(22_000) - 11_000) * HOUR;
        long to = from + random.nextInt(8_000) * HOUR;
        Collection<OhlcvBar> range = model.subMap(from, to).values();
        assertThat(range(from, to, Integer.MAX_VALUE)).isEqualTo(List.copyOf(range));
        assertThat(range(from, to, limit)).isEqualTo(last(range, limit));
    }

    @Test
    void upsert_irregularTimesBefore1970_comesBackSorted() {
        List<OhlcvBar> bars = List.of(bar(-5, 1), bar(-1, 2), bar(0, 3), bar(1, 4), bar((1L << 53) - 1, 5));

        put(List.of(bars.get(4), bars.get(2), bars.get(0), bars.get(3), bars.get(1)), Lifetimes.ETERNAL);

        assertThat(all()).isEqualTo(bars);
        assertThat(range(-1, 1, 10)).isEqualTo(bars.subList(1, 3));
    }

    @Test
    void latest_someExpired_givesTheLiveOnesBefore() {
        put(bars(0, 3_000), Lifetimes.ETERNAL);
        put(bars(2_990, 5), 50);
        await().until(() -> all().size() == 2_995);

        assertThat(latest(10)).isEqualTo(concat(bars(2_985, 5), bars(2_995, 5)));
        assertThat(latest(2_000)).isEqualTo(concat(bars(995, 1_995), bars(2_995, 5)));
        assertThat(latest(2_500)).isEqualTo(concat(bars(495, 2_495), bars(2_995, 5)));
    }

    @Test
    void upsert_afterSomeExpired_dropsThem() throws IOException {
        put(bars(0, 3_000), Lifetimes.ETERNAL);
        put(bars(0, 5), 50);
        await().until(() -> all().size() == 2_995);

        put(List.of(bar(10 * HOUR, 1)), Lifetimes.ETERNAL);

        assertThat(done(store.describe(BTC)).rows()).isEqualTo(2_995);
        assertLaidOut();
    }

    @Test
    void upsert_appendedAfterTheOldestExpired_dropsThem() throws IOException {
        put(bars(0, 10), 50);
        put(bars(10, 10), 600_000);
        await().until(() -> all().size() == 10);

        put(bars(20, 1), 600_000);

        assertThat(raw.number("STRLEN", HEAD)).isEqualTo(11 * 56);
    }

    @Test
    void latest_wholeSeriesExpired_isEmptyAndLeavesNoKey() {
        put(bars(0, 2_500), 50);

        await().until(() -> latest(10).isEmpty() && all().isEmpty());

        await().until(() -> raw.number("DBSIZE") == 0);
    }

    @Test
    void upsert_shorterLifetimeOfTheOnlyBar_shortensTheKey() throws IOException {
        put(bars(0, 1), 1_000_000);
        put(bars(0, 1), 10_000);

        assertThat(raw.number("PTTL", HEAD)).isBetween(1L, 10_000L);
    }

    @Test
    void upsert_appended_keepsTheLatestExpiry() throws IOException {
        put(bars(0, 1), 1_000_000);
        put(bars(1, 1), 10_000);
        assertThat(raw.number("PTTL", HEAD)).isBetween(900_000L, 1_000_000L);
        put(bars(2, 1), 2_000_000);
        assertThat(raw.number("PTTL", HEAD)).isBetween(1_900_000L, 2_000_000L);
        put(bars(3, 1), Lifetimes.ETERNAL);
        assertThat(raw.number("PTTL", HEAD)).isEqualTo(-1);
        put(bars(3, 1), 5_000);
        assertThat(raw.number("PTTL", HEAD)).isBetween(1_900_000L, 2_000_000L);
    }

    @Test
    void upsert_oldBarsThatNeverExpireWithNewOnesThatDo_headOutlivesItsRows() throws IOException {
        put(bars(0, 3_000), Lifetimes.ETERNAL);
        put(bars(3_000, 2_046), 50);
        await().until(() -> all().size() == 3_000);

        assertThat(latest(10)).isEqualTo(bars(2_990, 10));
        assertThat(raw.number("PTTL", HEAD)).isEqualTo(-1);
        put(bars(6_000, 1), Lifetimes.ETERNAL);
        assertThat(latest(10)).isEqualTo(concat(bars(2_991, 9), bars(6_000, 1)));
        layout().check();
    }

    @Test
    void latest_manySeries_oneBatchOfOneCommandEach() throws IOException {
        List<SeriesKey> universe = new ArrayList<>();
        for (int i = 0; i < 50; i++) {
            SeriesKey series = SeriesKey.of("SYM" + i, "1m");
            universe.add(series);
            done(store.upsert(series, BarSeries.of(bars(i, 200)), Lifetimes.ETERNAL));
        }
        universe.add(SeriesKey.of("NONE", "1m"));

        Map<String, Long> commands = TestServer.commandsDuring(() -> {
            Map<SeriesKey, BarSeries> found = new LinkedHashMap<>();
            store.latest(universe, 100).forEach((series, bars) -> found.put(series, done(bars)));
            assertThat(found.keySet()).containsExactlyElementsOf(universe);
            assertThat(List.copyOf(found.values()).get(3).bars()).isEqualTo(bars(103, 100));
            assertThat(List.copyOf(found.values()).get(50).isEmpty()).isTrue();
        });

        assertThat(commands).isEqualTo(Map.of("getrange", 51L));
    }

    @Test
    void upsert_theNewestAgainWithOneMore_isWrittenWhereItLies() throws IOException {
        put(bars(0, 1_500), 600_000);

        Map<String, Long> commands = TestServer.commandsDuring(() -> put(bars(1_401, 100), 700_000));

        assertThat(commands).containsEntry("setrange", 1L).doesNotContainKeys("set", "get");
        assertThat(all()).isEqualTo(bars(0, 1_501));
        assertThat(raw.number("PTTL", HEAD)).isBetween(690_000L, 700_000L);
    }

    @Test
    void upsert_oldBarsForLonger_theirPageIsReplacedInTwoRoundTripsAndTheHeadLivesAsLong() throws IOException {
        put(bars(0, 5_000), 600_000);
        awaitNoCommands();

        Map<String, Long> commands = TestServer.commandsDuring(() -> put(bars(100, 100), 700_000));

        assertThat(commands)
                .containsEntry("evalsha", 2L)
                .containsEntry("set", 1L)
                .containsEntry("unlink", 1L);
        assertThat(all()).isEqualTo(bars(0, 5_000));
        assertThat(raw.number("PTTL", HEAD)).isBetween(690_000L, 700_000L);
        assertLaidOut();
    }

    @Test
    void range_inOldPages_isFoundInFewSteps() throws IOException {
        put(bars(0, 50_000), Lifetimes.ETERNAL);

        Map<String, Long> commands = TestServer.commandsDuring(
                () -> assertThat(range(10_050 * HOUR, 10_060 * HOUR, 100)).isEqualTo(bars(10_050, 10)));

        assertThat(commands.get("getrange")).isLessThan(10);
    }

    @Test
    void delete_series_leavesOthersAndNoKey() throws IOException {
        SeriesKey eth = SeriesKey.of("ETHUSDT", "1h");
        put(bars(0, 5_000), Lifetimes.ETERNAL);
        done(store.upsert(eth, BarSeries.of(bars(0, 5)), Lifetimes.ETERNAL));

        assertThat(done(store.delete(BTC))).isTrue();
        assertThat(done(store.delete(BTC))).isFalse();

        assertThat(done(store.list())).containsExactly(eth);
        assertThat(raw.list("KEYS", "*")).containsExactly("ohlcv:{ETHUSDT:1h}");
    }

    /** Until what earlier writes have begun behind their callers is done. */
    private static void awaitNoCommands() {
        await().until(() -> TestServer.commandsDuring(() -> LockSupport.parkNanos(QUIET_NANOS))
                .isEmpty());
    }

    /** The invariants of series.lua; a head is sealed in the background. */
    private static void assertLaidOut() {
        await().until(() -> layout().headRows() <= 2_046);
        layout().check();
        if (!layout().entries().isEmpty()) {
            assertThat(layout().headRows()).isGreaterThanOrEqualTo(1_023);
        }
    }

    private static SeriesLayout layout() {
        return new SeriesLayout(redis, raw, HEAD);
    }

    private static void put(Collection<OhlcvBar> bars, long lifetime) {
        done(store.upsert(BTC, BarSeries.of(bars), lifetime));
    }

    private static List<OhlcvBar> all() {
        return range(Long.MIN_VALUE, Long.MAX_VALUE, Integer.MAX_VALUE);
    }

    private static List<OhlcvBar> range(long from, long to, int limit) {
        return done(store.range(BTC, from, to, limit)).bars();
    }

    private static List<OhlcvBar> latest(int limit) {
        return done(store.latest(BTC, limit)).bars();
    }

    private static <T> T done(java.util.concurrent.CompletableFuture<T> future) {
        return redis.await(future);
    }

    private static List<OhlcvBar> last(Collection<OhlcvBar> bars, int limit) {
        List<OhlcvBar> list = List.copyOf(bars);
        return list.subList(Math.max(0, list.size() - limit), list.size());
    }

    private static List<OhlcvBar> concat(List<OhlcvBar> first, List<OhlcvBar> second) {
        List<OhlcvBar> both = new ArrayList<>(first);
        both.addAll(second);
        return both;
    }

    private static List<OhlcvBar> bars(int from, int count) {
        List<OhlcvBar> bars = new ArrayList<>();
        for (int i = from; i < from + count; i++) {
            bars.add(bar(i * HOUR, i));
        }
        return bars;
    }

    private static OhlcvBar bar(long openTime, double price) {
        return new OhlcvBar(openTime, price, price + 2, price - 1, price + 1, 3);
    }

    private static SeriesAccess access(RedisConnection connection) {
        return SeriesAccess.of(new SeriesScripts(connection, new Keys("")), new SeriesDamage());
    }
}
