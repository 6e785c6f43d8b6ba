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
 * Locks on which the threads of this JVM queue for a key, in the order they came, rather than collide on the server. Each
 * key has its own while somebody wants it, so that slow code of the user holds up its key only.
 *
 * <p>Waiting for a call that waits for the server uses up the budget of the waiting call. While the call before runs code
 * of the user, that budget stops, and the wait has a limit of its own. A wait that runs out ends the call.
 *
 * <p>What keeps an entry whole is the compare-and-set. So a thread that holds locks of any cache already, since a processor
 * called a cache, does not wait, and goes on without the lock. Keys are locked in one order by all threads: there is no
 * deadlock.
 */
final class KeyLocks {

    private static final ThreadLocal<Integer> DEPTH = ThreadLocal.withInitial(() -> 0);

    /** The order in which every thread locks. Keys that differ in none of these are locked in the order they come. */
    private static final Comparator<Object> ORDER = Comparator.<Object>comparingInt(Object::hashCode)
            .thenComparing(Object::toString)
            .thenComparing(key -> key.getClass().getName());

    /** No locks. */
    static final Held NONE = new KeyLocks("", Duration.ZERO).new Held(List.of());

    private final String cacheName;
    private final long userCodeNanos;
    private final Map<Object, KeyLock> locks = new ConcurrentHashMap<>();

    /** @param userCodeTimeout how long a call waits behind code of the user */
    KeyLocks(String cacheName, Duration userCodeTimeout) {
        this.cacheName = cacheName;
        this.userCodeNanos = userCodeTimeout.toNanos();
    }

    /**
     * Locks keys until what it gives is closed, by the same thread.
     *
     * @param deadline the budget of the call
     * @throws CacheException if the wait runs out, or the thread is interrupted; nothing is locked then
     */
    Held lock(Collection<?> keys, Deadline deadline) {
        boolean nested = DEPTH.get() > 0;
        List<KeyLock> held = new ArrayList<>(keys.size());
        long userNanos = userCodeNanos;
        try {
            for (Object key : ordered(keys)) {
                KeyLock lock = wanted(key);
                boolean mine = false;
                try {
                    long waited = nested ? (lock.tryLock() ? 0 : KeyLock.RAN_OUT) : lock.lock(deadline, userNanos);
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
                        held.add(lock);
                    } else {
                        unwanted(lock);
                    }
                }
                if (!mine && !nested) {
                    throw inUse(key, deadline);
                }
            }
        } catch (RuntimeException | Error e) {
            unlock(held);
            throw e;
        }
        DEPTH.set(DEPTH.get() + 1);
        return new Held(held);
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

    /** Whether nobody holds or wants a lock. */
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

        private final List<KeyLock> held;

        private Held(List<KeyLock> held) {
            this.held = held;
        }

        /** Tells those who wait whether this call runs code of the user now. */
        void runsUserCode(boolean now) {
            held.forEach(lock -> lock.runsUserCode(now));
        }

        /** Gives them back. */
        void close() {
            if (this != NONE) {
                DEPTH.set(DEPTH.get() - 1);
                unlock(held);
            }
        }
    }
}
