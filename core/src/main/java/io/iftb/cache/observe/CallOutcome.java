package io.iftb.cache.observe;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** How a call ended. */
public enum CallOutcome {
    /** it found something */
    HIT,
    /** it found nothing */
    MISS,
    /** it did what it was asked for */
    DONE,
    /** it changed nothing, since its condition did not hold */
    UNCHANGED,
    /** it failed, and changed nothing, or what its exception says */
    FAILED,
    /** it failed, and may have changed something */
    UNKNOWN;

    private final String text = name().toLowerCase(Locale.ROOT);

    /** As it is told: in lower case. */
    public String text() {
        return text;
    }

    /** Of a lookup: {@link #MISS} for null. */
    public static CallOutcome found(@Nullable Object value) {
        return found(value != null);
    }

    /** Of a lookup. */
    public static CallOutcome found(boolean isThere) {
        return isThere ? HIT : MISS;
    }

    /** Of a change with a condition. */
    public static CallOutcome changed(boolean isDone) {
        return isDone ? DONE : UNCHANGED;
    }
}
