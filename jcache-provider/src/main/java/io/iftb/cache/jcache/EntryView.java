package io.iftb.cache.jcache;

import org.jspecify.annotations.Nullable;

/**
 * The view of an entry on which an operation decides.
 *
 * <p>An entry that cannot be decoded is present and has no value. It occupies its key until it is overwritten, is removed or
 * expires.
 *
 * @param present whether there is an entry
 * @param value its value; null if there is none, or if the reply contains only its presence
 * @param <V> the type of the value
 */
record EntryView<V>(boolean present, @Nullable V value) {}
