package io.iftb.cache.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.iftb.cache.TestServer;
import io.iftb.cache.codec.BarRow;
import io.iftb.cache.embedded.RespConnection;
import io.iftb.cache.market.BarKey;
import io.iftb.cache.market.BarSeries;
import io.iftb.cache.market.OhlcvBar;
import io.iftb.cache.market.SeriesKey;
import io.iftb.cache.redis.Command;
import io.iftb.cache.redis.FaultProxy;
import io.iftb.cache.redis.RedisConnection;
import io.iftb.cache.redis.RedisServerException;
import io.iftb.cache.redis.Reply;
import io.iftb.cache.redis.Script;
import io.iftb.cache.redis.WrongTypeException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Programs of this layout and of the former one, whose pages were rows, at work on one series. The former one is played by its
 * scripts, which are all that wrote series.
 */
class FormerLayoutTest {

    /** The distance of the later steps at which a compaction is cut. */
    private static final int LATER_STEPS = Boolean.getBoolean("iftb.test.thorough") ? 9 : 40;

    private static final SeriesKey BTC = SeriesKey.of("BTCUSDT", "1h");
    private static final String HEAD = "ohlcv:{BTCUSDT:1h}";
    private static final String REFUSED = "not rows of candles";

    private static RedisConnection redis;
    private static RespConnection raw;
    private static CandleStore store;
    private static BarEntryStore entries;

    @BeforeAll
    static void connect() {
        redis = TestServer.connect();
        raw = TestServer.raw();
        SeriesAccess access = access(redis);
        store = new RedisCandleStore(access);
        entries = new BarEntryStore(store, access, new ChangeChannel("changes"));
    }

