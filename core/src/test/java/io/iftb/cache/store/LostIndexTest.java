package io.iftb.cache.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.iftb.cache.TestServer;
import io.iftb.cache.codec.GivenToCaches;
import io.iftb.cache.embedded.RespConnection;
import io.iftb.cache.market.BarKey;
import io.iftb.cache.market.BarSeries;
import io.iftb.cache.market.Coverage;
import io.iftb.cache.market.OhlcvBar;
import io.iftb.cache.market.SeriesKey;
import io.iftb.cache.redis.RedisConnection;
import io.iftb.cache.settings.CacheSettings;
import java.io.IOException;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** History that is put again after the index of a series was lost: it is read again, and what is still lost ends a read. */
class LostIndexTest {

    private static final SeriesKey BTC = SeriesKey.of("BTCUSDT", "1h");
    private static final String HEAD = "ohlcv:{BTCUSDT:1h}";
    private static final long HOUR = 3_600_000;
    private static final int BARS = 8_000;

    private static final SeriesDamage damage = new SeriesDamage();
    private static RedisConnection redis;
    private static RespConnection raw;
    private static CandleStore store;
    private static BarEntryStore entries;

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

    /** Puts bars and loses the index of their pages; returns how many of them belong to pages. */
    private static int lose(int count) throws IOException {
        put(0, count);
        raw.call("DEL", HEAD + ":index");
        int left = all().size();
        assertThat(left).isBetween(1, SeriesReader.HEAD_MAX_ROWS);
        return count - left;
    }

    private static void put(int from, int to) {
        done(store.upsert(BTC, BarSeries.of(hours(from, to)), Lifetimes.ETERNAL));
    }

    private static void putInChunks(int from, int to) {
        for (int at = from; at < to; at += 1_000) {
            put(at, Math.min(to, at + 1_000));
        }
    }

    private static List<OhlcvBar> all() {
        return done(store.range(BTC, Long.MIN_VALUE, Long.MAX_VALUE, Integer.MAX_VALUE))
                .bars();
    }

    private static List<OhlcvBar> hours(int from, int to) {
        return IntStream.range(from, to)
                .mapToObj(hour -> {
                    double price = 1_000 + ((hour * 2_654_435_761L) >>> 7) % 65_536 / 100.0; // no page holds many
                    return new OhlcvBar(hour * HOUR, price, price + 2, price - 1, price + 1, price);
                })
                .toList();
    }

    private static <T> T done(CompletableFuture<T> future) {
        return redis.await(future);
    }

    @Test
    void chunks_oldestFirst_areReadOnceTheyReachWhatIsThere() throws IOException {
        int begins = lose(BARS);
        putInChunks(2_000, 5_000);
        assertThat(all()).isEqualTo(hours(begins, BARS));
        assertThat(done(store.latest(BTC, 5_000)).bars()).isEqualTo(hours(begins, BARS));
        putInChunks(5_000, begins);
        assertThat(all()).isEqualTo(hours(2_000, BARS));
        assertThat(done(store.latest(BTC, 5_000)).bars()).isEqualTo(hours(BARS - 5_000, BARS));

        // what is older than they are is still lost, and said to be
        long holes = damage.holes();
        put(0, 1_000);
        assertThat(all()).isEqualTo(hours(2_000, BARS));
        assertThat(damage.holes() - holes).isEqualTo(1);
        put(1_000, 2_000);
        assertThat(all()).isEqualTo(hours(0, BARS));
        done(store.compact(BTC)); // pages that no index names go
        new SeriesLayout(redis, raw, HEAD).check();
    }

    @Test
    void onePut_ofMoreThanARoundTripHolds_isReadWhole() throws IOException {
        int count = 2 * CandleStore.ROUND_TRIP_BARS + 10_000;
        int begins = lose(count);
        put(0, begins);
        assertThat(all()).isEqualTo(hours(0, count));
        raw.call("DEL", HEAD + ":index");
        put(0, count);
        assertThat(all()).isEqualTo(hours(0, count));
    }

    @Test
    void chunks_ofWhichOneIsLeftOut_areReadUpToIt() throws IOException {
        int begins = lose(BARS);
        putInChunks(0, 3_000);
        putInChunks(3_100, begins);
        assertThat(all()).isEqualTo(hours(3_100, BARS));
        put(3_000, 3_100);
        assertThat(all()).isEqualTo(hours(3_000, BARS)); // what was in front of the gap is not known to be whole
        putInChunks(0, 3_000);
        assertThat(all()).isEqualTo(hours(0, BARS));
    }

