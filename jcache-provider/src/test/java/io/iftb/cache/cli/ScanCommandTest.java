package io.iftb.cache.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.iftb.cache.MarketCaches;
import io.iftb.cache.OhlcvCache;
import io.iftb.cache.cli.CliRunner.Run;
import io.iftb.cache.market.BarSeries;
import io.iftb.cache.market.OhlcvBar;
import io.iftb.cache.market.OpenTime;
import io.iftb.cache.market.SeriesKey;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class ScanCommandTest {

    private static final SeriesKey SERIES = SeriesKey.of("BTCUSDT", "1h");
    private static final long HOUR = 3_600_000;
    private static final long START = 1678730400000L;

    private final CliRunner cli = new CliRunner();

    @TempDir
    @SuppressWarnings("NullAway.Init")
    private Path folder;

    @BeforeEach
    void storeThreeBars() {
        store(
                SERIES,
                List.of(
                        new OhlcvBar(START, 1, 4, 0.5, 2, 10),
                        new OhlcvBar(START + HOUR, 2, 5.25, 1.5, 3, 20018500),
                        new OhlcvBar(START + 2 * HOUR, 3, 6, 2.5, 2.75, 9.417e-05)));
    }

    @Test
    void scan_table_isNewestFirstWithPointsInLine() {
        assertThat(cli.run("scan", "BTCUSDT", "1h").out()).isEqualTo("""
                        time (UTC)        open  high  low  close             volume
                        2023-03-13 20:00   3.0  6.0   2.5   2.75         0.00009417
                        2023-03-13 19:00   2.0  5.25  1.5   3.0   20018500.0
                        2023-03-13 18:00   1.0  4.0   0.5   2.0         10.0
                        """);
    }

    @Test
    void scan_csv_isNewestFirst() {
        assertThat(cli.run("scan", "BTCUSDT", "1h", "--format", "csv").out()).isEqualTo("""
                        timestamp,open,high,low,close,volume
                        1678737600000,3.0,6.0,2.5,2.75,0.00009417
                        1678734000000,2.0,5.25,1.5,3.0,20018500.0
                        1678730400000,1.0,4.0,0.5,2.0,10.0
                        """);
    }

    @Test
    void scan_json_isAnArrayOfObjects() {
        assertThat(cli.run("scan", "BTCUSDT", "1h", "--format", "JSON", "--limit", "2")
                        .out())
                .isEqualTo("""
                        [
                        {"timestamp":1678737600000,"open":3.0,"high":6.0,"low":2.5,"close":2.75,"volume":0.00009417},
                        {"timestamp":1678734000000,"open":2.0,"high":5.25,"low":1.5,"close":3.0,"volume":20018500.0}
                        ]
                        """);
    }

    @Test
    void scan_chart_drawsIt() {
        Run run = cli.run("scan", "BTCUSDT", "1h", "--format", "chart");
        assertThat(run.out()).startsWith("BTCUSDT 1h  2.75  +175.00 %");
        assertThat(run.err()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "2023-03-13T19:00Z, 2030-01-01, 2",
        "1678734000, 1678737600, 1",
        "1678734000000, 1678737600001, 2",
        "2023-03-13 18:00, 2023-03-13 18:00, 0",
        "1970-01-01, 2023-03-13T19:00+01:00, 0",
        "1970-01-01, 2023-03-13T19:00:01+01:00, 1",
    })
    void scan_range_isFromInclusiveToExclusive(String from, String to, int bars) {
        Run run = cli.run("scan", "BTCUSDT", "1h", "--format", "csv", "--from", from, "--to", to);
        assertThat(run.status()).isEqualTo(0);
        assertThat(run.out()).hasLineCount(bars + 1);
    }

    @Test
    void scan_nothingInRange_saysWhatIsStored() {
        Run run = cli.run("scan", "BTCUSDT", "1h", "--from", "2024-01-01");
        assertThat(run.status()).isEqualTo(0);
        assertThat(run.out()).isEmpty();
        assertThat(run.err())
                .isEqualTo(
                        "iftb-cache: no bars of BTCUSDT 1h open in that time; stored are 3 bars from 2023-03-13 18:00 to"
                                + " 2023-03-13 20:00 UTC\n");
    }

    @ParameterizedTest
    @CsvSource({
        "BTCUSDT, 4h, '; there is BTCUSDT 1h'",
        "btcusdt, 1h, '; there is BTCUSDT 1h'",
        "ETHUSDT, 1h, ; 'iftb-cache series' lists what is"
    })
    void scan_unknownSeries_saysWhatIsNear(String symbol, String timeframe, String hint) {
        Run run = cli.run("scan", symbol, timeframe, "--format", "csv");
        assertThat(run.status()).isEqualTo(1);
        assertThat(run.out()).isEmpty();
        assertThat(run.err()).isEqualTo("iftb-cache: no bars are stored for " + symbol + " " + timeframe + hint + "\n");
    }

    @Test
    void scan_nothingInRangeAsJson_isAnEmptyArray() {
        Run run = cli.run("scan", "BTCUSDT", "1h", "--format", "json", "--from", "2024-01-01");
        assertThat(run.status()).isEqualTo(0);
        assertThat(run.out()).isEqualTo("[]\n");
    }

    @Test
    void scan_symbolOfAnySigns_isFound() {
        SeriesKey odd = SeriesKey.of("a:b {c}*?[d] \\ é 🚀", "1h");
        store(odd, List.of(new OhlcvBar(START, 1, 1, 1, 1, 7)));
        assertThat(cli.run("scan", odd.symbol(), "1h", "--format", "csv").out())
                .endsWith("\n1678730400000,1.0,1.0,1.0,1.0,7.0\n");
        assertThat(cli.run("series").out()).contains("a:b {c}*?[d] \\ é 🚀  1h");
        assertThat(cli.run("scan", "*", "1h", "--format", "csv").status()).isEqualTo(1);
    }

    static Stream<Arguments> barsOfAnyKind() {
        Random random = new Random(7);
        Stream<OhlcvBar> wild = random.longs(500, OpenTime.MIN, OpenTime.MAX).mapToObj(time -> wildBar(time, random));
        Stream<OhlcvBar> of1970 =
                Stream.iterate(0L, time -> time + HOUR).limit(300).map(time -> wildBar(time, random));
        Stream<OhlcvBar> since1960 = Stream.iterate(-315619200000L, time -> time + 7 * 24 * HOUR)
                .limit(3000)
                .map(time -> wildBar(time, random));
        return Stream.of(wild, of1970, since1960).map(bars -> Arguments.of(bars.toList()));
    }

    @ParameterizedTest
    @MethodSource("barsOfAnyKind")
    void scan_csvImportedAgain_isTheSameBitForBit(List<OhlcvBar> bars) throws IOException {
        SeriesKey from = SeriesKey.of("FROM", "1h");
        SeriesKey to = SeriesKey.of("TO", "1h");
        store(from, bars);
        String csv = cli.run("scan", "FROM", "1h", "--format", "csv", "--limit", "10000")
                .out();
        Path file = Files.write(folder.resolve("bars.csv"), csv.getBytes(StandardCharsets.UTF_8));
        Run run = cli.run("import", file.toString(), "--symbol", "TO", "--timeframe", "1h");
        assertThat(run.status()).as(run.err()).isEqualTo(0);
        try (MarketCaches caches = cli.caches()) {
            assertThat(caches.ohlcv().latest(to, 10_000)).isEqualTo(BarSeries.of(bars));
        }
    }

    private static OhlcvBar wildBar(long openTime, Random random) {
        double a = wildNumber(random);
        double b = wildNumber(random);
        return new OhlcvBar(
                openTime,
                wildNumber(random),
                Math.max(a, b),
                Math.min(a, b),
                wildNumber(random),
                Math.abs(wildNumber(random)));
    }

    private static double wildNumber(Random random) {
        double number = Double.longBitsToDouble(random.nextLong());
        return Double.isFinite(number) ? number : -0.0;
    }

    private void store(SeriesKey series, List<OhlcvBar> bars) {
        try (MarketCaches caches = cli.caches()) {
            caches.ohlcv().put(series, bars, OhlcvCache.NEVER);
        }
    }
}
