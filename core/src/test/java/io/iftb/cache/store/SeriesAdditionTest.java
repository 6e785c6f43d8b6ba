package io.iftb.cache.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.awaitility.Awaitility.await;

import io.iftb.cache.TestServer;
import io.iftb.cache.embedded.RespConnection;
import io.iftb.cache.market.BarSeries;
import io.iftb.cache.market.OhlcvBar;
import io.iftb.cache.market.SeriesKey;
import io.iftb.cache.redis.RedisConnection;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Tag("servers")
class SeriesAdditionTest {

    private static final SeriesKey BTC = SeriesKey.of("BTCUSDT", "1h");
    private static final long HOUR = 3_600_000;

    private static RedisConnection redis;
    private static RespConnection raw;
    private static CandleStore store;

    @BeforeAll
    static void connect() {
        redis = TestServer.connect();
        raw = TestServer.raw();
        store = new RedisCandleStore(SeriesAccess.of(new SeriesScripts(redis, new Keys("")), new SeriesDamage()));
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

    private static OhlcvBar bar(long hour, double price) {
        return new OhlcvBar(hour * HOUR, price, price + 1, price - 1, price, price * 2);
    }

    private static List<OhlcvBar> bars(long from, long to, double price) {
        List<OhlcvBar> bars = new ArrayList<>();
        for (long hour = from; hour < to; hour++) {
            bars.add(bar(hour, price));
        }
        return bars;
    }

    private static void add(Collection<OhlcvBar> bars, long expires) {
        long[] expiries = new long[bars.size()];
        Arrays.fill(expiries, expires);
        done(store.add(BTC, BarSeries.of(bars), expiries));
    }

    private static List<OhlcvBar> all() {
        return done(store.range(BTC, Long.MIN_VALUE, Long.MAX_VALUE, Integer.MAX_VALUE))
                .bars();
    }

    private static <T> T done(CompletableFuture<T> future) {
        return redis.await(future);
    }

    private static void assertLaidOut() {
        SeriesLayout layout = new SeriesLayout(redis, raw, "ohlcv:{BTCUSDT:1h}");
        await().until(() -> layout.headRows() <= 2_046);
        layout.check();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2_046, 2_047, 20_000})
    void add_toNothing_comesBackWhole(int count) {
        List<OhlcvBar> bars = bars(0, count, 7);
        add(bars, Long.MAX_VALUE);
        assertThat(all()).isEqualTo(bars);
        assertLaidOut();
    }

    /** A reader takes rows that end later for damaged ones. */
    @ParameterizedTest
    @ValueSource(ints = {3, 20_000})
    void add_expiryFartherThanAnyCacheWrites_isNever(int count) throws IOException {
        List<OhlcvBar> bars = bars(0, count, 7);
        add(bars, 9_000_000_000_000_000L);
        assertThat(all()).isEqualTo(bars);
        assertThat(done(store.latest(BTC, 2)).bars()).isEqualTo(bars.subList(count - 2, count));
        assertThat(raw.number("PTTL", "ohlcv:{BTCUSDT:1h}")).isEqualTo(-1);
        assertLaidOut();
    }

    /** Whatever is there stays, and all else comes, wherever it belongs. */
    @Test
    void add_inAnyOrder_equalsModel() {
        Random random = new Random(4);
        for (int round = 0; round < 12; round++) {
            TestServer.flush();
            NavigableMap<Long, OhlcvBar> model = new TreeMap<>();
            for (int step = 0; step < 5; step++) {
                long from = random.nextInt(9_000);
                List<OhlcvBar> some = bars(from, from + 1 + random.nextInt(3_000), 10 * round + step + 2);
                some.removeIf(each -> random.nextInt(10) == 0);
                if (random.nextBoolean()) {
                    add(some, Long.MAX_VALUE);
                    some.forEach(each -> model.putIfAbsent(each.openTime(), each));
                } else if (!some.isEmpty()) {
                    done(store.upsert(BTC, BarSeries.of(some), Lifetimes.ETERNAL));
                    some.forEach(each -> model.put(each.openTime(), each));
                }
                assertThat(all()).as(round + "." + step).isEqualTo(List.copyOf(model.values()));
            }
            assertLaidOut();
        }
    }

    @Test
    void add_againAndExpired_changesNothing() throws IOException {
        done(store.upsert(BTC, BarSeries.of(bars(0, 3_000, 5)), Lifetimes.ETERNAL));
        assertLaidOut();
        String head = raw.call("GETRANGE", "ohlcv:{BTCUSDT:1h}", "0", "47");
        add(bars(0, 3_000, 6), Long.MAX_VALUE);
        add(bars(5_000, 5_010, 6), 1_000);
        add(List.of(), 5);
        assertThat(all()).isEqualTo(bars(0, 3_000, 5));
        assertThat(raw.call("GETRANGE", "ohlcv:{BTCUSDT:1h}", "0", "47")).isEqualTo(head);
    }

