package io.iftb.cache.fetch;

import io.iftb.cache.market.SeriesKey;
import io.iftb.cache.redis.RedisConnection;
import io.iftb.cache.store.CoverageStore;
import io.iftb.cache.store.Wakeups;
import java.util.Map;
import java.util.WeakHashMap;

/**
 * What all who fetch by one connection share: what is covered, who waits for others, and who may ask a source now. Safe for use
 * by several threads.
 */
public final class SharedFetching implements AutoCloseable {

    private final RedisConnection redis;
    private final CoverageStore coverage;
    private final FetchTotals totals;
    private final Wakeups<SeriesKey> wakeups;
    /** By the source and not by its name: one source may read another one of the same name, and must not wait for itself. */
    private final Map<BarSource, SourceTurns> turns = new WeakHashMap<>();

    private boolean isClosed;

    /**
     * @param redis its threads for completions run the code of sources
     * @param totals count with this
     */
    public SharedFetching(RedisConnection redis, CoverageStore coverage, FetchTotals totals) {
        this.redis = redis;
        this.coverage = coverage;
        this.totals = totals;
        this.wakeups = new Wakeups<>(coverage::subscribe, redis.completions(), redis.deadline());
    }

    RedisConnection redis() {
        return redis;
    }

    /** What has been fetched of the series. */
    public CoverageStore coverage() {
        return coverage;
    }

    FetchTotals totals() {
        return totals;
    }

    Wakeups<SeriesKey> wakeups() {
        return wakeups;
    }

    /** The turns of a source, the same for all who ask this object of it. */
    synchronized SourceTurns turns(BarSource source) {
        SourceTurns found = turns.computeIfAbsent(source, any -> new SourceTurns(redis));
        if (isClosed) {
            found.close();
        }
        return found;
    }

    /** Fails those who wait for their turn. Closing again does nothing. */
    @Override
    public synchronized void close() {
        isClosed = true;
        turns.values().forEach(SourceTurns::close);
    }
}