    private static SeriesAccess access(RedisConnection connection) {
        return SeriesAccess.of(new SeriesScripts(connection, new Keys("")), new SeriesDamage());
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
    void reads_ofTheFormerLayout_findEveryBarAndChangeNothing() {
        formerUpsert(0, 66_000, -1);
        Map<String, String> before = dump();

        assertThat(all()).isEqualTo(bars(0, 66_000));
        assertThat(latest(100)).isEqualTo(bars(65_900, 100));
        assertThat(latest(1_500)).isEqualTo(bars(64_500, 1_500));
        assertThat(latest(5_000)).isEqualTo(bars(61_000, 5_000));
        assertThat(latest(63_000)).isEqualTo(bars(3_000, 63_000));
        assertThat(range(70, 5_000, 100)).isEqualTo(bars(4_900, 100));
        assertThat(range(1_000, 1_100, 1_000)).isEqualTo(bars(1_000, 100));
        for (int time : new int[] {0, 1_022, 1_023, 33_333, 65_999}) {
            assertThat(done(entries.get(BarKey.of(BTC, time), Lifetimes.KEEP)))
                    .isEqualTo(BarRow.value(bars(time, 1).get(0)));
        }
        assertThat(done(store.describe(BTC)).rows()).isEqualTo(66_000);
        assertThat(dump()).isEqualTo(before);

        formerUpsert(65_999, 1, -1); // the former program goes on
        formerUpsert(7, 1, -1);
        assertThat(all()).isEqualTo(bars(0, 66_000));
    }

    @ParameterizedTest
    @ValueSource(ints = {5, 65_000, 66_000, 90_000})
    void writes_overTheFormerLayout_keepEveryBarAndStopTheFormerProgram(int time) throws IOException {
        formerUpsert(0, 66_000, 600_000);

        put(time, 3_000);
        List<OhlcvBar> expected = new ArrayList<>(bars(0, 66_000));
        if (time >= 65_000) {
            expected.addAll(bars(Math.max(time, 66_000), time + 3_000 - Math.max(time, 66_000)));
        }
        assertThat(all()).isEqualTo(expected);
        assertThat(raw.list("KEYS", HEAD + ":pages")).isEmpty();
        layout().check();

        assertFormerProgramIsRefused(time);
        assertThat(all()).isEqualTo(expected);
    }

    @Test
    void formerProgram_onASeriesOfThisLayout_isRefusedBeforeItWritesAnything() {
        put(0, 5_000);

        assertFormerProgramIsRefused(0);

        assertThat(all()).isEqualTo(bars(0, 5_000));
        // it reads the newest rows as ever
        byte[] rows = done(redis.read(Reply.BYTES, Command.GETRANGE, HEAD, -56L * 100, -1));
        assertThat(BarRow.openTime(Arrays.copyOf(rows, 8))).isEqualTo(4_900);
        assertThatThrownBy(() -> done(former("read_bars.lua", Reply.LIST, "-inf", "+inf", 5_000, "ALL")))
                .isInstanceOf(WrongTypeException.class)
                .hasMessageContaining(REFUSED);
    }

    @Test
    void formerProgram_onAShortSeries_writesAsEver() {
        put(0, 100);
        formerUpsert(100, 900, -1);
        put(1_000, 10);

        assertThat(all()).isEqualTo(bars(0, 1_010));
    }

    private static void assertFormerProgramIsRefused(int time) {
        Map<String, String> before = dump();
        byte[] value = BarRow.value(bars(time, 1).get(0));
        int newest = (int) done(store.latest(BTC, 1)).openTime(0);
        List<CompletableFuture<?>> writes = List.of(
                formerWrite(newest, 1, -1),
                formerWrite(newest + 1, 1, -1),
                formerWrite(newest - 10, 11, 1_000),
                formerWrite(time, 1, -1),
                formerWrite(-10, 5, -1),
                formerWrite(newest + 1, 3_000, -1),
                former("put_bar.lua", Reply.PARTS, "ANY", -1, -1, value),
                former("remove_bars.lua", Reply.LIST, newest, newest + 1),
                former("compare_and_set_bar.lua", Reply.FLAG, time, value, "", -1),
                former("get_bars.lua", Reply.LIST, 5_000, newest));
        for (CompletableFuture<?> write : writes) {
            assertThatThrownBy(() -> redis.await(write))
                    .isInstanceOf(WrongTypeException.class)
                    .hasMessageContaining(REFUSED);
        }
        assertThat(dump()).isEqualTo(before);
    }

    @Test
    void compact_ofTheFormerLayout_packsItAndKeepsEveryBar() throws IOException {
        formerUpsert(0, 50_000, 600_000);
        long before = memory();

        assertThat(done(store.compact(BTC))).isGreaterThan(20);

        assertThat(all()).isEqualTo(bars(0, 50_000));
        layout().check();
        assertThat(layout().entries()).allMatch(PageEntry::packed);
        assertThat(memory()).isLessThan(before / 2);
        assertThat(done(store.compact(BTC))).isZero();
        assertFormerProgramIsRefused(17);
    }

    /** A compaction is cut at each of its steps, with and without the last request carried out; the next one goes on. */
    @Tag("thorough")
    @ParameterizedTest
    @ValueSource(strings = {"CUT_REQUESTS", "CUT_REPLIES"})
    void compact_cutAtAnyStep_leavesAWholeSeries(FaultProxy.Fault fault) {
        int cuts = 0;
        boolean finished = false;
        for (int step = 0; !finished; step += step < 6 ? 1 : LATER_STEPS) {
            TestServer.flush();
            formerUpsert(0, 8_000, -1);
            formerUpsert(-500, 500, -1);
            try (FaultProxy proxy = new FaultProxy(TestServer.port());
                    RedisConnection doomed = RedisConnection.open(TestServer.settings(proxy.uri()))) {
                CandleStore compacting = new RedisCandleStore(access(doomed));
                done(doomed, compacting.describe(BTC));
                proxy.after(step, fault);
                done(doomed, compacting.compact(BTC));
                finished = true;
            } catch (RedisServerException e) {
                cuts++;
            }
            assertThat(all()).isEqualTo(bars(-500, 8_500));
            put(17, 1);
            done(store.compact(BTC));
            assertThat(all()).isEqualTo(bars(-500, 8_500));
            assertThat(layout().entries()).allMatch(PageEntry::packed);
        }
        assertThat(cuts).isGreaterThan(4);
    }

    private static void formerUpsert(int from, int count, long lifetime) {
        for (int at = 0; at < count; at += 16_384) {
            done(formerWrite(from + at, Math.min(16_384, count - at), lifetime));
        }
    }

    private static CompletableFuture<Long> formerWrite(int from, int count, long lifetime) {
        byte[] values = BarRow.values(BarSeries.of(bars(from, count)), 0, count);
        return run(
                Script.load(
                        FormerLayoutTest.class,
                        "former/upsert_newest.lua",
                        "former/series.lua",
                        "former/change_series.lua",
                        "former/upsert_bars.lua"),
                Reply.INTEGER,
                lifetime,
                values);
    }

    private static <T> CompletableFuture<T> former(String operation, Reply<T> reply, Object... arguments) {
        Script script = Script.load(
                FormerLayoutTest.class, "former/series.lua", "former/change_series.lua", "former/" + operation);
        return run(script, reply, arguments);
    }

    private static <T> CompletableFuture<T> run(Script script, Reply<T> reply, Object... arguments) {
        Object[] all = new Object[arguments.length + 1];
        all[0] = HEAD + ":";
        System.arraycopy(arguments, 0, all, 1, arguments.length);
        return redis.run(script, reply, List.of(HEAD, HEAD + ":pages"), all);
    }

    /** All keys with their contents. */
    private static Map<String, String> dump() {
        Map<String, String> dump = new TreeMap<>();
        try {
            for (String key : raw.list("KEYS", "*")) {
                if (!key.endsWith(":revision")) {
                    dump.put(key, raw.call("EVAL", "return redis.sha1hex(redis.call('DUMP', KEYS[1]))", "1", key));
                }
            }
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
        return dump;
    }

    private static long memory() {
        return done(store.describe(BTC)).bytes();
    }

    private static SeriesLayout layout() {
        return new SeriesLayout(redis, raw, HEAD);
    }

    private static void put(int from, int count) {
        done(store.upsert(BTC, BarSeries.of(bars(from, count)), Lifetimes.ETERNAL));
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

    private static List<OhlcvBar> bars(int from, int count) {
        return IntStream.range(from, from + count)
                .mapToObj(time -> {
                    double price = 1_000 + Math.floorMod(time * 7_919L, 9_973) / 100.0;
                    return new OhlcvBar(time, price, price + 2, price - 1, price + 1, price);
                })
                .toList();
    }

    private static <T> T done(CompletableFuture<T> future) {
        return done(redis, future);
    }

    private static <T> T done(RedisConnection connection, CompletableFuture<T> future) {
        return connection.await(future);
    }
}
