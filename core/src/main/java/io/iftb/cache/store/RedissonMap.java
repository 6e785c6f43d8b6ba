package io.iftb.cache.store;

import io.iftb.cache.market.OpenTime;
import io.iftb.cache.redis.RedisConnection;
import io.iftb.cache.redis.Reply;
import io.iftb.cache.redis.Script;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * The entries of a cache of Redisson's own provider: a hash of keys and values in some codec, and a sorted set of the keys that
 * expire, by the time when they do. Safe for use by several threads.
 */
public final class RedissonMap {

    /** Where a walk begins and ends. */
    public static final String START = "0";

    private static final Script READ = Script.load(RedissonMap.class, "read_redisson.lua");
    private static final Script REMOVE = Script.load(RedissonMap.class, "remove_redisson.lua");
    private static final int STEP = 200;

    /** Bytes of values behind which a step names only keys. */
    private static final int STEP_BYTES = 2 << 20;

    private final RedisConnection redis;
    private final List<String> keys;

    /** @param name of the hash: the name of the cache, and whatever a name mapper puts in front */
    public RedissonMap(RedisConnection redis, String name) {
        this.redis = redis;
        this.keys = List.of(name, Keys.redissonTimeouts(name));
    }

    /**
     * Some entries.
     *
     * @param next the cursor from which to go on; {@link #START} at the end
     * @param later keys of entries that were not read, because the values of others are long; see {@link #entry}
     */
    public record Step(String next, List<RedissonEntry> entries, List<byte[]> later) {}

    /** The name of the hash. */
    public String name() {
        return keys.get(0);
    }

    /** How many entries there are, those that have expired included. */
    public CompletableFuture<Long> size() {
        return redis.query(READ, Reply.PARTS, keys, "SIZE").thenApply(reply -> (Long) reply.get(0));
    }

    /** The next entries, about 200, or 2 MB of values. Those that exist all the time are found at least once. */
    public CompletableFuture<Step> read(String cursor) {
        return step(cursor, STEP);
    }

    /** One entry; none if it is gone. */
    public CompletableFuture<List<RedissonEntry>> entry(byte[] key) {
        return step("ENTRY", key).thenApply(Step::entries);
    }

    private CompletableFuture<Step> step(String cursor, Object wanted) {
        return redis.query(READ, Reply.PARTS, keys, cursor, wanted, STEP_BYTES).thenApply(reply -> {
            List<RedissonEntry> entries = new ArrayList<>();
            List<byte[]> later = new ArrayList<>();
            for (int i = 1; i < reply.size(); i += 3) {
                byte[] key = (byte[]) reply.get(i);
                if (reply.get(i + 1) instanceof byte[] value) {
                    entries.add(new RedissonEntry(key, value, expires(text(reply.get(i + 2)))));
                } else {
                    later.add(key);
                }
            }
            return new Step(text(reply.get(0)), entries, later);
        });
    }

    /** A time that is too far away to be stored is never; the server says {@code inf} too. */
    private static long expires(String score) {
        if (score.isEmpty() || score.endsWith("inf")) {
            return score.startsWith("-") ? 0 : Long.MAX_VALUE;
        }
        double time = Double.parseDouble(score);
        return time > OpenTime.MAX ? Long.MAX_VALUE : (long) time;
    }

    private static String text(Object bytes) {
        return new String((byte[]) bytes, StandardCharsets.US_ASCII);
    }

    /** Removes entries whose values are still those that were read, and that end no later; completes with how many. */
    public CompletableFuture<Long> removeUnchanged(List<RedissonEntry> entries) {
        Object[] arguments = new Object[3 * entries.size()];
        for (int i = 0; i < entries.size(); i++) {
            long expires = entries.get(i).expires();
            arguments[3 * i] = entries.get(i).key();
            arguments[3 * i + 1] = entries.get(i).value();
            arguments[3 * i + 2] = expires == Long.MAX_VALUE ? "inf" : expires + 1; // it was rounded down
        }
        return redis.run(REMOVE, Reply.INTEGER, keys, arguments);
    }
}
