package io.iftb.cache.market;

import io.iftb.cache.market.Timeframe.Unit;

/**
 * A place in time that is divided into bars, where it stands at one of them. It goes forward bar by bar without making
 * objects. Not safe for use by several threads.
 */
abstract class BucketCursor {

    private final Timeframe source;
    private final long sourceMillis;

    /** When the bar opens. */
    protected long start;

    /** When the bar ends. */
    protected long end;

    /** When the next bar opens: at the end of this one, or with the next session. */
    protected long next;

    /** @param source the timeframe of the bars that are put together */
    BucketCursor(Timeframe source) {
        this.source = source;
        this.sourceMillis = source.millis();
    }

    final long start() {
        return start;
    }

    final long end() {
        return end;
    }

    final long next() {
        return next;
    }

    /** Moves to the bar of a time; false, and no move, if the time lies between two sessions. */
    abstract boolean moveTo(long time);

    /** When gapless bars of the source go on after one that opens at a time. */
    final long afterSourceBar(long openTime) {
        if (source.unit() == Unit.MONTH) {
            return plusMonths(openTime, source.count());
        }
        return source.unit().compareTo(Unit.DAY) < 0
                ? reopening(openTime + sourceMillis)
                : plusDays(openTime, sourceMillis);
    }

    /** The same time of a later month, by the calendar of the bars. */
    abstract long plusMonths(long time, int months);

    /** The same time of a later day, by the calendar of the bars. */
    abstract long plusDays(long time, long millis);

    /** A time if it lies in a session, or else when the next one opens. */
    abstract long reopening(long time);
}
