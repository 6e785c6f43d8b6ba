package io.iftb.cache.cli;

import io.iftb.cache.market.OpenTime;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.chrono.IsoChronology;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.format.DateTimeParseException;
import java.time.format.ResolverStyle;
import java.time.temporal.ChronoField;
import java.time.temporal.TemporalAccessor;
import java.util.Arrays;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * Parses and formats times: epoch seconds, milliseconds, microseconds or nanoseconds, or ISO-8601. A date means its midnight,
 * and a time without an offset is in UTC.
 */
final class Moment {

    /** Numbers with fewer digits before the point can be seconds: up to the year 5138. */
    private static final int LEAST_MILLIS = 12;

    /** Numbers with this many digits are microseconds; as milliseconds they would be after the year 5138. */
    private static final int LEAST_MICROS = 15;

    /** Numbers with this many digits are nanoseconds. */
    private static final int LEAST_NANOS = 18;

    /** A date without hyphens; as seconds, it would be a time of 1970 to 1973. */
    private static final Pattern DATE = Pattern.compile("(?:19|20|21)\\d\\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\\d|3[01])");

    private static final Pattern NUMBER = Pattern.compile("[+-]?[0-9]{1,19}(\\.[0-9]{1,9})?");
    private static final int NANOS_PER_MILLI = 1_000_000;

    private static final DateTimeFormatter ISO = new DateTimeFormatterBuilder()
            .parseCaseInsensitive()
            .append(DateTimeFormatter.ISO_LOCAL_DATE)
            .optionalStart()
            .appendPattern("['T'][' ']")
            .append(DateTimeFormatter.ISO_LOCAL_TIME)
            .appendPattern("[XXX][XX][X]")
            .optionalEnd()
            .toFormatter()
            .withResolverStyle(ResolverStyle.STRICT)
            .withChronology(IsoChronology.INSTANCE);

    private static final DateTimeFormatter MINUTES = DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm");
    private static final DateTimeFormatter SECONDS = DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm:ss");
    private static final DateTimeFormatter MILLIS = DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm:ss.SSS");

    /** The unit of a number. */
    enum EpochUnit {
        SECONDS(3),
        MILLIS(0),
        MICROS(-3),
        NANOS(-6);

        private final int digits;

        /** @param digits how far the point moves to make milliseconds */
        EpochUnit(int digits) {
            this.digits = digits;
        }

        static EpochUnit parse(String text) {
            return Choice.parse(EpochUnit.class, "unit", text);
        }

        /** The name on the command line. */
        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    private Moment() {}

    /**
     * Parses a time. A number with an absolute value below 1e11 is in seconds, below 1e14 in milliseconds, below 1e17 in
     * microseconds, any other in nanoseconds.
     *
     * @return epoch milliseconds
     * @throws IllegalArgumentException naming the accepted forms
     */
    static long parse(String text) {
        requireNoDate(text);
        return parseIn(isSurelyMillis(text) ? EpochUnit.MILLIS : EpochUnit.SECONDS, text);
    }

    /** @throws IllegalArgumentException if a number is probably a date */
    static void requireNoDate(String text) {
        if (DATE.matcher(text).matches()) {
            throw new IllegalArgumentException("time '" + text + "' looks like a date; write " + text.substring(0, 4)
                    + "-" + text.substring(4, 6) + "-" + text.substring(6) + ", or epoch milliseconds");
        }
    }

    /**
     * Parses a time. A number with an absolute value of 1e14 or more is in microseconds or nanoseconds.
     *
     * @param unit the unit of a smaller number
     * @return epoch milliseconds
     * @throws IllegalArgumentException naming the accepted forms
     */
    static long parseIn(EpochUnit unit, String text) {
        if (!isNumber(text) || !atLeast(text, LEAST_MICROS)) {
            return parse(text, unit);
        }
        return parse(text, atLeast(text, LEAST_NANOS) ? EpochUnit.NANOS : EpochUnit.MICROS);
    }

