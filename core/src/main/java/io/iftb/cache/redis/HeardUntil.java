package io.iftb.cache.redis;

/**
 * Until when all changes have been heard: one number that says both whether tracking stands and how fresh it is. Written by
 * one thread, read by many.
 */
final class HeardUntil {

    /** What has never been tracked. */
    static final HeardUntil NEVER = new HeardUntil();

    /** So long ago that no bound of staleness reaches it: 146 years. */
    private static final long LONG_AGO = Long.MAX_VALUE / 2;

    private volatile long nanos = System.nanoTime() - LONG_AGO;

    /** A {@link System#nanoTime()}; one of long ago if tracking does not stand. */
    long nanos() {
        return nanos;
    }

    boolean isStanding() {
        return System.nanoTime() - nanos < LONG_AGO / 2;
    }

    void moveTo(long nanoTime) {
        nanos = nanoTime;
    }

    void revoke() {
        nanos = System.nanoTime() - LONG_AGO;
    }
}
