package io.iftb.cache.settings;

import io.iftb.cache.market.Timeframe;
import java.time.Duration;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * When the entries of a cache expire, as settings write it: {@code eternal}, {@code created 5m}, {@code touched 10s}, {@code
 * close 4h}. The kinds are the expiry policies of JSR-107, and one for what is worth as much as the bar that is open.
 *
 * @param kind which operations start the time
 * @param time how long an entry lives from then on, at most; {@link Duration#ZERO} if the kind is {@link Kind#ETERNAL}
 * @param bars the bars, aligned to UTC, at whose close entries end if the kind is {@link Kind#CLOSE}; else null
 */
public record CacheExpiry(
        Kind kind, Duration time, @Nullable Timeframe bars) {

    /** Entries do not expire. */
    public static final CacheExpiry ETERNAL = new CacheExpiry(Kind.ETERNAL, Duration.ZERO);

    private static final Duration LONGEST_MONTH = Duration.ofDays(31);

    /** Which operations start an entry's time. */
    public enum Kind {
        /** None: entries do not expire. */
        ETERNAL,
        /** The creation. */
        CREATED,
        /** The creation and each update. */
        MODIFIED,
        /** The creation and each read. */
        ACCESSED,
        /** The creation, each update and each read. */
        TOUCHED,
        /** None: an entry ends when the bar closes that is open, by the server's clock, when it is created or updated. */
        CLOSE
    }

    /** @throws IllegalArgumentException if the time is not positive, or zero for an eternal expiry, or bars are missing */
    public CacheExpiry {
        if ((kind == Kind.CLOSE) != (bars != null)) {
            throw new IllegalArgumentException(
                    "expiry " + kind + " with bars of " + bars + "; give a timeframe for CLOSE, null for others");
        }
        if (kind == Kind.ETERNAL ? !time.isZero() : time.isZero() || time.isNegative()) {
            throw new IllegalArgumentException(
                    "expiry " + kind + " has the time " + time + "; give zero for ETERNAL, a positive one for others");
        }
    }

    /** An expiry of any kind but {@link Kind#CLOSE}. */
    public CacheExpiry(Kind kind, Duration time) {
        this(kind, time, null);
    }

    /** An expiry when the bar closes that is open at a write. */
    public static CacheExpiry close(Timeframe bars) {
        return new CacheExpiry(
                Kind.CLOSE,
                bars.unit() == Timeframe.Unit.MONTH ? LONGEST_MONTH.multipliedBy(bars.count()) : bars.length(),
                bars);
    }

    /** An expiry whose time starts again with each update. */
    public static CacheExpiry modified(Duration time) {
        return new CacheExpiry(Kind.MODIFIED, time);
    }

    /**
     * The expiry that a text means.
     *
     * @throws IllegalArgumentException if it means none
     */
    public static CacheExpiry parse(String text) {
        String[] words = text.strip().split("\\s+", -1);
        if (words.length == 1 && words[0].equals("eternal")) {
            return ETERNAL;
        }
        if (words.length != 2) {
            throw new IllegalArgumentException(
                    "expiry '" + text + "' is not a kind and a time; write one such as created 5m");
        }
        if (words[0].equals("close")) {
            return close(Timeframe.parse(words[1]));
        }
        for (Kind kind : Kind.values()) {
            if (kind != Kind.ETERNAL && kind.name().toLowerCase(Locale.ROOT).equals(words[0])) {
                return new CacheExpiry(kind, TimeText.parse(words[1]));
            }
        }
        throw new IllegalArgumentException(
                "expiry '" + text + "' has no known kind; write created, modified, accessed, touched or close");
    }

    /** Whether an update starts the time again. */
    public boolean startsOnUpdate() {
        return kind == Kind.MODIFIED || kind == Kind.TOUCHED || kind == Kind.CLOSE;
    }

    /** Whether a read starts the time again. */
    public boolean startsOnAccess() {
        return kind == Kind.ACCESSED || kind == Kind.TOUCHED;
    }
}
