package io.iftb.cache.market;

/**
 * The rule for a bar's open time: epoch milliseconds that a double holds exactly, {@value #MIN} to {@value #MAX}, since
 * the server's scripts and sorted sets count in doubles. That is some 285,000 years either side of 1970.
 */
public final class OpenTime {

    /** The earliest open time, epoch milliseconds. */
    public static final long MIN = -(1L << 53) + 1;

    /** The latest open time, epoch milliseconds. */
    public static final long MAX = (1L << 53) - 1;

    private OpenTime() {}

    /**
     * Checks an open time.
     *
     * @return {@code openTime}
     * @throws IllegalArgumentException if it lies outside {@code MIN..MAX}
     */
    public static long require(long openTime) {
        if (openTime < MIN || openTime > MAX) {
            throw new IllegalArgumentException("open time " + openTime + " is outside " + MIN + ".." + MAX
                    + "; give epoch milliseconds, not microseconds or nanoseconds");
        }
        return openTime;
    }
}
