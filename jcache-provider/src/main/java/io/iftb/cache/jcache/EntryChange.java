package io.iftb.cache.jcache;

import javax.cache.event.EventType;
import org.jspecify.annotations.Nullable;

/**
 * What happened to an entry, as bytes.
 *
 * @param type what it is called
 * @param before the bytes of the entry before; null if there was none
 * @param after the bytes of the entry after; null if it is gone
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
record EntryChange(EventType type, byte @Nullable [] before, byte @Nullable [] after) {}
