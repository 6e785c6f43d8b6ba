package io.iftb.cache.jcache;

import java.util.ArrayList;
import java.util.List;
import javax.cache.configuration.MutableCacheEntryListenerConfiguration;
import javax.cache.event.CacheEntryCreatedListener;
import javax.cache.event.CacheEntryEvent;
import javax.cache.event.CacheEntryExpiredListener;
import javax.cache.event.CacheEntryRemovedListener;
import javax.cache.event.CacheEntryUpdatedListener;

/** A listener that records its events. */
class EventLog<K, V>
        implements CacheEntryCreatedListener<K, V>,
                CacheEntryUpdatedListener<K, V>,
                CacheEntryRemovedListener<K, V>,
                CacheEntryExpiredListener<K, V> {

    private final List<String> heard = new ArrayList<>();

    /** The events since the last call, as {@code CREATED old -> new}. */
    synchronized List<String> take() {
        List<String> taken = List.copyOf(heard);
        heard.clear();
        return taken;
    }

    MutableCacheEntryListenerConfiguration<K, V> synchronousConfiguration() {
        return new MutableCacheEntryListenerConfiguration<>(() -> this, null, true, true);
    }

    MutableCacheEntryListenerConfiguration<K, V> asynchronousConfiguration() {
        return new MutableCacheEntryListenerConfiguration<>(() -> this, null, true, false);
    }

    /** Handles an event. */
    void hear(CacheEntryEvent<? extends K, ? extends V> event) {
        synchronized (this) {
            heard.add(event.getEventType() + " " + event.getOldValue() + " -> " + event.getValue());
        }
    }

    @Override
    public void onCreated(Iterable<CacheEntryEvent<? extends K, ? extends V>> events) {
        events.forEach(this::hear);
    }

    @Override
    public void onUpdated(Iterable<CacheEntryEvent<? extends K, ? extends V>> events) {
        events.forEach(this::hear);
    }

    @Override
    public void onRemoved(Iterable<CacheEntryEvent<? extends K, ? extends V>> events) {
        events.forEach(this::hear);
    }

    @Override
    public void onExpired(Iterable<CacheEntryEvent<? extends K, ? extends V>> events) {
        events.forEach(this::hear);
    }
}
