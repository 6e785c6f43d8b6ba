package io.iftb.cache.jcache;

import java.util.List;
import javax.cache.configuration.CacheEntryListenerConfiguration;
import org.jspecify.annotations.Nullable;

/**
 * Whom a cache tells of what it does: its writer before, its listeners, those of other JVMs and its statistics after.
 *
 * @param writer the writer
 * @param listeners the listeners
 * @param remote passes events on to other JVMs and takes theirs; null if remote events are off
 * @param statistics the statistics
 */
record CacheObservers<K, V>(
        WriteThrough<K, V> writer,
        EventDispatcher<K, V> listeners,
        @Nullable RemoteEvents<K, V> remote,
        Statistics statistics)
        implements AutoCloseable {

    /** Whether nobody is told of anything now. */
    boolean isNobody() {
        return writer.isNobody() && nobodyListens() && !statistics.isEnabled();
    }

    /** Whether nobody hears events now. */
    boolean nobodyListens() {
        return listeners.isEmpty() && remote == null;
    }

    /**
     * Begins with the listeners of a configuration.
     *
     * @throws javax.cache.CacheException if events are to be passed on to other JVMs, and the server refuses that or fails
     */
    void start(Iterable<CacheEntryListenerConfiguration<K, V>> configured) {
        if (remote != null) {
            remote.requireRight();
        }
        configured.forEach(this::add);
    }

    /**
     * Adds a listener.
     *
     * @throws IllegalArgumentException if there is one of an equal configuration
     * @throws javax.cache.CacheException if it is to hear events of other JVMs and the server fails
     */
    void add(CacheEntryListenerConfiguration<K, V> listener) {
        if (remote != null) {
            remote.subscribe();
        }
        listeners.add(listener);
    }

    /** What is to be told of a change of an entry; asked before the change, by who holds the lock of the key. */
    PendingEvent announce(K key, List<EntryChange> happenings) {
        if (happenings.isEmpty()) {
            return PendingEvent.NONE;
        }
        return remote != null
                ? remote.announce(key, happenings)
                : new PendingEvent(null, () -> listeners.take(key, happenings), () -> {});
    }

    /** Ends the listeners. */
    @Override
    public void close() {
        if (remote != null) {
            remote.close();
        }
        listeners.close();
    }
}
