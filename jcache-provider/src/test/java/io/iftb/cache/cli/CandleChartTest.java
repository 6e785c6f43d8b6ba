package io.iftb.cache.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.iftb.cache.market.BarSeries;
import io.iftb.cache.market.OhlcvBar;
import io.iftb.cache.market.SeriesKey;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class CandleChartTest {

    private static final SeriesKey SERIES = SeriesKey.of("BTCUSDT", "4h");
    private static final long START = 1678730400000L;
    private static final long STEP = 4 * 3_600_000L;

    /** Rises, stays level, falls; the last bar is a doji with long wicks. */
    private static final BarSeries BARS = bars(new double[][] {
        {100, 104, 98, 103, 10},
        {103, 109, 102, 108, 20},
        {108, 118, 107, 116, 40},
        {116, 120, 112, 113, 80},
        {113, 114, 104, 105, 60},
        {105, 106, 99, 101, 5},
        {101, 101, 101, 101, 0},
        {101, 116, 90, 101, 30},
    });

    @Test
    void lines_unicodeWithoutColour_tellsRisingFromFallingByShade() {
        assertThat(chart(BARS, new Screen(40, false, true))).isEqualTo("""
                        BTCUSDT 4h  101.0  +1.00 %  (░ up, █ dow
                        8 bars · 2023-03-13 18:00 to 2023-03-14\s
                         120 ┤      │
                             │    │ │
                             │    ░ █       │
                             │    ░ █ █     │
                             │    ░ │ █     │
                         110 ┤  │ ░   █     │
                             │  ░ ░   █     │
                             │  ░     █ █   │
                             ││ ░     │ █   │
                             │░ ░       █   │
                         100 ┤░         █ ░ ░
                             ││         │   │
                             │              │
                             │              │
                             │              │
                          90 ┤              │
                        80.0 ┤      █ ▂
                             │    ▄ █ █     ▁
                             │▃ ▆ █ █ █ ▂   █
                             └┬─────────────┬
                              03-13 18:00   03-14 22:00
                        """);
    }

    @Test
    void lines_ascii_isAscii() {
        assertThat(chart(BARS, new Screen(40, false, false))).isEqualTo("""
                        BTCUSDT 4h  101.0  +1.00 %  (O up, # dow
                        8 bars - 2023-03-13 18:00 to 2023-03-14\s
                         120 +      |
                             |    | |
                             |    O #       |
                             |    O # #     |
                             |    O | #     |
                         110 +  | O   #     |
                             |  O O   #     |
                             |  O     # #   |
                             || O     | #   |
                             |O O       #   |
                         100 +O         # O O
                             ||         |   |
                             |              |
                             |              |
                             |              |
                          90 +              |
                        80.0 +      | .
                             |    : | |
                             |. : | | | .   |
                             ++-------------+
                              03-13 18:00   03-14 22:00
                        """);
    }

    @Test
    void lines_colour_drawsHalfCells() {
        assertThat(chart(BARS, new Screen(40, true, true)).replace("\u001b", "").replaceAll("\\[[0-9]+m", ""))
                .isEqualTo("""
                        BTCUSDT 4h  101.0  +1.00 %
                        8 bars · 2023-03-13 18:00 to 2023-03-14\s
                         120 ┤      │
                             │    │ │
                             │    ┃ ┃       │
                             │    ┃ ┃ ╽     │
                             │    ┃ ╵ ┃     │
                         110 ┤  ╷ ┃   ┃     │
                             │  ┃ ╿   ┃     │
                             │  ┃     ┃ ╽   │
                             │╷ ┃     │ ┃   │
                             │┃ ╿       ┃   │
                         100 ┤┃         ╿ ╹ ╿
                             ││         ╵   │
                             │              │
                             │              │
                             │              │
                          90 ┤              │
                        80.0 ┤      █ ▂
                             │    ▄ █ █     ▁
                             │▃ ▆ █ █ █ ▂   █
                             └┬─────────────┬
                              03-13 18:00   03-14 22:00
                        """);
    }

    @Test
    void lines_colour_paintsRisingGreenAndFallingRed() {
        assertThat(chart(BARS, new Screen(40, true, true)))
                .contains("\u001b[32m┃\u001b[0m")
                .contains("\u001b[31m┃\u001b[0m");
    }

    @ParameterizedTest
    @CsvSource({"20, 14", "40, 34", "80, 74", "120, 100"})
    void lines_moreBarsThanFit_showsTheNewest(int width, int shown) {
        double[][] rows = new double[100][];
        for (int i = 0; i < rows.length; i++) {
            rows[i] = new double[] {100 + i, 101 + i, 99 + i, 100.5 + i, i};
        }
        List<String> lines = CandleChart.lines(SERIES, bars(rows), new Screen(width, false, true));
        String bars = shown == 100 ? "100 bars ·" : shown + " bars (the newest of 100)";
        assertThat(lines.get(1)).startsWith(bars.substring(0, Math.min(bars.length(), width)));
        assertThat(lines.get(0)).startsWith("BTCUSDT 4h  199.5"); // the last close
    }

    static Stream<Arguments> oddBars() {
        double max = Double.MAX_VALUE;
        double min = Double.MIN_VALUE;
        return Stream.of(
                        new double[][] {{5, 5, 5, 5, 0}},
                        new double[][] {{0, 0, 0, 0, 0}, {0, 0, 0, 0, 0}},
                        new double[][] {{0, max, -max, 0, max}, {max, max, max, max, min}},
                        new double[][] {{min, min, 0, 0, min}},
                        new double[][] {{-37.63, -36, -40.32, -37, 1e300}},
                        new double[][] {{1e17, 1e17 + 16, 1e17, 1e17 + 16, 1}},
                        new double[][] {{1.2e-9, 1.3e-9, 1.1e-9, 1.25e-9, 1e12}})
                .map(rows -> Arguments.of((Object) rows));
    }

    @ParameterizedTest
    @MethodSource("oddBars")
    void lines_oddBars_fitTheScreen(double[][] rows) {
        for (int width : new int[] {20, 33, 80, 500}) {
            List<String> lines = CandleChart.lines(SERIES, bars(rows), new Screen(width, false, true));
            assertThat(lines).hasSize(23).allSatisfy(line -> assertThat(line).hasSizeLessThanOrEqualTo(width));
        }
    }

    @Test
    void lines_symbolThatMovesTheCursor_isMadeHarmless() {
        SeriesKey evil = SeriesKey.of("\u001b[2J\u0007", "1h");
        assertThat(String.join("", CandleChart.lines(evil, BARS, new Screen(80, false, true))))
                .doesNotContain("\u001b")
                .contains("?[2J?");
    }

    @Test
    void lines_noBars_saysSo() {
        assertThat(CandleChart.lines(SERIES, BarSeries.EMPTY, new Screen(80, true, true)))
                .containsExactly("no bars of BTCUSDT 4h");
    }

    private static String chart(BarSeries bars, Screen screen) {
        return String.join("\n", CandleChart.lines(SERIES, bars, screen)) + "\n";
    }

    private static BarSeries bars(double[][] rows) {
        List<OhlcvBar> bars = new ArrayList<>();
        for (double[] row : rows) {
            bars.add(new OhlcvBar(START + bars.size() * STEP, row[0], row[1], row[2], row[3], row[4]));
        }
        return BarSeries.of(bars);
    }
}
