package io.iftb.cache.fetch;

import io.iftb.cache.redis.RedisConnection;
import io.iftb.cache.redis.RedisUnavailableException;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The requests of one JVM to one source: those under way and those that wait, of each priority, and until when the source takes
 * none. Safe for use by several threads.
 */
final class SourceTurns {

    /** How long a source may stop its callers at most; more counts as this. */
    static final Duration LONGEST_STOP = Duration.ofDays(31);

    private final Map<Priority, SourcePermits> permits = new EnumMap<>(Priority.class);
    private final AtomicLong stoppedUntil = new AtomicLong(System.nanoTime());

    SourceTurns(RedisConnection redis) {
        for (Priority each : Priority.values()) {
            permits.put(
                    each,
                    new SourcePermits(
                            redis.completions(),
                            () -> new RedisUnavailableException(
                                    "the connection to Redis at " + redis.server() + " is closed; open another",
                                    null,
                                    false)));
        }
    }

    /** The permits of a priority. Each has its own, so that what is urgent never waits for what is not. */
    SourcePermits permits(Priority priority) {
        return Objects.requireNonNull(permits.get(priority));
    }

    /** For how long nobody may ask; not positive if anybody may. */
    long stoppedNanos() {
        return stoppedUntil.get() - System.nanoTime();
    }

    /** Nobody may ask for a time. A longer stop is not shortened. */
    void stopFor(Duration time) {
        long until = System.nanoTime() + limited(time).toNanos();
        stoppedUntil.accumulateAndGet(until, (one, other) -> one - other > 0 ? one : other);
    }

    static Duration limited(Duration stop) {
        return stop.compareTo(LONGEST_STOP) < 0 ? stop : LONGEST_STOP;
    }

    void close() {
        permits.values().forEach(SourcePermits::close);
    }
}
