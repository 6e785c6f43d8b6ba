package io.iftb.cache.store;

import io.iftb.cache.market.BarSeries;
import io.iftb.cache.market.SeriesKey;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * A candle store that drops and remembers writes and removals while the server is unavailable. Reads fail then; their caller
 * makes them a miss, since it looks at each failure anyway.
 */
final class OutageCandleStore extends SettlingCandleStore {

    private final DroppedChanges<SeriesKey, TimeRanges> dropped;
    private final @Nullable NearSeries held;

    /** @param held what this JVM holds of the series; null for nothing */
    OutageCandleStore(CandleStore store, DroppedChanges<SeriesKey, TimeRanges> dropped, @Nullable NearSeries held) {
        super(store, dropped);
        this.dropped = dropped;
        this.held = held;
    }

    private void drop(Throwable failure, SeriesKey series, TimeRanges what) {
        OutageStore.requireOutage(failure);
        dropped.add(series, what);
        if (held != null) {
            held.drop(series); // after it is remembered
        }
    }

    @Override
    public CompletableFuture<Void> upsert(SeriesKey series, BarSeries bars, long lifetime) {
        return super.upsert(series, bars, lifetime).exceptionally(error -> {
            if (bars.isEmpty()) {
                OutageStore.requireOutage(error);
            } else {
                drop(error, series, TimeRanges.of(bars.openTime(0), bars.openTime(bars.size() - 1)));
            }
            return null;
        });
    }

    @Override
    public CompletableFuture<Boolean> delete(SeriesKey series) {
        return super.delete(series).exceptionally(error -> {
            drop(error, series, TimeRanges.ALL);
            return false;
        });
    }

    @Override
    public CompletableFuture<Void> deleteAll() {
        return super.deleteAll().exceptionally(error -> {
            OutageStore.requireOutage(error);
            dropped.addAll();
            if (held != null) {
                held.dropAll();
            }
            return null;
        });
    }
}
