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
import java.util.regex.Pattern;

/**
 * Parses and formats times: epoch seconds or milliseconds, or ISO-8601. A date means its midnight, and a time without an
 * offset is in UTC.
 */
final class Moment {

    /** Numbers with an absolute value below this can be seconds: up to the year 5138. */
    private static final BigDecimal LEAST_MILLIS = BigDecimal.valueOf(100_000_000_000L);

    /** Numbers with an absolute value from this on are microseconds; as milliseconds they would be after the year 5138. */
    private static final BigDecimal LEAST_MICROS = BigDecimal.valueOf(100_000_000_000_000L);

    private static final Pattern NUMBER = Pattern.compile("[+-]?[0-9]{1,19}(\\.[0-9]{1,9})?");
    private static final int MILLI_DIGITS = 3;
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
    enum Unit {
        SECONDS,
        MILLIS
    }

    private Moment() {}

    /**
     * Parses a time. A number with an absolute value below 1e11 is in seconds, any other in milliseconds.
     *
     * @return epoch milliseconds
     * @throws IllegalArgumentException naming the accepted forms
     */
    static long parse(String text) {
        return parse(text, isSurelyMillis(text) ? Unit.MILLIS : Unit.SECONDS);
    }

    /**
     * Parses a time.
     *
     * @param unit the unit if it is a number
     * @return epoch milliseconds
     * @throws IllegalArgumentException naming the accepted forms
     */
    static long parse(String text, Unit unit) {
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
        long micros = LEAST_MICROS.longValueExact();
        long millis = LEAST_MILLIS.longValueExact();
        return Arrays.stream(times).allMatch(time -> Math.abs(time) < micros)
                && Arrays.stream(times).filter(time -> Math.abs(time) >= millis).count() * 2 >= times.length;
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

    private static boolean atLeast(String number, BigDecimal bound) {
        return new BigDecimal(number).abs().compareTo(bound) >= 0;
    }

    private static long ofNumber(String text, Unit unit) {
        if (atLeast(text, LEAST_MICROS)) {
            throw new IllegalArgumentException(
                    "time '" + text + "' is not in epoch seconds or milliseconds, which have up to 14 digits; divide"
                            + " microseconds by 1,000 and nanoseconds by 1,000,000");
        }
        if (unit == Unit.SECONDS && atLeast(text, LEAST_MILLIS)) {
            throw new IllegalArgumentException(
                    "time '" + text + "' is after the year 5138 if it counts seconds, like the other times");
        }
        BigDecimal number = new BigDecimal(text);
        BigDecimal millis = unit == Unit.SECONDS ? number.movePointRight(MILLI_DIGITS) : number;
        try {
            return millis.longValueExact();
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
