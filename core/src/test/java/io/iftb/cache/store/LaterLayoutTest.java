package io.iftb.cache.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.iftb.cache.MarketCaches;
import io.iftb.cache.OhlcvCache;
import io.iftb.cache.TestServer;
import io.iftb.cache.embedded.RespConnection;
import io.iftb.cache.fetch.BarSource;
import io.iftb.cache.fetch.FetchOptions;
import io.iftb.cache.market.BarSeries;
import io.iftb.cache.market.OhlcvBar;
import io.iftb.cache.market.SeriesKey;
import io.iftb.cache.market.Ticker;
import io.iftb.cache.redis.WrongTypeException;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * This program meets what a later version of it has written: it says so, changes nothing of what it does not understand, and
 * goes on with the rest. The later version is played by the version number in what this one writes.
 */
class LaterLayoutTest {

    private static final SeriesKey BTC = SeriesKey.of("BTCUSDT", "1h");
    private static final String HEAD = "ohlcv:{BTCUSDT:1h}";
    private static final long HOUR = 3_600_000;
    private static final long FIRST = 400_000 * HOUR;
    private static final int COUNT = 5_000;

    private RespConnection raw;
    private MarketCaches caches;
    private OhlcvCache candles;

    @BeforeEach
    void fill() throws IOException {
        TestServer.flush();
        raw = TestServer.raw();
        caches = MarketCaches.open(TestServer.uri());
        candles = caches.ohlcv();
    }

    @AfterEach
    void close() throws IOException {
        caches.close();
        raw.close();
    }

    @Test
    void page_ofALaterVersion_isNamedAndStays() throws IOException {
        candles.put(BTC, BarSeries.of(bars(0, COUNT)), Duration.ofDays(1));
        String page = pageWith(2_000);
        version(page, 2);
        String before = content(page);

        assertThat(candles.latest(BTC, 100).bars()).isEqualTo(bars(COUNT - 100, 100));
        List<OhlcvBar> all = candles.range(BTC, FIRST, FIRST + COUNT * HOUR).bars();
        assertThat(all)
                .isEqualTo(bars(COUNT - all.size(), all.size()))
                .hasSizeGreaterThan(1_023)
                .hasSizeLessThan(3_000);
        candles.put(BTC, BarSeries.of(bars(COUNT, 3_000)), Duration.ofDays(1)); // pages are made
        candles.put(BTC, BarSeries.of(bars(6_000, 10)), Duration.ofDays(1)); // into another page
        assertThatThrownBy(() -> candles.put(BTC, BarSeries.of(bars(2_000, 1)), Duration.ofDays(1)))
                .isInstanceOf(WrongTypeException.class)
                .hasMessageContaining(page)
                .hasMessageContaining("version 2")
                .hasMessageContaining("update this program");
        candles.compact(BTC);
        assertThat(content(page)).isEqualTo(before);

        version(page, 1);
        assertThat(candles.range(BTC, FIRST, FIRST + (COUNT + 3_000) * HOUR).bars())
                .isEqualTo(bars(0, COUNT + 3_000));
    }

    @Test
    void head_ofALaterVersion_isReadAsFarAsItsRows_andNotSealed() throws IOException {
        candles.put(BTC, BarSeries.of(bars(0, COUNT)), Duration.ofDays(1));
        version(HEAD, 2);
        String before = content(HEAD);

        assertThat(candles.latest(BTC, 100).bars()).isEqualTo(bars(COUNT - 100, 100));
        assertThatThrownBy(() -> candles.put(BTC, BarSeries.of(bars(2_000, 1)), Duration.ofDays(1)))
                .isInstanceOf(WrongTypeException.class)
                .hasMessageContaining("'" + HEAD + "'")
                .hasMessageContaining("of a later version of this library; update this program");
        assertThat(candles.range(BTC, FIRST, FIRST + COUNT * HOUR).bars()).isEmpty(); // a miss, counted and named
        assertThat(content(HEAD)).isEqualTo(before);

        version(HEAD, 1);
        assertThat(candles.range(BTC, FIRST, FIRST + COUNT * HOUR).bars()).isEqualTo(bars(0, COUNT));
    }

