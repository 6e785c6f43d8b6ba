package io.iftb.cache.store;

import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;

/**
 * Counts of the reads and writes of one cache by the typed caches since this JVM opened it, and of its entries that could not be
 * decoded, whoever read them. Safe for use by several threads.
 */
public final class CacheCounters {

    private static final long WARNING_INTERVAL_NANOS = 10_000_000_000L;

    private final AtomicLong nextWarning = new AtomicLong(System.nanoTime());
    private final LongAdder hits = new LongAdder();
    private final LongAdder misses = new LongAdder();
    private final LongAdder corrupt = new LongAdder();
    private final LongAdder puts = new LongAdder();

    /** Reads that found an entry. */
    public long hits() {
        return hits.sum();
    }

    /** Reads that found no readable entry. */
    public long misses() {
        return misses.sum();
    }

    /** Reads of an entry that could not be decoded. */
    public long corrupt() {
        return corrupt.sum();
    }

    /** Writes by the typed caches that were made; of candles, those of a series at once count as one. */
    public long puts() {
        return puts.sum();
    }

    /** Counts a write. */
    public void put() {
        puts.increment();
    }

    void hit() {
        hits.increment();
    }

    void miss() {
        misses.increment();
    }

    /** Counts an entry that cannot be decoded; returns whether a warning is due, at most one in ten seconds for each cache. */
    boolean corruptEntry() {
        corrupt.increment();
        long now = System.nanoTime();
        long next = nextWarning.get();
        return now - next >= 0 && nextWarning.compareAndSet(next, now + WARNING_INTERVAL_NANOS);
    }
}
