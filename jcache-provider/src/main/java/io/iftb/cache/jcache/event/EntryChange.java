package io.iftb.cache.jcache.event;

import javax.cache.event.EventType;
import org.jspecify.annotations.Nullable;

/**
 * One change of an entry, as bytes.
 *
 * @param type the type of its event
 * @param before the bytes of the entry before; null if there was none
 * @param after the bytes of the entry after; null if it is gone
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
public record EntryChange(EventType type, byte @Nullable [] before, byte @Nullable [] after) {}
