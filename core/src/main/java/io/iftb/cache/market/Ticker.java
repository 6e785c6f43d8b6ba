package io.iftb.cache.market;

/**
 * The prices and the 24-hour statistics of a market at one time.
 *
 * @param bid best price to sell at
 * @param ask best price to buy at
 * @param last price of the last trade
 * @param volume amount traded in the last 24 hours, zero or more
 * @param high highest price of the last 24 hours
 * @param low lowest price of the last 24 hours
 * @param change change of the price over the last 24 hours, in percent
 * @param time when these values were valid, epoch milliseconds
 */
public record Ticker(
        double bid, double ask, double last, double volume, double high, double low, double change, long time) {

    /** @throws IllegalArgumentException naming the field, if a number is not finite or the volume is negative */
    public Ticker {
        Numbers.requireFinite("bid", bid);
        Numbers.requireFinite("ask", ask);
        Numbers.requireFinite("last", last);
        Numbers.requireFinite("volume", volume);
        Numbers.requireFinite("high", high);
        Numbers.requireFinite("low", low);
        Numbers.requireFinite("change", change);
        if (volume < 0) {
            throw new IllegalArgumentException("volume is " + volume + "; it must be zero or more");
        }
    }
}
