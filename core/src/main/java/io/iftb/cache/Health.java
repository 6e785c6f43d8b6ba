package io.iftb.cache;

import io.iftb.cache.redis.BreakerStatus;
import io.iftb.cache.store.OutageStatus;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How the server is, or the servers.
 *
 * @param server its address, without user and password
 * @param reachable whether it answered; of several primaries, whether all did
 * @param problem why it did not; null if it did
 * @param ping how long it took to answer, the slowest primary; null if it did not
 * @param version its version, such as {@code redis 7.0.15}; null if it did not answer
 * @param mode {@code standalone}, {@code sentinel} or {@code cluster}; null if it did not answer
 * @param usedMemory bytes that it uses, or all primaries; zero if it did not answer
 * @param clockError how far off its clock, as this JVM sees it, is at most: no bar is shown or hidden earlier or later than
 *     that; null if it did not answer
 * @param near how near caches hear of changes; null if none is open
 * @param breaker whether calls are sent, and what failed for the server's sake
 * @param primaries each primary: one, or those of a Redis Cluster
 * @param outages what caches have missed and dropped while it was unavailable, and what of that is still to be removed
 */
public record Health(
        String server,
        boolean reachable,
        @Nullable String problem,
        @Nullable Duration ping,
        @Nullable String version,
        @Nullable String mode,
        long usedMemory,
        @Nullable Duration clockError,
        @Nullable NearHealth near,
        BreakerStatus breaker,
        List<PrimaryHealth> primaries,
        OutageStatus outages) {

    /** Keeps its own list of primaries. */
    public Health {
        primaries = List.copyOf(primaries);
    }
}
