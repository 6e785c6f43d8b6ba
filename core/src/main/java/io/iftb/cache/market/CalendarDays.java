package io.iftb.cache.market;

import java.time.LocalDate;

/** The calendar as days since 1970-01-01: where weeks and months begin. */
final class CalendarDays {

    /** A day in milliseconds, where it has 24 hours. */
    static final long MILLIS = 86_400_000L;

    /** The Monday from which several weeks are counted, 1970-01-05. */
    private static final long FIRST_MONDAY = 4;

    private CalendarDays() {}

    static long of(long millis) {
        return Math.floorDiv(millis, MILLIS);
    }

    /** The first of the {@code count} days that a day belongs to, counted from 1970-01-01. */
    static long firstOfDays(long day, int count) {
        return day - Math.floorMod(day, (long) count);
    }

    /** The Monday of the {@code count} weeks that a day belongs to, counted from 1970-01-05. */
    static long firstOfWeeks(long day, int count) {
        return day - Math.floorMod(day - FIRST_MONDAY, 7L * count);
    }

    /** The first day of the {@code count} months that a day belongs to, counted from January 1970. */
    static long firstOfMonths(long day, int count) {
        LocalDate date = LocalDate.ofEpochDay(day);
        long month = (date.getYear() - 1970) * 12L + date.getMonthValue() - 1;
        return date.withDayOfMonth(1)
                .minusMonths(Math.floorMod(month, (long) count))
                .toEpochDay();
    }

    /** The same day of a later month, or the last one of a month that is shorter. */
    static long plusMonths(long day, int count) {
        return LocalDate.ofEpochDay(day).plusMonths(count).toEpochDay();
    }

    /** The same time of a later month, on the same day or the last one. */
    static long millisPlusMonths(long millis, int count) {
        long day = of(millis);
        return plusMonths(day, count) * MILLIS + (millis - day * MILLIS);
    }
}
