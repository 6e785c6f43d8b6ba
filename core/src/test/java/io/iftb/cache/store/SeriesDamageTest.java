package io.iftb.cache.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.iftb.cache.TestServer;
import io.iftb.cache.codec.BarRow;
import io.iftb.cache.embedded.EmbeddedServer;
import io.iftb.cache.embedded.RespConnection;
import io.iftb.cache.market.BarKey;
import io.iftb.cache.market.BarSeries;
import io.iftb.cache.market.OhlcvBar;
import io.iftb.cache.market.SeriesKey;
import io.iftb.cache.redis.RedisConnection;
import io.iftb.cache.redis.RedisServerException;
import io.iftb.cache.redis.WrongTypeException;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The behaviour of a series when its keys expire, are evicted or are removed by another program, also during writes. */
class SeriesDamageTest {

    private static final SeriesKey BTC = SeriesKey.of("BTCUSDT", "1h");
    private static final String HEAD = "ohlcv:{BTCUSDT:1h}";
    private static final long LONG = 600_000;

    private static RedisConnection redis;
    private static RespConnection raw;
    private static CandleStore store;
    private static BarEntryStore entries;

    @BeforeAll
    static void connect() {
        redis = TestServer.connect();
        raw = TestServer.raw();
        store = new RedisCandleStore(new SeriesScripts(redis, new Keys("")));
        entries = new BarEntryStore(store, new SeriesScripts(redis, new Keys("")), new ChangeChannel("changes"));
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

    @Test
    void latest_manyRowsExpiredBeforeLiveOnes_takesTwoRoundTrips() throws IOException {
        put(0, 4_000, Lifetimes.ETERNAL);
        put(1_000, 3_000, 5);
        await().until(() -> latest(1).equals(bars(999, 1)));

        Map<String, Long> commands =
                TestServer.commandsDuring(() -> assertThat(latest(10)).isEqualTo(bars(990, 10)));

        assertThat(commands).containsEntry("evalsha", 1L);
        assertThat(TestServer.commandsDuring(() -> assertThat(all()).isEqualTo(bars(0, 1_000))))
                .containsEntry("evalsha", 1L);
    }

    @Test
    void evictedHead_leavesNoSeriesToAnyRead_andTheNextWriteStartsAnew() throws IOException {
        put(0, 5_000, Lifetimes.ETERNAL);
        raw.call("DEL", HEAD);

        assertThat(latest(10)).isEmpty();
        assertThat(all()).isEmpty();
        assertThat(done(entries.get(BarKey.of(BTC, 5), Lifetimes.KEEP))).isNull();
        assertThat(done(store.describe(BTC))).isNull();
        put(6_000, 1, LONG);

        assertThat(all()).isEqualTo(bars(6_000, 1));
        assertThat(raw.list("KEYS", "*")).containsExactly(HEAD);
    }

    @Test
    void evictedPage_isAHoleThatCanBeFilledAgain() throws IOException {
        put(0, 5_000, Lifetimes.ETERNAL);
        raw.call("DEL", HEAD + ":1023");
        assertThat(all()).hasSize(5_000 - 1_023);

        put(1_500, 1, Lifetimes.ETERNAL);
        put(1_023, 1_023, Lifetimes.ETERNAL);

        assertThat(all()).isEqualTo(bars(0, 5_000));
        layout().check();
    }

    @Test
    void index_ofASeriesWhoseOldPagesExpire_doesNotGrow() throws IOException {
        put(0, 4_000, LONG);
        put(4_000, 16_000, 30);
        await().until(() -> all().equals(bars(0, 4_000)) && raw.number("DBSIZE") < 8);
        put(20_000, 3_000, LONG);

        assertThat(raw.number("ZCARD", HEAD + ":pages")).isLessThanOrEqualTo(6);
        layout().check();
    }

    @Test
    void upsert_shorterLifetimeOfAllBars_shortensEveryKey() throws IOException {
        put(0, 5_000, Lifetimes.ETERNAL);
        put(3_000, 2_000, LONG);
        put(0, 3_000, LONG);

        layout().check();
        for (String key : raw.list("KEYS", "*")) {
            assertThat(raw.number("PTTL", key)).as(key).isBetween(1L, LONG + 50);
        }
    }

    @Test
    void upsert_ofTheOpenBarWithALifetime_overEternalRows_leavesTheHeadEternal() throws IOException {
        put(0, 3_000, Lifetimes.ETERNAL);
        put(2_999, 1, LONG);
        put(2_999, 1, LONG);
        put(2_999, 2, LONG);

        layout().check();
        assertThat(raw.number("PTTL", HEAD)).isEqualTo(-1);
    }

    @Test
    void remove_failsAtAForeignPage_losesNoBar() throws IOException {
        put(0, 4_092, Lifetimes.ETERNAL);
        done(entries.removeAll(keys(1_100, 946)));
        done(entries.removeAll(keys(3_146, 946)));
        raw.call("SET", HEAD + ":0", "not rows");

        // leaves so few rows in the head that those of both pages are needed
        assertThatThrownBy(() -> done(entries.removeAll(keys(2_100, 200)))).isInstanceOf(WrongTypeException.class);

        raw.call("DEL", HEAD + ":0");
        List<OhlcvBar> kept = new ArrayList<>(bars(1_023, 77));
        kept.addAll(bars(2_046, 1_100));
        assertThat(all()).isEqualTo(kept);
    }

    @Test
    void putAllAndGetAllAndRemoveAll_manyBars_goAsScriptsOfBoundedSize() throws IOException {
        Map<BarKey, byte[]> bars = new LinkedHashMap<>();
        bars(0, 40_000).forEach(bar -> bars.put(BarKey.of(BTC, bar.openTime()), BarRow.value(bar)));

        Lifetimes eternal = new Lifetimes(Lifetimes.ETERNAL, Lifetimes.ETERNAL);
        done(entries.putAll(Map.of(BarKey.of(BTC, 0), BarRow.value(bars(0, 1).get(0))), eternal));
        Map<String, Long> puts = TestServer.commandsDuring(() -> done(entries.putAll(bars, eternal)));
        List<BarKey> some = keys(100, 2_000);
        done(entries.getAll(some.subList(0, 1), Lifetimes.KEEP));
        Map<String, Long> gets = TestServer.commandsDuring(() ->
                assertThat(done(entries.getAll(some, Lifetimes.KEEP)).keySet()).containsExactlyElementsOf(some));
        done(entries.removeAll(some.subList(0, 1)));
        Map<String, Long> removals = TestServer.commandsDuring(
                () -> assertThat(done(entries.removeAll(some))).isEqualTo(1_999));

        assertThat(puts).containsEntry("evalsha", 3L);
        assertThat(gets).containsEntry("evalsha", 4L);
        assertThat(removals).containsEntry("evalsha", 4L);
    }

    @Test
    void outOfMemory_refusesWritesAndLeavesTheSeriesReadable() throws IOException {
        put(0, 5_000, Lifetimes.ETERNAL);
        raw.call("CONFIG", "SET", "maxmemory", "1");
        try {
            for (int[] write : new int[][] {{5_000, 1}, {4_999, 1}, {0, 1}, {5_000, 3_000}, {-3_000, 3_000}}) {
                assertThatThrownBy(() -> put(write[0], write[1], LONG))
                        .isInstanceOf(RedisServerException.class)
                        .hasMessageContaining("out of memory");
            }
        } finally {
            raw.call("CONFIG", "SET", "maxmemory", "0");
        }

        assertThat(all()).isEqualTo(bars(0, 5_000));
        layout().check();
    }

    @Test
    void batch_serverForgotItsScripts_isCarriedOut() throws IOException {
        put(0, 1, LONG);
        raw.call("SCRIPT", "FLUSH");

        put(0, 40_000, LONG);

        assertThat(all()).isEqualTo(bars(0, 40_000));
    }

    @Test
    void batch_serverIsKilledMeanwhile_everyFutureEnds() throws Exception {
        try (EmbeddedServer server = EmbeddedServer.start();
                RedisConnection connection = RedisConnection.open(TestServer.settings(server.uri()))) {
            CandleStore doomed = new RedisCandleStore(new SeriesScripts(connection, new Keys("")));
            connection.await(doomed.upsert(BTC, BarSeries.of(bars(0, 10)), LONG));
            signal("STOP", server.pid());
            List<SeriesKey> universe = IntStream.range(0, 50)
                    .mapToObj(i -> SeriesKey.of("SYM" + i, "1m"))
                    .toList();
            Map<SeriesKey, CompletableFuture<BarSeries>> each = doomed.latest(universe, 10);
            CompletableFuture<?> reads = CompletableFuture.allOf(each.values().toArray(new CompletableFuture<?>[0]));
            CompletableFuture<Void> writes = doomed.upsert(BTC, BarSeries.of(bars(0, 40_000)), LONG);
            CompletableFuture<BarSeries> single = doomed.latest(BTC, 10);
            signal("KILL", server.pid());

            for (CompletableFuture<?> future : List.of(reads, writes, single)) {
                assertThatThrownBy(() -> future.get(20, TimeUnit.SECONDS))
                        .hasCauseInstanceOf(RedisServerException.class);
            }
            assertThat(each.values()).hasSize(50).allMatch(CompletableFuture::isDone);
        }
    }

    private static void signal(String name, long pid) throws Exception {
        assertThat(new ProcessBuilder("kill", "-" + name, Long.toString(pid))
                        .start()
                        .waitFor())
                .isZero();
    }

    /** Bars are updated, pages are sealed and older bars are added, and no read misses an existing bar. */
    @Test
    void latest_whileOthersAppendAndBackfill_isAContiguousSuffix() throws Exception {
        put(0, 2_000, Lifetimes.ETERNAL);
        AtomicBoolean stop = new AtomicBoolean();
        int[] bounds = {0, 2_000};
        CompletableFuture<Void> writer = CompletableFuture.runAsync(() -> {
            while (!stop.get()) {
                int[] now = copy(bounds);
                put(now[1] - 2, 60, Lifetimes.ETERNAL);
                put(now[0] - 40, 40, Lifetimes.ETERNAL);
                synchronized (bounds) {
                    bounds[0] -= 40;
                    bounds[1] += 58;
                }
            }
        });
        long end = System.nanoTime() + Duration.ofSeconds(3).toNanos();
        int reads = 0;
        while (System.nanoTime() < end) {
            int[] before = copy(bounds);
            int limit = new int[] {100, 1_500, 2_046, 5_000}[reads++ % 4];
            BarSeries found = done(store.latest(BTC, limit));
            assertThat(found.size()).isGreaterThanOrEqualTo(Math.min(limit, before[1] - before[0]));
            assertThat(found.openTime(found.size() - 1)).isGreaterThanOrEqualTo(before[1] - 1);
            assertThat(found.openTime(found.size() - 1) - found.openTime(0)).isEqualTo(found.size() - 1);
        }
        stop.set(true);
        writer.get(10, TimeUnit.SECONDS);
        layout().check();
        assertThat(reads).isGreaterThan(50);
    }

    private static int[] copy(int[] bounds) {
        synchronized (bounds) {
            return bounds.clone();
        }
    }

    private static SeriesLayout layout() {
        return new SeriesLayout(redis, raw, HEAD);
    }

    private static void put(int from, int count, long lifetime) {
        done(store.upsert(BTC, BarSeries.of(bars(from, count)), lifetime));
    }

    private static List<OhlcvBar> all() {
        return done(store.range(BTC, Long.MIN_VALUE, Long.MAX_VALUE, Integer.MAX_VALUE))
                .bars();
    }

    private static List<OhlcvBar> latest(int limit) {
        return done(store.latest(BTC, limit)).bars();
    }

    private static List<BarKey> keys(int from, int count) {
        return IntStream.range(from, from + count)
                .mapToObj(time -> BarKey.of(BTC, time))
                .toList();
    }

    private static List<OhlcvBar> bars(int from, int count) {
        return IntStream.range(from, from + count)
                .mapToObj(time -> new OhlcvBar(time, time, time + 2, time - 1, time + 1, 3))
                .toList();
    }

    private static <T> T done(CompletableFuture<T> future) {
        return redis.await(future);
    }
}
