package io.iftb.cache.cli;

import io.iftb.cache.codec.ShortestDecimal;
import io.iftb.cache.market.BarSeries;
import io.iftb.cache.market.SeriesKey;
import java.time.Instant;

/** Bars as lines of text, as {@code scan} and {@code export} write them. */
final class BarText {

    /** The names of the columns of CSV. */
    static final String HEADER = "timestamp,open,high,low,close,volume";

    private BarText() {}

    /**
     * A line of CSV that {@code import} reads back bit for bit.
     *
     * @param hasNumbers whether the time is a number of milliseconds; otherwise it is ISO-8601
     */
    static String csv(BarSeries bars, int i, boolean hasNumbers) {
        return (hasNumbers ? Long.toString(bars.openTime(i)) : Instant.ofEpochMilli(bars.openTime(i)))
                + ","
                + ShortestDecimal.of(bars.open(i))
                + ","
                + ShortestDecimal.of(bars.high(i))
                + ","
                + ShortestDecimal.of(bars.low(i))
                + ","
                + ShortestDecimal.of(bars.close(i))
                + ","
                + ShortestDecimal.of(bars.volume(i));
    }

    /** A JSON object with the names of the columns of CSV; the time is a number of milliseconds. */
    static String json(BarSeries bars, int i) {
        return "{\"timestamp\":"
                + bars.openTime(i)
                + ",\"open\":"
                + ShortestDecimal.of(bars.open(i))
                + ",\"high\":"
                + ShortestDecimal.of(bars.high(i))
                + ",\"low\":"
                + ShortestDecimal.of(bars.low(i))
                + ",\"close\":"
                + ShortestDecimal.of(bars.close(i))
                + ",\"volume\":"
                + ShortestDecimal.of(bars.volume(i))
                + "}";
    }

    /** The name of a file of a series, without what it ends with; {@link SeriesNames#ofFile} reads it. */
    static String fileName(SeriesKey series) {
        return SeriesNames.escaped(series.symbol()) + "-" + series.timeframe();
    }
}
