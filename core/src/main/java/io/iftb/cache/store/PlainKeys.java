package io.iftb.cache.store;

import io.iftb.cache.redis.Batch;
import io.iftb.cache.redis.KeyScan;
import io.iftb.cache.redis.RedisConnection;
import io.iftb.cache.redis.Reply;
import io.iftb.cache.redis.ScanPosition;
import io.iftb.cache.redis.Script;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.BiFunction;

/**
 * The keys of other programs, named in full: finds them, reads strings with what is left of their lifetimes, and removes those
 * that nobody has changed since. Safe for use by several threads.
 */
public final class PlainKeys {

    private static final Script READ = Script.load(PlainKeys.class, "read_plain.lua");
    private static final Script REMOVE = Script.load(PlainKeys.class, "remove_unchanged.lua");

    /** Keys of one call of a script, less than a millisecond of the server's time. */
    private static final int CALL_KEYS = 250;

    private final RedisConnection redis;

    /** Keys on this server. */
    public PlainKeys(RedisConnection redis) {
        this.redis = redis;
    }

    /** Starts a scan of the keys that begin with some text. */
    public KeyScan scan(String prefix) {
        return redis.scan(Keys.startingWith(prefix), ScanPosition.START);
    }

    /** Reads keys, in one round trip for 4,096; those that are not there are left out. */
    public CompletableFuture<List<PlainValue>> read(List<String> redisKeys) {
        return Pieces.ofKeys(redisKeys)
                .send("read", piece -> each(piece, this::readSome))
                .thenApply(pieces -> pieces.stream()
                        .flatMap(List::stream)
                        .flatMap(List::stream)
                        .toList());
    }

    private CompletableFuture<List<PlainValue>> readSome(Batch batch, List<String> redisKeys) {
        return batch.query(READ, Reply.PARTS, redisKeys).thenApply(reply -> {
            long now = now(redisKeys.get(0));
            List<PlainValue> values = new ArrayList<>(redisKeys.size());
            for (int i = 0; i < redisKeys.size(); i++) {
                Object value = reply.get(2 * i);
                long left = (Long) reply.get(2 * i + 1);
                if (value != null && left >= Lifetimes.ETERNAL) {
                    values.add(new PlainValue(
                            redisKeys.get(i),
                            value instanceof byte[] bytes ? bytes : null,
                            left == Lifetimes.ETERNAL ? Long.MAX_VALUE : now + left));
                }
            }
            return values;
        });
    }

    /** What the clock shows of the server that has a key. */
    private long now(String redisKey) {
        return (redis.hasSeveralPrimaries() ? redis.clock(redisKey) : redis.clock()).millis();
    }

    /** Removes keys whose values are still those that were read; completes with how many. */
    public CompletableFuture<Long> removeUnchanged(List<PlainValue> values) {
        return Pieces.ofEntries(values, value -> value.bytes() == null ? 0 : value.bytes().length)
                .send("looked at", piece -> each(piece, PlainKeys::removeSome))
                .thenApply(pieces -> pieces.stream()
                        .flatMap(List::stream)
                        .mapToLong(Long::longValue)
                        .sum());
    }

    private static CompletableFuture<Long> removeSome(Batch batch, List<PlainValue> values) {
        return batch.run(
                REMOVE,
                Reply.INTEGER,
                values.stream().map(PlainValue::redisKey).toList(),
                values.stream().map(PlainValue::bytes).toArray());
    }

    /** Sends calls of one batch; each on several keys, or on one if keys belong to different slots. */
    private <T, R> CompletableFuture<List<R>> each(
            List<T> items, BiFunction<Batch, List<T>, CompletableFuture<R>> call) {
        int most = redis.hasSeveralPrimaries() ? 1 : CALL_KEYS;
        Batch batch = redis.batch();
        List<CompletableFuture<R>> calls = new ArrayList<>();
        for (int from = 0; from < items.size(); from += most) {
            calls.add(call.apply(batch, items.subList(from, Math.min(from + most, items.size()))));
        }
        batch.send();
        return Futures.all(calls);
    }
}
