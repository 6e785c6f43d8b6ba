package io.iftb.cache.jcache.event;

import io.iftb.cache.store.CacheBackend;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import javax.cache.Cache;
import javax.cache.configuration.CacheEntryListenerConfiguration;
import org.jspecify.annotations.Nullable;

/** The events of a cache: those of its own changes and, with remote events, those of other JVMs. Safe for use by several threads. */
public final class CacheEvents<K, V> implements AutoCloseable {

    private final EventDispatcher<K, V> listeners;
    private final @Nullable RemoteEvents<K, V> remote;

    /**
     * @param executor runs asynchronous listeners, and synchronous ones for which no caller waits
     * @param arrivals processes messages of other JVMs one after the other; null if remote events are off
     * @param userCodeTimeout how long a call waits for synchronous listeners that process earlier events
     */
    public CacheEvents(
            Cache<K, V> cache,
            CacheBackend<K, V> backend,
            Executor executor,
            @Nullable Executor arrivals,
            Duration userCodeTimeout) {
        this.listeners = new EventDispatcher<>(cache, backend, executor, userCodeTimeout);
        this.remote = arrivals == null ? null : new RemoteEvents<>(backend.store(), listeners, executor, arrivals);
    }

    /** Whether there are listeners here, or remote events are on, so that other JVMs may have listeners. */
    public boolean hasListeners() {
        return !listeners.isEmpty() || remote != null;
    }

    /** Fails if remote events are on and the user may not PUBLISH. */
    public CompletableFuture<Void> requirePublish() {
        return remote == null ? CompletableFuture.completedFuture(null) : remote.requirePublish();
    }

    /** Subscribes to events of other JVMs if remote events are on. They arrive once the future has completed. */
    public CompletableFuture<Void> subscribe() {
        return remote == null ? CompletableFuture.completedFuture(null) : remote.subscribe();
    }

    /**
     * Adds a listener.
     *
     * @param added runs when it hears, before anybody can remove it
     * @throws IllegalArgumentException if there is one with an equal configuration
     */
    public void add(CacheEntryListenerConfiguration<K, V> listener, Runnable added) {
        listeners.add(listener, added);
    }

    /**
     * Closes the listener of a configuration, if there is one.
     *
     * @param removed runs before anybody can add another
     */
    public void remove(CacheEntryListenerConfiguration<K, V> listener, Runnable removed) {
        listeners.remove(listener, removed);
    }

    /** Prepares the events of a change before it is sent. Call it while you hold the lock of the key. */
    public PendingEvent pending(K key, List<EntryChange> changes) {
        if (changes.isEmpty()) {
            return PendingEvent.NONE;
        }
        return remote != null ? remote.pending(key, changes) : new LocalEvent<>(key, changes, listeners);
    }

    /**
     * Delivers events to synchronous listeners in this thread. Call it while you hold no lock. Delivers all, then throws the
     * first failure.
     *
     * @throws javax.cache.event.CacheEntryListenerException if a listener fails, or the wait for one times out
     */
    public void deliver(List<EventDelivery> deliveries) {
        listeners.deliver(deliveries);
    }

    /** How many events are queued or wait for their messages; 0 if all are delivered. */
    public int open() {
        return listeners.queued() + (remote == null ? 0 : remote.awaited());
    }

    /** Closes the listeners. Queued events are not delivered. */
    @Override
    public void close() {
        if (remote != null) {
            remote.close();
        }
        listeners.close();
    }
}
