package io.iftb.cache.store;

import java.util.concurrent.atomic.LongAdder;

/**
 * What this JVM has saved by computing each missing entry of a cache once: all views of a cache on one connection count
 * together. Safe for use by several threads.
 */
public final class FlightCounts {

    private final LongAdder computed = new LongAdder();
    private final LongAdder shared = new LongAdder();

    /** Calls that had to compute, or took the lease to do so. */
    public long computed() {
        return computed.sum();
    }

    /** Calls that were saved: they waited for another caller of whatever JVM, and got what it computed. */
    public long shared() {
        return shared.sum();
    }

    void countComputed() {
        computed.increment();
    }

    void countShared() {
        shared.increment();
    }
}
