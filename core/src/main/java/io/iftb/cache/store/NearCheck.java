package io.iftb.cache.store;

import io.iftb.cache.near.Held;
import io.iftb.cache.near.HitChecker;
import io.iftb.cache.near.NearMap;
import io.iftb.cache.redis.KeyTracking;
import java.util.concurrent.CompletableFuture;
import java.util.function.BiFunction;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Compares what this JVM holds with the server. What differs after a fence, and after a second read and another fence, and
 * is held still, was not dropped when it had to be: a fault of this library, which is counted and logged as one.
 *
 * @param map what is held
 * @param tracking gives fences
 * @param same reads a key on the server, and says whether it is what is held
 */
record NearCheck<T extends Held>(
        NearMap<T> map, KeyTracking tracking, BiFunction<String, T, CompletableFuture<Boolean>> same)
        implements HitChecker<T> {

    private static final Logger LOG = LoggerFactory.getLogger(NearCheck.class);

    @Override
    public void check(String redisKey, T held) {
        var unused = compare(redisKey, held);
    }

    /** Completes with whether it was well; also if it could not be found out. */
    CompletableFuture<Boolean> compare(String redisKey, T held) {
        return isWell(redisKey, held)
                .thenCompose(well -> well ? CompletableFuture.completedFuture(true) : isWell(redisKey, held))
                .thenApply(well -> {
                    if (!well) {
                        map.faulty(redisKey);
                        LOG.error(
                                "The near cache held an old value of key {} although its change had been heard. It was"
                                        + " dropped. This is a fault of iftb-cache: please report it",
                                redisKey);
                    }
                    return well;
                })
                .exceptionally(lost -> true);
    }

    private CompletableFuture<Boolean> isWell(String redisKey, T held) {
        return ifHeld(
                redisKey,
                held,
                fenced -> same.apply(redisKey, held)
                        .thenCompose(well -> well
                                ? CompletableFuture.completedFuture(true)
                                : ifHeld(redisKey, held, again -> CompletableFuture.completedFuture(false))));
    }

    /** Goes on if the value is held still once all has been heard; else it was dropped, as it should be. */
    private CompletableFuture<Boolean> ifHeld(
            String redisKey, T held, Function<Long, CompletableFuture<Boolean>> next) {
        return tracking.fence()
                .thenCompose(sent ->
                        map.isHeld(redisKey, held) ? next.apply(sent) : CompletableFuture.completedFuture(true));
    }
}
