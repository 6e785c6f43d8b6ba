package io.iftb.cache.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.iftb.cache.TestServer;
import io.iftb.cache.codec.BarRow;
import io.iftb.cache.codec.GivenToCaches;
import io.iftb.cache.embedded.RespConnection;
import io.iftb.cache.market.BarKey;
import io.iftb.cache.market.BarSeries;
import io.iftb.cache.market.Coverage;
import io.iftb.cache.market.Coverage.Interval;
import io.iftb.cache.market.Coverage.Range;
import io.iftb.cache.market.Coverage.Reason;
import io.iftb.cache.market.OhlcvBar;
import io.iftb.cache.market.SeriesKey;
import io.iftb.cache.redis.RedisConnection;
import io.iftb.cache.settings.CacheOptions;
import io.iftb.cache.settings.CacheSettings;
import io.iftb.cache.store.CoverageStore.Lease;
import io.iftb.cache.store.CoverageStore.LeaseAnswer;
import io.iftb.cache.store.CoverageStore.OpenBar;
import io.iftb.cache.store.CoverageStore.Taking;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Coverage after random operations of every kind, on a series that is long enough for pages: it never claims bars that are not
 * there, and claims what was fetched and not touched.
 */
@Tag("servers")
class CoverageModelTest {

    private static final SeriesKey BTC = SeriesKey.of("BTCUSDT", "1h");
    private static final String HEAD = "ohlcv:{BTCUSDT:1h}";
    private static final long HOUR = 3_600_000;
    private static final int HOURS = 5_000;
    private static final long START = 1_700_000_000_000L / HOUR * HOUR - HOURS * HOUR;

    private RedisConnection redis;
    private RespConnection raw;
    private CoverageStore coverage;
    private CandleStore candles;
    private EntryStore<BarKey> bars;

    /** What must be covered, by hour. */
    private final Set<Integer> fetched = new HashSet<>();

    /** What must not be covered, since it ends. */
    private final Set<Integer> ending = new HashSet<>();

    @BeforeEach
    void connect() {
        TestServer.flush();
        redis = TestServer.connect();
        raw = TestServer.raw();
        CacheSettings settings =
                CacheSettings.builder().redisUri(TestServer.uri()).build();
        CacheStores stores = new CacheStores(redis, settings, new GivenToCaches());
        CacheOptions<BarKey, OhlcvBar> options = settings.options("ohlcv", BarKey.class, OhlcvBar.class);
        coverage = stores.coverage(options);
        candles = stores.candles(options);
        bars = stores.open(options).store();
    }

    @AfterEach
    void disconnect() throws IOException {
        redis.close();
        raw.close();
    }

    private static long time(int hour) {
        return START + hour * HOUR;
    }

    /** Every seventh hour has no trades. */
    private static boolean trades(int hour) {
        return hour % 7 != 3;
    }

    private static OhlcvBar bar(int hour) {
        double price = 100 + hour % 89;
        return new OhlcvBar(time(hour), price, price + 1, price - 1, price, hour % 13);
    }

    private static BarSeries bars(int from, int to) {
        List<OhlcvBar> all = new ArrayList<>();
        for (int hour = from; hour < to; hour++) {
            if (trades(hour)) {
                all.add(bar(hour));
            }
        }
        return BarSeries.of(all);
    }

