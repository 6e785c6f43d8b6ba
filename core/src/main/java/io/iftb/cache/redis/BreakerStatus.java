package io.iftb.cache.redis;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What is known of the circuit breaker of a server.
 *
 * @param open whether calls fail at once, since the server is taken for unavailable
 * @param since when it opened, by the clock of this JVM; null if it is closed
 * @param opened how often it has opened
 * @param failures calls that failed for the server's sake; commands of a batch count as one
 * @param refused calls that failed at once
 * @param lastFailure why the last of those calls failed; null if none did
 */
public record BreakerStatus(
        boolean open,
        @Nullable Instant since,
        long opened,
        long failures,
        long refused,
        @Nullable String lastFailure) {}
