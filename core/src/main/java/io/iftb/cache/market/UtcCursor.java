package io.iftb.cache.market;

import io.iftb.cache.market.Timeframe.Unit;

/** The cursor of bars that are aligned to UTC, or open by a constant later. */
final class UtcCursor extends BucketCursor {

    private final Timeframe timeframe;
    private final long length;
    private final long offset;

    UtcCursor(Timeframe source, Timeframe timeframe, long offset) {
        super(source);
        this.timeframe = timeframe;
        this.length = timeframe.millis();
        this.offset = offset;
    }

    @Override
    boolean moveTo(long time) {
        long shifted = time - offset;
        if (timeframe.unit() == Unit.MONTH) {
            long first = CalendarDays.firstOfMonths(CalendarDays.of(shifted), timeframe.count());
            start = first * CalendarDays.MILLIS + offset;
            end = CalendarDays.plusMonths(first, timeframe.count()) * CalendarDays.MILLIS + offset;
        } else if (timeframe.unit() == Unit.WEEK) {
            start = CalendarDays.firstOfWeeks(CalendarDays.of(shifted), timeframe.count()) * CalendarDays.MILLIS
                    + offset;
            end = start + length;
        } else {
            start = time - Math.floorMod(shifted, length);
            end = start + length;
        }
        next = end;
        return true;
    }

    @Override
    long plusMonths(long time, int months) {
        return CalendarDays.millisPlusMonths(time - offset, months) + offset;
    }

    @Override
    long plusDays(long time, long millis) {
        return time + millis;
    }

    @Override
    long reopening(long time) {
        return time;
    }
}
