package io.iftb.cache.store;

import io.iftb.cache.redis.Batch;
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
                .send("removed", piece -> piece(commands, piece))
                .thenApply(Unlinking::sum);
    }

    private static CompletableFuture<Long> piece(Commands commands, List<String> redisKeys) {
        if (!commands.hasSeveralPrimaries()) {
            Object[] more = redisKeys.subList(1, redisKeys.size()).toArray();
            return commands.write(Reply.INTEGER, Command.UNLINK, redisKeys.get(0), more);
        }
        Batch batch = commands.batch();
        List<CompletableFuture<Long>> counts = redisKeys.stream()
                .map(each -> batch.write(Reply.INTEGER, Command.UNLINK, each))
                .toList();
        batch.send();
        return Futures.all(counts).thenApply(Unlinking::sum);
    }

    private static long sum(List<Long> counts) {
        return counts.stream().mapToLong(count -> count).sum();
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
