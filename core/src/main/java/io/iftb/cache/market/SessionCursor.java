package io.iftb.cache.market;

import io.iftb.cache.market.Timeframe.Unit;
import java.time.ZoneId;

/** The cursor of bars of sessions, which open and close by the wall clock of a zone. A session has the date of a day. */
final class SessionCursor extends BucketCursor {

    private final Timeframe timeframe;
    private final long length;
    private final LocalClock clock;
    private final long opens;
    private final long closes;
    private final boolean continuous;

    /**
     * @param opens milliseconds from midnight of the date
     * @param closes likewise; a day after it opens if a session lasts until the next one
     */
    SessionCursor(Timeframe source, Timeframe timeframe, ZoneId zone, long opens, long closes) {
        super(source);
        this.timeframe = timeframe;
        this.length = timeframe.millis();
        this.clock = new LocalClock(zone);
        this.opens = opens;
        this.closes = closes;
        this.continuous = closes - opens == CalendarDays.MILLIS;
    }

    @Override
    boolean moveTo(long time) {
        long day = dayOf(time);
        if (time >= closing(day)) {
            return false;
        }
        if (timeframe.unit().compareTo(Unit.DAY) < 0) {
            long opening = opening(day);
            start = time - (time - opening) % length;
            end = Math.min(start + length, closing(day));
            next = reopening(end);
        } else {
            long first = firstOf(day);
            long nextFirst = nextFirst(first);
            start = opening(first);
            end = closing(nextFirst - 1);
            next = opening(nextFirst);
        }
        return true;
    }

    private long firstOf(long day) {
        return switch (timeframe.unit()) {
            case MONTH -> CalendarDays.firstOfMonths(day, timeframe.count());
            case WEEK -> CalendarDays.firstOfWeeks(day, timeframe.count());
            default -> CalendarDays.firstOfDays(day, timeframe.count());
        };
    }

    private long nextFirst(long first) {
        return timeframe.unit() == Unit.MONTH
                ? CalendarDays.plusMonths(first, timeframe.count())
                : first + length / CalendarDays.MILLIS;
    }

    /** The date of the session that has opened last. */
    private long dayOf(long time) {
        long day = CalendarDays.of(clock.local(time) - opens);
        while (opening(day) > time) {
            day--;
        }
        while (opening(day + 1) <= time) {
            day++;
        }
        return day;
    }

    private long opening(long day) {
        return clock.utc(day * CalendarDays.MILLIS + opens);
    }

    private long closing(long day) {
        long nextOpening = opening(day + 1);
        return continuous ? nextOpening : Math.min(clock.utc(day * CalendarDays.MILLIS + closes), nextOpening);
    }

    @Override
    long plusMonths(long time, int months) {
        long local = clock.local(time) - opens;
        return clock.utc(CalendarDays.millisPlusMonths(local, months) + opens);
    }

    @Override
    long plusDays(long time, long millis) {
        return clock.utc(clock.local(time) + millis);
    }

    @Override
    long reopening(long time) {
        if (continuous) {
            return time;
        }
        long day = dayOf(time);
        return time < closing(day) ? time : opening(day + 1);
    }
}
