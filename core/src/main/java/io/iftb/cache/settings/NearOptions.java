package io.iftb.cache.settings;

import java.time.Duration;

/**
 * How a cache keeps values in this JVM (near cache).
 *
 * @param maxBytes about how much memory they may take
 * @param maxAge how long a value is kept at most, whatever its lifetime on the server
 * @param freshness how old a value may be when a read gives it
 */
public record NearOptions(long maxBytes, Duration maxAge, Freshness freshness) {

    private static final Duration LONGEST = Duration.ofDays(1);

    /** 64 MiB, one hour, within the bound. */
    public static final NearOptions DEFAULT = new NearOptions(64L << 20, Duration.ofHours(1), Freshness.BOUNDED);

    /** @throws IllegalArgumentException if the memory is not positive, or the age not 1 ms to 1 day */
    public NearOptions {
        if (maxBytes < 1) {
            throw new IllegalArgumentException("near cache of " + maxBytes + " bytes; give it 1 or more");
        }
        if (maxAge.toMillis() < 1 || maxAge.compareTo(LONGEST) > 0) {
            throw new IllegalArgumentException("maximum age " + maxAge + " of a near cache is outside 1 ms .. 1 day");
        }
    }

    /** The same with another amount of memory. */
    public NearOptions withMaxBytes(long bytes) {
        return new NearOptions(bytes, maxAge, freshness);
    }

    /** The same with another age. */
    public NearOptions withMaxAge(Duration age) {
        return new NearOptions(maxBytes, age, freshness);
    }

    /** The same with another freshness. */
    public NearOptions withFreshness(Freshness other) {
        return new NearOptions(maxBytes, maxAge, other);
    }
}
