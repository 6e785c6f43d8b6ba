package io.iftb.cache.market;

/**
 * The valid range of open times: epoch milliseconds that a double represents exactly, {@value #MIN} to {@value #MAX},
 * since scripts and sorted sets of the server use doubles. That is about 285,000 years before and after 1970.
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
