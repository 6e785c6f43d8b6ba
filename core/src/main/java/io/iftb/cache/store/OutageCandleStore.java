package io.iftb.cache.store;

import io.iftb.cache.market.BarSeries;
import io.iftb.cache.market.SeriesKey;
import io.iftb.cache.redis.ReplyFuture;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A candle store that drops and remembers writes and removals while the server is unavailable, and removes those bars there
 * before it reads or writes their series again. Reads fail while the server is unavailable; their caller makes them a miss,
 * since it looks at each failure anyway.
 */
final class OutageCandleStore implements CandleStore {

    private final CandleStore store;
    private final DroppedChanges<SeriesKey, TimeRanges> dropped;
    private final @Nullable NearSeries held;

    /** @param held what this JVM holds of the series; null for nothing */
    OutageCandleStore(CandleStore store, DroppedChanges<SeriesKey, TimeRanges> dropped, @Nullable NearSeries held) {
        this.store = store;
        this.dropped = dropped;
        this.held = held;
    }

    private <T> CompletableFuture<T> on(SeriesKey series, Supplier<CompletableFuture<T>> operation) {
        return dropped.isEmpty()
                ? operation.get()
                : ReplyFuture.then(dropped.settled(List.of(series)), done -> operation.get());
    }

    private <T> CompletableFuture<T> written(
            CompletableFuture<T> write, SeriesKey series, TimeRanges what, @Nullable T result) {
        return write.exceptionally(error -> {
            if (!OutageStore.isOutage(error)) {
                throw Futures.wrapped(error);
            }
            dropped.add(series, what);
            if (held != null) {
                held.drop(series); // after it is remembered
            }
            return result;
        });
    }

    @Override
    public CompletableFuture<Void> upsert(SeriesKey series, BarSeries bars, long lifetime) {
        CompletableFuture<Void> write = on(series, () -> store.upsert(series, bars, lifetime));
        return bars.isEmpty()
                ? write
                : written(write, series, TimeRanges.of(bars.openTime(0), bars.openTime(bars.size() - 1)), null);
    }

    @Override
    public CompletableFuture<Boolean> delete(SeriesKey series) {
        return written(on(series, () -> store.delete(series)), series, TimeRanges.ALL, false);
    }

    @Override
    public CompletableFuture<Void> deleteAll() {
        return store.deleteAll().exceptionally(error -> {
            if (!OutageStore.isOutage(error)) {
                throw Futures.wrapped(error);
            }
            dropped.addAll();
            if (held != null) {
                held.dropAll();
            }
            return null;
        });
    }

    @Override
    public @Nullable BarSeries heldLatest(SeriesKey series, int limit) {
        return store.heldLatest(series, limit);
    }

    @Override
    public @Nullable BarSeries heldRange(SeriesKey series, long from, long to, int limit) {
        return store.heldRange(series, from, to, limit);
    }

    @Override
    public CompletableFuture<BarSeries> latest(SeriesKey series, int limit) {
        return dropped.isEmpty() ? store.latest(series, limit) : on(series, () -> store.latest(series, limit));
    }

    @Override
    public CompletableFuture<BarSeries> latestFenced(SeriesKey series, int limit) {
        return on(series, () -> store.latestFenced(series, limit));
    }

    @Override
    public Map<SeriesKey, CompletableFuture<BarSeries>> latest(Collection<SeriesKey> universe, int limit) {
        if (dropped.isEmpty()) {
            return store.latest(universe, limit);
        }
        CompletableFuture<Map<SeriesKey, CompletableFuture<BarSeries>>> sent = ReplyFuture.then(
                dropped.settled(Set.copyOf(universe)),
                done -> CompletableFuture.completedFuture(store.latest(universe, limit)));
        Map<SeriesKey, CompletableFuture<BarSeries>> reads = new LinkedHashMap<>();
        for (SeriesKey series : universe) {
            reads.computeIfAbsent(
                    series,
                    key -> ReplyFuture.then(
                            sent, all -> all.getOrDefault(key, CompletableFuture.completedFuture(BarSeries.EMPTY))));
        }
        return reads;
    }

    @Override
    public CompletableFuture<BarSeries> range(SeriesKey series, long from, long to, int limit) {
        return on(series, () -> store.range(series, from, to, limit));
    }

    @Override
    public CompletableFuture<Integer> compact(SeriesKey series) {
        return on(series, () -> store.compact(series));
    }

    @Override
    public CompletableFuture<@Nullable Description> describe(SeriesKey series) {
        return on(series, () -> store.describe(series));
    }

    @Override
    public CompletableFuture<List<SeriesKey>> list() {
        return dropped.isEmpty() ? store.list() : ReplyFuture.then(dropped.allSettled(), done -> store.list());
    }
}
