package io.iftb.cache.store;

import io.iftb.cache.redis.Deadline;
import io.iftb.cache.redis.RedisConnection;
import io.iftb.cache.redis.RedisUnavailableException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** A read that several callers share. It has a budget of its own, and each of them waits for it as long as theirs lasts. */
final class SharedRead {

    /** The part of a budget that may be gone without the rest being watched: a call may outlive its budget by as much. */
    private static final int UNWATCHED_PART = 10;

    private SharedRead() {}

    /**
     * The read for one caller.
     *
     * @param deadline of the caller, who has waited for something else before
     * @return fails with {@link RedisUnavailableException} when the budget of the caller is over
     */
    static <T> CompletableFuture<T> within(RedisConnection redis, Deadline deadline, CompletableFuture<T> read) {
        long left = deadline.remainingNanos();
        long budget = TimeUnit.MILLISECONDS.toNanos(deadline.budgetMillis());
        return read.isDone() || budget - left <= budget / UNWATCHED_PART
                ? read
                : read.copy().orTimeout(Math.max(0, left), TimeUnit.NANOSECONDS).exceptionally(error -> {
                    throw late(redis, error);
                });
    }

    private static RuntimeException late(RedisConnection redis, Throwable error) {
        return error instanceof TimeoutException
                ? new RedisUnavailableException(
                        "Redis at " + redis.server() + " did not answer a read, and what it had to wait for, within the"
                                + " budget of their call; check the server, or raise iftb.cache.redis.operation-timeout",
                        error)
                : Futures.wrapped(error);
    }
}
