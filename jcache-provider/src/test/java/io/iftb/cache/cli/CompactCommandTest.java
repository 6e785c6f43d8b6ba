package io.iftb.cache.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.iftb.cache.MarketCaches;
import io.iftb.cache.OhlcvCache;
import io.iftb.cache.cli.CliRunner.Run;
import io.iftb.cache.market.OhlcvBar;
import io.iftb.cache.market.SeriesKey;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class CompactCommandTest {

    private final CliRunner cli = new CliRunner();

    @Test
    void compact_smallPages_areJoinedAndEveryBarStays() {
        SeriesKey series = SeriesKey.of("BTC", "1h");
        try (MarketCaches caches = cli.caches()) {
            putSmallPages(caches, series);

            Run run = cli.run("compact", "--series", "BTC:1h");

            assertThat(run.status()).isZero();
            assertThat(run.out()).matches("BTC 1h: \\d+ pages? packed, [\\d,]+ bytes before, [\\d,]+ now\n");
            assertThat(caches.ohlcv()
                            .range(series, Long.MIN_VALUE, Long.MAX_VALUE)
                            .size())
                    .isEqualTo(11_000);
        }
        assertThat(cli.run("compact", "--all").out()).isEqualTo("BTC 1h: nothing to do\n");
    }

    @Test
    void compact_seriesThatCannotBeRead_areNamedAndTheOthersArePacked() {
        try (MarketCaches caches = cli.caches()) {
            for (String symbol : List.of("BTC", "ETH", "LTC")) {
                putSmallPages(caches, SeriesKey.of(symbol, "1h"));
            }
        }
        pages("BTC").forEach(page -> CliRunner.raw("SETRANGE " + page + " 0 damaged"));
        pages("ETH").forEach(page -> {
            CliRunner.raw("DEL " + page);
            CliRunner.raw("HSET " + page + " a b");
        });

        Run run = cli.run("compact", "--all");

        assertThat(run.status()).isEqualTo(3);
        assertThat(run.err().lines())
                .hasSize(2)
                .anySatisfy(line -> assertThat(line)
                        .startsWith("iftb-cache: BTC 1h is not compacted: key '" + cli.namespace())
                        .contains("do not begin as a page of candles")
                        .endsWith("rename or delete the key"))
                .anySatisfy(line -> assertThat(line)
                        .startsWith("iftb-cache: ETH 1h is not compacted: key '" + cli.namespace())
                        .contains("holds another type of value"));
        assertThat(run.out()).matches("LTC 1h: \\d+ pages? packed, .*\n");
    }

    private static void putSmallPages(MarketCaches caches, SeriesKey series) {
        caches.ohlcv().put(series, bars(100_000, 5_000), OhlcvCache.NEVER);
        for (int part = 0; part < 10; part++) {
            caches.ohlcv().put(series, bars(part * 5_000, 600), OhlcvCache.NEVER);
        }
    }

    private List<String> pages(String symbol) {
        return CliRunner.raw("KEYS " + cli.namespace() + ":ohlcv:{" + symbol + ":1h}:[1-9]*")
                .lines()
                .filter(line -> line.startsWith(cli.namespace()))
                .toList();
    }

    @Test
    void compact_wrongInput_isOneSentence() {
        assertThat(cli.run("compact", "--all").out())
                .startsWith("there is nothing to compact, no series are stored on ");
        Run missing = cli.run("compact", "--series", "ETH:1h");
        assertThat(missing.status()).isEqualTo(1);
        assertThat(missing.err())
                .isEqualTo("iftb-cache: no bars are stored for ETH 1h; 'iftb-cache series' lists what is\n");
        assertThat(cli.run("compact").status()).isEqualTo(2);
        assertThat(cli.run("compact", "--series", "ETH").err())
                .startsWith("iftb-cache: ")
                .contains("ETH");
    }

    private static List<OhlcvBar> bars(int from, int count) {
        return IntStream.range(from, from + count)
                .mapToObj(i -> {
                    double price = 1_000 + Math.floorMod(i * 7_919L, 9_973) / 100.0;
                    return new OhlcvBar(i * 3_600_000L, price, price + 2, price - 1, price + 1, i % 977);
                })
                .toList();
    }
}
