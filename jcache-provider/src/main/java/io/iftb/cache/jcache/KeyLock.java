package io.iftb.cache.jcache;

import io.iftb.cache.redis.Deadline;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The fair lock of one key. Waiting threads know how long its holders have run user code. An unlock wakes one of them: if it
 * woke all, thousands of threads that want one key would do little else.
 */
final class KeyLock {

    /** The result of {@link #lock} if the wait timed out. */
    static final long RAN_OUT = -1;

    /** How late a waiting thread may learn that user code has ended. */
    private static final long LATE_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

    private final Object key;
    private final ReentrantLock guard = new ReentrantLock();

    /** A condition for each waiting thread. */
    private final Deque<Condition> queue = new ArrayDeque<>();

    private boolean held;

    /** Whether the holder runs user code, since when, and how long holders have run it before. */
    private boolean userCode;

    private long userCodeSince;
    private long userCodeNanos;

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
     * Acquires it. The deadline runs while the holder waits for the server, and stops while it runs user code.
     *
     * @param mostUserNanos how long to wait while the holder runs user code
     * @return how long it waited for user code; {@link #RAN_OUT} if it timed out
     */
    long lock(Deadline deadline, long mostUserNanos) throws InterruptedException {
        boolean mine = false;
        guard.lockInterruptibly();
        Condition turn = guard.newCondition();
        long before = userCodeSoFar();
        long counted = 0;
        try {
            queue.add(turn);
            while (held || queue.peek() != turn) {
                long left = deadline.remainingNanos();
                long userLeft = mostUserNanos - counted;
                if ((userCode ? userLeft : left) <= 0) {
                    return RAN_OUT;
                }
                // user code may begin or end meanwhile
                long most = userCode
                        ? Math.min(userLeft, Math.max(left, LATE_NANOS))
                        : Math.min(left, Math.max(userLeft, LATE_NANOS));
                var unused = turn.awaitNanos(most);
                long waited = userCodeSoFar() - before;
                deadline.extend(waited - counted);
                counted = waited;
            }
            mine = true;
            held = true;
            return counted;
        } finally {
            queue.remove(turn);
            if (!mine && !held) {
                wakeNext();
            }
            guard.unlock();
        }
    }

    private long userCodeSoFar() {
        return userCode ? userCodeNanos + System.nanoTime() - userCodeSince : userCodeNanos;
    }

    private void wakeNext() {
        Condition next = queue.peek();
        if (next != null) {
            next.signal();
        }
    }

    private void setUserCode(boolean now) {
        userCodeNanos = userCodeSoFar();
        userCodeSince = System.nanoTime();
        userCode = now;
    }

    /** Tells waiting threads whether its holder runs user code. */
    void runsUserCode(boolean now) {
        guard.lock();
        try {
            setUserCode(now);
        } finally {
            guard.unlock();
        }
    }

    void unlock() {
        guard.lock();
        try {
            held = false;
            setUserCode(false);
            wakeNext();
        } finally {
            guard.unlock();
        }
    }
}
