package io.iftb.cache.jcache;

import io.iftb.cache.redis.Deadline;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/** The fair lock of one key. Waiting threads know whether its holder runs user code. */
final class KeyLock {

    /** The result of {@link #lock} if the wait timed out. */
    static final long RAN_OUT = -1;

    private final Object key;
    private final ReentrantLock guard = new ReentrantLock();
    private final Condition changed = guard.newCondition();
    private final Deque<Object> queue = new ArrayDeque<>();
    private KeyLocks.@Nullable Held holder;

    /** How many threads hold it or wait for it; changed by {@link KeyLocks} only. */
    private int threads;

    KeyLock(Object key) {
        this.key = key;
    }

    Object key() {
        return key;
    }

    /** Counts a thread that wants it. */
    KeyLock wanted() {
        threads++;
        return this;
    }

    /** Uncounts a thread; whether none remains. */
    boolean unwanted() {
        return --threads == 0;
    }

    /** Acquires it if no thread holds it or waits for it. */
    boolean tryLock(KeyLocks.Held caller) {
        guard.lock();
        try {
            boolean free = holder == null && queue.isEmpty();
            if (free) {
                holder = caller;
            }
            return free;
        } finally {
            guard.unlock();
        }
    }

    /**
     * Acquires it. The deadline runs while the holder waits for the server, and stops while it runs user code.
     *
     * @param mostUserNanos how long to wait while the holder runs user code
     * @return how long it waited for user code; {@link #RAN_OUT} if it timed out
     */
    long lock(KeyLocks.Held caller, Deadline deadline, long mostUserNanos) throws InterruptedException {
        Object ticket = new Object();
        long userNanos = 0;
        boolean mine = false;
        guard.lockInterruptibly();
        try {
            queue.add(ticket);
            while (holder != null || queue.peek() != ticket) {
                boolean stopped = holder != null && holder.isInUserCode(this);
                long most = stopped ? mostUserNanos - userNanos : deadline.remainingNanos();
                if (most <= 0) {
                    return RAN_OUT;
                }
                long start = System.nanoTime();
                long left = changed.awaitNanos(most);
                if (stopped) {
                    long waited = left <= 0 ? most : System.nanoTime() - start;
                    userNanos += waited;
                    deadline.extend(waited);
                }
            }
            mine = true;
            holder = caller;
            return userNanos;
        } finally {
            queue.remove(ticket);
            if (!mine) {
                changed.signalAll();
            }
            guard.unlock();
        }
    }

    /** Tells waiting threads that its holder begins or ends to run user code. */
    void wake() {
        guard.lock();
        try {
            changed.signalAll();
        } finally {
            guard.unlock();
        }
    }

    void unlock() {
        guard.lock();
        try {
            holder = null;
            changed.signalAll();
        } finally {
            guard.unlock();
        }
    }
}
