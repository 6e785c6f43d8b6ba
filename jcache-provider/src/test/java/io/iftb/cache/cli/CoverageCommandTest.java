package io.iftb.cache.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.iftb.cache.MarketCaches;
import io.iftb.cache.cli.CliRunner.Run;
import io.iftb.cache.fetch.FetchOptions;
import io.iftb.cache.market.OhlcvBar;
import io.iftb.cache.market.SeriesKey;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class CoverageCommandTest {

    private static final long HOUR = 3_600_000;

    private final CliRunner cli = new CliRunner();

    /** Bars from the year 1970 on, listed from the tenth hour on. */
    private static CompletableFuture<List<OhlcvBar>> bars(long from, long to) {
        return CompletableFuture.completedFuture(LongStream.iterate(Math.max(from, 10 * HOUR), time -> time + HOUR)
                .takeWhile(time -> time < to)
                .mapToObj(time -> new OhlcvBar(time, 1, 1, 1, 1, 1))
                .toList());
    }

    @Test
    void coverage_ofAFetchedSeries_isATableAndAStrip() {
        SeriesKey series = SeriesKey.of("BTC", "1h");
        try (MarketCaches caches = cli.caches()) {
            var candles = caches.ohlcv()
                    .withSource(
                            (any, from, to, limit) -> bars(from, to),
                            FetchOptions.of("test").withClock(() -> Instant.ofEpochMilli(1_000 * HOUR)));
            candles.range(series, 0, 40 * HOUR);
            candles.range(series, 60 * HOUR, 80 * HOUR);
        }
        Run run = cli.run("coverage", "BTC", "1h");
        assertThat(run.status()).isZero();
        assertThat(run.out())
                .startsWith("""
                        from (UTC)        to (UTC)          what           until (UTC)
                        1970-01-01 00:00  1970-01-01 10:00  not listed
                        1970-01-01 10:00  1970-01-02 16:00  data
                        1970-01-02 16:00  1970-01-03 12:00  to be fetched
                        1970-01-03 12:00  1970-01-04 08:00  data
                        """)
                .containsPattern("\n\n-+#+\\.+#+\n# data {2}= no trades|\n\n░+█+·+█+\n█ data {2}▒ no trades");
    }

    @Test
    void coverage_ofNothing_saysSo() {
        Run nothing = cli.run("coverage", "BTC", "1h");
        assertThat(nothing.status()).isEqualTo(1);
        assertThat(nothing.err())
                .isEqualTo("iftb-cache: nothing of BTC 1h was fetched from a source; 'iftb-cache series' lists the bars"
                        + " that are stored\n");
        assertThat(cli.run("coverage", "BTC").status()).isEqualTo(2);
        assertThat(cli.run("coverage", "BTC", "1x").status()).isEqualTo(2);
    }
}
