package io.iftb.cache.store;

import io.iftb.cache.near.NearMap;
import io.iftb.cache.redis.RedisConnection;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Counts of the reads of one cache that the server could not answer, and how old the answers of this JVM are. The log has a line
 * when these begin, and one when the server answers again. Safe for use by several threads.
 */
final class OutageCounts {

    private static final Logger LOG = LoggerFactory.getLogger(OutageCounts.class);

    private final RedisConnection redis;
    private final String cacheName;
    private final LongAdder missed = new LongAdder();
    private final LongAdder stale = new LongAdder();

    /** How old the last answer of this JVM was, in ns; 0 if the server answers. */
    private final AtomicLong age = new AtomicLong();

    private volatile long staleBefore;

    OutageCounts(RedisConnection redis, String cacheName) {
        this.redis = redis;
        this.cacheName = cacheName;
    }

    /** Counts reads that missed. */
    void missed(int keys) {
        missed.add(keys);
    }

    /** Counts a read that this JVM answered with what it held. */
    void stale(long ageNanos) {
        long before = stale.sum();
        stale.increment();
        if (age.getAndSet(Math.max(1, ageNanos)) == 0) {
            staleBefore = before;
            LOG.warn(
                    "Redis at {} is unavailable: reads of cache '{}' are answered with what this JVM holds, now {} ms old",
                    redis.server(),
                    cacheName,
                    Duration.ofNanos(ageNanos).toMillis());
        }
    }

    /** Takes note of it if changes are heard again. Call it again and again, in a thread that must not wait. */
    void look() {
        if (age.get() != 0
                && redis.isSending()
                && System.nanoTime() - redis.tracking().heardUntilNanos() <= NearMap.BOUND_NANOS
                && age.getAndSet(0) != 0) {
            LOG.info(
                    "Redis at {} answers reads of cache '{}' again, after {} that this JVM answered with what it held",
                    redis.server(),
                    cacheName,
                    stale.sum() - staleBefore);
        }
    }

    long missed() {
        return missed.sum();
    }

    long stale() {
        return stale.sum();
    }

    Duration age() {
        return Duration.ofNanos(age.get());
    }
}