    static LongStream seeds() {
        return LongStream.rangeClosed(1, Boolean.getBoolean("iftb.test.thorough") ? 6 : 2);
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void anyOperations_leaveCoverageTrue(long seed) throws IOException {
        Random random = new Random(seed);
        for (int step = 0; step < 150; step++) {
            int from = random.nextInt(HOURS);
            int to = Math.min(HOURS, from + 1 + random.nextInt(random.nextInt(8) == 0 ? 3_000 : 40));
            String what = step(random, from, to);
            if (random.nextInt(3) > 0) { // several changes may come before a reader
                continue;
            }
            requireTrue("seed " + seed + ", step " + step + ": " + what + " " + from + ".." + to);
        }
    }

    private String step(Random random, int from, int to) throws IOException {
        switch (random.nextInt(16)) {
            case 0, 1, 2, 3, 4, 5 -> {
                fetch(from, to);
                return "fetch";
            }
            case 6, 7 -> {
                redis.await(candles.upsert(BTC, bars(from, from + 1), Lifetimes.ETERNAL)); // changes nothing
                return "put for ever";
            }
            case 8 -> {
                redis.await(
                        candles.upsert(BTC, bars(from, to), Duration.ofHours(1).toMillis()));
                for (int hour = from; hour < to; hour++) {
                    fetched.remove(hour);
                    if (trades(hour)) {
                        ending.add(hour);
                    }
                }
                return "put with an end";
            }
            case 9 -> {
                int hour = random.nextBoolean() ? HOURS - 1 : from;
                Lifetimes lifetimes = new Lifetimes(5_000_000, 5_000_000);
                redis.await(bars.put(
                        BarKey.of(BTC, time(hour)), BarRow.value(bar(hour)), lifetimes, EntryStore.Condition.ANY));
                uncovered(hour, hour + 1);
                ending.add(hour);
                return "put one with an end";
            }
            case 10, 11 -> {
                redis.await(bars.remove(BarKey.of(BTC, time(from))));
                uncovered(from, from + 1);
                return "remove";
            }
            case 12 -> {
                List<BarKey> keys = List.of(BarKey.of(BTC, time(from)), BarKey.of(BTC, time(to - 1)));
                redis.await(bars.removeAll(keys));
                uncovered(from, from + 1);
                uncovered(to - 1, to);
                return "remove two";
            }
            case 13 -> {
                List<String> pages = raw.list("ZRANGE", HEAD + ":index", "0", "-1");
                if (!pages.isEmpty() && random.nextBoolean()) {
                    evictPage(random);
                    return "evict a page";
                }
                return "nothing";
            }
            case 14 -> {
                if (random.nextInt(4) == 0) {
                    raw.call("DEL", HEAD + ":index");
                    fetched.clear(); // what is in pages is lost when that is noticed
                    return "lose the index";
                }
                if (random.nextInt(4) == 0) {
                    raw.call("DEL", HEAD);
                    fetched.clear();
                    return "remove the head";
                }
                return "nothing";
            }
            default -> {
                if (random.nextInt(6) == 0) {
                    redis.await(candles.delete(BTC));
                    fetched.clear();
                    return "invalidate";
                }
                return "nothing";
            }
        }
    }

    private void uncovered(int from, int to) {
        for (int hour = from; hour < to; hour++) {
            fetched.remove(hour);
        }
    }

    private void evictPage(Random random) throws IOException {
        List<String> keys = raw.list("KEYS", HEAD + ":1*").stream().sorted().toList();
        if (!keys.isEmpty()) {
            raw.call("DEL", keys.get(random.nextInt(keys.size())));
            fetched.clear(); // what is older than the page is lost when that is noticed
        }
    }

    private void fetch(int from, int to) {
        Range range = new Range(time(from), time(to));
        LeaseAnswer answer =
                redis.await(coverage.lease(BTC, range, new OpenBar(Long.MAX_VALUE, 0), 60_000, Taking.STEAL));
        Lease lease = answer.lease();
        assertThat(lease).isNotNull();
        Interval all = new Interval(range.from(), range.to(), Reason.DATA, Coverage.FOREVER);
        redis.await(coverage.store(BTC, bars(from, to), Lifetimes.ETERNAL, lease, List.of(all), null));
        for (int hour = from; hour < to; hour++) {
            fetched.add(hour);
            ending.remove(hour);
        }
    }

    private void requireTrue(String when) {
        Covered found = redis.await(coverage.range(BTC, START, time(HOURS), Integer.MAX_VALUE));
        if (found.lostBefore() > START) { // as a reader does
            redis.await(coverage.uncover(BTC, new Range(START, found.lostBefore())));
            uncovered(0, (int) ((found.lostBefore() - START + HOUR - 1) / HOUR));
            found = redis.await(coverage.range(BTC, START, time(HOURS), Integer.MAX_VALUE));
        }
        Set<Long> there = new HashSet<>();
        for (long openTime : found.bars().openTimes()) {
            there.add(openTime);
        }
        for (int hour = 0; hour < HOURS; hour++) {
            Reason reason = found.coverage().reasonAt(time(hour));
            if (fetched.contains(hour)) {
                assertThat(reason).as("%s: hour %s was fetched", when, hour).isEqualTo(Reason.DATA);
            }
            if (ending.contains(hour)) {
                assertThat(reason).as("%s: hour %s ends", when, hour).isNull();
            }
            if (reason == Reason.DATA && trades(hour) && time(hour) >= found.lostBefore()) {
                assertThat(there).as("%s: hour %s is covered", when, hour).contains(time(hour));
            }
        }
    }
}
