package io.iftb.cache.settings;

import io.iftb.cache.market.SeriesKey;
import java.time.Duration;
import java.util.Collection;
import java.util.Set;

/**
 * How a cache keeps values in this JVM (near cache).
 *
 * @param maxBytes about how much memory they may take, 1,024 bytes or more
 * @param maxAge how long a value is kept at most, whatever its lifetime on the server
 * @param freshness how old a value may be when a read gives it
 * @param series the series to keep; empty for all. Only caches of candles have series
 */
public record NearOptions(long maxBytes, Duration maxAge, Freshness freshness, Set<SeriesKey> series) {

    /** A few keys take that much, even without values; less has no room for any. */
    private static final int LEAST_BYTES = 1_024;

    /** The server compares every key that is written with each of them. */
    private static final int MOST_SERIES = 100;

    /** 64 MiB, one hour, within the bound, all series. */
    public static final NearOptions DEFAULT =
            new NearOptions(64L << 20, Duration.ofHours(1), Freshness.BOUNDED, Set.of());

    /** @throws IllegalArgumentException if the memory is less than 1,024 bytes, the age not 1 ms to 1 day, or there are more than 100 series */
    public NearOptions {
        if (maxBytes < LEAST_BYTES) {
            throw new IllegalArgumentException(
                    "near cache of " + maxBytes + " bytes; give it " + LEAST_BYTES + " or more");
        }
        TimeText.requireAge("maximum age of a near cache", maxAge);
        series = Set.copyOf(series);
        if (series.size() > MOST_SERIES) {
            throw new IllegalArgumentException(
                    series.size() + " chosen series of a near cache; choose " + MOST_SERIES + " at most, or all");
        }
    }

    /** The same with another amount of memory. */
    public NearOptions withMaxBytes(long bytes) {
        return new NearOptions(bytes, maxAge, freshness, series);
    }

    /** The same with another age. */
    public NearOptions withMaxAge(Duration age) {
        return new NearOptions(maxBytes, age, freshness, series);
    }

    /** The same with another freshness. */
    public NearOptions withFreshness(Freshness other) {
        return new NearOptions(maxBytes, maxAge, other, series);
    }

    /** The same for chosen series only; none for all. */
    public NearOptions withSeries(Collection<SeriesKey> chosen) {
        return new NearOptions(maxBytes, maxAge, freshness, Set.copyOf(chosen));
    }
}
