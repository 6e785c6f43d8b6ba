package io.iftb.cache.market;

import java.util.Objects;

/**
 * Names a series of bars: a symbol and a timeframe.
 *
 * @param symbol as the exchange writes it, such as {@code BTCUSDT} or {@code BTC/USDT:USDT}; not blank
 * @param timeframe the length of a bar
 */
public record SeriesKey(String symbol, Timeframe timeframe) {

    /** @throws IllegalArgumentException if the symbol is blank */
    public SeriesKey {
        Symbols.require(symbol);
        Objects.requireNonNull(timeframe, "timeframe");
    }

    /**
     * A series with its timeframe as text.
     *
     * @throws IllegalArgumentException if the symbol is blank or the timeframe unknown
     */
    public static SeriesKey of(String symbol, String timeframe) {
        return new SeriesKey(symbol, Timeframe.parse(timeframe));
    }

    /**
     * Parses {@code SYMBOL:TF}. The last colon is the separator, so a symbol may contain colons.
     *
     * @throws IllegalArgumentException if there is no colon, or a part is invalid
     */
    public static SeriesKey parse(String text) {
        int colon = text.lastIndexOf(':');
        if (colon < 0) {
            throw new IllegalArgumentException(
                    "series '" + text + "' has no timeframe; write SYMBOL:TF, such as BTCUSDT:1h");
        }
        return of(text.substring(0, colon), text.substring(colon + 1));
    }

    /** The series as {@code SYMBOL:TF}. */
    @Override
    public String toString() {
        return symbol + ":" + timeframe;
    }
}
