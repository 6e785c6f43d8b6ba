package io.iftb.cache.jcache;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Stream;

/**
 * Locks on which the threads of this JVM queue for a key, rather than collide on the server. Nothing hangs on them: what
 * keeps an entry whole is the compare-and-set. So a thread that has waited long goes on without the lock, and a thread
 * that holds locks of any cache already, since a processor or a listener called a cache, does not wait at all: nobody
 * who holds a lock waits for another, and there is no deadlock.
 */
final class KeyLocks {

    private static final int STRIPES = 256;
    private static final long LONGEST_WAIT_NANOS = TimeUnit.SECONDS.toNanos(5);
    private static final ThreadLocal<Integer> DEPTH = ThreadLocal.withInitial(() -> 0);

    private final List<ReentrantLock> stripes =
            Stream.generate(ReentrantLock::new).limit(STRIPES).toList();

    /** Locks keys until what it gives is closed, by the same thread. */
    Held lock(Collection<?> keys) {
        int[] indexes =
                keys.stream().mapToInt(KeyLocks::index).sorted().distinct().toArray();
        boolean waits = DEPTH.get() == 0;
        long deadline = System.nanoTime() + LONGEST_WAIT_NANOS;
        List<ReentrantLock> held = new ArrayList<>(indexes.length);
        for (int index : indexes) {
            ReentrantLock lock = stripes.get(index);
            if (waits ? locked(lock, deadline) : lock.tryLock()) {
                held.add(lock);
            }
        }
        DEPTH.set(DEPTH.get() + 1);
        return () -> {
            DEPTH.set(DEPTH.get() - 1);
            held.forEach(ReentrantLock::unlock);
        };
    }

    private static boolean locked(ReentrantLock lock, long deadline) {
        try {
            return lock.tryLock(deadline - System.nanoTime(), TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private static int index(Object key) {
        int hash = key.hashCode() * 0x9E3779B9;
        return (hash >>> 16) % STRIPES;
    }

    /** Locks that are held. */
    @FunctionalInterface
    interface Held {

        /** Gives them back. */
        void close();
    }
}
