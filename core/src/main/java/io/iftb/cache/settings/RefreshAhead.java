package io.iftb.cache.settings;

import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * When a read that finds an entry has it loaded anew before it ends, as settings write it: {@code 20%} (of the lifetime is
 * left), {@code 5s} (are left), {@code chance} or {@code chance 2}.
 *
 * <p>{@code chance} is <a href="https://cseweb.ucsd.edu/~avattani/papers/cache_stampede.pdf">XFetch</a>: each read decides for
 * itself, with a chance that grows to the end of the lifetime, and grows with the time that a load takes. So an entry that many
 * read is loaded by one of them, shortly before it ends, and one that nobody reads is not.
 *
 * @param kind what the number means
 * @param factor for {@link Kind#SHARE} a share of the lifetime, above 0 and below 1; for {@link Kind#CHANCE} how eager it is,
 *     0.1 to 100, where 1 is usual; for others 0
 * @param time the time before the end for {@link Kind#TIME}; for others {@link Duration#ZERO}
 */
public record RefreshAhead(Kind kind, double factor, Duration time) {

    private static final Pattern PERCENT = Pattern.compile("(\\d{1,2})%");
    private static final Pattern CHANCE = Pattern.compile("chance(?:\\s+(\\d{1,3}(?:\\.\\d{1,3})?))?");

    /** What the number means. */
    public enum Kind {
        /** a share of the lifetime */
        SHARE,
        /** a time before the end */
        TIME,
        /** how eager XFetch is */
        CHANCE
    }

    private static final Duration MOST = Duration.ofDays(365);

    /** @throws IllegalArgumentException if a number is out of range */
    public RefreshAhead {
        boolean legal = switch (kind) {
            case SHARE -> factor > 0 && factor < 1;
            case TIME -> !time.isZero() && !time.isNegative() && time.compareTo(MOST) <= 0;
            case CHANCE -> factor >= 0.1 && factor <= 100;
        };
        if (!legal) {
            throw new IllegalArgumentException(
                    "refresh ahead by " + kind + " " + factor + " " + time
                            + " is out of range; give a share between 0 and 1, a time of up to 365 days, or a chance of 0.1 to 100");
        }
    }

    /** When a share of the lifetime is left, such as 0.2. */
    public static RefreshAhead share(double left) {
        return new RefreshAhead(Kind.SHARE, left, Duration.ZERO);
    }

    /** When a time is left. */
    public static RefreshAhead before(Duration end) {
        return new RefreshAhead(Kind.TIME, 0, end);
    }

    /** By chance; 1 is usual, more is earlier. */
    public static RefreshAhead byChance(double eagerness) {
        return new RefreshAhead(Kind.CHANCE, eagerness, Duration.ZERO);
    }

    /**
     * What a text means.
     *
     * @throws IllegalArgumentException if it means nothing
     */
    static RefreshAhead parse(String text) {
        Matcher percent = PERCENT.matcher(text);
        if (percent.matches()) {
            return share(Integer.parseInt(percent.group(1)) / 100.0);
        }
        Matcher chance = CHANCE.matcher(text);
        if (chance.matches()) {
            return byChance(chance.group(1) == null ? 1 : Double.parseDouble(chance.group(1)));
        }
        return before(TimeText.parse(text));
    }

    /**
     * How long before its end an entry is to be loaded anew, in milliseconds.
     *
     * @param lifetime its whole lifetime
     * @param loadMillis how long a load takes
     * @param chance a random number above 0 and up to 1
     */
    public double millis(long lifetime, double loadMillis, double chance) {
        return switch (kind) {
            case SHARE -> factor * lifetime;
            case TIME -> time.toMillis();
            case CHANCE -> -loadMillis * factor * Math.log(chance);
        };
    }
}
