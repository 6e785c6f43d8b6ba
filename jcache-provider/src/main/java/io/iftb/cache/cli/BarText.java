package io.iftb.cache.cli;

import io.iftb.cache.codec.ShortestDecimal;
import io.iftb.cache.market.BarSeries;
import io.iftb.cache.market.SeriesKey;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

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

    /**
     * The names of files of series, without what they end with; {@link SeriesNames#ofFile} reads them. No two are equal where
     * case does not count, as on macOS and Windows: a month is {@code 1mo} there, and of symbols that differ by case only the
     * small letters are escaped.
     */
    static Map<SeriesKey, String> fileNames(List<SeriesKey> all) {
        Map<SeriesKey, String> names = new HashMap<>();
        all.stream()
                .collect(Collectors.groupingBy(each -> fileName(each, false).toLowerCase(Locale.ROOT)))
                .values()
                .forEach(alike -> alike.forEach(each -> names.put(each, fileName(each, alike.size() > 1))));
        return names;
    }

    private static String fileName(SeriesKey series, boolean hasAlike) {
        String symbol = SeriesNames.escaped(series.symbol());
        return (hasAlike ? SeriesNames.withoutSmall(symbol) : symbol) + "-"
                + series.timeframe().toString().replace("M", SeriesNames.MONTH);
    }
}
