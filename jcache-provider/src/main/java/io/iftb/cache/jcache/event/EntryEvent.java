package io.iftb.cache.jcache.event;

import javax.cache.Cache;
import javax.cache.event.CacheEntryEvent;
import javax.cache.event.EventType;
import org.jspecify.annotations.Nullable;

/** An event of JSR-107. It is not serializable in practice, since it is only used in this JVM. */
@SuppressWarnings("serial") // keys and values may not be serializable
final class EntryEvent<K, V> extends CacheEntryEvent<K, V> {

    private static final long serialVersionUID = 1L;

    private final K key;
    private final @Nullable V value;
    private final @Nullable V oldValue;

    /**
     * @param value the current value of the entry; the last one if it was removed or has expired
     * @param oldValue the previous value; null if there was none
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
