package io.iftb.cache.benchmarks.near;

import io.iftb.cache.near.NearMap;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.locks.ReentrantLock;

/**
 * A key whose values are 1, 2, 3 …, each written once: what was written and acknowledged, and so which values a read may not
 * give any more. A removal takes a number too, and is read as 0.
 */
final class CountedKey {

    /** What a value without an end ends at. */
    private static final long NEVER = Long.MAX_VALUE;

    /** How far the clock of the server may be estimated wrongly, on a busy machine. */
    private static final long CLOCK_NANOS = TimeUnit.MILLISECONDS.toNanos(10);

    private static final int REMEMBERED = 1 << 12;

    private final String name;

    /** Held by who writes: the numbers come to the server in their order. */
    final ReentrantLock writing = new ReentrantLock();

    private long last;
    private volatile long acknowledged;
    private final AtomicLongArray acknowledgedAt = new AtomicLongArray(REMEMBERED);
    private final AtomicLongArray endsAt = new AtomicLongArray(REMEMBERED);

    CountedKey(String name) {
        this.name = name;
    }

    String name() {
        return name;
    }

    /** What the readers of one client have seen: none may see less later. */
    static final class Seen {

        private final AtomicLong newest = new AtomicLong();
        private final AtomicLong least = new AtomicLong();

        void atLeast(long value) {
            newest.accumulateAndGet(value, Math::max);
            least.accumulateAndGet(value, Math::max);
        }

        /** A value is gone, and does not come back. */
        void gone(long value) {
            least.accumulateAndGet(value + 1, Math::max);
        }
    }

    /** What a read was promised. */
    enum Promise {
        /** it is at most as old as the bound */
        BOUNDED,
        /** it has all that was acknowledged before it began */
        FENCED
    }

    /** The number of a write that is about to be sent, by who holds {@link #writing}. */
    long next() {
        last++;
        endsAt.set(place(last), NEVER);
        return last;
    }

    /** A write was acknowledged, by who holds {@link #writing}; with a lifetime in ms, or 0 for none. */
    void acknowledged(long value, long lifetime) {
        long now = System.nanoTime();
        acknowledgedAt.set(place(value), now);
        if (lifetime > 0) {
            endsAt.set(place(value), now + TimeUnit.MILLISECONDS.toNanos(lifetime) + CLOCK_NANOS);
        }
        acknowledged = value;
    }

    long acknowledged() {
        return acknowledged;
    }

    private static int place(long value) {
        return (int) (value & (REMEMBERED - 1));
    }

    /**
     * Reads, and says what is wrong with the answer.
     *
     * @param read gives the value; 0 if there is none
     * @param wrong takes a sentence
     */
    long check(Seen seen, Promise promise, Callable<Long> read, Wrong wrong) throws Exception {
        long before = acknowledged;
        long least = seen.least.get();
        long newest = seen.newest.get();
        long began = System.nanoTime();
        long value = read.call();
        if (value == 0) {
            seen.gone(promise == Promise.FENCED ? before : newest);
            return 0;
        }
        if (value < least) {
            wrong.is(value, "goes back behind " + least);
        }
        if (promise == Promise.FENCED && value < before) {
            wrong.is(value, "is fenced, and older than the acknowledged " + before);
        }
        long newer = Math.max(value + 1, before - REMEMBERED / 2);
        if (newer <= before && began - acknowledgedAt.get(place(newer)) > NearMap.BOUND_NANOS) {
            wrong.is(value, "is older than the bound: " + (began - acknowledgedAt.get(place(newer))) + " ns");
        }
        long end = endsAt.get(place(value));
        if (before - value < REMEMBERED / 2 && end != NEVER && began - end > 0) {
            wrong.is(value, "has ended " + (began - end) + " ns ago");
        }
        seen.atLeast(value);
        return value;
    }

    /** Takes what is wrong with a value. */
    @FunctionalInterface
    interface Wrong {

        void is(long value, String what);
    }
}
