package io.iftb.cache.redis;

import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
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
        @Nullable String lastFailure) {

    /** What has happened, without what is now. */
    BreakerStatus countsAlone() {
        return new BreakerStatus(false, null, opened, failures, refused, null);
    }

    /** Those of several primaries together: open if one of them is. */
    static BreakerStatus ofAll(List<BreakerStatus> all) {
        if (all.size() == 1) {
            return all.get(0);
        }
        Optional<BreakerStatus> open =
                all.stream().filter(BreakerStatus::open).min(Comparator.comparing(each -> each.since));
        return new BreakerStatus(
                open.isPresent(),
                open.map(BreakerStatus::since).orElse(null),
                all.stream().mapToLong(BreakerStatus::opened).sum(),
                all.stream().mapToLong(BreakerStatus::failures).sum(),
                all.stream().mapToLong(BreakerStatus::refused).sum(),
                open.map(BreakerStatus::lastFailure)
                        .or(() -> all.stream()
                                .map(BreakerStatus::lastFailure)
                                .filter(Objects::nonNull)
                                .findFirst())
                        .orElse(null));
    }
}
