package io.iftb.cache.store;

import io.iftb.cache.redis.RedisConnection;
import io.iftb.cache.redis.Reply;
import io.iftb.cache.redis.Script;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/** Finds out which rights the user of a connection lacks, by a script that tries each command and changes nothing. */
public final class UserRights {

    private static final Script MISSING = Script.load(UserRights.class, "missing_rights.lua");

    private final RedisConnection redis;
    private final Keys keys;

    UserRights(RedisConnection redis, Keys keys) {
        this.redis = redis;
        this.keys = keys;
    }

    /** What rights are needed for. */
    public enum Purpose {
        /** reading entries and candles, lists and walks */
        READS,
        /** writing and removing entries and candles */
        WRITES,
        /** near caches */
        NEAR,
        /** remote events, and waking those who wait for what others fetch */
        EVENTS,
        /** entries that are computed once for all JVMs */
        LEASES,
        /** budgets of requests */
        BUDGETS
    }

    /**
     * The rights that are missing, by what they are for, as {@code ACL SETUSER} writes them. A missing right to the keys shows
     * as all the rights that need them. Before Redis 7.0, those to channels and to the connection cannot be found out.
     */
    public CompletableFuture<Map<Purpose, List<String>>> missing() {
        String key = keys.entry("iftb-cache-doctor", "rights");
        return redis.query(
                        MISSING,
                        Reply.STRINGS,
                        List.of(key),
                        Keys.lease(key),
                        keys.budget("iftb-cache-doctor"),
                        keys.changes(redis.database(), "iftb-cache-doctor"),
                        keys.fetched(redis.database()),
                        keys.computed(redis.database(), "iftb-cache-doctor"))
                .thenApply(UserRights::byPurpose);
    }

    private static Map<Purpose, List<String>> byPurpose(List<byte[]> words) {
        Map<Purpose, List<String>> missing = new LinkedHashMap<>();
        for (byte[] each : words) {
            String[] pair = new String(each, StandardCharsets.UTF_8).split(" ", 2);
            missing.computeIfAbsent(Purpose.valueOf(pair[0]), purpose -> new ArrayList<>())
                    .add(pair[1]);
        }
        return missing;
    }
}
