package io.iftb.cache.settings;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * How fresh those reads of a cache are that load what is missing: through a {@code CacheLoader}, or by {@code
 * computeIfAbsent}. Immutable.
 *
 * <p>The lifetime of an entry is how long it is fresh. With {@link #staleWhileRevalidate} or {@link #staleIfError} the server
 * keeps it longer, by the longer of the two: a read that loads may then give it out as said here, and all other operations see an
 * entry that is there.
 *
 * @param refreshAhead when a read that finds an entry has it loaded anew before it ends; null for never
 * @param staleWhileRevalidate how long after its end an entry is given out at once while it is loaded anew; zero for not at all
 * @param staleIfError how long after its end an entry is given out if loading it fails or takes too long; zero for not at all
 * @param softTimeout how long a read waits for a load if it can give out an old entry; null for as long as any
 * @param timeout how long a read waits for a load; null for {@code iftb.cache.user-code-timeout}
 * @param negative how long it is remembered that a loader had no value; zero for not at all
 * @param jitter up to which share lifetimes are shortened at random, from 0 to {@value #MOST_JITTER}, so that what was stored
 *     together does not end together
 */
public record FreshnessOptions(
        @Nullable RefreshAhead refreshAhead,
        Duration staleWhileRevalidate,
        Duration staleIfError,
        @Nullable Duration softTimeout,
        @Nullable Duration timeout,
        Duration negative,
        double jitter) {

    private static final Duration LONGEST = Duration.ofDays(30);

    /** Entries end, and then are loaded by the reads that miss them. */
    public static final FreshnessOptions NONE =
            new FreshnessOptions(null, Duration.ZERO, Duration.ZERO, null, null, Duration.ZERO, 0);

    /** The largest share of a lifetime that chance takes away. */
    public static final double MOST_JITTER = 0.5;

    /** @throws IllegalArgumentException if a time or a share is out of range */
    public FreshnessOptions {
        requireWindow("stale-while-revalidate", staleWhileRevalidate);
        requireWindow("stale-if-error", staleIfError);
        requireWindow("negative-answers", negative);
        if (softTimeout != null) {
            TimeText.requireTimeout("load-soft-timeout", softTimeout);
        }
        if (timeout != null) {
            TimeText.requireTimeout("load-timeout", timeout);
        }
        if (!(jitter >= 0 && jitter <= MOST_JITTER)) {
            throw new IllegalArgumentException(
                    "expiry-jitter " + jitter + " is outside 0 .. " + MOST_JITTER + "; give a share of the lifetime");
        }
    }

    private static void requireWindow(String name, Duration window) {
        if (window.isNegative() || window.compareTo(LONGEST) > 0) {
            throw new IllegalArgumentException(name + " " + window + " is outside 0 .. 30 days");
        }
    }

    /** How long entries are kept after their end, in milliseconds. */
    public long keptMillis() {
        return Math.max(staleWhileRevalidate.toMillis(), staleIfError.toMillis());
    }

    /** Whether reads that load do more than load what is missing. */
    public boolean areReadsSpecial() {
        return refreshAhead != null || keptMillis() > 0 || timeout != null || !negative.isZero();
    }

    /** The same with another time of refreshing. */
    public FreshnessOptions withRefreshAhead(@Nullable RefreshAhead when) {
        return new FreshnessOptions(when, staleWhileRevalidate, staleIfError, softTimeout, timeout, negative, jitter);
    }

    /** The same with another time for which an entry is given out while it is loaded anew. */
    public FreshnessOptions withStaleWhileRevalidate(Duration window) {
        return new FreshnessOptions(refreshAhead, window, staleIfError, softTimeout, timeout, negative, jitter);
    }

    /** The same with another time for which an entry is given out if it cannot be loaded. */
    public FreshnessOptions withStaleIfError(Duration window) {
        return new FreshnessOptions(refreshAhead, staleWhileRevalidate, window, softTimeout, timeout, negative, jitter);
    }

    /** The same with other limits of loads. */
    public FreshnessOptions withTimeouts(@Nullable Duration soft, @Nullable Duration hard) {
        return new FreshnessOptions(refreshAhead, staleWhileRevalidate, staleIfError, soft, hard, negative, jitter);
    }

    /** The same with another time for which it is remembered that there is no value. */
    public FreshnessOptions withNegative(Duration time) {
        return new FreshnessOptions(
                refreshAhead, staleWhileRevalidate, staleIfError, softTimeout, timeout, time, jitter);
    }

    /** The same with another share of chance in lifetimes. */
    public FreshnessOptions withJitter(double share) {
        return new FreshnessOptions(
                refreshAhead, staleWhileRevalidate, staleIfError, softTimeout, timeout, negative, share);
    }
}
