package io.iftb.cache.jcache;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import javax.cache.configuration.CacheEntryListenerConfiguration;
import javax.cache.configuration.Factory;
import javax.cache.event.CacheEntryCreatedListener;
import javax.cache.event.CacheEntryEvent;
import javax.cache.event.CacheEntryEventFilter;
import javax.cache.event.CacheEntryExpiredListener;
import javax.cache.event.CacheEntryListener;
import javax.cache.event.CacheEntryListenerException;
import javax.cache.event.CacheEntryRemovedListener;
import javax.cache.event.CacheEntryUpdatedListener;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A listener of a cache with its filter. It hears the events of one key in their order, one after the other: a
 * synchronous one in the threads that caused them, an asynchronous one in those of an executor.
 */
final class ListenerRegistration<K, V> implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(ListenerRegistration.class);

    /** Whether this thread is in a listener, which must not wait for itself. */
    private static final ThreadLocal<Boolean> LISTENING = ThreadLocal.withInitial(() -> false);

    private final CacheEntryListenerConfiguration<K, V> configuration;
    private final CacheEntryListener<? super K, ? super V> listener;
    private final @Nullable CacheEntryEventFilter<? super K, ? super V> filter;
    private final Executor executor;

    /** The last event of each key that is not heard yet. */
    private final Map<K, CompletableFuture<Void>> last = new ConcurrentHashMap<>();

    private volatile boolean closed;

    ListenerRegistration(CacheEntryListenerConfiguration<K, V> configuration, Executor executor) {
        this.configuration = configuration;
        this.executor = executor;
        this.listener = Objects.requireNonNull(
                Objects.requireNonNull(configuration.getCacheEntryListenerFactory(), "it has no factory")
                        .create(),
                "its factory gave null");
        Factory<CacheEntryEventFilter<? super K, ? super V>> filters = configuration.getCacheEntryEventFilterFactory();
        this.filter = filters == null ? null : filters.create();
    }

    CacheEntryListenerConfiguration<K, V> configuration() {
        return configuration;
    }

    /**
     * Takes an event in the order of its key. An asynchronous listener hears it soon; for a synchronous one the caller
     * runs what this gives, which throws a {@link CacheEntryListenerException} where the listener or its filter throws.
     */
    @Nullable
    Runnable take(EntryEvent<K, V> event) {
        if (!configuration.isSynchronous()) {
            takeLater(event);
            return null;
        }
        if (!hears(event)) {
            return null;
        }
        CompletableFuture<Void> heard = new CompletableFuture<>();
        CompletableFuture<Void> before = last.put(event.getKey(), heard);
        return () -> {
            if (before != null && !LISTENING.get()) {
                before.join();
            }
            hear(event, heard);
        };
    }

    /** Takes an event in the order of its key for which nobody waits: even a synchronous listener hears it soon. */
    void takeLater(EntryEvent<K, V> event) {
        if (!hears(event)) {
            return;
        }
        CompletableFuture<Void> heard = new CompletableFuture<>();
        CompletableFuture<Void> before = last.put(event.getKey(), heard);
        CompletableFuture<Void> ready = before == null ? CompletableFuture.completedFuture(null) : before;
        var unused = ready.thenRunAsync(() -> hearAndLog(event, heard), executor);
    }

    private void hearAndLog(EntryEvent<K, V> event, CompletableFuture<Void> heard) {
        try {
            hear(event, heard);
        } catch (CacheEntryListenerException | Error e) {
            LOG.warn(
                    "A listener of cache '{}' that nobody waits for failed for {} of key {}",
                    event.getSource().getName(),
                    event.getEventType(),
                    event.getKey(),
                    e);
        }
    }

    private void hear(EntryEvent<K, V> event, CompletableFuture<Void> heard) {
        boolean listening = LISTENING.get();
        LISTENING.set(true);
        try {
            if (!closed && (filter == null || filter.evaluate(event))) {
                call(event);
            }
        } catch (CacheEntryListenerException e) {
            throw e;
        } catch (RuntimeException e) {
            throw new CacheEntryListenerException(
                    "The listener " + listener.getClass().getName() + " failed for " + event.getEventType() + ": " + e,
                    e);
        } finally {
            LISTENING.set(listening);
            last.remove(event.getKey(), heard);
            heard.complete(null);
        }
    }

    private boolean hears(EntryEvent<K, V> event) {
        return switch (event.getEventType()) {
            case CREATED -> listener instanceof CacheEntryCreatedListener;
            case UPDATED -> listener instanceof CacheEntryUpdatedListener;
            case REMOVED -> listener instanceof CacheEntryRemovedListener;
            case EXPIRED -> listener instanceof CacheEntryExpiredListener;
        };
    }

    @SuppressWarnings("unchecked") // a listener of supertypes hears events of these types
    private void call(EntryEvent<K, V> event) {
        Iterable<CacheEntryEvent<? extends K, ? extends V>> events = List.of(event);
        switch (event.getEventType()) {
            case CREATED -> ((CacheEntryCreatedListener<K, V>) listener).onCreated(events);
            case UPDATED -> ((CacheEntryUpdatedListener<K, V>) listener).onUpdated(events);
            case REMOVED -> ((CacheEntryRemovedListener<K, V>) listener).onRemoved(events);
            case EXPIRED -> ((CacheEntryExpiredListener<K, V>) listener).onExpired(events);
        }
    }

    /** Ends it; events that wait are not heard. */
    @Override
    public void close() {
        closed = true;
        Closing.close(listener, "listener");
        Closing.close(filter, "filter of a listener");
    }
}
