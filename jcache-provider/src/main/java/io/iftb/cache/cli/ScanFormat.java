package io.iftb.cache.cli;

import io.iftb.cache.codec.ShortestDecimal;
import io.iftb.cache.market.BarSeries;
import io.iftb.cache.market.OhlcvBar;
import io.iftb.cache.market.SeriesKey;
import java.io.PrintStream;
import java.util.Locale;

/** An output format of {@code scan}. Bars are newest first, except in the chart. */
enum ScanFormat {
    /** Columns for people. */
    TABLE {
        @Override
        void print(SeriesKey series, BarSeries bars, Screen screen, PrintStream out) {
            if (bars.isEmpty()) {
                return;
            }
            TextTable table = new TextTable("time (UTC)", ".open", ".high", ".low", ".close", ".volume");
            for (int i = bars.size() - 1; i >= 0; i--) {
                OhlcvBar bar = bars.bar(i);
                table.row(
                        Moment.text(bar.openTime()),
                        ShortestDecimal.of(bar.open()),
                        ShortestDecimal.of(bar.high()),
                        ShortestDecimal.of(bar.low()),
                        ShortestDecimal.of(bar.close()),
                        ShortestDecimal.of(bar.volume()));
            }
            table.print(out);
        }
    },

    /**
     * The format that {@code import} reads back bit for bit. Times are epoch milliseconds. They are ISO-8601 if numbers would
     * be misread: if more than half of the bars open from October 1966 to March 1973, or one after the year 5138.
     */
    CSV {
        @Override
        void print(SeriesKey series, BarSeries bars, Screen screen, PrintStream out) {
            boolean numbers = Moment.areReadBack(bars.openTimes());
            out.print(BarText.HEADER + "\n");
            for (int i = bars.size() - 1; i >= 0 && isRead(out, i); i--) {
                out.print(BarText.csv(bars, i, numbers) + "\n");
            }
        }
    },

    /** An array of objects with the names of the CSV columns; times are epoch milliseconds. */
    JSON {
        @Override
        void print(SeriesKey series, BarSeries bars, Screen screen, PrintStream out) {
            out.print("[");
            for (int i = bars.size() - 1; i >= 0 && isRead(out, i); i--) {
                out.print((i == bars.size() - 1 ? "\n" : ",\n") + BarText.json(bars, i));
            }
            out.print(bars.isEmpty() ? "]\n" : "\n]\n");
        }
    },

    /** Candles, oldest at the left. */
    CHART {
        @Override
        void print(SeriesKey series, BarSeries bars, Screen screen, PrintStream out) {
            if (!bars.isEmpty()) {
                CandleChart.lines(series, bars, screen).forEach(out::println);
            }
        }
    };

    private static final int CHECK_EVERY = 1024;

    /** Writes bars. */
    abstract void print(SeriesKey series, BarSeries bars, Screen screen, PrintStream out);

    /** Whether the output is still read, checked from time to time: {@code | head} closes it early. */
    private static boolean isRead(PrintStream out, int index) {
        return index % CHECK_EVERY != 0 || !out.checkError();
    }

    static ScanFormat parse(String text) {
        return Choice.parse(ScanFormat.class, "format", text);
    }

    /** The name on the command line. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
