package io.iftb.cache.store;

import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;

/** What happened in one cache since it was opened by this JVM. Safe for use by several threads. */
public final class CacheCounters {

    private static final long WARNING_INTERVAL_NANOS = 10_000_000_000L;

    private final AtomicLong nextWarning = new AtomicLong(System.nanoTime());
    private final LongAdder hits = new LongAdder();
    private final LongAdder misses = new LongAdder();
    private final LongAdder corrupt = new LongAdder();

    /** Reads that found an entry. */
    public long hits() {
        return hits.sum();
    }

    /** Reads that found none, those of {@link #corrupt()} among them. */
    public long misses() {
        return misses.sum();
    }

    /** Entries that were there and could not be decoded. */
    public long corrupt() {
        return corrupt.sum();
    }

    void hit() {
        hits.increment();
    }

    void miss() {
        misses.increment();
    }

    /** Counts an entry that cannot be decoded; whether it is time to warn of it, once in ten seconds for each cache. */
    boolean corruptEntry() {
        corrupt.increment();
        long now = System.nanoTime();
        long next = nextWarning.get();
        return now - next >= 0 && nextWarning.compareAndSet(next, now + WARNING_INTERVAL_NANOS);
    }
}
