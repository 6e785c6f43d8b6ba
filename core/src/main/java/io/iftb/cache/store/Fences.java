package io.iftb.cache.store;

import io.iftb.cache.redis.Deadline;
import io.iftb.cache.redis.RedisConnection;
import io.iftb.cache.redis.ReplyFuture;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Lets reads wait until all is heard that was acknowledged before them. */
record Fences(RedisConnection redis) {

    /**
     * Waits for a fence, and then reads.
     *
     * @param held reads what this JVM holds, given the {@link System#nanoTime()} since when a read under way is new enough.
     *     Others may share such a read, see {@link SharedRead}
     * @param asked reads from the server, if there is no fence: such a read is as fresh
     */
    <T> CompletableFuture<T> then(
            Deadline deadline,
            Function<Long, CompletableFuture<T>> held,
            Function<Deadline, CompletableFuture<T>> asked) {
        CompletableFuture<@Nullable Long> fence =
                redis.tracking().fence(deadline).handle((sent, error) -> error == null ? sent : null);
        return ReplyFuture.then(
                fence,
                sent -> sent == null ? asked.apply(deadline) : SharedRead.within(redis, deadline, held.apply(sent)));
    }
}
