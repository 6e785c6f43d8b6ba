package io.iftb.cache;

import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * The threads that compute what no caller computes in its own: what is refreshed behind a reader, and what a reader does not wait
 * for to its end. Each computation has a thread, since it may wait for another; idle threads end.
 */
final class LoadThreads {

    /** More at one time are refused. */
    private static final int MOST = 1_024;

    private static final int IDLE_SECONDS = 5;
    private static final ThreadPoolExecutor POOL = new ThreadPoolExecutor(
            0,
            MOST,
            IDLE_SECONDS,
            TimeUnit.SECONDS,
            new SynchronousQueue<>(),
            task -> {
                Thread thread = new Thread(task, "iftb-cache-load");
                thread.setDaemon(true);
                thread.setContextClassLoader(null); // it outlives what called it
                return thread;
            },
            (task, pool) -> {
                throw new RejectedExecutionException(
                        MOST + " computations of entries run already in this JVM, so another"
                                + " was not begun; ask for fewer missing entries at a time, or make their code faster");
            });

    private LoadThreads() {}

    /**
     * Runs code with the context class loader of the thread that calls this.
     *
     * @throws RejectedExecutionException in {@code execute}, if too much is computed already
     */
    static Executor ofCaller() {
        ClassLoader classLoader = Thread.currentThread().getContextClassLoader();
        return task -> POOL.execute(() -> {
            Thread thread = Thread.currentThread();
            thread.setContextClassLoader(classLoader);
            try {
                task.run();
            } finally {
                thread.setContextClassLoader(null);
            }
        });
    }
}
