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
                .isEqualTo("iftb-cache: 12 of 14 lines of '" + file + "' were refused; correct them and import the file"
                        + " again");
        assertThat(stored()).hasSize(2);
    }

    @Test
    void import_onlyMalformedLines_endsWith3() throws IOException {
        Run run = run(file(HEADER + "rubbish\n"));
        assertThat(run.status()).isEqualTo(3);
        assertThat(run.out()).isEmpty();
        assertThat(run.err()).contains(":2: it has 1 fields, the header has 6").contains("1 of 1 lines");
    }

    @Test
    void import_sameTimeTwice_lastLineCountsAndIsMentioned() throws IOException {
        Run run = run(file(HEADER + "1678730400,1,4,0.5,2,10\n1678734000,1,4,0.5,2,10\n1678730400,1,4,0.5,2,99\n"));
        assertThat(run.status()).isEqualTo(0);
        assertThat(run.out()).startsWith("2 bars of").endsWith("1 line replaced an earlier line with the same time\n");
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