    /** Each bar ends at its own time, in the head and in pages. */
    @Test
    void add_withExpiries_keepsEach() {
        done(store.upsert(BTC, BarSeries.of(bars(0, 5_000, 5)), Lifetimes.ETERNAL));
        long now = redis.clock().millis();
        List<OhlcvBar> more = List.of(bar(-2, 3), bar(-1, 3), bar(5_001, 3), bar(5_002, 3));
        done(store.add(BTC, BarSeries.of(more), new long[] {now + 300, Long.MAX_VALUE, now + 300, now + 60_000}));
        assertThat(all()).hasSize(5_004);
        await().untilAsserted(() -> assertThat(all())
                .hasSize(5_002)
                .contains(bar(-1, 3), bar(5_002, 3))
                .doesNotContain(bar(-2, 3), bar(5_001, 3)));
        assertLaidOut();
    }

    /** Others append, change and fill the same series meanwhile; none of their bars is lost or replaced. */
    @Test
    void add_whileOthersWrite_replacesNothing() {
        done(store.upsert(BTC, BarSeries.of(bars(0, 4_000, 5)), Lifetimes.ETERNAL));
        List<CompletableFuture<?>> writes = new ArrayList<>();
        CandleStore other =
                new RedisCandleStore(SeriesAccess.of(new SeriesScripts(redis, new Keys("")), new SeriesDamage()));
        long[] never = new long[6_000];
        Arrays.fill(never, Long.MAX_VALUE);
        for (int i = 0; i < 10; i++) {
            writes.add(store.add(BTC, BarSeries.of(bars(0, 6_000, 100 + i)), never));
            for (int j = 0; j < 20; j++) {
                long hour = 4_000L + i * 20L + j;
                writes.add(other.upsert(BTC, BarSeries.of(bars(hour, hour + 1, 7)), Lifetimes.ETERNAL));
            }
        }
        writes.forEach(SeriesAdditionTest::done);
        assertThat(all())
                .hasSize(6_000)
                .startsWith(bars(0, 4_200, 5).subList(0, 4_000).toArray(new OhlcvBar[0]));
        assertThat(all().subList(4_000, 4_200)).isEqualTo(bars(4_000, 4_200, 7));
        assertThat(all().subList(4_200, 6_000))
                .allSatisfy(each -> assertThat(each.open()).isGreaterThanOrEqualTo(100));
        assertLaidOut();
    }

