package io.iftb.cache.jcache;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Locks on which the threads of this JVM queue for a key, rather than collide on the server. Each key has its own while
 * somebody wants it, so that slow code of the user holds up its key only.
 *
 * <p>Nothing hangs on them: what keeps an entry whole is the compare-and-set. So a thread that has waited long goes on
 * without the lock, and a thread that holds locks of any cache already, since a processor called a cache, does not wait
 * at all. There is no deadlock: only who wants several waits while he holds one, and not for long.
 */
final class KeyLocks {

    private static final ThreadLocal<Integer> DEPTH = ThreadLocal.withInitial(() -> 0);

    /** The order in which every thread locks. Keys that differ in none of these are locked in the order they come. */
    private static final Comparator<Object> ORDER = Comparator.<Object>comparingInt(Object::hashCode)
            .thenComparing(Object::toString)
            .thenComparing(key -> key.getClass().getName());

    private final Map<Object, KeyLock> locks = new ConcurrentHashMap<>();

    /**
     * Locks keys until what it gives is closed, by the same thread.
     *
     * @param patienceMillis how long it waits at most
     */
    Held lock(Collection<?> keys, long patienceMillis) {
        List<Object> ordered = new ArrayList<>(keys);
        ordered.sort(ORDER);
        long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(patienceMillis);
        boolean waits = DEPTH.get() == 0;
        List<KeyLock> held = new ArrayList<>(ordered.size());
        for (Object key : ordered) {
            KeyLock lock = wanted(key);
            if (waits ? locked(lock, deadline) : lock.tryLock()) {
                held.add(lock);
            } else {
                unwanted(lock);
            }
        }
        DEPTH.set(DEPTH.get() + 1);
        return () -> {
            DEPTH.set(DEPTH.get() - 1);
            for (KeyLock lock : held) {
                lock.unlock();
                unwanted(lock);
            }
        };
    }

    /** Whether nobody holds or wants a lock. */
    boolean isEmpty() {
        return locks.isEmpty();
    }

    private KeyLock wanted(Object key) {
        return locks.compute(key, (same, lock) -> {
            KeyLock wanted = lock == null ? new KeyLock(key) : lock;
            wanted.threads++;
            return wanted;
        });
    }

    private void unwanted(KeyLock lock) {
        locks.computeIfPresent(lock.key, (same, current) -> --current.threads == 0 ? null : current);
    }

    private static boolean locked(ReentrantLock lock, long deadline) {
        try {
            return lock.tryLock(deadline - System.nanoTime(), TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    /** The lock of a key. */
    private static final class KeyLock extends ReentrantLock {

        private static final long serialVersionUID = 1L;

        private final transient Object key;

        /** How many threads hold it or wait for it; changed under the map's lock. */
        private int threads;

        KeyLock(Object key) {
            this.key = key;
        }
    }

    /** Locks that are held. */
    @FunctionalInterface
    interface Held {

        /** Gives them back. */
        void close();
    }
}
