package com.acme.bot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.iftb.cache.exchange.TestExchange;
import io.iftb.cache.fetch.RateLimitedException;
import io.iftb.cache.market.BarSeries;
import io.iftb.cache.market.OhlcvBar;
import io.iftb.cache.market.SeriesKey;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The source for Binance against answers in the form that Binance documents. */
class BinanceBarSourceTest {

    private static final SeriesKey SERIES = SeriesKey.of("BTCUSDT", "1h");
    private static final long FROM = 1_709_280_000_000L;
    private static final long TO = FROM + 3 * 3_600_000L;

    private final AtomicInteger usedWeight = new AtomicInteger();

    private List<OhlcvBar> fetch(ReplayedAnswer binance) throws Exception {
        return new BinanceBarSource(binance.uri(), usedWeight::set)
                .fetch(SERIES, FROM, TO, 500)
                .get(60, TimeUnit.SECONDS);
    }

    /** As {@code iftb-cache warm} does. */
    @Test
    void newInstance_ofTheNameInCliMd_isASource() throws Exception {
        String guide = Files.readString(Path.of("../jcache-provider/CLI.md"));
        Matcher source = Pattern.compile("^source: (\\S+)", Pattern.MULTILINE).matcher(guide);

        assertThat(source.find()).isTrue();
        assertThat(Class.forName(source.group(1)).getConstructor().newInstance())
                .isInstanceOf(BinanceBarSource.class);
    }

    @Test
    void fetch_threeKlines_areBars() throws Exception {
        try (ReplayedAnswer binance = new ReplayedAnswer("klines.http")) {
            assertThat(fetch(binance))
                    .containsExactly(
                            new OhlcvBar(FROM, 61130.98, 61572.0, 61040.01, 61406.12, 1764.10412),
                            new OhlcvBar(FROM + 3_600_000L, 61406.12, 61600.0, 61301.5, 61499.99, 1230.0048),
                            new OhlcvBar(FROM + 7_200_000L, 61499.99, 61512.34, 60999.0, 61112.01, 2011.99999));
        }
    }

    @Test
    void fetch_range_endsBeforeItsExclusiveEnd() throws Exception {
        try (ReplayedAnswer binance = new ReplayedAnswer("klines.http")) {
            fetch(binance);

            assertThat(binance.request())
                    .isEqualTo("/api/v3/klines?symbol=BTCUSDT&interval=1h&startTime=1709280000000&endTime=1709290799999"
                            + "&limit=500");
        }
    }

    @Test
    void fetch_answer_handsOverTheUsedWeight() throws Exception {
        try (ReplayedAnswer binance = new ReplayedAnswer("none.http")) {
            assertThat(fetch(binance)).isEmpty();
            assertThat(usedWeight).hasValue(16);
        }
    }

    @Test
    void fetch_tooManyRequests_saysHowLongToWait() throws Exception {
        try (ReplayedAnswer binance = new ReplayedAnswer("too-many.http")) {
            assertThatThrownBy(() -> fetch(binance))
                    .satisfies(e -> assertThat(retryAfter(e)).hasSeconds(17));
            assertThat(usedWeight).hasValue(6_004);
        }
    }

    @Test
    void fetch_banned_saysHowLongToWait() throws Exception {
        try (ReplayedAnswer binance = new ReplayedAnswer("banned.http")) {
            assertThatThrownBy(() -> fetch(binance))
                    .satisfies(e -> assertThat(retryAfter(e)).hasSeconds(118));
        }
    }

    private static Duration retryAfter(Throwable failure) {
        assertThat(failure).isInstanceOf(ExecutionException.class).hasCauseInstanceOf(RateLimitedException.class);
        return ((RateLimitedException) failure.getCause()).retryAfter();
    }

    @Test
    void fetch_unknownSymbol_failsWithTheWordsOfBinance() throws Exception {
        try (ReplayedAnswer binance = new ReplayedAnswer("invalid-symbol.http")) {
            assertThatThrownBy(() -> fetch(binance)).hasMessageContaining("Invalid symbol.");
        }
    }

    @Test
    void fetch_timeframeThatBinanceLacks_isRefusedByName() {
        BinanceBarSource source = new BinanceBarSource(BinanceBarSource.BINANCE, usedWeight::set);

        assertThatThrownBy(() -> source.fetch(SeriesKey.of("BTCUSDT", "10m"), FROM, TO, 500))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("Binance has no bars of 10m for BTCUSDT; take one of [12h, 15m,");
    }

    @Test
    void fetch_limitAboveAPage_isRefused() {
        BinanceBarSource source = new BinanceBarSource(BinanceBarSource.BINANCE, usedWeight::set);

        assertThatThrownBy(() -> source.fetch(SERIES, FROM, TO, 1_001))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("1001");
    }

    @Test
    void fetch_fromAnExchangeOfItsForm_givesTheSameBars() throws Exception {
        try (TestExchange exchange = TestExchange.at(TO)) {
            BinanceBarSource source = new BinanceBarSource(exchange.uri(), usedWeight::set);

            List<OhlcvBar> bars = source.fetch(SERIES, FROM, TO, 500).get(60, TimeUnit.SECONDS);

            assertThat(BarSeries.of(bars)).isEqualTo(exchange.bars(SERIES, FROM, TO));
            assertThat(bars).hasSize(3);
            assertThat(usedWeight).hasValue(2);
        }
    }
}