    @Test
    void add_anotherCountOfExpiries_isRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> store.add(BTC, BarSeries.of(bars(0, 2, 5)), new long[1]))
                .withMessageContaining("give one for each");
    }

    @Test
    void plainKeys_read_givesValueAndExpiry() throws IOException {
        raw.call("SET", "a*[b", "text", "PX", "60000");
        raw.call("SET", "a", "never");
        raw.call("HSET", "hash", "f", "v");
        PlainKeys keys = new PlainKeys(redis);
        long now = redis.clock().millis();
        PlainKeys.Read all = done(keys.read(List.of("a", "hash", "missing", "a*[b")));
        List<PlainValue> read = all.values();
        assertThat(all.later()).isEmpty();
        assertThat(read).extracting(PlainValue::redisKey).containsExactly("a", "hash", "a*[b");
        assertThat(read.get(0).expires()).isEqualTo(Long.MAX_VALUE);
        assertThat(read.get(0).bytes()).asString(StandardCharsets.UTF_8).isEqualTo("never");
        assertThat(read.get(1).bytes()).isNull();
        assertThat(read.get(2).expires()).isBetween(now + 59_000, now + 61_000);
        assertThat(done(keys.scan("a*[").next())).containsExactly("a*[b");
    }

    @Test
    void plainKeys_removeUnchanged_leavesWhatHasChanged() throws IOException {
        for (int i = 0; i < 1_000; i++) {
            raw.call("SET", "k" + i, "v" + i);
        }
        raw.call("HSET", "hash", "f", "v");
        PlainKeys keys = new PlainKeys(redis);
        List<PlainValue> read = new ArrayList<>();
        for (int i = 0; i < 1_000; i++) {
            read.add(new PlainValue("k" + i, ("v" + i).getBytes(StandardCharsets.UTF_8), Long.MAX_VALUE));
        }
        read.add(new PlainValue("hash", new byte[] {1}, Long.MAX_VALUE));
        raw.call("SET", "k7", "newer");
        raw.call("DEL", "k8");
        assertThat(done(keys.removeUnchanged(read))).isEqualTo(998);
        assertThat(raw.list("KEYS", "*")).containsExactlyInAnyOrder("k7", "hash");
        assertThat(done(keys.removeUnchanged(List.of()))).isZero();
    }

    @Test
    void plainKeys_removeUnchanged_leavesWhatEndsLaterThanItDid() throws IOException {
        raw.call("SET", "same", "v", "PX", "60000");
        raw.call("SET", "longer", "v", "PX", "60000");
        raw.call("SET", "kept", "v", "PX", "60000");
        raw.call("SET", "ends", "v");
        PlainKeys keys = new PlainKeys(redis);
        List<PlainValue> read =
                done(keys.read(List.of("same", "longer", "kept", "ends"))).values();
        raw.call("SET", "longer", "v", "PX", "86400000");
        raw.call("PERSIST", "kept");
        raw.call("PEXPIRE", "ends", "60000");

        assertThat(done(keys.removeUnchanged(read))).isEqualTo(2);
        assertThat(raw.list("KEYS", "*")).containsExactlyInAnyOrder("longer", "kept");
    }

    /** What others hold may be long: a call reads about 2 MB, and names what is to be asked for again. */
    @Test
    void plainKeys_readLongValues_stopsAndNamesTheRest() throws IOException {
        List<String> names = new ArrayList<>();
        String value = "x".repeat(3 << 20);
        for (int i = 0; i < 5; i++) {
            raw.call("SET", "long" + i, i < 3 ? value : "short");
            names.add("long" + i);
        }
        PlainKeys keys = new PlainKeys(redis);
        PlainKeys.Read first = done(keys.read(names));
        assertThat(first.values()).extracting(PlainValue::redisKey).containsExactly("long0");
        assertThat(first.later()).containsExactly("long1", "long2", "long3", "long4");
        PlainKeys.Read last = done(keys.read(names.subList(2, 5)));
        assertThat(last.values()).extracting(PlainValue::redisKey).containsExactly("long2");
        assertThat(done(keys.read(last.later())).values()).hasSize(2);
    }

    /** Redis takes expiries that bars cannot have. */
    @Test
    void plainKeys_readOfAnExpiryTooFarAway_isNever() throws IOException {
        raw.call("SET", "far", "v", "PX", "9100000000000000");
        assertThat(done(new PlainKeys(redis).read(List.of("far")))
                        .values()
                        .get(0)
                        .expires())
                .isEqualTo(Long.MAX_VALUE);
    }

    @Test
    void redissonMap_expiriesOfAnyForm_areTimes() throws IOException {
        for (String score : List.of("inf", "-inf", "1e300", "5.5", "1700000000000")) {
            raw.call("HSET", "cache", score, "v");
            raw.call("ZADD", "jcache_timeout_set:{cache}", score, score);
        }
        Map<String, Long> expiries = new HashMap<>();
        done(new RedissonMap(redis, "cache").read(RedissonMap.START))
                .entries()
                .forEach(each -> expiries.put(new String(each.key(), StandardCharsets.UTF_8), each.expires()));
        assertThat(expiries)
                .isEqualTo(Map.of(
                        "inf",
                        Long.MAX_VALUE,
                        "-inf",
                        0L,
                        "1e300",
                        Long.MAX_VALUE,
                        "5.5",
                        5L,
                        "1700000000000",
                        1_700_000_000_000L));
    }

    /** A bar that is there and ends earlier is told from one that lives as long. */
    @Test
    void add_saysWhichBarsLiveAsLong() {
        long now = redis.clock().millis();
        BarSeries old = BarSeries.of(bars(0, 3_000, 5)); // pages and a head
        long[] hour = new long[3_000];
        Arrays.fill(hour, now + 3_600_000);
        assertThat(done(store.add(BTC, old, hour)).cardinality()).isEqualTo(3_000);
        long[] expiries = hour.clone();
        expiries[1] = Long.MAX_VALUE;
        expiries[2] = hour[2] + 5_000;
        expiries[3] = hour[3] + 60_000;
        expiries[4] = now - 5;
        expiries[2_999] = Long.MAX_VALUE;
        BitSet found = done(store.add(BTC, old, expiries));
        assertThat(found.stream().boxed())
                .doesNotContain(1, 3, 2_999)
                .contains(0, 2, 4, 5, 2_998)
                .hasSize(2_997);
    }
}
