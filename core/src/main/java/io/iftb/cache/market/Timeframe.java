package io.iftb.cache.market;

import java.time.Duration;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The length of a bar: a positive count and a unit, written {@code 1m}, {@code 4h}, {@code 1d}. Two timeframes are equal
 * if their text is equal: {@code 60m} and {@code 1h} are different series here, as in the APIs of most exchanges.
 *
 * <p>A timeframe does not say when bars open: a series may have bars at any times. {@link TimeBuckets} divides time into
 * bars: those aligned to UTC open at midnight, on Mondays, and on the first of a calendar month.
 *
 * @param count how many units, 1 to {@value #MAX_COUNT}
 * @param unit the unit
 */
public record Timeframe(int count, Unit unit) {

    /** The largest count. */
    public static final int MAX_COUNT = 99_999;

    private static final Pattern FORM = Pattern.compile("([1-9][0-9]{0,4})([smhdwM])");

    /** A unit of a timeframe, and its letter. */
    public enum Unit {
        /** {@code s} */
        SECOND('s', Duration.ofSeconds(1)),
        /** {@code m} */
        MINUTE('m', Duration.ofMinutes(1)),
        /** {@code h} */
        HOUR('h', Duration.ofHours(1)),
        /** {@code d}, 24 hours */
        DAY('d', Duration.ofDays(1)),
        /** {@code w}, seven days */
        WEEK('w', Duration.ofDays(7)),
        /** {@code M}, a calendar month of UTC; 30 days where a fixed length is needed */
        MONTH('M', Duration.ofDays(30));

        private final char letter;
        private final long millis;

        Unit(char letter, Duration length) {
            this.letter = letter;
            this.millis = length.toMillis();
        }

        /** The letter of this unit. */
        public char letter() {
            return letter;
        }

        static Unit of(char letter) {
            for (Unit unit : values()) {
                if (unit.letter == letter) {
                    return unit;
                }
            }
            throw new IllegalArgumentException("no unit " + letter);
        }
    }

    /** @throws IllegalArgumentException if the count is out of range */
    public Timeframe {
        Objects.requireNonNull(unit, "unit");
        if (count < 1 || count > MAX_COUNT) {
            throw new IllegalArgumentException("timeframe count " + count + " is outside 1.." + MAX_COUNT);
        }
    }

    /**
     * Parses a timeframe.
     *
     * @param text such as {@code 1m}, {@code 8m}, {@code 4h}, {@code 1d}, {@code 1w}, {@code 1M}
     * @throws IllegalArgumentException if {@code text} has another form; the message names the accepted one
     */
    public static Timeframe parse(String text) {
        Matcher matcher = FORM.matcher(text);
        if (!matcher.matches()) {
            throw new IllegalArgumentException("timeframe '" + text + "' is not known; write a count from 1 to "
                    + MAX_COUNT + " and one of s m h d w M (M is a month), such as 1m, 15m, 4h, 1d");
        }
        return new Timeframe(
                Integer.parseInt(matcher.group(1)), Unit.of(matcher.group(2).charAt(0)));
    }

    /** The length as a duration; a month counts 30 days. */
    public Duration length() {
        return Duration.ofMillis(millis());
    }

    /**
     * When a bar ends that opens at {@code openTime}: after the length of this timeframe. A month ends on the same day and
     * at the same time of a later month of UTC, or on the last day of that month if it is shorter.
     *
     * @param openTime epoch milliseconds
     * @throws IllegalArgumentException if {@code openTime} lies outside {@link OpenTime#MIN} to {@link OpenTime#MAX}
     */
    public long end(long openTime) {
        OpenTime.require(openTime);
        return unit == Unit.MONTH ? CalendarDays.millisPlusMonths(openTime, count) : openTime + millis();
    }

    /** Whether bars of this timeframe can be put together to bars of another one. */
    boolean divides(Timeframe longer) {
        if (unit == Unit.MONTH) {
            return longer.unit == Unit.MONTH && longer.count % count == 0;
        }
        // a calendar month is a whole number of days
        long target = longer.unit == Unit.MONTH ? CalendarDays.MILLIS : longer.millis();
        return target % millis() == 0;
    }

    long millis() {
        return unit.millis
                * count; // without a Duration, which multiplies by way of a BigDecimal: reads ask for each bar
    }

    /** The timeframe as text, such as {@code 4h}. */
    @Override
    public String toString() {
        return count + String.valueOf(unit.letter);
    }
}
