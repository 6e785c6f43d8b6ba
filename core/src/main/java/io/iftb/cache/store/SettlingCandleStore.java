package io.iftb.cache.store;

import io.iftb.cache.market.BarSeries;
import io.iftb.cache.market.SeriesKey;
import io.iftb.cache.redis.Deadline;
import io.iftb.cache.redis.RedisConnection;
import io.iftb.cache.redis.ReplyFuture;
import java.util.BitSet;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A candle store that removes from the server the bars of writes that were dropped in an outage, before it reads or writes
 * their series.
 */
class SettlingCandleStore implements CandleStore {

    final RedisConnection redis;
    final CandleStore store;
    private final DroppedChanges<SeriesKey, TimeRanges> dropped;
    private final @Nullable Deadline deadline;

    /** @param deadline the budget of {@code store}; null if each call has one of its own */
    SettlingCandleStore(
            RedisConnection redis,
            CandleStore store,
            DroppedChanges<SeriesKey, TimeRanges> dropped,
            @Nullable Deadline deadline) {
        this.redis = redis;
        this.store = store;
        this.dropped = dropped;
        this.deadline = deadline;
    }

    @Override
    public CandleStore within(Deadline budget) {
        return new SettlingCandleStore(redis, store.within(budget), dropped, budget);
    }

    private <T> CompletableFuture<T> on(SeriesKey series, Function<CandleStore, CompletableFuture<T>> operation) {
        return dropped.isEmpty() ? operation.apply(store) : after(dropped.settled(List.of(series)), operation);
    }

    /** The removal and the operation have one budget. */
    private <T> CompletableFuture<T> after(
            CompletableFuture<Void> settled, Function<CandleStore, CompletableFuture<T>> operation) {
        CandleStore timed = timed();
        return ReplyFuture.then(settled, done -> operation.apply(timed));
    }

    private CandleStore timed() {
        return deadline == null ? store.within(redis.deadline()) : store;
    }

    @Override
    public CompletableFuture<Void> upsert(SeriesKey series, BarSeries bars, long lifetime) {
        return dropped.isEmpty()
                ? store.upsert(series, bars, lifetime)
                : on(series, settled -> settled.upsert(series, bars, lifetime));
    }

    @Override
    public CompletableFuture<BitSet> add(SeriesKey series, BarSeries bars, long[] expiries) {
        return on(series, settled -> settled.add(series, bars, expiries));
    }

    @Override
    public CompletableFuture<Boolean> delete(SeriesKey series) {
        return on(series, settled -> settled.delete(series));
    }

    @Override
    public CompletableFuture<Void> deleteAll() {
        return store.deleteAll();
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
        return dropped.isEmpty() ? store.latest(series, limit) : on(series, settled -> settled.latest(series, limit));
    }

    @Override
    public CompletableFuture<BarSeries> latestFenced(SeriesKey series, int limit) {
        return on(series, settled -> settled.latestFenced(series, limit));
    }

    /** A series whose bars cannot be removed now, such as that of another primary, keeps no other from being read. */
    @Override
    public Map<SeriesKey, CompletableFuture<BarSeries>> latest(Collection<SeriesKey> universe, int limit) {
        if (dropped.isEmpty()) {
            return store.latest(universe, limit);
        }
        CandleStore timed = timed();
        Map<SeriesKey, CompletableFuture<BarSeries>> sent = timed.latest(
                universe.stream().filter(series -> !dropped.has(series)).toList(), limit);
        Map<SeriesKey, CompletableFuture<BarSeries>> reads = new LinkedHashMap<>();
        for (SeriesKey series : new LinkedHashSet<>(universe)) {
            CompletableFuture<BarSeries> read = sent.get(series);
            reads.put(
                    series,
                    read == null
                            ? ReplyFuture.then(dropped.settled(List.of(series)), done -> timed.latest(series, limit))
                            : read);
        }
        return reads;
    }

    @Override
    public CompletableFuture<BarSeries> range(SeriesKey series, long from, long to, int limit) {
        return dropped.isEmpty()
                ? store.range(series, from, to, limit)
                : on(series, settled -> settled.range(series, from, to, limit));
    }

    @Override
    public CompletableFuture<Integer> compact(SeriesKey series) {
        return on(series, settled -> settled.compact(series));
    }

    @Override
    public CompletableFuture<@Nullable Description> describe(SeriesKey series) {
        return on(series, settled -> settled.describe(series));
    }

    @Override
    public CompletableFuture<List<SeriesKey>> list() {
        return dropped.isEmpty() ? store.list() : ReplyFuture.then(dropped.allSettled(), done -> store.list());
    }
}
