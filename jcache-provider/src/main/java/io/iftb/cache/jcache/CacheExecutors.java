package io.iftb.cache.jcache;

import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The threads of a cache manager for the user's code that does not run in the caller's thread. EventDispatcher have threads of
 * their own, so that those which block hold up no load and no asynchronous operation. Idle threads end.
 */
final class CacheExecutors implements AutoCloseable {

    private static final int THREADS = Math.max(8, 2 * Runtime.getRuntime().availableProcessors());

    private final ThreadPoolExecutor listeners = pool("iftb-cache-listener-", THREADS);
    private final ThreadPoolExecutor tasks = pool("iftb-cache-task-", THREADS);
    private final ThreadPoolExecutor arrivals = pool("iftb-cache-arrival-", 1);

    /** Runs asynchronous listeners. */
    Executor listeners() {
        return listeners;
    }

    /** Runs loads and asynchronous operations. */
    Executor tasks() {
        return tasks;
    }

    /** Takes events of other JVMs, one after the other. */
    Executor arrivals() {
        return arrivals;
    }

    private static ThreadPoolExecutor pool(String name, int threads) {
        AtomicInteger number = new AtomicInteger();
        ThreadFactory daemons = task -> {
            Thread thread = new Thread(task, name + number.incrementAndGet());
            thread.setDaemon(true);
            return thread;
        };
        ThreadPoolExecutor pool =
                new ThreadPoolExecutor(threads, threads, 10, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), daemons);
        pool.allowCoreThreadTimeOut(true);
        return pool;
    }

    /** Lets what waits run to its end, and takes nothing new. */
    @Override
    public void close() {
        arrivals.shutdown();
        listeners.shutdown();
        tasks.shutdown();
    }
}
