package io.iftb.cache.store;

import io.iftb.cache.market.SeriesKey;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Counts and logs reads that ended where a series has lost bars: a page or an index that the server evicted, or a page that
 * cannot be read. What is older counts as absent. Safe for use by several threads.
 */
public final class SeriesDamage {

    private static final Logger LOG = LoggerFactory.getLogger(SeriesDamage.class);
    private static final int MOST_NAMES = 1_024;
    private static final long WARNING_INTERVAL_NANOS = 10_000_000_000L;

    private final LongAdder holes = new LongAdder();
    private final LongAdder unreadable = new LongAdder();
    private final Set<SeriesKey> logged = ConcurrentHashMap.newKeySet();
    private final AtomicLong nextWarning = new AtomicLong(System.nanoTime());

    /** Reads that ended at a hole, older bars or their index being evicted by the server, or asked for single bars in one. */
    public long holes() {
        return holes.sum();
    }

    /** Pages that were read and are not pages, or not of their series, and coverages that are none. */
    public long unreadable() {
        return unreadable.sum();
    }

    /** Counts a read that ended at a hole, and logs the first one of each series. */
    void hole(SeriesKey series, long before) {
        holes.increment();
        if (logged.size() < MOST_NAMES && logged.add(series)) {
            LOG.warn(
                    "Bars of {} before {} were lost: the server evicted a page or its index (see maxmemory-policy)."
                            + " Reads end there, and older bars count as absent until they are put again",
                    series,
                    before);
        }
    }

    /** Counts a page that cannot be read, and logs one in ten seconds. */
    void unreadable(SeriesKey series, long openTime, String why) {
        unreadable.increment();
        if (mayWarn()) {
            LOG.warn(
                    "The page of {} with the bar at {} cannot be read, and its bars count as absent: {}",
                    series,
                    openTime,
                    why);
        }
    }

    /** Counts a coverage that cannot be read, and logs one in ten seconds. */
    void unreadableCoverage(SeriesKey series) {
        unreadable.increment();
        if (mayWarn()) {
            LOG.warn(
                    "What has been fetched of {} cannot be read, and counts as not fetched: a later version of this library"
                            + " has written it, or it was changed",
                    series);
        }
    }

    private boolean mayWarn() {
        long now = System.nanoTime();
        long next = nextWarning.get();
        return now - next >= 0 && nextWarning.compareAndSet(next, now + WARNING_INTERVAL_NANOS);
    }
}
