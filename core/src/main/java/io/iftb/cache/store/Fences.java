package io.iftb.cache.store;

import io.iftb.cache.redis.Deadline;
import io.iftb.cache.redis.RedisConnection;
import io.iftb.cache.redis.RedisUnavailableException;
import io.iftb.cache.redis.ReplyFuture;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Lets reads wait until all is heard that was acknowledged before them. */
record Fences(RedisConnection redis) {

    /** The part of a budget that a fence may take without the rest being watched: a call may outlive its budget by as much. */
    private static final int UNWATCHED_PART = 10;

    /**
     * Waits for a fence, and then reads.
     *
     * @param held reads what this JVM holds, given the {@link System#nanoTime()} since when a read under way is new enough.
     *     Others may share such a read, so it has a budget of its own, and this caller waits for it as long as its budget lasts
     * @param asked reads from the server, if there is no fence: such a read is as fresh
     */
    <T> CompletableFuture<T> then(
            Deadline deadline,
            Function<Long, CompletableFuture<T>> held,
            Function<Deadline, CompletableFuture<T>> asked) {
        CompletableFuture<@Nullable Long> fence =
                redis.tracking().fence(deadline).handle((sent, error) -> error == null ? sent : null);
        return ReplyFuture.then(
                fence, sent -> sent == null ? asked.apply(deadline) : within(deadline, held.apply(sent)));
    }

    private <T> CompletableFuture<T> within(Deadline deadline, CompletableFuture<T> read) {
        long left = deadline.remainingNanos();
        long budget = TimeUnit.MILLISECONDS.toNanos(deadline.budgetMillis());
        return read.isDone() || budget - left <= budget / UNWATCHED_PART
                ? read
                : read.copy().orTimeout(Math.max(0, left), TimeUnit.NANOSECONDS).exceptionally(error -> {
                    throw late(error);
                });
    }

    private RuntimeException late(Throwable error) {
        return error instanceof TimeoutException
                ? new RedisUnavailableException(
                        "Redis at " + redis.server() + " did not answer a fence and a read within the budget of their"
                                + " call; check the server, or raise iftb.cache.redis.operation-timeout",
                        error)
                : Futures.wrapped(error);
    }
}
