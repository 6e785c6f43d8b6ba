package io.iftb.cache.store;

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
     */
    public record Step(String next, List<RedissonEntry> entries) {}

    /** The name of the hash. */
    public String name() {
        return keys.get(0);
    }

    /** How many entries there are, those that have expired included. */
    public CompletableFuture<Long> size() {
        return redis.query(READ, Reply.PARTS, keys, "SIZE").thenApply(reply -> (Long) reply.get(0));
    }

    /** The next entries, about 200. Those that exist all the time are found at least once. */
    public CompletableFuture<Step> read(String cursor) {
        return redis.query(READ, Reply.PARTS, keys, cursor, STEP).thenApply(reply -> {
            List<RedissonEntry> entries = new ArrayList<>();
            for (int i = 1; i < reply.size(); i += 3) {
                String expires = text(reply.get(i + 2));
                entries.add(new RedissonEntry(
                        (byte[]) reply.get(i),
                        (byte[]) reply.get(i + 1),
                        expires.isEmpty() ? Long.MAX_VALUE : (long) Double.parseDouble(expires)));
            }
            return new Step(text(reply.get(0)), entries);
        });
    }

    private static String text(Object bytes) {
        return new String((byte[]) bytes, StandardCharsets.US_ASCII);
    }

    /** Removes entries whose values are still those that were read; completes with how many. */
    public CompletableFuture<Long> removeUnchanged(List<RedissonEntry> entries) {
        Object[] arguments = new Object[2 * entries.size()];
        for (int i = 0; i < entries.size(); i++) {
            arguments[2 * i] = entries.get(i).key();
            arguments[2 * i + 1] = entries.get(i).value();
        }
        return redis.run(REMOVE, Reply.INTEGER, keys, arguments);
    }
}
