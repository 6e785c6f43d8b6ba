package io.iftb.cache.store;

import io.iftb.cache.market.OpenTime;
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
import java.util.stream.Stream;

/**
 * The keys of other programs, named in full: finds them, reads strings with what is left of their lifetimes, and removes those
 * that nobody has changed since. Safe for use by several threads.
 */
public final class PlainKeys {

    private static final Script READ = Script.load(PlainKeys.class, "read_plain.lua");
    private static final Script REMOVE = Script.load(PlainKeys.class, "remove_unchanged.lua");

    /** Keys of one call of a script, less than a millisecond of the server's time. */
    private static final int CALL_KEYS = 250;

    /** Bytes behind which a call of the script reads no more. */
    private static final int CALL_BYTES = 2 << 20;

    private final RedisConnection redis;

    /** Keys on this server. */
    public PlainKeys(RedisConnection redis) {
        this.redis = redis;
    }

    /** Starts a scan of the keys that begin with some text. */
    public KeyScan scan(String prefix) {
        return redis.scan(Keys.startingWith(prefix), ScanPosition.START);
    }

    /**
     * What was read.
     *
     * @param values those that are there
     * @param later keys that were not read, because what others hold is long
     */
    public record Read(List<PlainValue> values, List<String> later) {}

    /**
     * Reads keys, in one round trip for 4,096; those that are not there are left out. It reads at least the first one, and stops
     * at about 2 MB for each 250 keys: ask for the others again.
     */
    public CompletableFuture<Read> read(List<String> redisKeys) {
        return Pieces.ofKeys(redisKeys)
                .send("read", piece -> each(piece, this::readSome))
                .thenApply(pieces -> {
                    List<PlainValue> values = new ArrayList<>();
                    List<String> later = new ArrayList<>();
                    pieces.forEach(piece -> piece.forEach(read -> {
                        values.addAll(read.values());
                        later.addAll(read.later());
                    }));
                    return new Read(values, later);
                });
    }

    private CompletableFuture<Read> readSome(Batch batch, List<String> redisKeys) {
        return batch.query(READ, Reply.PARTS, redisKeys, CALL_BYTES).thenApply(reply -> {
            long now = now(redisKeys.get(0));
            int size = reply.size() / 2;
            List<PlainValue> values = new ArrayList<>(size);
            for (int i = 0; i < size; i++) {
                Object value = reply.get(2 * i);
                long left = (Long) reply.get(2 * i + 1);
                if (value != null && left >= Lifetimes.ETERNAL) {
                    values.add(new PlainValue(
                            redisKeys.get(i), value instanceof byte[] bytes ? bytes : null, expires(now, left)));
                }
            }
            return new Read(values, redisKeys.subList(size, redisKeys.size()));
        });
    }

    /** A time that is too far away to be stored is never. */
    private static long expires(long now, long left) {
        return left == Lifetimes.ETERNAL || left > OpenTime.MAX - now ? Long.MAX_VALUE : now + left;
    }

    /** What the clock shows of the server that has a key. */
    private long now(String redisKey) {
        return (redis.hasSeveralPrimaries() ? redis.clock(redisKey) : redis.clock()).millis();
    }

    /**
     * Removes keys whose values are still those that were read, and that end no later, give or take {@link
     * CandleStore#SAME_EXPIRY_MILLIS}; completes with how many.
     */
    public CompletableFuture<Long> removeUnchanged(List<PlainValue> values) {
        return Pieces.ofEntries(values, value -> value.bytes() == null ? 0 : value.bytes().length)
                .send("looked at", piece -> each(piece, this::removeSome))
                .thenApply(pieces -> pieces.stream()
                        .flatMap(List::stream)
                        .mapToLong(Long::longValue)
                        .sum());
    }

    private CompletableFuture<Long> removeSome(Batch batch, List<PlainValue> values) {
        long now = now(values.get(0).redisKey());
        Stream<Object> arguments = Stream.concat(
                values.stream().map(PlainValue::bytes), values.stream().map(value -> longestLifetime(value, now)));
        return batch.run(
                REMOVE, Reply.INTEGER, values.stream().map(PlainValue::redisKey).toList(), arguments.toArray());
    }

    private static long longestLifetime(PlainValue value, long now) {
        return value.expires() == Long.MAX_VALUE
                ? Lifetimes.ETERNAL
                : Math.max(0, value.expires() - now) + CandleStore.SAME_EXPIRY_MILLIS;
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
