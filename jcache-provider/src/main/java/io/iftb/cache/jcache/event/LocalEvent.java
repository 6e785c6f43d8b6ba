package io.iftb.cache.jcache.event;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The events of a change that only the listeners of this cache hear of. They hear nothing of a change whose end is
 * unknown: no message of it can come back.
 *
 * @param key the key of the entry
 * @param changes its changes, in their order
 * @param listeners the listeners
 */
record LocalEvent<K, V>(K key, List<EntryChange> changes, EventDispatcher<K, V> listeners) implements PendingEvent {

    @Override
    public byte @Nullable [] message() {
        return null;
    }

    @Override
    public List<EventDelivery> made() {
        return listeners.enqueue(key, changes);
    }

    @Override
    public void notMade() {
        // nothing is queued
    }

    @Override
    public void abandoned() {
        // nothing is queued
    }
}
