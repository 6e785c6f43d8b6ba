package io.iftb.cache.jcache;

import io.iftb.cache.redis.Deadline;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

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

    private KeyLocks.@Nullable Held holder;

    /** How long earlier holders have run user code. */
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
        boolean mine = false;
        guard.lockInterruptibly();
        Condition turn = guard.newCondition();
        long before = userCodeSoFar();
        long counted = 0;
        try {
            queue.add(turn);
            while (holder != null || queue.peek() != turn) {
                boolean userCode = holder != null && holder.isInUserCode();
                long left = deadline.remainingNanos();
                long userLeft = mostUserNanos - counted;
                if ((userCode ? userLeft : left) <= 0) {
                    return RAN_OUT;
                }
                // user code may begin or end meanwhile
                long most = userCode
                        ? Math.min(userLeft, Math.max(left, LATE_NANOS))
                        : Math.min(left, Math.max(userLeft, LATE_NANOS));
                await(turn, most);
                long waited = userCodeSoFar() - before;
                deadline.extend(waited - counted);
                counted = waited;
            }
            mine = true;
            holder = caller;
            return counted;
        } finally {
            queue.remove(turn);
            if (!mine && holder == null) {
                wakeNext();
            }
            guard.unlock();
        }
    }

    /** Waits as a pool of Java can see it, which then lets another thread do its other work: the holder may wait for that. */
    private static void await(Condition turn, long nanos) throws InterruptedException {
        Turn wait = new Turn(turn, nanos);
        try {
            ForkJoinPool.managedBlock(wait);
        } catch (RejectedExecutionException e) { // a pool of the program that gives no more threads
            var unused = wait.block();
        }
    }

    /** One wait for a condition, of the thread that has the guard. */
    private record Turn(Condition condition, long nanos) implements ForkJoinPool.ManagedBlocker {

        @Override
        @SuppressWarnings("WaitNotInLoop") // its caller asks again
        public boolean block() throws InterruptedException {
            var unused = condition.awaitNanos(nanos);
            return true;
        }

        @Override
        public boolean isReleasable() {
            return false;
        }
    }

    private long userCodeSoFar() {
        return holder == null ? userCodeNanos : userCodeNanos + holder.userCodeNanos();
    }

    private void wakeNext() {
        Condition next = queue.peek();
        if (next != null) {
            next.signal();
        }
    }

    void unlock() {
        guard.lock();
        try {
            userCodeNanos = userCodeSoFar();
            holder = null;
            wakeNext();
        } finally {
            guard.unlock();
        }
    }
}
