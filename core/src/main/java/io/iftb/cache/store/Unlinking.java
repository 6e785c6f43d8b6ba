package io.iftb.cache.store;

import io.iftb.cache.redis.Command;
import io.iftb.cache.redis.Commands;
import io.iftb.cache.redis.KeyScan;
import io.iftb.cache.redis.RedisConnection;
import io.iftb.cache.redis.RedisServerException;
import io.iftb.cache.redis.Reply;
import io.iftb.cache.redis.ReplyFuture;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Removes keys of the server, in pieces; their memory is freed in the background. */
final class Unlinking {

    private Unlinking() {}

    /** Removes keys; completes with how many there were. */
    static CompletableFuture<Long> keys(Commands commands, List<String> redisKeys) {
        return Pieces.ofKeys(redisKeys)
                .send(
                        "removed",
                        piece -> commands.write(
                                Reply.INTEGER,
                                Command.UNLINK,
                                piece.get(0),
                                piece.subList(1, piece.size()).toArray()))
                .thenApply(counts -> counts.stream().mapToLong(count -> count).sum());
    }

    /** Removes the keys of a scan that pass a filter. A failure says how many were removed before it. */
    static CompletableFuture<Void> all(RedisConnection redis, KeyScan scan, Predicate<String> filter) {
        return all(redis, scan, filter, 0);
    }

    private static CompletableFuture<Void> all(
            RedisConnection redis, KeyScan scan, Predicate<String> filter, long before) {
        // a caller who is interrupted learns of the removal that was sent last
        CompletableFuture<@Nullable Long> one = ReplyFuture.then(
                scan.next(),
                found -> found == null
                        ? CompletableFuture.completedFuture(null)
                        : keys(redis, found.stream().filter(filter).toList()));
        return ReplyFuture.then(
                one.exceptionally(error -> {
                    throw Futures.cause(error) instanceof RedisServerException failure && before > 0
                            ? new CompletionException(Pieces.withCount(failure, before + " keys were removed"))
                            : Futures.wrapped(error);
                }),
                removed -> removed == null
                        ? CompletableFuture.completedFuture(null)
                        : all(redis, scan, filter, before + removed));
    }
}
