package io.iftb.cache.cli;

import io.iftb.cache.OhlcvCache;
import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Parses and formats lifetimes: a count and a unit, such as {@code 300s}, or {@code never}. */
final class Lifetime {

    private static final Pattern FORM = Pattern.compile("([0-9]{1,12})(ms|s|m|h|d)");

    private Lifetime() {}

    /**
     * Parses a lifetime.
     *
     * @return the lifetime, {@link OhlcvCache#NEVER} for {@code never}
     * @throws IllegalArgumentException if the form is unknown; the message names the accepted ones
     */
    static Duration parse(String text) {
        if (text.equals("never")) {
            return OhlcvCache.NEVER;
        }
        Matcher matcher = FORM.matcher(text);
        if (!matcher.matches() || Long.parseLong(matcher.group(1)) == 0) {
            throw new IllegalArgumentException(
                    "lifetime '" + text + "' is not known; write a positive count and one of ms s m h d, such as 300s"
                            + " or 2h, or 'never'");
        }
        return unit(matcher.group(2)).multipliedBy(Long.parseLong(matcher.group(1)));
    }

    private static Duration unit(String letters) {
        return switch (letters) {
            case "ms" -> Duration.ofMillis(1);
            case "s" -> Duration.ofSeconds(1);
            case "m" -> Duration.ofMinutes(1);
            case "h" -> Duration.ofHours(1);
            default -> Duration.ofDays(1);
        };
    }

    /** A lifetime in its two largest units: {@code 4m 12s}, {@code 3d 2h}. */
    static String text(Duration lifetime) {
        if (lifetime.compareTo(Duration.ofSeconds(1)) < 0) {
            return lifetime.toMillis() + "ms";
        }
        long[] counts = {lifetime.toDays(), lifetime.toHoursPart(), lifetime.toMinutesPart(), lifetime.toSecondsPart()};
        String letters = "dhms";
        int first = 0;
        while (counts[first] == 0) {
            first++;
        }
        String text = counts[first] + letters.substring(first, first + 1);
        boolean second = first + 1 < counts.length && counts[first + 1] > 0;
        return second ? text + " " + counts[first + 1] + letters.charAt(first + 1) : text;
    }
}
