package io.iftb.cache.jcache;

import io.iftb.cache.jcache.event.CacheEvents;
import io.iftb.cache.jcache.event.EntryChange;
import io.iftb.cache.jcache.event.PendingEvent;
import io.iftb.cache.jcache.management.Statistics;
import io.iftb.cache.observe.CallObserver;
import java.util.List;
import javax.cache.configuration.CacheEntryListenerConfiguration;

/**
 * The observers of a cache's operations: the writer, which is called before a change, and the listeners and the statistics,
 * which are notified after it.
 *
 * @param writer the writer
 * @param events the listeners here and in other JVMs
 * @param statistics the statistics
 * @param calls tells of each call, if somebody asks
 */
record CacheObservers<K, V>(
        WriteThrough<K, V> writer, CacheEvents<K, V> events, Statistics statistics, CallObserver calls)
        implements AutoCloseable {

    /** Whether there is no observer at present. */
    boolean isEmpty() {
        return writer.isNone() && !hasListeners() && !statistics.isEnabled();
    }

    /** Whether listeners here or in other JVMs receive events. */
    boolean hasListeners() {
        return events.hasListeners();
    }

    /**
     * Adds the listeners of a configuration.
     *
     * @throws javax.cache.CacheException if remote events are on, and the user may not PUBLISH or the server fails
     */
    void start(Iterable<CacheEntryListenerConfiguration<K, V>> configured, ReplyAwaiter replies) {
        replies.await(events.requirePublish());
        configured.forEach(listener -> add(listener, () -> {}, replies));
    }

    /**
     * Adds a listener.
     *
     * @param added runs when it hears, before anybody can remove it
     * @throws IllegalArgumentException if there is one with an equal configuration
     * @throws javax.cache.CacheException if remote events are on and the server fails
     */
    void add(CacheEntryListenerConfiguration<K, V> listener, Runnable added, ReplyAwaiter replies) {
        replies.await(events.subscribe());
        events.add(listener, added);
    }

    /** Prepares the events of a change before it is sent. Call it while you hold the lock of the key. */
    PendingEvent pending(K key, List<EntryChange> changes) {
        return events.pending(key, changes);
    }

    /** Counts a completed operation, except one that stored nothing because of a lifetime of zero. */
    void count(OperationKind operation, EntryView<?> view, Decision<?, ?> decision, long nanos) {
        countLookup(operation, view, nanos);
        switch (decision.action()) {
            case STORE -> statistics.puts(1, nanos);
            case REMOVE -> statistics.removals(view.present() ? 1 : 0, nanos);
            default -> {}
        }
    }

    /** Counts only the hit or miss of an operation. */
    void countLookup(OperationKind operation, EntryView<?> view, long nanos) {
        if (operation.isLookup()) {
            boolean hit = operation.isHit(view);
            statistics.lookups(hit ? 1 : 0, hit ? 0 : 1, nanos);
        }
    }

    /** Closes the listeners. */
    @Override
    public void close() {
        events.close();
    }
}
