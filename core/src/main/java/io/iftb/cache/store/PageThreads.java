package io.iftb.cache.store;

import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The threads that pack pages. They only compute, and never wait for anything, so a task always gets its turn. They end when
 * there is nothing to do.
 */
final class PageThreads {

    private static final int WAITING = 4_096;
    private static final int IDLE_SECONDS = 5;
    private static final int LONGEST_PAUSE_LOG2 = 6; // 64 ms
    private static final ThreadPoolExecutor POOL = pool();

    private PageThreads() {}

    private static ThreadPoolExecutor pool() {
        int threads = Math.max(1, Runtime.getRuntime().availableProcessors() / 2);
        ThreadPoolExecutor pool = new ThreadPoolExecutor(
                threads,
                threads,
                IDLE_SECONDS,
                TimeUnit.SECONDS,
                new ArrayBlockingQueue<>(WAITING),
                task -> {
                    Thread thread = new Thread(task, "iftb-cache-pages");
                    thread.setDaemon(true);
                    thread.setContextClassLoader(null); // it outlives what called it
                    return thread;
                },
                new ThreadPoolExecutor.CallerRunsPolicy());
        pool.allowCoreThreadTimeOut(true);
        return pool;
    }

    /** Runs what takes little time and waits for nothing. */
    static Executor executor() {
        return POOL;
    }

    /** Computes a value; the future fails with what the task throws. */
    static <T> CompletableFuture<T> compute(Supplier<T> task) {
        return CompletableFuture.supplyAsync(task, POOL);
    }

    /** Whether there is a pause after a number of tries. Each second one has none: who always waits is always late. */
    static boolean pauses(int tries) {
        return tries >= 2 && tries % 2 == 0;
    }

    /** Completes when another try may begin, after a pause that grows with the number of tries before. */
    static CompletableFuture<@Nullable Void> pause(int tries) {
        if (!pauses(tries)) {
            return CompletableFuture.completedFuture(null);
        }
        long most = 1L << Math.min(tries, LONGEST_PAUSE_LOG2);
        long millis = ThreadLocalRandom.current().nextLong(most / 2, most + 1);
        return CompletableFuture.runAsync(
                () -> {}, CompletableFuture.delayedExecutor(millis, TimeUnit.MILLISECONDS, POOL));
    }
}
