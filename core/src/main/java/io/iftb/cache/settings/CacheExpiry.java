package io.iftb.cache.settings;

import java.time.Duration;
import java.util.Locale;

/**
 * When the entries of a cache expire, as settings write it: {@code eternal}, {@code created 5m}, {@code touched 10s}. The
 * kinds are the expiry policies of JSR-107.
 *
 * @param kind which operations start the time
 * @param time how long an entry lives from then on; {@link Duration#ZERO} if the kind is {@link Kind#ETERNAL}
 */
public record CacheExpiry(Kind kind, Duration time) {

    /** Entries do not expire. */
    public static final CacheExpiry ETERNAL = new CacheExpiry(Kind.ETERNAL, Duration.ZERO);

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
        TOUCHED
    }

    /** @throws IllegalArgumentException if the time is not positive, or zero for an eternal expiry */
    public CacheExpiry {
        if (kind == Kind.ETERNAL ? !time.isZero() : time.isZero() || time.isNegative()) {
            throw new IllegalArgumentException(
                    "expiry " + kind + " has the time " + time + "; give zero for ETERNAL, a positive one for others");
        }
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
        for (Kind kind : Kind.values()) {
            if (kind != Kind.ETERNAL && kind.name().toLowerCase(Locale.ROOT).equals(words[0])) {
                return new CacheExpiry(kind, TimeText.parse(words[1]));
            }
        }
        throw new IllegalArgumentException(
                "expiry '" + text + "' has no known kind; write created, modified, accessed or touched");
    }

    /** Whether an update starts the time again. */
    public boolean startsOnUpdate() {
        return kind == Kind.MODIFIED || kind == Kind.TOUCHED;
    }

    /** Whether a read starts the time again. */
    public boolean startsOnAccess() {
        return kind == Kind.ACCESSED || kind == Kind.TOUCHED;
    }
}
