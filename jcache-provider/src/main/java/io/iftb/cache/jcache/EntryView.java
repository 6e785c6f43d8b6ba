package io.iftb.cache.jcache;

import io.iftb.cache.codec.CorruptValueException;
import org.jspecify.annotations.Nullable;

/**
 * The view of an entry on which an operation decides.
 *
 * <p>An entry that cannot be decoded is present and has no value. It occupies its key until it is overwritten, is removed or
 * expires.
 *
 * @param present whether there is an entry
 * @param value its value; null if there is none, if it is unreadable, or if the reply contains only its presence
 * @param unreadable why its value cannot be read; null if it can, or was not asked for
 * @param <V> the type of the value
 */
record EntryView<V>(
        boolean present, @Nullable V value, @Nullable CorruptValueException unreadable) {

    EntryView(boolean present, @Nullable V value) {
        this(present, value, null);
    }

    /** Whether the entry is there and its value cannot be read. */
    boolean isUnreadable() {
        return unreadable != null;
    }
}
