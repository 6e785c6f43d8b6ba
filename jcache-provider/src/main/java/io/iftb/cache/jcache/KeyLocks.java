package io.iftb.cache.jcache;

import io.iftb.cache.redis.Deadline;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import javax.cache.CacheException;

/**
 * Fair locks by key, so that threads of this JVM queue instead of colliding on the server. A lock exists while a thread
 * wants it. Each key has its own, so slow user code blocks only its key.
 *
 * <p>Waiting for a call that waits for the server uses the budget of the waiting call. While the holder runs user code, that
 * budget stops, and the wait has a separate limit. A call whose wait times out fails.
 *
 * <p>Correctness depends on the compare-and-set, not on these locks. So a thread that already holds locks of any cache, such
 * as a processor that calls a cache, does not wait but continues without the lock. All threads lock keys in one order. So
 * there is no deadlock.
 */
final class KeyLocks {

    private static final ThreadLocal<Integer> DEPTH = ThreadLocal.withInitial(() -> 0);

    /** The order in which threads lock keys. Keys that compare as equal are locked in the given order. */
    private static final Comparator<Object> ORDER = Comparator.<Object>comparingInt(Object::hashCode)
            .thenComparing(Object::toString)
            .thenComparing(key -> key.getClass().getName());

    /** No locks. */
    static final Held NONE = new KeyLocks("", Duration.ZERO).new Held(List.of());

    private final String cacheName;
    private final long userCodeNanos;
    private final Map<Object, KeyLock> locks = new ConcurrentHashMap<>();

    /** @param userCodeTimeout how long a call waits for another one that runs user code */
    KeyLocks(String cacheName, Duration userCodeTimeout) {
        this.cacheName = cacheName;
        this.userCodeNanos = userCodeTimeout.toNanos();
    }

    /**
     * Locks keys until the same thread closes the result.
     *
     * @param deadline the budget of the call
     * @throws CacheException if the wait times out or the thread is interrupted; then nothing is locked
     */
    Held lock(Collection<?> keys, Deadline deadline) {
        boolean nested = DEPTH.get() > 0;
        Held held = new Held(new ArrayList<>(keys.size()));
        long userNanos = userCodeNanos;
        try {
            for (Object key : ordered(keys)) {
                KeyLock lock = wanted(key);
                boolean mine = false;
                try {
                    long waited =
                            nested ? (lock.tryLock(held) ? 0 : KeyLock.RAN_OUT) : lock.lock(held, deadline, userNanos);
                    mine = waited != KeyLock.RAN_OUT;
                    userNanos -= Math.max(0, waited);
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                    throw new CacheException(
                            "Cache '" + cacheName + "': interrupted while waiting for another call on entry " + key
                                    + "; nothing was changed",
                            e);
                } finally {
                    if (mine) {
                        held.locks.add(lock);
                    } else {
                        unwanted(lock);
                    }
                }
                if (!mine && !nested) {
                    throw inUse(key, deadline);
                }
            }
        } catch (Throwable e) {
            unlock(held.locks);
            throw e;
        }
        DEPTH.set(DEPTH.get() + 1);
        return held;
    }

    private static Collection<?> ordered(Collection<?> keys) {
        if (keys.size() < 2) {
            return keys;
        }
        List<Object> ordered = new ArrayList<>(keys);
        ordered.sort(ORDER);
        return ordered;
    }

    private CacheException inUse(Object key, Deadline deadline) {
        return deadline.isOver()
                ? new CacheException("Cache '" + cacheName + "': waited " + deadline.budgetMillis()
                        + " ms for another call on entry " + key
                        + ", which waits for the server; nothing was changed; check the server, or raise"
                        + " iftb.cache.redis.operation-timeout")
                : new CacheException("Cache '" + cacheName + "': waited "
                        + TimeUnit.NANOSECONDS.toMillis(userCodeNanos) + " ms for another call on entry " + key
                        + ", which runs your code (a processor, loader, writer or policy); nothing was changed; make that"
                        + " code faster, or raise iftb.cache.user-code-timeout");
    }

    /** Whether no thread holds or wants a lock. */
    boolean isEmpty() {
        return locks.isEmpty();
    }

    private KeyLock wanted(Object key) {
        return locks.compute(key, (same, lock) -> (lock == null ? new KeyLock(key) : lock).wanted());
    }

    private void unwanted(KeyLock lock) {
        locks.computeIfPresent(lock.key(), (same, current) -> current.unwanted() ? null : current);
    }

    private void unlock(List<KeyLock> held) {
        for (KeyLock lock : held) {
            lock.unlock();
            unwanted(lock);
        }
    }

    /** Locks that a call holds. */
    final class Held {

        private final List<KeyLock> locks;

        private boolean userCode;
        private long userCodeSince;
        private long userCodeNanos;

        private Held(List<KeyLock> locks) {
            this.locks = locks;
        }

        /** Tells whether this call now runs user code. It costs the same however many locks it holds. */
        synchronized void runsUserCode(boolean now) {
            userCodeNanos = userCodeNanos();
            userCodeSince = System.nanoTime();
            userCode = now;
        }

        synchronized boolean isInUserCode() {
            return userCode;
        }

        /** How long this call has run user code so far. */
        synchronized long userCodeNanos() {
            return userCode ? userCodeNanos + System.nanoTime() - userCodeSince : userCodeNanos;
        }

        /** Releases them. */
        void close() {
            if (this != NONE) {
                DEPTH.set(DEPTH.get() - 1);
                unlock(locks);
            }
        }
    }
}
