package io.iftb.cache.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.iftb.cache.MarketCaches;
import io.iftb.cache.SeriesInfo;
import io.iftb.cache.cli.CliRunner.Run;
import io.iftb.cache.market.OhlcvBar;
import io.iftb.cache.market.SeriesKey;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ImportCommandTest {

    private static final String HEADER = "timestamp,open,high,low,close,volume\n";
    private static final SeriesKey SERIES = SeriesKey.of("BTCUSDT", "1h");

    private final CliRunner cli = new CliRunner();

    @TempDir
    @SuppressWarnings("NullAway.Init")
    private Path folder;

    @Test
    void import_goodFile_storesBarsForever() throws IOException {
        Run run = run(file(HEADER + "1678730400,1,4,0.5,2,10\n1678734000,2,5,1.5,3,11\n"));
        assertThat(run.status()).isEqualTo(0);
        assertThat(run.out())
                .startsWith("2 bars of BTCUSDT 1h stored, 2023-03-13 18:00 to 2023-03-13 19:00 UTC, in ")
                .hasLineCount(1);
        assertThat(run.err()).isEmpty();
        assertThat(stored())
                .containsExactly(
                        new OhlcvBar(1678730400000L, 1, 4, 0.5, 2, 10), new OhlcvBar(1678734000000L, 2, 5, 1.5, 3, 11));
        assertThat(info().lifetimeLeft()).isNull();
    }

    @Test
    void import_withTtl_storesBarsForThatLong() throws IOException {
        run(file(HEADER + "1678730400,1,4,0.5,2,10\n"), "--ttl", "2h");
        assertThat(info().lifetimeLeft()).isBetween(Duration.ofMinutes(119), Duration.ofHours(2));
    }

    @Test
    void import_malformedLines_storesTheRestAndReportsTheFirstTen() throws IOException {
        String bad = IntStream.range(0, 12).mapToObj(i -> i + ",x,4,0.5,2,10\n").collect(Collectors.joining());
        Path file = file(HEADER + "1678730400,1,4,0.5,2,10\n" + bad + "1678734000,2,5,1.5,3,11\n");
        Run run = run(file);
        assertThat(run.status()).isEqualTo(3);
        assertThat(run.out()).startsWith("2 bars of BTCUSDT 1h stored");
        List<String> lines = run.err().lines().toList();
        assertThat(lines).hasSize(11);
        assertThat(lines.get(0)).isEqualTo(file + ":3: open is 'x', not a number");
        assertThat(lines.get(9)).isEqualTo(file + ":12: open is 'x', not a number");
        assertThat(lines.get(10))
                .isEqualTo("iftb-cache: 12 of 14 lines were refused; correct the file and import it again");
        assertThat(stored()).hasSize(2);
    }

    @Test
    void import_onlyMalformedLines_endsWith3() throws IOException {
        Run run = run(file(HEADER + "rubbish\n"));
        assertThat(run.status()).isEqualTo(3);
        assertThat(run.out()).isEmpty();
        assertThat(run.err()).contains(":2: it has 1 field instead of 6").contains("1 of 1 line was refused");
    }

    @Test
    void import_sameTimeTwice_lastLineCountsAndIsMentioned() throws IOException {
        Run run = run(file(HEADER + "1678730400,1,4,0.5,2,10\n1678734000,1,4,0.5,2,10\n1678730400,1,4,0.5,2,99\n"));
        assertThat(run.status()).isEqualTo(0);
        assertThat(run.out()).startsWith("2 bars of").endsWith("1 line replaced an earlier one with the same time\n");
        assertThat(stored()).extracting(OhlcvBar::volume).containsExactly(99.0, 10.0);
    }

    @Test
    void import_moreThanABatchInReverse_storesAll() throws IOException {
        int count = 25_001;
        String lines = IntStream.range(0, count)
                .mapToObj(i -> (1678730400L + (count - i) * 3600L) + ",1,4,0.5,2," + i + "\n")
                .collect(Collectors.joining());
        Run run = run(file(HEADER + lines));
        assertThat(run.status()).isEqualTo(0);
        assertThat(run.out()).startsWith("25,001 bars");
        assertThat(stored()).hasSize(count).first().extracting(OhlcvBar::volume).isEqualTo(count - 1.0);
    }

    @Test
    void import_openOutsideLowToHigh_isRefusedOnlyIfStrict() throws IOException {
        Path file = file(HEADER + "1678730400,9,4,0.5,2,10\n");
        Run strict = run(file, "--strict");
        assertThat(strict.status()).isEqualTo(3);
        assertThat(strict.err())
                .contains(":2: open of the bar at 1678730400000 is 9.0, outside its low..high 0.5..4.0");
        assertThat(run(file).status()).isEqualTo(0);
    }

    @Test
    void import_timeframeThatContradictsTheFile_isOneWarning_orRefusedIfStrict() throws IOException {
        String lines = IntStream.range(0, 500)
                .mapToObj(i -> (1678730400L + i * 60L) + ",1,4,0.5,2," + i + "\n")
                .collect(Collectors.joining());
        Path file = file(HEADER + lines);
        Run strict = cli.run("import", file.toString(), "--symbol", "A", "--timeframe", "8m", "--strict");
        assertThat(strict.status()).isEqualTo(2);
        assertThat(strict.err())
                .isEqualTo("iftb-cache: the bars of '" + file
                        + "' open 1m apart, not 8m; correct --timeframe or the file," + " or leave --strict out\n");
        assertThat(cli.run("series").out()).isEmpty();

        Run run = cli.run("import", file.toString(), "--symbol", "A", "--timeframe", "8m");
        assertThat(run.status()).isEqualTo(0);
        assertThat(run.out()).startsWith("500 bars of A 8m stored");
        assertThat(run.err())
                .isEqualTo("iftb-cache: warning: the bars of '" + file + "' open 1m apart, not 8m; --strict refuses"
                        + " that\n");
        assertThat(cli.run("import", file.toString(), "--symbol", "A", "--timeframe", "1m", "--strict")
                        .err())
                .isEmpty();
    }

    @Test
    void import_fileNameThatTellsTheSeries_isEnough() throws IOException {
        Path file = Files.writeString(
                folder.resolve("BTC_USDT-4h.json"),
                "[[1678723200000,1,4,0.5,2,10],[1678737600000,1,4,0.5,2,10],[1678752000000,1,4,0.5,\"x\",10]]");
        Run run = cli.run("import", file.toString());
        assertThat(run.status()).isEqualTo(3);
        assertThat(run.out()).startsWith("2 bars of BTC_USDT 4h stored");
        assertThat(run.err())
                .isEqualTo(file + ", candle 3: close is 'x', not a number\n"
                        + "iftb-cache: 1 of 3 candles was refused; correct the file and import it again\n");
    }

    @Test
    void import_standardInput_isStored() {
        Run run = cli.reading((HEADER + "1678730400,1,4,0.5,2,10\n").getBytes(StandardCharsets.UTF_8))
                .run("import", "-", "--symbol", "BTCUSDT", "--timeframe", "1h");
        assertThat(run.err()).isEmpty();
        assertThat(run.out()).startsWith("1 bar of BTCUSDT 1h stored");
        assertThat(stored()).hasSize(1);
    }

    @Test
    void import_daysWithoutTrades_areLeftOutAndCounted() throws IOException {
        Run run = run(file("""
                        Date,Open,High,Low,Close,Adj Close,Volume
                        2023-03-13,1,4,0.5,2,2,10
                        2023-03-14,null,null,null,null,null,null
                        """));
        assertThat(run.status()).isEqualTo(0);
        assertThat(run.out()).startsWith("1 bar of").endsWith("1 line without prices left out\n");
    }

    private Run run(Path file, String... more) {
        return cli.run(List.of("import", file.toString(), "--symbol", "BTCUSDT", "--timeframe", "1h"), more);
    }

    private List<OhlcvBar> stored() {
        try (MarketCaches caches = cli.caches()) {
            return List.copyOf(
                    caches.ohlcv().range(SERIES, Long.MIN_VALUE, Long.MAX_VALUE).bars());
        }
    }

    private SeriesInfo info() {
        try (MarketCaches caches = cli.caches()) {
            return caches.ohlcv().series().get(0);
        }
    }

    private Path file(String text) throws IOException {
        return Files.write(folder.resolve("bars.csv"), text.getBytes(StandardCharsets.UTF_8));
    }
}