    /**
     * Parses a time.
     *
     * @param unit the unit if it is a number
     * @return epoch milliseconds
     * @throws IllegalArgumentException naming the accepted forms
     */
    static long parse(String text, EpochUnit unit) {
        return OpenTime.require(isNumber(text) ? ofNumber(text, unit) : ofIso(text));
    }

    /** Whether a text is a number that is too large for seconds. */
    static boolean isSurelyMillis(String text) {
        return isNumber(text) && atLeast(text, LEAST_MILLIS);
    }

    /** Whether a text is a number that can be seconds. */
    static boolean isMaybeSeconds(String text) {
        return isNumber(text) && !atLeast(text, LEAST_MILLIS);
    }

    /** Whether {@link BarFile} reads epoch milliseconds, written as numbers, as the same times. */
    static boolean areReadBack(long[] times) {
        return Arrays.stream(times).noneMatch(time -> atLeast(Long.toString(time), LEAST_MICROS))
                && Arrays.stream(times)
                                        .filter(time -> atLeast(Long.toString(time), LEAST_MILLIS))
                                        .count()
                                * 2
                        >= times.length;
    }

    /** A time in UTC: {@code 2025-10-28 04:00}, with seconds if they are not zero. */
    static String text(long millis) {
        LocalDateTime time = LocalDateTime.ofInstant(Instant.ofEpochMilli(millis), ZoneOffset.UTC);
        if (time.getNano() != 0) {
            return MILLIS.format(time);
        }
        return time.getSecond() == 0 ? MINUTES.format(time) : SECONDS.format(time);
    }

    private static boolean isNumber(String text) {
        return NUMBER.matcher(text).matches();
    }

    /** Whether a number has at least so many digits before the point, without zeros at the front. */
    private static boolean atLeast(String number, int digits) {
        int point = number.indexOf('.');
        int end = point < 0 ? number.length() : point;
        int start = 0;
        while (start < end && (number.charAt(start) < '1' || number.charAt(start) > '9')) {
            start++; // a sign or a zero
        }
        return end - start >= digits;
    }

    private static long ofNumber(String text, EpochUnit unit) {
        if (unit == EpochUnit.SECONDS && atLeast(text, LEAST_MILLIS)) {
            throw new IllegalArgumentException(
                    "time '" + text + "' is after the year 5138 if it counts seconds, like the other times");
        }
        if (unit == EpochUnit.MILLIS && atLeast(text, LEAST_MICROS)) {
            throw new IllegalArgumentException("time '" + text + "' is after the year 5138 if it counts milliseconds");
        }
        try {
            if (unit == EpochUnit.MILLIS && text.indexOf('.') < 0) {
                return Long.parseLong(text);
            }
            return new BigDecimal(text).movePointRight(unit.digits).longValueExact();
        } catch (ArithmeticException e) {
            throw new IllegalArgumentException("time '" + text + "' is finer than a millisecond; round it", e);
        }
    }

    private static long ofIso(String text) {
        try {
            TemporalAccessor parsed = ISO.parseBest(text, OffsetDateTime::from, LocalDateTime::from, LocalDate::from);
            Instant instant = instant(parsed);
            if (instant.get(ChronoField.NANO_OF_SECOND) % NANOS_PER_MILLI != 0) {
                throw new IllegalArgumentException("time '" + text + "' is finer than a millisecond; round it");
            }
            return instant.toEpochMilli();
        } catch (DateTimeParseException | ArithmeticException e) {
            throw new IllegalArgumentException(
                    "time '" + text + "' is not known; write a date such as 2024-01-31, a date and time such as"
                            + " 2024-01-31T12:00Z, or epoch seconds or milliseconds",
                    e);
        }
    }

    private static Instant instant(TemporalAccessor parsed) {
        if (parsed instanceof OffsetDateTime offset) {
            return offset.toInstant();
        }
        LocalDateTime local = parsed instanceof LocalDate date ? date.atStartOfDay() : LocalDateTime.from(parsed);
        return local.toInstant(ZoneOffset.UTC);
    }
}
