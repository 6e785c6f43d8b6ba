package io.iftb.cache.jcache;

import io.iftb.cache.jcache.event.ListenerFailures;
import io.iftb.cache.store.CacheBackend;
import io.iftb.cache.store.EntryStore;
import io.iftb.cache.store.OutageStore;
import java.util.LinkedHashSet;
import java.util.Set;
import javax.cache.CacheException;
import javax.cache.event.CacheEntryListenerException;

/**
 * The removal of all entries of a cache of which a writer, listeners or the statistics are told: a walk that removes page by page.
 * The failure of a listener is thrown at the end, or suppressed in what ends the walk before that. If the server ends it, and
 * the cache may answer without it, what is left is remembered.
 */
record EachEntryRemoval<K, V>(
        CacheBackend<K, V> backend,
        OperationExecutor<K, V> executor,
        ReplyAwaiter replies,
        CacheObservers<K, V> observers) {

    void run() {
        ListenerFailures listeners = new ListenerFailures();
        try {
            EntryStore.Cursor<K> cursor = backend.store().cursor();
            EntryStore.Page<K> page = replies.await(cursor.next());
            while (page != null) {
                remove(page, listeners);
                page = replies.await(cursor.next());
            }
        } catch (RuntimeException e) { // none of a listener, which may use a server of its own
            OutageStore<K> missing = backend.outage();
            if (missing == null || !observers.writer().isNone() || !OutageStore.isOutage(e)) {
                listeners.suppressIn(e);
                throw e;
            }
            missing.dropAll();
        }
        listeners.rethrow();
    }

    private void remove(EntryStore.Page<K> page, ListenerFailures listeners) {
        Set<K> keys = new LinkedHashSet<>();
        page.entries().forEach(entry -> keys.add(entry.getKey()));
        if (!keys.isEmpty()) {
            try {
                executor.removeAll(keys);
            } catch (CacheEntryListenerException e) {
                listeners.add(e);
            }
        }
        page.unreadableKeys().forEach((redisKey, why) -> {
            backend.corrupt(redisKey, why);
            if (!observers.writer().isNone()) {
                throw new CacheException("Cache '" + backend.name() + "': entry " + redisKey
                        + " was not removed, because its key cannot be given to the cache writer: " + why);
            }
        });
        long removed = replies.await(backend.store().removeUnreadable(page));
        observers.statistics().removals(removed, 0);
    }
}
