package io.iftb.cache.jcache.event;

import io.iftb.cache.store.CacheBackend;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executor;
import javax.cache.Cache;
import javax.cache.configuration.CacheEntryListenerConfiguration;
import javax.cache.event.EventType;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Dispatches events to the listeners of a cache. Each listener gets separate events with copies of the values, since values
 * are stored by value. Safe for use by several threads.
 */
final class EventDispatcher<K, V> implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(EventDispatcher.class);

    private final Cache<K, V> cache;
    private final CacheBackend<K, V> backend;
    private final Executor executor;
    private final Duration userCodeTimeout;
    private final List<ListenerRegistration<K, V>> all = new CopyOnWriteArrayList<>();
    private boolean closed;

    /**
     * @param executor runs the asynchronous listeners
     * @param userCodeTimeout how long a call waits for listeners that process earlier events
     */
    EventDispatcher(Cache<K, V> cache, CacheBackend<K, V> backend, Executor executor, Duration userCodeTimeout) {
        this.cache = cache;
        this.backend = backend;
        this.executor = executor;
        this.userCodeTimeout = userCodeTimeout;
    }

    boolean isEmpty() {
        return all.isEmpty();
    }

    /**
     * Makes the listener of a configuration.
     *
     * @param added runs when it hears, before anybody can remove it
     * @throws IllegalArgumentException if there is one with an equal configuration
     * @throws IllegalStateException if this is closed
     */
    void add(CacheEntryListenerConfiguration<K, V> configuration, Runnable added) {
        requireNew(configuration);
        // code of the program runs without the lock, here and where listeners are closed: it may wait for what needs
        // the lock
        ListenerRegistration<K, V> made = new ListenerRegistration<>(configuration, executor);
        boolean isAdded = false;
        try {
            add(made, added);
            isAdded = true;
        } finally {
            if (!isAdded) {
                made.close();
            }
        }
    }

    private synchronized void add(ListenerRegistration<K, V> made, Runnable added) {
        requireNew(made.configuration());
        all.add(made);
        added.run();
    }

    private synchronized void requireNew(CacheEntryListenerConfiguration<K, V> configuration) {
        if (closed) {
            throw new IllegalStateException("Cache '" + cache.getName() + "' is closed");
        }
        if (all.stream().anyMatch(each -> each.configuration().equals(configuration))) {
            throw new IllegalArgumentException(
                    "Cache '" + cache.getName() + "' has a listener with an equal configuration: " + configuration
                            + "; register another one, or deregister that one first");
        }
    }

    /** @param removed runs before anybody can add another */
    void remove(CacheEntryListenerConfiguration<K, V> configuration, Runnable removed) {
        ListenerRegistration<K, V> found = taken(configuration, removed);
        if (found != null) {
            found.close();
        }
    }

    private synchronized @Nullable ListenerRegistration<K, V> taken(
            CacheEntryListenerConfiguration<K, V> configuration, Runnable removed) {
        removed.run();
        for (ListenerRegistration<K, V> each : all) {
            if (each.configuration().equals(configuration)) {
                all.remove(each);
                return each;
            }
        }
        return null;
    }

    /**
     * Queues the events of an entry in the order of its key. Calls for one key must not overlap.
     *
     * @return the deliveries that the caller runs once it holds no lock
     */
    List<EventDelivery> enqueue(K key, List<EntryChange> changes) {
        List<EventDelivery> deliveries = new ArrayList<>();
        // decode all before queueing one: queued events must be delivered
        for (TargetedEvent<K, V> each : targeted(key, changes)) {
            EventDelivery delivery = each.listener().enqueue(each.event());
            if (delivery != null) {
                deliveries.add(delivery);
            }
        }
        return deliveries;
    }

    /** Like {@link #enqueue}, if no caller waits: delivers to synchronous listeners in threads of the executor too. */
    void enqueueDeferred(K key, List<EntryChange> changes) {
        targeted(key, changes).forEach(each -> each.listener().enqueueDeferred(each.event()));
    }

    private List<TargetedEvent<K, V>> targeted(K key, List<EntryChange> changes) {
        List<TargetedEvent<K, V>> targeted = new ArrayList<>();
        for (EntryChange change : changes) {
            for (ListenerRegistration<K, V> each : all) {
                if (each.accepts(change.type())) {
                    targeted.add(new TargetedEvent<>(each, event(key, change)));
                }
            }
        }
        return targeted;
    }

    private EntryEvent<K, V> event(K key, EntryChange change) {
        EventType type = change.type();
        V oldValue = backend.decode(key, change.before());
        boolean gone = type == EventType.REMOVED || type == EventType.EXPIRED;
        return new EntryEvent<>(cache, type, key, gone ? oldValue : backend.decode(key, change.after()), oldValue);
    }

    /** Delivers all events in this thread, and then throws the first failure, if any. */
    void deliver(List<EventDelivery> deliveries) {
        deliver(deliveries, new WaitLimit(userCodeTimeout));
    }

    static void deliver(List<EventDelivery> deliveries, WaitLimit limit) {
        ListenerFailures failures = new ListenerFailures();
        Error error = null;
        for (EventDelivery delivery : deliveries) {
            try {
                delivery.deliver(limit);
            } catch (Exception e) {
                failures.add(e);
            } catch (Error e) {
                error = e;
            }
        }
        if (error != null) {
            throw error;
        }
        failures.rethrow();
    }

    /** How many events are queued and not delivered yet. */
    int queued() {
        return all.stream().mapToInt(ListenerRegistration::queued).sum();
    }

    @Override
    public void close() {
        takenAll().forEach(ListenerRegistration::close);
    }

    private synchronized List<ListenerRegistration<K, V>> takenAll() {
        closed = true;
        List<ListenerRegistration<K, V>> taken = List.copyOf(all);
        all.clear();
        return taken;
    }

    /** Closes an object if it is {@link AutoCloseable}; logs a failure. */
    static void closeIfCloseable(@Nullable Object object, String role) {
        if (object instanceof AutoCloseable closeable) {
            try {
                closeable.close();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            } catch (Exception | Error e) { // such as of a class loader that has ended; others are closed all the same
                LOG.warn("The {} {} cannot be closed", role, object.getClass().getName(), e);
            }
        }
    }

    /** An event and its listener. */
    private record TargetedEvent<K, V>(ListenerRegistration<K, V> listener, EntryEvent<K, V> event) {}
}
