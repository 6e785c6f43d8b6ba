package io.iftb.cache.jcache.event;

import javax.cache.Cache;
import javax.cache.event.CacheEntryEvent;
import javax.cache.event.EventType;
import org.jspecify.annotations.Nullable;

/** An event of JSR-107. It lives in this JVM only: it is not meant to be serialized. */
@SuppressWarnings("serial") // key and values are the user's
final class EntryEvent<K, V> extends CacheEntryEvent<K, V> {

    private static final long serialVersionUID = 1L;

    private final K key;
    private final @Nullable V value;
    private final @Nullable V oldValue;

    /**
     * @param value the value that the entry has now; the one that it had last if it is gone
     * @param oldValue the value that it had before; null if there was none
     */
    EntryEvent(Cache<K, V> cache, EventType type, K key, @Nullable V value, @Nullable V oldValue) {
        super(cache, type);
        this.key = key;
        this.value = value;
        this.oldValue = oldValue;
    }

    @Override
    public K getKey() {
        return key;
    }

    @Override
    public @Nullable V getValue() {
        return value;
    }

    @Override
    public @Nullable V getOldValue() {
        return oldValue;
    }

    @Override
    public boolean isOldValueAvailable() {
        return oldValue != null;
    }

    @Override
    public <T> T unwrap(Class<T> type) {
        if (type.isInstance(this)) {
            return type.cast(this);
        }
        throw new IllegalArgumentException("An event of this provider cannot be unwrapped as " + type.getName());
    }

    @Override
    public String toString() {
        return getEventType() + " " + key + ": " + oldValue + " -> " + value;
    }
}
