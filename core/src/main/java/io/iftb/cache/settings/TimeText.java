package io.iftb.cache.settings;

import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A time as settings write it: {@code 500ms}, {@code 5s}, {@code 10m}, {@code 1h}, {@code 7d}. */
final class TimeText {

    private static final Pattern FORM = Pattern.compile("(\\d{1,9})(ms|s|m|h|d)");

    private static final Duration MILLI = Duration.ofMillis(1);
    private static final Duration MAX_TIMEOUT = Duration.ofHours(1);
    private static final Duration MAX_AGE = Duration.ofDays(1);

    private TimeText() {}

    /** @throws IllegalArgumentException if the text is not a time */
    static Duration parse(String text) {
        Matcher matcher = FORM.matcher(text);
        if (!matcher.matches()) {
            throw new IllegalArgumentException("not a time");
        }
        long amount = Long.parseLong(matcher.group(1));
        return switch (matcher.group(2)) {
            case "ms" -> Duration.ofMillis(amount);
            case "s" -> Duration.ofSeconds(amount);
            case "m" -> Duration.ofMinutes(amount);
            case "h" -> Duration.ofHours(amount);
            default -> Duration.ofDays(amount);
        };
    }

    /** @throws IllegalArgumentException unless a time is 1 ms to 1 h; the message has its name */
    static Duration requireTimeout(String name, Duration timeout) {
        if (timeout.compareTo(MILLI) < 0 || timeout.compareTo(MAX_TIMEOUT) > 0) {
            throw new IllegalArgumentException(name + " " + timeout + " is outside 1 ms .. 1 h");
        }
        return timeout;
    }

    /** @throws IllegalArgumentException unless an age is 1 ms to 1 day; the message has its name */
    static Duration requireAge(String name, Duration age) {
        if (age.compareTo(MILLI) < 0 || age.compareTo(MAX_AGE) > 0) {
            throw new IllegalArgumentException(name + " " + age + " is outside 1 ms .. 1 day");
        }
        return age;
    }
}
