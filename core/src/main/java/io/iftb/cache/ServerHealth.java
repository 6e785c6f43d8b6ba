package io.iftb.cache;

import io.iftb.cache.redis.Command;
import io.iftb.cache.redis.KeyTracking;
import io.iftb.cache.redis.PrimaryCommands;
import io.iftb.cache.redis.RedisConnection;
import io.iftb.cache.redis.RedisServerException;
import io.iftb.cache.redis.Reply;
import io.iftb.cache.redis.ReplyFuture;
import io.iftb.cache.store.NearStatus;
import io.iftb.cache.store.OutageStatus;
import java.time.Duration;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Asks the primaries how they are. */
final class ServerHealth {

    private ServerHealth() {}

    static Health of(RedisConnection redis, OutageStatus outages) {
        List<PrimaryHealth> primaries = List.of();
        String problem = null;
        try {
            primaries = redis.await(ReplyFuture.all(
                    redis.primaries().stream().map(ServerHealth::of).toList()));
            problem = primaries.isEmpty() ? "no primary is known" : first(primaries, PrimaryHealth::problem);
        } catch (RedisServerException interrupted) {
            problem = interrupted.getMessage();
        }
        boolean reachable = problem == null;
        return new Health(
                redis.server(),
                reachable,
                problem,
                primaries.stream()
                        .map(PrimaryHealth::ping)
                        .filter(Objects::nonNull)
                        .max(Comparator.naturalOrder())
                        .orElse(null),
                first(primaries, PrimaryHealth::version),
                reachable ? redis.mode() : null,
                primaries.stream().mapToLong(PrimaryHealth::usedMemory).sum(),
                reachable ? redis.clockError() : null,
                near(redis),
                redis.breaker(),
                primaries,
                outages);
    }

    private static @Nullable String first(
            List<PrimaryHealth> primaries, Function<PrimaryHealth, @Nullable String> property) {
        return primaries.stream()
                .map(property)
                .filter(Objects::nonNull)
                .findFirst()
                .orElse(null);
    }

    private static CompletableFuture<PrimaryHealth> of(PrimaryCommands primary) {
        long asked = System.nanoTime();
        return ReplyFuture.then(primary.ask(Reply.TEXT, Command.PING), pong -> {
                    Duration ping = Duration.ofNanos(System.nanoTime() - asked);
                    return primary.ask(Reply.TEXT, Command.INFO).thenApply(info -> of(primary, ping, properties(info)));
                })
                .exceptionally(error -> new PrimaryHealth(
                        primary.server(),
                        (error instanceof CompletionException && error.getCause() != null ? error.getCause() : error)
                                .getMessage(),
                        null,
                        null,
                        0,
                        primary.breaker()));
    }

    private static PrimaryHealth of(PrimaryCommands primary, Duration ping, Map<String, String> info) {
        String version = info.containsKey("valkey_version")
                ? "valkey " + info.get("valkey_version")
                : "redis " + info.get("redis_version");
        long usedMemory = Long.parseLong(info.getOrDefault("used_memory", "0"));
        return new PrimaryHealth(primary.server(), null, ping, version, usedMemory, primary.breaker());
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
