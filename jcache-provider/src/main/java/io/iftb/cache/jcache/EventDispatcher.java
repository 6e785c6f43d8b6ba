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

/**
 * The listeners of a cache. Each listener gets events of its own with copies of the values: they are stored by value. Safe
 * for use by several threads.
 */
final class EventDispatcher<K, V> implements AutoCloseable {

    private final Cache<K, V> cache;
    private final StoredCache<K, V> stored;
    private final Executor executor;
    private final List<ListenerRegistration<K, V>> all = new CopyOnWriteArrayList<>();

    /** @param executor runs the asynchronous listeners */
    EventDispatcher(Cache<K, V> cache, StoredCache<K, V> stored, Executor executor) {
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
     * Takes what happened to an entry, in the order of its key; calls for one key come one after the other.
     *
     * @return what the caller has to run once it holds no lock
     */
    List<Runnable> take(K key, List<EntryChange> happenings) {
        List<Runnable> deliveries = new ArrayList<>();
        for (EntryChange happening : happenings) {
            for (ListenerRegistration<K, V> each : all) {
                Runnable delivery = each.take(event(key, happening));
                if (delivery != null) {
                    deliveries.add(delivery);
                }
            }
        }
        return deliveries;
    }

    /** Like {@link #take}, where nobody waits: the synchronous listeners hear it in threads of the executor too. */
    void takeLater(K key, List<EntryChange> happenings) {
        for (EntryChange happening : happenings) {
            all.forEach(each -> each.takeLater(event(key, happening)));
        }
    }

    private EntryEvent<K, V> event(K key, EntryChange happening) {
        EventType type = happening.type();
        V oldValue = stored.decode(key, happening.before());
        boolean gone = type == EventType.REMOVED || type == EventType.EXPIRED;
        return new EntryEvent<>(cache, type, key, gone ? oldValue : stored.decode(key, happening.after()), oldValue);
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
