package io.iftb.cache.market;

import io.iftb.cache.market.Timeframe.Unit;
import java.time.Duration;
import java.time.ZoneId;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A division of time into bars of one timeframe, each from its start to the start of the next, which is not part of it.
 *
 * <p>Aligned to UTC, bars of seconds to days are counted from 1970-01-01 00:00, so that {@code 4h} opens at 00:00, 04:00,
 * 08:00 and so on, and {@code 1d} at midnight. Weeks begin on Monday 00:00; several weeks are counted from 1970-01-05.
 * Months are calendar months; several are counted from January 1970, so that {@code 3M} are quarters and {@code 12M}
 * years. An offset moves all of them.
 *
 * <p>Sessions follow the wall clock of a zone, also when daylight saving begins or ends: a session, which is {@code 1d},
 * then has 23 or 25 hours. Shorter bars are counted anew from the opening of each session, and the last one of a session
 * ends with it, so it may be shorter. Longer ones are whole sessions, counted by their dates as above.
 *
 * <p>Immutable.
 */
public final class TimeBuckets {

    private final Timeframe timeframe;
    private final @Nullable ZoneId zone;
    private final long opens;
    private final long closes;

    private TimeBuckets(Timeframe timeframe, @Nullable ZoneId zone, long opens, long closes) {
        this.timeframe = Objects.requireNonNull(timeframe, "timeframe");
        this.zone = zone;
        this.opens = opens;
        this.closes = closes;
    }

    /** Bars that are aligned to UTC. */
    public static TimeBuckets utc(Timeframe timeframe) {
        return utc(timeframe, Duration.ZERO);
    }

    /**
     * Bars that open later than those aligned to UTC.
     *
     * @param offset by how much, in whole milliseconds; negative for earlier, such as {@code Duration.ofDays(-1)} for weeks
     *     that begin on Sunday
     * @throws IllegalArgumentException if the offset is longer than 366 days
     */
    public static TimeBuckets utc(Timeframe timeframe, Duration offset) {
        return new TimeBuckets(timeframe, null, millis("offset", offset, Duration.ofDays(366)), 0);
    }

    /**
     * Bars of sessions, each of which lasts until the next one opens.
     *
     * @param opens what the wall clock shows when a session opens, from midnight of its date: {@code Duration.ZERO} for
     *     days of the zone, {@code Duration.ofHours(-7)} for sessions that open at 17:00 of the day before
     * @throws IllegalArgumentException if that is longer than a day
     */
    public static TimeBuckets sessions(Timeframe timeframe, ZoneId zone, Duration opens) {
        return sessions(timeframe, zone, opens, opens.plusDays(1));
    }

    /**
     * Bars of sessions that close. What opens between two sessions belongs to no bar.
     *
     * @param opens what the wall clock shows when a session opens, from midnight of its date, such as
     *     {@code Duration.ofMinutes(9 * 60 + 30)}
     * @param closes what it shows when the session closes, from midnight of the same date
     * @throws IllegalArgumentException if {@code opens} is longer than a day, or {@code closes} not after it, or by more
     *     than a day
     */
    public static TimeBuckets sessions(Timeframe timeframe, ZoneId zone, Duration opens, Duration closes) {
        long opening = millis("opening of the session", opens, Duration.ofDays(1));
        long closing = millis("close of the session", closes, Duration.ofDays(2));
        if (closing <= opening || closing - opening > CalendarDays.MILLIS) {
            throw new IllegalArgumentException("the session closes at " + closes + " and opens at " + opens
                    + ", both from midnight of its date; it must close after that, within a day");
        }
        return new TimeBuckets(timeframe, Objects.requireNonNull(zone, "zone"), opening, closing);
    }

    private static long millis(String name, Duration duration, Duration longest) {
        if (duration.abs().compareTo(longest) > 0) {
            throw new IllegalArgumentException(
                    "the " + name + " is " + duration + "; it must be " + longest.toDays() + " days at most");
        }
        return duration.toMillis();
    }

    /** The timeframe of the bars. */
    public Timeframe timeframe() {
        return timeframe;
    }

    /**
     * When the bar opens to which a time belongs.
     *
     * @param time epoch milliseconds
     * @throws IllegalArgumentException if the time lies between two sessions, or outside of {@link OpenTime}
     */
    public long start(long time) {
        return at(time).start();
    }

    /**
     * When the bar ends to which a time belongs.
     *
     * @param time epoch milliseconds
     * @throws IllegalArgumentException if the time lies between two sessions, or outside of {@link OpenTime}
     */
    public long end(long time) {
        return at(time).end();
    }

    /** Whether a time belongs to a bar; false if it lies between two sessions. */
    public boolean contains(long time) {
        return cursor(timeframe).moveTo(OpenTime.require(time));
    }

    private BucketCursor at(long time) {
        BucketCursor cursor = cursor(timeframe);
        if (!cursor.moveTo(OpenTime.require(time))) {
            throw new IllegalArgumentException(
                    "time " + time + " lies between two sessions of " + this + "; ask contains(time) before");
        }
        return cursor;
    }

    /** Whether every time belongs to a bar. */
    boolean coverAllTimes() {
        return zone == null || closes - opens == CalendarDays.MILLIS;
    }

    BucketCursor cursor(Timeframe source) {
        return zone == null
                ? new UtcCursor(source, timeframe, opens)
                : new SessionCursor(source, timeframe, zone, opens, closes);
    }

    /** @throws IllegalArgumentException if bars of another timeframe cannot be put together to these */
    void requireMultipleOf(Timeframe source) {
        if (!source.divides(timeframe)) {
            throw new IllegalArgumentException("bars of " + source + " do not fit into bars of " + timeframe
                    + "; use a source whose timeframe divides "
                    + (timeframe.unit() == Unit.MONTH ? "a day or the months" : timeframe)
                    + ", or another target");
        }
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof TimeBuckets that
                && timeframe.equals(that.timeframe)
                && Objects.equals(zone, that.zone)
                && opens == that.opens
                && closes == that.closes;
    }

    @Override
    public int hashCode() {
        return Objects.hash(timeframe, zone, opens, closes);
    }

    /** Such as {@code 4h UTC}, {@code 4h UTC+PT1H}, {@code 1d America/New_York PT9H30M..PT16H}. */
    @Override
    public String toString() {
        if (zone == null) {
            return timeframe + " UTC"
                    + (opens == 0 ? "" : (opens > 0 ? "+" : "-") + Duration.ofMillis(Math.abs(opens)));
        }
        return timeframe + " " + zone + " " + Duration.ofMillis(opens) + ".." + Duration.ofMillis(closes);
    }
}
