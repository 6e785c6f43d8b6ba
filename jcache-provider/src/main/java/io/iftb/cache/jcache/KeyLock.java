package io.iftb.cache.jcache;

import io.iftb.cache.redis.Deadline;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/** The lock of one key: first come, first served, and those who wait know whether its holder runs code of the user. */
final class KeyLock {

    /** What {@link #lock} gives if the wait ran out. */
    static final long RAN_OUT = -1;

    private final Object key;
    private final ReentrantLock guard = new ReentrantLock();
    private final Condition changed = guard.newCondition();
    private final Deque<Object> queue = new ArrayDeque<>();
    private boolean held;
    private boolean userCode;

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

    /** Counts a thread less; whether none is left. */
    boolean unwanted() {
        return --threads == 0;
    }

    /** Takes it if nobody holds it or waits for it. */
    boolean tryLock() {
        guard.lock();
        try {
            boolean free = !held && queue.isEmpty();
            held |= free;
            return free;
        } finally {
            guard.unlock();
        }
    }

    /**
     * Waits for it. The deadline runs while the holder waits for the server, and stops while it runs code of the user.
     *
     * @param mostUserNanos how long to wait behind code of the user
     * @return how long it did; {@link #RAN_OUT} if it did not get the lock
     */
    long lock(Deadline deadline, long mostUserNanos) throws InterruptedException {
        Object ticket = new Object();
        long userNanos = 0;
        boolean mine = false;
        guard.lockInterruptibly();
        try {
            queue.add(ticket);
            while (held || queue.peek() != ticket) {
                boolean stopped = userCode;
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
            held = true;
            return userNanos;
        } finally {
            queue.remove(ticket);
            if (!mine) {
                changed.signalAll();
            }
            guard.unlock();
        }
    }

    /** Tells those who wait what its holder does. */
    void runsUserCode(boolean now) {
        guard.lock();
        try {
            userCode = now;
            changed.signalAll();
        } finally {
            guard.unlock();
        }
    }

    void unlock() {
        guard.lock();
        try {
            held = false;
            userCode = false;
            changed.signalAll();
        } finally {
            guard.unlock();
        }
    }
}
