package io.iftb.cache.jcache.event;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The events of a change without remote events, for the listeners of this cache only. If the outcome of the change is unknown,
 * they are not delivered, since there is no message that can confirm it.
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