    /** Whatever the order, a read has what is there from some bar on, and nothing in front of a bar that is missing. */
    @Test
    void chunks_inAnyOrder_areNeverReadOverAGap() throws IOException {
        for (int seed = 1; seed <= 8; seed++) {
            Random random = new Random(seed);
            TestServer.flush();
            int begins = lose(BARS);
            BitSet there = new BitSet();
            there.set(begins, BARS);
            List<Integer> chunks = new ArrayList<>();
            for (int at = 0; at < begins; at += 250) {
                chunks.add(at);
            }
            Collections.shuffle(chunks, random);
            for (int from : chunks) {
                int to = Math.min(begins, from + 1 + random.nextInt(500));
                put(from, to);
                there.set(from, to);
                List<OhlcvBar> found = all();
                int oldest = BARS - found.size();
                assertThat(found).as("seed %d", seed).isEqualTo(hours(oldest, BARS));
                assertThat(there.nextClearBit(oldest)).as("seed %d", seed).isEqualTo(BARS);
            }
            putInChunks(0, begins);
            assertThat(all()).as("seed %d", seed).isEqualTo(hours(0, BARS));
        }
    }

    @Test
    void chunks_whoseIndexIsLostAgain_areLost() throws IOException {
        int begins = lose(BARS);
        putInChunks(0, 3_000);
        raw.call("DEL", HEAD + ":index");
        putInChunks(3_000, begins);
        assertThat(all()).isEqualTo(hours(3_000, BARS));
    }

    @Test
    void chunks_ofWhichAPageIsEvicted_areReadUpToIt() throws IOException {
        int begins = lose(BARS);
        putInChunks(0, 3_000);
        PageEntry evicted = new SeriesLayout(redis, raw, HEAD).entries().get(0);
        raw.call("DEL", HEAD + ":" + evicted.number());
        int next = (int) (evicted.last() / HOUR) + 1;
        put(next - 2, next - 1); // finds the page missing
        putInChunks(3_000, begins);
        assertThat(all()).isEqualTo(hours(3_000, BARS));
        putInChunks(0, 3_000);
        assertThat(all()).isEqualTo(hours(0, BARS));
    }

    /** By a script that finds no index, or a hole in the mark, and with the index known. */
    @Test
    void singleBars_thatMayHaveBeenLost_areCounted() throws IOException {
        int begins = lose(BARS);
        long holes = damage.holes();
        assertThat(get(100)).isNull();
        assertThat(get(begins)).isNotNull();
        assertThat(damage.holes() - holes).isEqualTo(1);

        put(6_000, begins);
        all(); // the index is known
        holes = damage.holes();
        assertThat(get(100)).isNull();
        assertThat(get(6_000)).isNotNull();
        assertThat(get(BARS)).isNull();
        assertThat(damage.holes() - holes).isEqualTo(1);
        assertThat(done(entries.getAll(List.of(key(1), key(2), key(6_500), key(BARS - 1)), Lifetimes.KEEP)))
                .containsOnlyKeys(key(6_500), key(BARS - 1));
        assertThat(damage.holes() - holes).isEqualTo(2); // a call counts once
    }

    private static BarKey key(int hour) {
        return BarKey.of(BTC, hour * HOUR);
    }

    private static byte @Nullable [] get(int hour) {
        return done(entries.get(key(hour), Lifetimes.KEEP));
    }

    /** There were no trades between the last of them and the head, as the source says. */
    @Test
    void chunks_behindWhichAllIsCovered_areRead() throws IOException {
        int begins = lose(BARS);
        putInChunks(2_000, 5_000);
        CacheSettings settings =
                CacheSettings.builder().redisUri(TestServer.uri()).build();
        CoverageStore coverage = new CacheStores(redis, settings, new GivenToCaches())
                .coverage(settings.options("ohlcv", BarKey.class, OhlcvBar.class));
        Coverage.Interval fetched =
                new Coverage.Interval(5_000 * HOUR, begins * HOUR, Coverage.Reason.DATA, Coverage.FOREVER);
        done(coverage.store(BTC, BarSeries.of(hours(5_000, 5_100)), Lifetimes.ETERNAL, null, List.of(fetched), null));
        List<OhlcvBar> whole = new ArrayList<>(hours(2_000, 5_100));
        whole.addAll(hours(begins, BARS));
        assertThat(all()).isEqualTo(whole);
        put(0, 1_000);
        assertThat(all()).isEqualTo(whole);
    }
}
