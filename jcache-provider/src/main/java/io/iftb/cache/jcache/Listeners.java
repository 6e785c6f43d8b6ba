package io.iftb.cache.jcache;

import io.iftb.cache.store.StoredCache;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executor;
import javax.cache.Cache;
import javax.cache.configuration.CacheEntryListenerConfiguration;
import javax.cache.event.CacheEntryListenerException;
import javax.cache.event.EventType;
import org.jspecify.annotations.Nullable;

/**
 * The listeners of a cache. Each listener gets events of its own with copies of the values: they are stored by value. Safe
 * for use by several threads.
 */
final class Listeners<K, V> implements AutoCloseable {

    private final Cache<K, V> cache;
    private final StoredCache<K, V> stored;
    private final Executor executor;
    private final List<ListenerRegistration<K, V>> all = new CopyOnWriteArrayList<>();

    /** @param executor runs the asynchronous listeners */
    Listeners(Cache<K, V> cache, StoredCache<K, V> stored, Executor executor) {
        this.cache = cache;
        this.stored = stored;
        this.executor = executor;
    }

    boolean isEmpty() {
        return all.isEmpty();
    }

    /** @throws IllegalArgumentException if there is one of an equal configuration */
    synchronized void add(CacheEntryListenerConfiguration<K, V> configuration) {
        if (all.stream().anyMatch(each -> each.configuration().equals(configuration))) {
            throw new IllegalArgumentException(
                    "Cache '" + cache.getName() + "' has a listener of an equal configuration: " + configuration);
        }
        all.add(new ListenerRegistration<>(configuration, executor));
    }

    synchronized void remove(CacheEntryListenerConfiguration<K, V> configuration) {
        all.stream()
                .filter(each -> each.configuration().equals(configuration))
                .findFirst()
                .ifPresent(each -> {
                    all.remove(each);
                    each.close();
                });
    }

    /**
     * Takes what happened to an entry, in the order of its key; the caller holds the lock of the key.
     *
     * @param before its bytes before; null if there was none
     * @param after its bytes now; null if it is gone
     * @return what the caller has to run once it holds no lock
     */
    List<Runnable> take(EventType type, K key, byte @Nullable [] before, byte @Nullable [] after) {
        List<Runnable> deliveries = new ArrayList<>();
        for (ListenerRegistration<K, V> each : all) {
            Runnable delivery = each.take(event(type, key, before, after));
            if (delivery != null) {
                deliveries.add(delivery);
            }
        }
        return deliveries;
    }

    private EntryEvent<K, V> event(EventType type, K key, byte @Nullable [] before, byte @Nullable [] after) {
        V oldValue = stored.decode(key, before);
        boolean gone = type == EventType.REMOVED || type == EventType.EXPIRED;
        V value = gone ? oldValue : stored.decode(key, after);
        return new EntryEvent<>(cache, type, key, value, oldValue);
    }

    /** Lets the synchronous listeners hear all events; then throws the first failure, if there was one. */
    static void hear(List<Runnable> deliveries) {
        CacheEntryListenerException failure = null;
        Error error = null;
        for (Runnable delivery : deliveries) {
            try {
                delivery.run();
            } catch (CacheEntryListenerException e) {
                if (failure == null) {
                    failure = e;
                } else {
                    failure.addSuppressed(e);
                }
            } catch (Error e) {
                error = e;
            }
        }
        if (error != null) {
            throw error;
        }
        if (failure != null) {
            throw failure;
        }
    }

    @Override
    public synchronized void close() {
        all.forEach(ListenerRegistration::close);
        all.clear();
    }
}
