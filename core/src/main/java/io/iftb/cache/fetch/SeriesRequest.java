package io.iftb.cache.fetch;

import io.iftb.cache.market.BarSeries;
import io.iftb.cache.market.Coverage;
import io.iftb.cache.market.Coverage.Interval;
import io.iftb.cache.market.Coverage.Range;
import io.iftb.cache.market.Coverage.Reason;
import io.iftb.cache.market.SeriesKey;
import io.iftb.cache.store.CoverageStore;
import io.iftb.cache.store.Covered;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What a read wants of one series.
 *
 * @param kind what of it
 * @param from epoch milliseconds; {@link Long#MIN_VALUE} for the newest bars, however old
 * @param to epoch milliseconds; {@link Long#MAX_VALUE} for now
 * @param limit how many of the newest bars
 * @param reach how far back the newest bars were looked for; {@link Long#MAX_VALUE} if not yet
 * @param rounds how often it was read again
 * @param waiting what it waits for, and since when
 * @param pagesAtOnce how many pages are fetched for it at the same time at most
 */
record SeriesRequest(
        Kind kind,
        SeriesKey series,
        long from,
        long to,
        int limit,
        long reach,
        AtomicInteger rounds,
        Waiting waiting,
        int pagesAtOnce) {

    private static final int MOST_ROUNDS = 32;

    /** Times that the newest bars are looked for farther back: a series without a beginning would have no end. */
    private static final int MOST_REACHES = 8;

    /** What of a series is wanted. */
    enum Kind {
        /** its newest bars, however old */
        NEWEST,
        /** the newest bars of a range */
        RANGE,
        /** that a range is covered */
        COVERAGE
    }

    static SeriesRequest latest(SeriesKey series, int limit) {
        if (limit < 1) {
            throw new IllegalArgumentException("limit " + limit + " is not positive; ask for 1 bar or more");
        }
        return new SeriesRequest(
                Kind.NEWEST,
                series,
                Long.MIN_VALUE,
                Long.MAX_VALUE,
                limit,
                Long.MAX_VALUE,
                new AtomicInteger(),
                new Waiting(),
                Integer.MAX_VALUE);
    }

    static SeriesRequest range(SeriesKey series, long from, long to, int limit) {
        if (from == Long.MIN_VALUE) {
            throw new IllegalArgumentException(
                    "a range that may be fetched needs a beginning; give the open time of its first bar");
        }
        if (from > to) {
            throw new IllegalArgumentException(
                    "the range begins at " + from + ", after it ends at " + to + "; swap them");
        }
        if (limit < 1) {
            throw new IllegalArgumentException("limit " + limit + " is not positive; ask for 1 bar or more");
        }
        return new SeriesRequest(
                Kind.RANGE,
                series,
                from,
                to,
                limit,
                Long.MAX_VALUE,
                new AtomicInteger(),
                new Waiting(),
                Integer.MAX_VALUE);
    }

    /** Wants a range to be covered, and none of its bars. */
    static SeriesRequest covering(SeriesKey series, long from, long to, int pagesAtOnce) {
        return new SeriesRequest(
                Kind.COVERAGE, series, from, to, 1, Long.MAX_VALUE, new AtomicInteger(), new Waiting(), pagesAtOnce);
    }

    /**
     * What of the series must be covered.
     *
     * @param from the first open time
     * @param to the end, which is not part of it; not after the open bar
     * @param isComplete whether there are no other bars that are asked for, if all of that is covered
     */
    record Needs(long from, long to, boolean isComplete) {

        /** The first part of it that could not be fetched; null for none. */
        @Nullable
        Interval firstFailed(Coverage coverage) {
            for (Interval each : coverage.within(from, to)) {
                if (each.reason() == Reason.FAILED) {
                    return each;
                }
            }
            return null;
        }
    }

    CompletableFuture<Covered> send(CoverageStore store) {
        return kind != Kind.RANGE ? store.latest(series, limit) : store.range(series, from, to, limit);
    }

    /** What must be covered, so that bars that were read are the answer. */
    Needs needs(BarSeries bars, Coverage coverage, long closedBefore) {
        long end = Math.min(to, closedBefore);
        if (kind != Kind.NEWEST) {
            long first = bars.size() < limit || kind == Kind.COVERAGE ? from : bars.openTime(0);
            return new Needs(Math.min(first, end), end, true);
        }
        if (bars.size() >= limit) {
            return new Needs(Math.min(bars.openTime(0), end), end, true);
        }
        long length = series.timeframe().length().toMillis();
        long first = Math.min(reach, closedBefore - (limit - 1L) * length);
        boolean isBeginning = coverage.reasonAt(first) == Reason.NOT_LISTED;
        return new Needs(Math.min(first, end), end, isBeginning || rounds.get() >= MOST_REACHES);
    }

    /** The same request after bars without gaps were not enough: the newest bars reach farther back. */
    SeriesRequest reachingBack(Needs needs) {
        long length = series.timeframe().length().toMillis();
        rounds.incrementAndGet();
        long farther = needs.from - Math.max(16, limit) * length;
        return new SeriesRequest(kind, series, from, to, limit, farther, rounds, waiting, pagesAtOnce);
    }

    /** Does something that leads to another read, unless that was done too often. */
    <T> CompletableFuture<T> again(BarSourceException tooOften, Supplier<CompletableFuture<T>> next) {
        return rounds.incrementAndGet() > MOST_ROUNDS ? CompletableFuture.failedFuture(tooOften) : next.get();
    }

    /** Whether each bar begins where the one before it ends, from the first one that is needed to the last. */
    boolean isWithoutGap(BarSeries bars, Needs needs) {
        if (kind == Kind.COVERAGE) {
            return true;
        }
        if (bars.isEmpty()) {
            return needs.from >= needs.to;
        }
        for (int i = 1; i < bars.size(); i++) {
            if (series.timeframe().end(bars.openTime(i - 1)) != bars.openTime(i)) {
                return false;
            }
        }
        long length = series.timeframe().length().toMillis();
        return bars.openTime(0) - needs.from < length
                && needs.to <= series.timeframe().end(bars.openTime(bars.size() - 1));
    }

    /**
     * The range to ask a source for.
     *
     * @param open the open time of the bar that is open
     * @param end when that closes
     */
    Range range(long open, long end) {
        long length = series.timeframe().length().toMillis();
        long first = kind == Kind.NEWEST ? open - (limit - 1L) * length : from;
        long last = Math.min(to, end);
        return new Range(Math.min(first, last - 1), last);
    }

    BarSeries cut(BarSeries bars) {
        return bars.last(limit);
    }
}
