package io.iftb.cache.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.iftb.cache.TestServer;
import io.iftb.cache.embedded.RespConnection;
import io.iftb.cache.market.BarSeries;
import io.iftb.cache.market.OhlcvBar;
import io.iftb.cache.market.SeriesKey;
import io.iftb.cache.redis.RedisConnection;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * A server loses the last change of pages that it acknowledged, as in a failover, and another program changes others. Who made
 * the lost change must not take the index that it remembers for that of the series.
 */
class LostExchangeTest {

    private static final SeriesKey BTC = SeriesKey.of("BTCUSDT", "1h");
    private static final long HOUR = 3_600_000;
    private static final String COPY = "copy:";

    private static RedisConnection redis;
    private static RespConnection raw;
    private static CandleStore loser;
    private static CandleStore other;

    @BeforeAll
    static void connect() {
        redis = TestServer.connect();
        raw = TestServer.raw();
        loser = store();
        other = store();
    }

    private static CandleStore store() {
        return new RedisCandleStore(SeriesAccess.of(new SeriesScripts(redis, new Keys("")), new SeriesDamage()));
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

    private static List<OhlcvBar> hours(int from, int to, double volume) {
        return IntStream.range(from, to)
                .mapToObj(hour -> {
                    double price = 1_000 + ((hour * 2_654_435_761L) >>> 7) % 65_536 / 100.0; // no page holds many
                    return new OhlcvBar(hour * HOUR, price, price + 2, price - 1, price + 1, volume);
                })
                .toList();
    }

    private static List<OhlcvBar> all(CandleStore store) {
        return done(store.range(BTC, Long.MIN_VALUE, Long.MAX_VALUE, Integer.MAX_VALUE))
                .bars();
    }

    private static <T> T done(CompletableFuture<T> future) {
        return redis.await(future);
    }

    private static void put(CandleStore store, List<OhlcvBar> bars) {
        done(store.upsert(BTC, BarSeries.of(bars), Lifetimes.ETERNAL));
    }

    /** Keeps a copy of each key. */
    private static void copy() throws IOException {
        for (String key : raw.list("KEYS", "*")) {
            raw.call("COPY", key, COPY + key);
        }
    }

    /** The server has what it had when it was copied. */
    private static void restore() throws IOException {
        for (String key : raw.list("KEYS", "ohlcv:*")) {
            raw.call("DEL", key);
        }
        for (String key : raw.list("KEYS", COPY + "*")) {
            raw.call("RENAME", key, key.substring(COPY.length()));
        }
    }

    private static List<OhlcvBar> of(List<List<OhlcvBar>> parts) {
        return parts.stream().flatMap(List::stream).toList();
    }

    @Test
    void range_exchangeOfAPageIsLost_hasTheBarsThatAnotherAdded() throws IOException {
        List<OhlcvBar> late = hours(3_000, 3_001, 7);
        List<OhlcvBar> between = hours(10_000, 10_500, 2);
        for (int i = 0; i < 5; i++) {
            put(other, hours(0, 8_000, 1));
            put(other, hours(12_000, 20_000, 1));
            assertThat(all(loser)).hasSize(16_000);
            copy();
            put(loser, late);
            restore();

            put(other, between);

            List<OhlcvBar> there = of(List.of(hours(0, 8_000, 1), between, hours(12_000, 20_000, 1)));
            assertThat(all(other)).isEqualTo(there);
            assertThat(all(loser)).isEqualTo(there);
            TestServer.flush();
        }
    }

    @Test
    void range_addedPagesAreLost_hasTheBarsThatAnotherAdded() throws IOException {
        List<OhlcvBar> lost = hours(9_000, 9_500, 2);
        List<OhlcvBar> between = hours(10_000, 10_500, 2);
        put(other, hours(0, 8_000, 1));
        put(other, hours(12_000, 20_000, 1));
        assertThat(all(loser)).hasSize(16_000);
        copy();
        put(loser, lost);
        restore();

        put(other, between);

        List<OhlcvBar> there = of(List.of(hours(0, 8_000, 1), between, hours(12_000, 20_000, 1)));
        assertThat(all(other)).isEqualTo(there);
        assertThat(all(loser)).isEqualTo(there);
    }
}
