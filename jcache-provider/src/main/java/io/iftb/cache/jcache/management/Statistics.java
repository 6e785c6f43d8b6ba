package io.iftb.cache.jcache.management;

import java.util.concurrent.atomic.LongAdder;
import javax.cache.management.CacheStatisticsMXBean;

/**
 * The statistics of a cache in this JVM, counted while they are enabled (JSR-107, section 12.4). Averages are in
 * microseconds. Evictions happen on the server and are not counted. Safe for use by several threads.
 */
public final class Statistics implements CacheStatisticsMXBean {

    private final LongAdder hits = new LongAdder();
    private final LongAdder misses = new LongAdder();
    private final LongAdder puts = new LongAdder();
    private final LongAdder removals = new LongAdder();
    private final LongAdder getNanos = new LongAdder();
    private final LongAdder putNanos = new LongAdder();
    private final LongAdder removeNanos = new LongAdder();

    private volatile boolean enabled;

    /** Starts or stops counting. */
    public void enable(boolean on) {
        enabled = on;
    }

    /** Whether counting is on. */
    public boolean isEnabled() {
        return enabled;
    }

    /** The start time of an operation. */
    public long start() {
        return enabled ? System.nanoTime() : 0;
    }

    /** The time since a start, ns; 0 if the statistics were off at that time. */
    public static long since(long start) {
        return start == 0 ? 0 : Math.max(0, System.nanoTime() - start);
    }

    /** Counts entries that were looked up. */
    public void lookups(long found, long notFound, long nanos) {
        if (enabled) {
            hits.add(found);
            misses.add(notFound);
            getNanos.add(nanos);
        }
    }

    /** Counts entries that were created or updated. */
    public void puts(long count, long nanos) {
        if (enabled && count > 0) {
            puts.add(count);
            putNanos.add(nanos);
        }
    }

    /** Counts entries that were removed. */
    public void removals(long count, long nanos) {
        if (enabled && count > 0) {
            removals.add(count);
            removeNanos.add(nanos);
        }
    }

    @Override
    public void clear() {
        for (LongAdder each : new LongAdder[] {hits, misses, puts, removals, getNanos, putNanos, removeNanos}) {
            each.reset();
        }
    }

    @Override
    public long getCacheHits() {
        return hits.sum();
    }

    @Override
    public float getCacheHitPercentage() {
        return percentage(getCacheHits(), getCacheGets());
    }

    @Override
    public long getCacheMisses() {
        return misses.sum();
    }

    @Override
    public float getCacheMissPercentage() {
        return percentage(getCacheMisses(), getCacheGets());
    }

    @Override
    public long getCacheGets() {
        return getCacheHits() + getCacheMisses();
    }

    @Override
    public long getCachePuts() {
        return puts.sum();
    }

    @Override
    public long getCacheRemovals() {
        return removals.sum();
    }

    @Override
    public long getCacheEvictions() {
        return 0;
    }

    @Override
    public float getAverageGetTime() {
        return average(getNanos, getCacheGets());
    }

    @Override
    public float getAveragePutTime() {
        return average(putNanos, getCachePuts());
    }

    @Override
    public float getAverageRemoveTime() {
        return average(removeNanos, getCacheRemovals());
    }

    private static float percentage(long part, long all) {
        return all == 0 ? 0 : 100f * part / all;
    }

    private static float average(LongAdder nanos, long count) {
        return count == 0 ? 0 : nanos.sum() / 1_000f / count;
    }
}
