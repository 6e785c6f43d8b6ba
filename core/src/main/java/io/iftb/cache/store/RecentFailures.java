package io.iftb.cache.store;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

/**
 * The entries of one cache that could not be loaded anew a moment ago in this JVM: an old one is given out without another try
 * meanwhile, so that a source that is down is not asked by every reader. Safe for use by several threads.
 */
final class RecentFailures {

    private static final long PAUSE_NANOS = TimeUnit.SECONDS.toNanos(1);

    /** How many are remembered. */
    private static final int MOST = 10_000;

    private final Map<String, Long> failures = new ConcurrentHashMap<>();

    boolean has(String redisKey) {
        Long at = failures.get(redisKey);
        return at != null && System.nanoTime() - at < PAUSE_NANOS;
    }

    void add(String redisKey) {
        long now = System.nanoTime();
        if (failures.size() >= MOST) {
            failures.values().removeIf(at -> now - at >= PAUSE_NANOS);
        }
        if (failures.size() < MOST) {
            failures.put(redisKey, now);
        }
    }

    void remove(String redisKey) {
        failures.remove(redisKey);
    }
}
