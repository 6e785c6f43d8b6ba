package io.iftb.cache.jcache;

import org.jspecify.annotations.Nullable;

/**
 * What an operation sees of an entry before it decides.
 *
 * <p>An entry that is there and cannot be decoded is present and has no value: it occupies its key until it is
 * overwritten, removed or expires.
 *
 * @param present whether there is an entry
 * @param value its value; null if there is none, or if a command told of its presence only
 * @param <V> the type of the value
 */
record EntryView<V>(boolean present, @Nullable V value) {}
