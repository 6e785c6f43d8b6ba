package io.iftb.cache.jcache;

import java.util.Collection;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.ForkJoinWorkerThread;
import java.util.concurrent.RejectedExecutionException;
import javax.cache.CacheException;
import org.jspecify.annotations.Nullable;

/**
 * Limits the tasks in a pool. Up to {@link #MOST_RUNNING} tasks of other threads run at one time, the rest wait in order. A
 * task from a thread of the cache manager starts immediately, since a running task may wait for it.
 */
final class TaskGate implements Executor {

    /** Maximum running tasks from other threads; the pool has a thread for each. */
    static final int MOST_RUNNING = 64;

    /** Maximum waiting tasks from other threads. */
    static final int MOST_WAITING = 100_000;

    private final ForkJoinPool pool;
    private final Collection<ForkJoinPool> inside;
    /** In their order. */
    private final Set<Runnable> waiting = new LinkedHashSet<>();

    private int running;

    /**
     * @param pool runs the tasks
     * @param inside the pools whose threads may start tasks immediately
     */
    TaskGate(ForkJoinPool pool, Collection<ForkJoinPool> inside) {
        this.pool = pool;
        this.inside = inside;
    }

    /**
     * Runs a task, or queues it.
     *
     * @throws CacheException if too many wait
     * @throws IllegalStateException if the cache manager is closed
     */
    @Override
    public void execute(Runnable task) {
        try {
            if (isInside()) {
                pool.execute(() -> CacheExecutors.runUninterrupted(task));
            } else if (admit(task)) {
                start(task);
            }
        } catch (RejectedExecutionException e) {
            throw new IllegalStateException("The cache manager is closed", e);
        }
    }

    private boolean isInside() {
        return Thread.currentThread() instanceof ForkJoinWorkerThread worker && inside.contains(worker.getPool());
    }

    /** Whether a task may run now; otherwise queues it. */
    private synchronized boolean admit(Runnable task) {
        if (running < MOST_RUNNING) {
            running++;
            return true;
        }
        if (waiting.size() == MOST_WAITING) {
            throw new CacheException(MOST_WAITING + " asynchronous operations of this cache manager wait for a thread;"
                    + " wait for some of their stages before you start more");
        }
        waiting.add(task);
        return false;
    }

    private void start(Runnable task) {
        boolean started = false;
        try {
            pool.execute(() -> runAll(task));
            started = true;
        } finally {
            if (!started) {
                runAll(leave()); // one that has come to wait behind it, and that nobody else may see
            }
        }
    }

    private void runAll(@Nullable Runnable first) {
        Runnable task = first;
        while (task != null) {
            try {
                CacheExecutors.runUninterrupted(task);
            } catch (Throwable e) { // also what Java's compiler would not allow: else the slot is lost
                report(e);
            }
            task = leave();
        }
    }

    private static void report(Throwable e) {
        Thread thread = Thread.currentThread();
        try {
            thread.getUncaughtExceptionHandler().uncaughtException(thread, e);
        } catch (Throwable ignored) {
            // as the JVM does: nobody is left to hear of it, and other tasks wait
        }
    }

    /** Gives the place of a task back, if it waits: nobody wants it any more. */
    synchronized void withdraw(Runnable task) {
        waiting.remove(task);
    }

    /** Whether no task of another thread runs or waits. */
    synchronized boolean isIdle() {
        return running == 0;
    }

    /** The next task for a free slot; null if none waits. */
    private synchronized @Nullable Runnable leave() {
        Iterator<Runnable> first = waiting.iterator();
        if (!first.hasNext()) {
            running--;
            return null;
        }
        Runnable next = first.next();
        first.remove();
        return next;
    }
}
