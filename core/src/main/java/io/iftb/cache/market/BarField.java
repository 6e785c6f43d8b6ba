package io.iftb.cache.market;

/** A column of numbers of a {@link BarSeries}: a field of its bars. */
public enum BarField {
    /** The first price. */
    OPEN,
    /** The highest price. */
    HIGH,
    /** The lowest price. */
    LOW,
    /** The last price. */
    CLOSE,
    /** The traded amount. */
    VOLUME
}
