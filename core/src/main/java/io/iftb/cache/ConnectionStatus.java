package io.iftb.cache;

import io.iftb.cache.redis.BreakerStatus;
import io.iftb.cache.redis.KeyTracking;
import io.iftb.cache.redis.RedisConnection;
import java.time.Duration;

/**
 * What this JVM knows of its connections to one server without asking it.
 *
 * @param connections that are open, without those that hear which keys change
 * @param calls that have not ended
 * @param breaker whether calls are sent, and what failed for the server's sake
 * @param hasNear whether there is a near cache
 * @param isHearing whether changes are heard for near caches; false if there is none
 * @param lastFence how long the last fence took; zero before the first
 * @param epochs how often all near caches had to drop everything
 */
public record ConnectionStatus(
        int connections,
        long calls,
        BreakerStatus breaker,
        boolean hasNear,
        boolean isHearing,
        Duration lastFence,
        long epochs) {

    static ConnectionStatus of(RedisConnection redis) {
        KeyTracking.Status tracking = redis.tracking().status();
        return new ConnectionStatus(
                redis.openConnections(),
                redis.callsUnderWay(),
                redis.breaker(),
                redis.tracking().isUsed(),
                tracking.standing(),
                Duration.ofNanos(tracking.lastFenceNanos()),
                tracking.epochs());
    }
}
