package io.iftb.cache;

import io.iftb.cache.redis.BreakerStatus;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * How one primary is.
 *
 * @param server its address now, without user and password
 * @param problem why it did not answer; null if it did
 * @param ping how long it took to answer; null if it did not
 * @param version its version, such as {@code redis 7.0.15}; null if it did not answer
 * @param usedMemory bytes that it uses; zero if it did not answer
 * @param breaker whether calls are sent to it, and what failed for its sake
 */
public record PrimaryHealth(
        String server,
        @Nullable String problem,
        @Nullable Duration ping,
        @Nullable String version,
        long usedMemory,
        BreakerStatus breaker) {}
