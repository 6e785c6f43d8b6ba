package io.iftb.cache.store;

import java.time.Duration;

/**
 * The lifetimes of an entry after a write, by the server's clock: one for a write that creates it, one for a write that
 * changes it. A lifetime is a number of milliseconds, or {@link #ETERNAL}, {@link #KEEP} or {@link #EXPIRED}.
 *
 * @param creation for a write that creates the entry; not {@link #KEEP}
 * @param update for a write that changes the entry
 */
public record Lifetimes(long creation, long update) {

    /** The entry expires immediately: a write that would create it stores nothing, one that would change it removes it. */
    public static final long EXPIRED = 0;

    /** The entry never expires. */
    public static final long ETERNAL = -1;

    /** The entry keeps its lifetime. */
    public static final long KEEP = -2;

    /** The longest lifetime in milliseconds, about 278 years; a longer one counts as eternal. */
    public static final long MAX = 1L << 43;

    /** @throws IllegalArgumentException if a number is not a lifetime */
    public Lifetimes {
        if (creation < ETERNAL || update < KEEP) {
            throw new IllegalArgumentException("lifetimes " + creation + " and " + update
                    + " ms: a lifetime is positive, or one of EXPIRED, ETERNAL and (for an update) KEEP");
        }
        creation = creation > MAX ? ETERNAL : creation;
        update = update > MAX ? ETERNAL : update;
    }

    /** The same lifetime after every write. */
    public static Lifetimes of(Duration lifetime) {
        long millis = millis(lifetime);
        return new Lifetimes(millis, millis);
    }

    /**
     * A duration as a lifetime; less than a millisecond rounds up.
     *
     * @throws IllegalArgumentException if it is negative
     */
    public static long millis(Duration lifetime) {
        if (lifetime.isNegative()) {
            throw new IllegalArgumentException("lifetime " + lifetime + " is negative; give zero or more");
        }
        if (lifetime.compareTo(Duration.ofMillis(MAX)) > 0) {
            return ETERNAL;
        }
        return lifetime.plusNanos(999_999).toMillis();
    }

    /**
     * A duration as a lifetime that does not end at once.
     *
     * @throws IllegalArgumentException if it is not positive
     */
    public static long positiveMillis(Duration lifetime) {
        if (lifetime.isZero() || lifetime.isNegative()) {
            throw new IllegalArgumentException(
                    "lifetime " + lifetime + " is not positive; give a positive Duration, or NEVER");
        }
        return millis(lifetime);
    }
}
