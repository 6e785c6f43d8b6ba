package io.iftb.cache.jcache;

import io.iftb.cache.jcache.management.Statistics;
import io.iftb.cache.store.CacheBackend;
import io.iftb.cache.store.EntryStore;
import io.iftb.cache.store.Lifetimes;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.concurrent.TimeUnit;
import javax.cache.Cache;
import org.jspecify.annotations.Nullable;

/**
 * Iterates over the entries of a cache in the batches of a cursor. A batch that is consumed slowly is read again, so that no
 * returned entry has expired or changed long ago. Only if no entry is left does {@link #next} return the one that {@link
 * #hasNext} promised. Not safe for use by several threads.
 */
final class EntryIterator<K, V> implements Iterator<Cache.Entry<K, V>> {

    /** Maximum age of a batch before its rest is read again. */
    private static final long FRESH_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

    private final RedisCache<K, V> cache;
    private final CacheBackend<K, V> backend;
    private final CompareAndSetExecutor<K, V> executor;
    private final Statistics statistics;
    private final ReplyAwaiter replies;
    private final EntryStore.Cursor<K> cursor;

    private final Deque<Map.Entry<K, byte[]>> batch = new ArrayDeque<>();
    private long batchRead;
    private boolean atEnd;
    private @Nullable Current<K, V> next;
    private @Nullable Current<K, V> last;

    EntryIterator(
            RedisCache<K, V> cache, CompareAndSetExecutor<K, V> executor, Statistics statistics, ReplyAwaiter replies) {
        this.cache = cache;
        this.backend = cache.backend();
        this.executor = executor;
        this.statistics = statistics;
        this.replies = replies;
        this.cursor = backend.exact().cursor();
    }

    @Override
    public boolean hasNext() {
        cache.requireOpen();
        while (next == null && (!atEnd || !batch.isEmpty())) {
            advance();
        }
        return next != null;
    }

    @Override
    public Cache.Entry<K, V> next() {
        Current<K, V> current = hasNext() ? next : null;
        if (current == null) {
            throw new NoSuchElementException("Cache '" + backend.name() + "' has no entry left");
        }
        if (isStale()) {
            current = readAgain(current);
        }
        next = current; // comes again if its access fails
        executor.access(current.read.getKey(), current.read.getValue());
        next = null;
        last = current; // not before: an entry that was not returned is not removed
        statistics.lookups(1, 0, 0);
        return current.entry;
    }

    /** The first entry that still exists, from the promised one on; the promised one if there is none. */
    private Current<K, V> readAgain(Current<K, V> promised) {
        next = null;
        batch.addFirst(promised.read);
        return hasNext() && next != null ? next : promised;
    }

    private boolean isStale() {
        return System.nanoTime() - batchRead > FRESH_NANOS;
    }

    /** Removes the entry that {@link #next} returned, even if its value has changed since. */
    @Override
    public void remove() {
        cache.requireOpen();
        if (last == null) {
            throw new IllegalStateException("next has not been called since the last remove");
        }
        cache.remove(last.entry.getKey());
        last = null;
    }

    private void advance() {
        if (batch.isEmpty()) {
            EntryStore.Page<K> page = replies.await(cursor.next());
            if (page == null) {
                atEnd = true;
                return;
            }
            fill(page.entries());
            page.unreadableKeys().forEach(backend::corrupt);
        } else if (isStale()) {
            List<K> keys = new ArrayList<>();
            batch.forEach(entry -> keys.add(entry.getKey()));
            fill(replies.await(backend.exact().getAll(keys, Lifetimes.KEEP)).entrySet());
        }
        Map.Entry<K, byte[]> read = batch.poll();
        if (read != null) {
            V value = backend.decode(read.getKey(), read.getValue());
            next = value == null ? null : new Current<>(read, new StoredEntry<>(read.getKey(), value));
        }
    }

    private void fill(Iterable<Map.Entry<K, byte[]>> entries) {
        batchRead = System.nanoTime();
        batch.clear();
        entries.forEach(batch::add);
    }

    /**
     * The next entry to return.
     *
     * @param read as it was read
     * @param entry as it is returned
     */
    private record Current<K, V>(Map.Entry<K, byte[]> read, StoredEntry<K, V> entry) {}
}
