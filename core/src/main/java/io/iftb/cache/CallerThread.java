package io.iftb.cache;

import io.iftb.cache.redis.RedisServerException;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * The thread of a caller that waits, which runs the caller's code. When it no longer waits, another executor runs it, since
 * others may need the result.
 */
final class CallerThread implements Executor {

    private final Executor otherwise;
    private final Queue<Runnable> tasks = new ArrayDeque<>();
    private boolean gone;

    CallerThread(Executor otherwise) {
        this.otherwise = otherwise;
    }

    @Override
    public void execute(Runnable task) {
        synchronized (this) {
            if (!gone) {
                tasks.add(task);
                notifyAll();
                return;
            }
        }
        otherwise.execute(task);
    }

    /**
     * Waits for a result, and runs what has to be run meanwhile.
     *
     * @throws RedisServerException if the thread is interrupted, or waited too long; the result is cancelled then
     */
    <T> T await(CompletableFuture<T> result) {
        var unused = result.whenComplete((done, error) -> {
            synchronized (this) {
                notifyAll();
            }
        });
        try {
            for (Runnable task = next(result); task != null; task = next(result)) {
                task.run();
            }
            return result.join();
        } catch (InterruptedException e) {
            result.cancel(false);
            Thread.currentThread().interrupt();
            throw new RedisServerException("interrupted while waiting for another caller that computes the entry", e);
        } catch (CompletionException | CancellationException e) {
            throw failure(e);
        } finally {
            leave();
        }
    }

    private static RuntimeException failure(RuntimeException e) {
        Throwable cause = e.getCause() == null ? e : e.getCause();
        if (cause instanceof TimeoutException) {
            return new RedisServerException(String.valueOf(cause.getMessage()), cause);
        }
        if (cause instanceof Error error) {
            throw error;
        }
        return cause instanceof RuntimeException failure ? failure : e;
    }

    private @Nullable Runnable next(CompletableFuture<?> result) throws InterruptedException {
        Pause pause = new Pause(result);
        try {
            ForkJoinPool.managedBlock(pause); // the pool of this thread may have to complete what it waits for
        } catch (RejectedExecutionException e) {
            pause.block(); // that pool may not grow
        }
        synchronized (this) {
            return tasks.poll();
        }
    }

    /** The wait for a task or the result. */
    private final class Pause implements ForkJoinPool.ManagedBlocker {

        private final CompletableFuture<?> result;

        Pause(CompletableFuture<?> result) {
            this.result = result;
        }

        @Override
        public boolean block() throws InterruptedException {
            synchronized (CallerThread.this) {
                while (!isReleasable()) {
                    CallerThread.this.wait();
                }
                return true;
            }
        }

        @Override
        public boolean isReleasable() {
            synchronized (CallerThread.this) {
                return !tasks.isEmpty() || result.isDone();
            }
        }
    }

    private void leave() {
        synchronized (this) {
            gone = true;
        }
        tasks.forEach(otherwise::execute); // nobody adds one any more
        tasks.clear();
    }
}
