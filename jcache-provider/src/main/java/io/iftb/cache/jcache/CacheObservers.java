package io.iftb.cache.jcache;

import io.iftb.cache.jcache.event.CacheEvents;
import io.iftb.cache.jcache.event.EntryChange;
import io.iftb.cache.jcache.event.PendingEvent;
import io.iftb.cache.jcache.management.Statistics;
import java.util.List;
import javax.cache.configuration.CacheEntryListenerConfiguration;

/**
 * What a cache informs of its operations: its writer before, its listeners and its statistics after.
 *
 * @param writer the writer
 * @param events the listeners, and those of other JVMs
 * @param statistics the statistics
 */
record CacheObservers<K, V>(WriteThrough<K, V> writer, CacheEvents<K, V> events, Statistics statistics)
        implements AutoCloseable {

    /** Whether there is no observer now. */
    boolean isEmpty() {
        return writer.isNone() && !hasListeners() && !statistics.isEnabled();
    }

    /** Whether no listener hears events now. */
    boolean hasListeners() {
        return events.hasListeners();
    }

    /**
     * Begins with the listeners of a configuration.
     *
     * @throws javax.cache.CacheException if events are to be passed on to other JVMs, and the server refuses that or fails
     */
    void start(Iterable<CacheEntryListenerConfiguration<K, V>> configured, ReplyAwaiter replies) {
        replies.await(events.requirePublish());
        configured.forEach(listener -> add(listener, replies));
    }

    /**
     * Adds a listener.
     *
     * @throws IllegalArgumentException if there is one of an equal configuration
     * @throws javax.cache.CacheException if it is to hear events of other JVMs and the server fails
     */
    void add(CacheEntryListenerConfiguration<K, V> listener, ReplyAwaiter replies) {
        replies.await(events.subscribe());
        events.add(listener);
    }

    /** The events of a change that is about to be sent; call it while you hold the lock of the key. */
    PendingEvent pending(K key, List<EntryChange> changes) {
        return events.pending(key, changes);
    }

    /** Counts an operation that was carried out and did not come to nothing because of a lifetime of zero. */
    void count(OperationKind operation, EntryView<?> view, Decision<?, ?> decision, long nanos) {
        countLookup(operation, view, nanos);
        switch (decision.action()) {
            case STORE -> statistics.puts(1, nanos);
            case REMOVE -> statistics.removals(view.present() ? 1 : 0, nanos);
            default -> {}
        }
    }

    /** Counts only the hit or the miss of an operation. */
    void countLookup(OperationKind operation, EntryView<?> view, long nanos) {
        if (operation.isLookup()) {
            boolean hit = operation.isHit(view);
            statistics.lookups(hit ? 1 : 0, hit ? 0 : 1, nanos);
        }
    }

    /** Ends the listeners. */
    @Override
    public void close() {
        events.close();
    }
}
