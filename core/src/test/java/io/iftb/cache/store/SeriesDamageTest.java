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
import io.iftb.cache.redis.Command;
import io.iftb.cache.redis.ConnectionSettings;
import io.iftb.cache.redis.RedisConnection;
import io.iftb.cache.redis.RedisServerException;
import io.iftb.cache.redis.Reply;
import io.iftb.cache.redis.WrongTypeException;
import java.io.IOException;
import java.time.Duration;
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
    private static final long HOUR = 3_600_000;

    private static RedisConnection redis;
    private static RespConnection raw;
    private static CandleStore store;
    private static BarEntryStore entries;
    private static final SeriesDamage damage = new SeriesDamage();

    @BeforeAll
    static void connect() {
        redis = TestServer.connect();
        raw = TestServer.raw();
        SeriesAccess access = SeriesAccess.of(new SeriesScripts(redis, new Keys("")), damage);
        store = new RedisCandleStore(access);
        entries = new BarEntryStore(store, access, new ChangeChannel("changes"));
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

        // the newest rows, which have expired; then the head again, and the blocks of the page before it
        // the newest rows, which may have expired; then once more the head, by a script if some had, and one page
        assertThat(commands.getOrDefault("evalsha", 0L)).isLessThanOrEqualTo(1);
        assertThat(commands.values().stream().mapToLong(count -> count).sum()).isLessThanOrEqualTo(10);
        assertThat(all()).isEqualTo(bars(0, 1_000));
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
    void evictedPage_isAHole_atWhichReadsEnd_untilItsBarsAreGivenAgain() throws IOException {
        putHours(0, 8_000);
        PageEntry evicted = layout().entries().get(1);
        raw.call("DEL", HEAD + ":" + evicted.number());
        int from = (int) (evicted.first() / HOUR);
        int next = (int) (evicted.last() / HOUR) + 1;
        long holes = damage.holes();

        assertThat(all()).isEqualTo(hours(next, 8_000 - next));
        assertThat(latest(7_900)).isEqualTo(hours(next, 8_000 - next));
        assertThat(latest(100)).isEqualTo(hours(7_900, 100));
        assertThat(range((next - 5) * HOUR, (next + 5) * HOUR)).isEqualTo(hours(next, 5));
        assertThat(range(10 * HOUR, 20 * HOUR)).isEqualTo(hours(10, 10)); // beside the hole
        assertThat(done(entries.get(BarKey.of(BTC, 5 * HOUR), Lifetimes.KEEP))).isNotNull();
        assertThat(done(entries.get(BarKey.of(BTC, from * HOUR), Lifetimes.KEEP)))
                .isNull();
        assertThat(walked()).isEqualTo(8_000 - next);
        assertThat(damage.holes() - holes).isEqualTo(5); // the single bar too

        // one bar does not close it, and is there by itself
        putHours(from + 10, 1);
        assertThat(all()).isEqualTo(hours(next, 8_000 - next));
        assertThat(done(entries.get(BarKey.of(BTC, (from + 10) * HOUR), Lifetimes.KEEP)))
                .isNotNull();
        layout().check();
        // the newer part moves its end, and the older part its beginning
        putHours(next - 100, 100);
        assertThat(all()).isEqualTo(hours(next - 100, 8_100 - next));
        putHours(from, 50);
        assertThat(all()).isEqualTo(hours(next - 100, 8_100 - next));
        putHours(from + 50, next - 150 - from);

        assertThat(all()).isEqualTo(hours(0, 8_000));
        layout().check();
    }

    @Test
    void evictedIndex_isAHoleAtTheHeadsOldestRow_untilTheBarsAreGivenAgain() throws IOException {
        putHours(0, 8_000);
        int begins = 8_000 - layout().headRows();
        raw.call("DEL", HEAD + ":index");

        assertThat(all()).isEqualTo(hours(begins, 8_000 - begins));
        assertThat(latest(5_000)).isEqualTo(hours(begins, 8_000 - begins));
        assertThat(range(10 * HOUR, 20 * HOUR)).isEmpty();
        putHours(100, 1);
        done(store.compact(BTC)); // pages that no index names go, at once or when a read comes to the hole
        layout().check();
        assertThat(all()).isEqualTo(hours(begins, 8_000 - begins));
        assertThat(done(entries.get(BarKey.of(BTC, 100 * HOUR), Lifetimes.KEEP)))
                .isNotNull();
        putHours(6_000, begins - 6_000);
        assertThat(all()).isEqualTo(hours(6_000, 2_000));
        putHours(0, 6_000);

        assertThat(all()).isEqualTo(hours(0, 8_000));
    }

    @Test
    void compareAndSetAll_entryOfTheIndexCutShort_failsEachChange() throws IOException {
        put(0, 5_000, Lifetimes.ETERNAL);
        PageEntry entry = layout().entries().get(0);
        raw.call("DEL", HEAD + ":index");
        raw.call("ZADD", HEAD + ":index", String.valueOf(entry.first()), "short");
        byte[] value = BarRow.value(bars(5, 1).get(0));

        List<CompletableFuture<Boolean>> outcomes = entries.compareAndSetAll(List.of(
                new EntryStore.Change<>(BarKey.of(BTC, 5), value, null, Lifetimes.KEEP),
                new EntryStore.Change<>(
                        BarKey.of(BTC, 4_999), BarRow.value(bars(4_999, 1).get(0)), null, Lifetimes.KEEP)));

        assertThat(outcomes.get(0)).failsWithin(Duration.ofSeconds(5));
        assertThat(done(outcomes.get(1))).isTrue(); // of the head
    }

    /** Else the columns for what is claimed would take 9 GB. */
    @Test
    void range_overAnIndexThatClaimsRows_makesRoomOnlyForWhatArrives() throws IOException {
        put(0, 5_000, Lifetimes.ETERNAL);
        raw.call("SET", HEAD + ":7", "x");
        String entries = "local never = '\\127' .. ('\\255'):rep(7) for i = 1, 3000 do local first = -i * 100000"
                + " redis.call('ZADD', KEYS[1], first, struct.pack('>i8i8', first, first + 65535) .. never .. never"
                + " .. struct.pack('>i8I4I4', 7, 65536, 1) .. 'P') end";
        raw.call("EVAL", entries, "1", HEAD + ":index");
        long unreadable = damage.unreadable();

        assertThat(all()).isEqualTo(bars(0, 5_000));
        assertThat(all()).isEqualTo(bars(0, 5_000)); // the index is known now
        assertThat(damage.unreadable() - unreadable).isEqualTo(2);
    }

    /** Bars as far apart as their timeframe says, as those of an exchange are. */
    private static List<OhlcvBar> hours(int from, int count) {
        return bars(from, count).stream()
                .map(bar -> new OhlcvBar(
                        bar.openTime() * HOUR, bar.open(), bar.high(), bar.low(), bar.close(), bar.volume()))
                .toList();
    }

    private static void putHours(int from, int count) {
        done(store.upsert(BTC, BarSeries.of(hours(from, count)), Lifetimes.ETERNAL));
    }

    private static List<OhlcvBar> range(long from, long to) {
        return done(store.range(BTC, from, to, Integer.MAX_VALUE)).bars();
    }

    private static int walked() {
        EntryStore.Cursor<BarKey> cursor = entries.cursor();
        int bars = 0;
        for (EntryStore.Page<BarKey> page = done(cursor.next()); page != null; page = done(cursor.next())) {
            bars += page.entries().size();
        }
        return bars;
    }

    @Test
    void index_ofASeriesWhoseOldPagesExpire_doesNotGrow() throws IOException {
        put(0, 4_000, LONG);
        put(4_000, 16_000, 30);
        await().until(() -> all().equals(bars(0, 4_000)) && raw.number("DBSIZE") < 8);
        put(20_000, 3_000, LONG);

        assertThat(layout().entries()).hasSizeLessThanOrEqualTo(6);
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
        put(0, 8_000, Lifetimes.ETERNAL);
        PageEntry page = layout().entries().get(0);
        String key = HEAD + ":" + page.number();
        byte[] bytes = done(redis.read(Reply.BYTES, Command.GET, key));
        raw.call("SET", key, "not a page");

        assertThatThrownBy(() -> done(entries.remove(BarKey.of(BTC, 5))))
                .isInstanceOf(WrongTypeException.class)
                .hasMessageContaining(key)
                .hasMessageEndingWith("else rename or delete the key");
        assertThatThrownBy(() -> put(5, 1, LONG)).isInstanceOf(WrongTypeException.class);
        assertThat(all()).isEqualTo(bars((int) page.last() + 1, 7_999 - (int) page.last()));
        assertThat(damage.unreadable()).isPositive();

        done(redis.write(Reply.TEXT, Command.SET, key, bytes));
        assertThat(all()).isEqualTo(bars(0, 8_000));
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

        assertThat(puts).containsEntry("evalsha", 2L); // as behind the newest bar, which they are not; then merged
        assertThat(gets).containsEntry("evalsha", 4L);
        // each slice of 512 is tried, and exchanges pages when its turn comes
        assertThat(removals.get("evalsha")).isBetween(8L, 11L);
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
                RedisConnection connection = RedisConnection.open(new ConnectionSettings(
                        server.uri(), null, null, null, Duration.ofSeconds(5), Duration.ofSeconds(5)))) {
            CandleStore doomed = new RedisCandleStore(access(connection));
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
                .mapToObj(time -> {
                    double price = 1_000 + ((time * 2_654_435_761L) >>> 7) % 65_536 / 100.0; // no page holds many
                    return new OhlcvBar(time, price, price + 2, price - 1, price + 1, price);
                })
                .toList();
    }

    private static <T> T done(CompletableFuture<T> future) {
        return redis.await(future);
    }

    private static SeriesAccess access(RedisConnection connection) {
        return SeriesAccess.of(new SeriesScripts(connection, new Keys("")), new SeriesDamage());
    }
}
