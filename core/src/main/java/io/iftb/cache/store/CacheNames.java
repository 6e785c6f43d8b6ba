package io.iftb.cache.store;

import io.iftb.cache.codec.ValueCodec;
import io.iftb.cache.market.DomainCache;
import io.iftb.cache.redis.Batch;
import io.iftb.cache.redis.Command;
import io.iftb.cache.redis.KeyScan;
import io.iftb.cache.redis.RedisConnection;
import io.iftb.cache.redis.Reply;
import io.iftb.cache.redis.ReplyFuture;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * Finds the caches that have entries on the server. A key belongs to a cache if it has the form {@code <cache name>:<key>}
 * and its value starts as the values of caches do, so that keys of other programs are not taken for one.
 */
final class CacheNames {

    private static final byte[] NOTHING = {};

    private final RedisConnection redis;
    private final Keys keys;

    CacheNames(RedisConnection redis, Keys keys) {
        this.redis = redis;
        this.keys = keys;
    }

    /** The names of the domain caches, and of all others that have entries. */
    CompletableFuture<Set<String>> all() {
        Set<String> known = new TreeSet<>();
        for (DomainCache cache : DomainCache.values()) {
            known.add(cache.cacheName());
        }
        return next(redis.scan(keys.all()), known);
    }

    private CompletableFuture<Set<String>> next(KeyScan scan, Set<String> known) {
        return ReplyFuture.then(
                scan.next(),
                found -> found == null
                        ? CompletableFuture.completedFuture(known)
                        : ReplyFuture.then(look(found, known), done -> next(scan, known)));
    }

    private CompletableFuture<?> look(List<String> found, Set<String> known) {
        Map<String, List<String>> unknown = new LinkedHashMap<>();
        for (String redisKey : found) {
            String name = keys.cacheName(redisKey);
            if (name != null && !known.contains(name)) {
                unknown.computeIfAbsent(name, each -> new ArrayList<>()).add(redisKey);
            }
        }
        List<Map.Entry<String, String>> candidates = new ArrayList<>();
        unknown.forEach((name, redisKeys) -> redisKeys.forEach(key -> candidates.add(Map.entry(name, key))));
        return Pieces.ofKeys(candidates)
                .send(
                        "read",
                        piece -> starts(piece).thenAccept(starts -> {
                            for (int i = 0; i < piece.size(); i++) {
                                byte[] start = starts.get(i);
                                if (start != null && ValueCodec.isStart(start)) {
                                    known.add(piece.get(i).getKey());
                                }
                            }
                        }));
    }

    private CompletableFuture<List<byte @Nullable []>> starts(List<Map.Entry<String, String>> candidates) {
        Batch batch = redis.batch();
        List<CompletableFuture<byte @Nullable []>> starts = new ArrayList<>(candidates.size());
        for (Map.Entry<String, String> candidate : candidates) {
            CompletableFuture<byte @Nullable []> start =
                    batch.read(Reply.BYTES, Command.GETRANGE, candidate.getValue(), 0, 0);
            starts.add(Futures.ifForeign(start, NOTHING));
        }
        batch.send();
        return Futures.all(starts);
    }
}
