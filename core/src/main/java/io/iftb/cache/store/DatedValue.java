package io.iftb.cache.store;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * The value of an entry, where it comes from, and how old it is.
 *
 * @param value the value
 * @param origin where it comes from
 * @param age how long ago it was stored, at most, by the server's clock; null if that cannot be told, since its cache has no
 *     lifetime that begins with a write
 * @param <V> the type of the value
 */
public record DatedValue<V>(
        V value, Origin origin, @Nullable Duration age) {

    /** Where a value comes from. */
    public enum Origin {
        /** this JVM held it */
        NEAR,
        /** the server had it */
        SERVER,
        /** the server had it, past its end; it is being loaded anew, or could not be */
        STALE,
        /** the code that loads or computes it, of this caller or of another that it waited for */
        SOURCE
    }
}