    @Test
    void coverage_ofALaterVersion_countsAsNotFetched() throws IOException {
        AtomicInteger requests = new AtomicInteger();
        OhlcvCache fetching = fetching(requests);
        assertThat(fetching.range(BTC, FIRST, FIRST + 100 * HOUR).bars()).isEqualTo(bars(0, 100));
        assertThat(fetching.range(BTC, FIRST, FIRST + 100 * HOUR).bars()).isEqualTo(bars(0, 100));
        assertThat(requests).hasValue(1);
        version(HEAD + ":coverage", 2);

        assertThat(fetching.fetching().coverage(BTC).intervals()).isEmpty();
        assertThat(candles.latest(BTC, 10).bars()).isEqualTo(bars(90, 10));
        assertThat(fetching.range(BTC, FIRST, FIRST + 100 * HOUR).bars()).isEqualTo(bars(0, 100));
        assertThat(fetching.range(BTC, FIRST, FIRST + 100 * HOUR).bars()).isEqualTo(bars(0, 100));
        assertThat(requests).hasValue(2);
    }

    /** At worst, what another program fetches now is fetched again; never is it waited for without end. */
    @Test
    void leases_ofALaterVersion_areNotWaitedFor() throws IOException {
        AtomicInteger requests = new AtomicInteger();
        OhlcvCache fetching = fetching(requests);
        raw.call(
                "EVAL",
                "return redis.call('SET', KEYS[1], ARGV[1] .. struct.pack('>i8i8i8', -2^53, 2^53, 2^53) .. 'and more')",
                "1",
                HEAD + ":leases",
                "version2");

        assertThat(fetching.range(BTC, FIRST, FIRST + 100 * HOUR).bars()).isEqualTo(bars(0, 100));
        assertThat(fetching.range(BTC, FIRST, FIRST + 100 * HOUR).bars()).isEqualTo(bars(0, 100));
        assertThat(requests).hasValue(1);
    }

    private OhlcvCache fetching(AtomicInteger requests) {
        BarSource source = (series, from, to, limit) -> {
            requests.incrementAndGet();
            int first = (int) ((from - FIRST) / HOUR);
            int end = (int) ((to - FIRST) / HOUR);
            return CompletableFuture.completedFuture(bars(first, Math.min(limit, end - first)));
        };
        return candles.withSource(
                source, FetchOptions.of("scripted").withClock(() -> Instant.ofEpochMilli(FIRST + COUNT * HOUR)));
    }

    @Test
    void entry_ofALaterVersion_isAMissUntilItIsReplaced() throws IOException {
        Ticker ticker = new Ticker(1, 2, 1.5, 100, 3, 1, 0.5, 0);
        caches.market().putTicker("BTCUSDT", ticker);
        raw.call("SETRANGE", "ticker:BTCUSDT", "1", "\u007f"); // flags that this version does not know

        assertThat(caches.market().ticker("BTCUSDT")).isEmpty();
        caches.market().putTicker("BTCUSDT", ticker);
        assertThat(caches.market().ticker("BTCUSDT")).contains(ticker);
    }

    /** Sets the version in the second byte of a value. */
    private void version(String key, int version) throws IOException {
        raw.call("EVAL", "return redis.call('SETRANGE', KEYS[1], 1, string.char(ARGV[1]))", "1", key, "" + version);
    }

    private String content(String key) throws IOException {
        return raw.call("EVAL", "return redis.sha1hex(redis.call('GET', KEYS[1]))", "1", key);
    }

    private String pageWith(int bar) throws IOException {
        String entry = raw.call(
                "EVAL",
                "local e = redis.call('ZREVRANGEBYSCORE', KEYS[1], ARGV[1], '-inf', 'LIMIT', 0, 1)[1]"
                        + " return string.format('%.0f', struct.unpack('>i8', e, 33))",
                "1",
                HEAD + ":index",
                "" + (FIRST + bar * HOUR));
        return HEAD + ":" + entry;
    }

    private static List<OhlcvBar> bars(int from, int count) {
        return IntStream.range(from, from + count)
                .mapToObj(time -> {
                    double price = 1_000 + Math.floorMod(time * 7_919L, 9_973) / 100.0;
                    return new OhlcvBar(FIRST + time * HOUR, price, price + 2, price - 1, price + 1, price);
                })
                .toList();
    }
}
