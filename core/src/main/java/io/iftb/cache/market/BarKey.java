package io.iftb.cache.market;

import java.util.Objects;

/**
 * Names one bar: its series and its open time.
 *
 * @param symbol the symbol, not blank
 * @param timeframe the length of the bar
 * @param openTime when the bar opens, epoch milliseconds, see {@link OpenTime}
 */
public record BarKey(String symbol, Timeframe timeframe, long openTime) {

    /** @throws IllegalArgumentException if the symbol is blank or the open time out of range */
    public BarKey {
        Symbols.require(symbol);
        Objects.requireNonNull(timeframe, "timeframe");
        OpenTime.require(openTime);
    }

    /** The key of a bar of a series. */
    public static BarKey of(SeriesKey series, long openTime) {
        return new BarKey(series.symbol(), series.timeframe(), openTime);
    }

    /** The series that this bar belongs to. */
    public SeriesKey series() {
        return new SeriesKey(symbol, timeframe);
    }
}
