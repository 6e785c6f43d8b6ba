package io.iftb.cache.market;

/**
 * One candle: open, high, low, close and volume from its open time on.
 *
 * <p>Numbers are finite, the volume is not negative, and {@code high >= low}. Open and close may lie outside
 * {@code low..high}, since real feeds round each field separately; call {@link #requireConsistent()} to check that.
 *
 * @param openTime when the bar opens, epoch milliseconds, see {@link OpenTime}
 * @param open first price
 * @param high highest price
 * @param low lowest price
 * @param close last price
 * @param volume traded amount, zero or more
 */
public record OhlcvBar(long openTime, double open, double high, double low, double close, double volume) {

    /** @throws IllegalArgumentException naming the field and the values, if a field breaks the rules above */
    public OhlcvBar {
        OpenTime.require(openTime);
        requireFinite("open", open, openTime);
        requireFinite("high", high, openTime);
        requireFinite("low", low, openTime);
        requireFinite("close", close, openTime);
        requireFinite("volume", volume, openTime);
        if (volume < 0) {
            throw new IllegalArgumentException(
                    "volume of the bar at " + openTime + " is " + volume + "; it must be zero or more");
        }
        if (high < low) {
            throw new IllegalArgumentException("high of the bar at " + openTime + " is " + high + ", below its low "
                    + low + "; high must be at least low");
        }
    }

    /**
     * Checks that open and close lie within {@code low..high}.
     *
     * @return this bar
     * @throws IllegalArgumentException naming the field and the values, if one lies outside
     */
    public OhlcvBar requireConsistent() {
        requireInside("open", open);
        requireInside("close", close);
        return this;
    }

    private void requireInside(String field, double price) {
        if (price < low || price > high) {
            throw new IllegalArgumentException(field + " of the bar at " + openTime + " is " + price
                    + ", outside its low..high " + low + ".." + high);
        }
    }

    private static void requireFinite(String field, double number, long openTime) {
        if (!Double.isFinite(number)) {
            throw new IllegalArgumentException(
                    field + " of the bar at " + openTime + " is " + number + "; it must be a finite number");
        }
    }
}
