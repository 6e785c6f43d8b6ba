package io.iftb.cache;

import io.iftb.cache.redis.Command;
import io.iftb.cache.redis.KeyTracking;
import io.iftb.cache.redis.RedisConnection;
import io.iftb.cache.redis.RedisServerException;
import io.iftb.cache.redis.Reply;
import io.iftb.cache.store.NearStatus;
import io.iftb.cache.store.OutageStatus;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Asks a server how it is. */
final class ServerHealth {

    private ServerHealth() {}

    static Health of(RedisConnection redis, OutageStatus outages) {
        try {
            long asked = System.nanoTime();
            redis.await(redis.ask(Reply.TEXT, Command.PING));
            Duration ping = Duration.ofNanos(System.nanoTime() - asked);
            Map<String, String> info = properties(redis.await(redis.ask(Reply.TEXT, Command.INFO)));
            String version = info.containsKey("valkey_version")
                    ? "valkey " + info.get("valkey_version")
                    : "redis " + info.get("redis_version");
            String mode = info.getOrDefault("redis_mode", info.get("server_mode"));
            long usedMemory = Long.parseLong(info.getOrDefault("used_memory", "0"));
            return new Health(
                    redis.server(),
                    true,
                    null,
                    ping,
                    version,
                    mode,
                    usedMemory,
                    redis.clock().error(),
                    near(redis),
                    redis.breaker(),
                    outages);
        } catch (RedisServerException e) {
            return new Health(
                    redis.server(),
                    false,
                    e.getMessage(),
                    null,
                    null,
                    null,
                    0,
                    null,
                    near(redis),
                    redis.breaker(),
                    outages);
        }
    }

    private static @Nullable NearHealth near(RedisConnection redis) {
        if (!redis.tracking().isUsed()) {
            return null;
        }
        KeyTracking.Status tracking = redis.tracking().status();
        return new NearHealth(
                tracking.standing(),
                tracking.fenced(),
                tracking.reason().isEmpty() ? null : tracking.reason(),
                NearStatus.BOUND,
                Duration.ofNanos(tracking.lastFenceNanos()),
                tracking.epochs(),
                tracking.invalidations());
    }

    private static Map<String, String> properties(String info) {
        Map<String, String> properties = new HashMap<>();
        info.lines().forEach(line -> {
            int colon = line.indexOf(':');
            if (colon > 0) {
                properties.put(line.substring(0, colon), line.substring(colon + 1));
            }
        });
        return properties;
    }
}
