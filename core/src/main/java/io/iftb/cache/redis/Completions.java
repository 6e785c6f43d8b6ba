package io.iftb.cache.redis;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.ForkJoinWorkerThread;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The pool in which public stages complete. If a continuation waits for another stage by {@code join()} or {@code get()},
 * the pool adds a thread, so that there is always one to complete that stage. Safe for use by several threads.
 */
public final class Completions implements Executor, AutoCloseable {

    private static final int THREADS = Math.max(4, Runtime.getRuntime().availableProcessors());

    /** Beyond this many threads, the pool no longer compensates for waiting ones. It does not reject tasks. */
    private static final int MOST_THREADS = 8_192;

    private static final int KEEP_SECONDS = 10;

    private final ForkJoinPool pool;

    /** Threads named {@code iftb-cache-completion-…}; idle ones end. */
    public Completions() {
        AtomicInteger number = new AtomicInteger();
        ForkJoinPool.ForkJoinWorkerThreadFactory threads = owner -> {
            ForkJoinWorkerThread thread = ForkJoinPool.defaultForkJoinWorkerThreadFactory.newThread(owner);
            thread.setName("iftb-cache-completion-" + number.incrementAndGet());
            return thread;
        };
        this.pool = new ForkJoinPool(
                THREADS, threads, null, true, 0, MOST_THREADS, 1, full -> true, KEEP_SECONDS, TimeUnit.SECONDS);
    }

    /** Runs a task in the pool, or in this thread after the pool is closed. */
    @Override
    public void execute(Runnable task) {
        try {
            pool.execute(task);
        } catch (RejectedExecutionException closed) {
            task.run();
        }
    }

    /** Whether this is closed. */
    public boolean isClosed() {
        return pool.isShutdown();
    }

    /** A future with the same result, which completes in a thread of this pool. */
    public <T> CompletableFuture<T> handOver(CompletableFuture<T> result) {
        CompletableFuture<T> handed = new CompletableFuture<>();
        var unused = result.whenComplete((value, error) -> execute(() -> {
            if (error == null) {
                handed.complete(value);
            } else {
                handed.completeExceptionally(FailureTranslator.unwrap(error));
            }
        }));
        return handed;
    }

    /** Lets queued tasks run to their end. */
    @Override
    public void close() {
        pool.shutdown();
    }
}
