package io.iftb.cache.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.iftb.cache.TestServer;
import io.iftb.cache.market.BarSeries;
import io.iftb.cache.market.OhlcvBar;
import io.iftb.cache.market.SeriesKey;
import io.iftb.cache.redis.RedisConnection;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** No read of one series mixes two generations, for any number of round trips. */
@Tag("servers")
class SnapshotTest {

    private static final SeriesKey BTC = SeriesKey.of("BTCUSDT", "1h");

    private static RedisConnection redis;
    private static RedisConnection other;
    private static CandleStore store;
    private static CandleStore writing;

    @BeforeAll
    static void connect() {
        redis = TestServer.connect();
        other = TestServer.connect();
        store = new RedisCandleStore(access(redis));
        writing = new RedisCandleStore(access(other));
    }

    @AfterAll
    static void disconnect() {
        redis.close();
        other.close();
    }

    @BeforeEach
    void flush() {
        TestServer.flush();
    }

    @ParameterizedTest
    @CsvSource({"1500, 0", "2046, 0", "1000, 300", "3000, 300"})
    void latest_whileAWriterReplacesAllBars_isOfOneGeneration(int limit, int expired) throws Exception {
        put(0, 3_000, 0, Lifetimes.ETERNAL);
        AtomicBoolean stop = new AtomicBoolean();
        CompletableFuture<Void> writer = CompletableFuture.runAsync(() -> {
            for (int generation = 1; !stop.get(); generation++) {
                if (expired > 0) {
                    put(3_000 - expired, expired, generation, 1);
                }
                put(0, 3_000 - expired, generation, Lifetimes.ETERNAL);
            }
        });
        try {
            long end = System.nanoTime() + Duration.ofMillis(1_500).toNanos();
            while (System.nanoTime() < end) {
                BarSeries bars = redis.await(store.latest(BTC, limit));

                assertThat(bars.bars().stream()
                                .filter(bar -> bar.openTime() < 3_000 - expired)
                                .map(OhlcvBar::open)
                                .distinct())
                        .hasSizeLessThanOrEqualTo(1);
                assertThat(bars.size()).isGreaterThanOrEqualTo(Math.min(limit, 3_000 - expired));
            }
        } finally {
            stop.set(true);
            writer.get(10, TimeUnit.SECONDS);
        }
    }

    @Test
    void range_ofSeveralRoundTrips_whileAWriterChangesOldBars_isOfOneGeneration() throws Exception {
        put(0, 140_000, 0, Lifetimes.ETERNAL);
        AtomicBoolean stop = new AtomicBoolean();
        CompletableFuture<Void> writer = CompletableFuture.runAsync(() -> {
            for (int generation = 1; !stop.get(); generation++) {
                // one after the other, the older one last: only a mixed read can see the older one ahead
                put(139_000, 1, generation, Lifetimes.ETERNAL);
                put(100, 1, generation, Lifetimes.ETERNAL);
            }
        });
        try {
            for (int read = 0; read < 8; read++) {
                BarSeries bars = redis.await(store.range(BTC, Long.MIN_VALUE, Long.MAX_VALUE, Integer.MAX_VALUE));

                assertThat(bars.size()).isEqualTo(140_000);
                assertThat(bars.open(100)).isBetween(bars.open(139_000) - 1, bars.open(139_000));
            }
        } finally {
            stop.set(true);
            writer.get(10, TimeUnit.SECONDS);
        }
    }

    @Test
    void range_ofSeveralRoundTrips_whileTheOpenBarIsWritten_isNotRepeated() throws Exception {
        put(0, 140_000, 0, Lifetimes.ETERNAL);
        AtomicBoolean stop = new AtomicBoolean();
        CompletableFuture<Void> writer = CompletableFuture.runAsync(() -> {
            for (int version = 1; !stop.get(); version++) {
                put(139_999, 1, version, Lifetimes.ETERNAL);
            }
        });
        try {
            Map<String, Long> commands = TestServer.commandsDuring(() -> assertThat(
                            redis.await(store.range(BTC, Long.MIN_VALUE, Long.MAX_VALUE, Integer.MAX_VALUE))
                                    .size())
                    .isEqualTo(140_000));

            // each script of the writer is one SETRANGE
            assertThat(commands.getOrDefault("evalsha", 0L) - commands.getOrDefault("setrange", 0L))
                    .isBetween(0L, 2L);
        } finally {
            stop.set(true);
            writer.get(10, TimeUnit.SECONDS);
        }
    }

    /** After some attempts all is read by one script; here nothing changes, so that each attempt finds the same. */
    @ParameterizedTest
    @ValueSource(ints = {10, 1_500, 9_000, 30_000})
    void read_startedAgainAndAgain_findsTheSame(int count) {
        List<OhlcvBar> bars = IntStream.range(0, count)
                .mapToObj(time -> {
                    double price = 1_000 + Math.floorMod(time * 7_919L, 9_973) / 100.0;
                    return new OhlcvBar(time, price, price + 2, price - 1, price + 1, price);
                })
                .toList();
        redis.await(store.upsert(BTC, BarSeries.of(bars), Lifetimes.ETERNAL));
        for (SeriesReader.Range range : List.of(
                new SeriesReader.Range(BTC, Long.MIN_VALUE, Long.MAX_VALUE, Integer.MAX_VALUE),
                new SeriesReader.Range(BTC, 5, count - 2, count))) {
            SeriesRead read = new SeriesRead(access(redis).reader(), redis.within(redis.deadline()), range);
            List<OhlcvBar> expected = range.isUnbounded() ? bars : bars.subList(5, count - 2);

            for (int attempt = 1; attempt <= 6; attempt++) {
                assertThat(redis.await(read.start(SeriesReader.HeadRowFilter.ALL))
                                .bars())
                        .as("attempt %d", attempt)
                        .isEqualTo(expected);
            }
        }
    }

    private static void put(int from, int count, int generation, long lifetime) {
        List<OhlcvBar> bars = IntStream.range(from, from + count)
                .mapToObj(time -> new OhlcvBar(time, generation, generation, generation, generation, 1))
                .toList();
        other.await(writing.upsert(BTC, BarSeries.of(bars), lifetime));
    }

    private static SeriesAccess access(RedisConnection connection) {
        return SeriesAccess.of(new SeriesScripts(connection, new Keys("")), new SeriesDamage());
    }
}
