package io.iftb.cache.store;

import io.iftb.cache.market.BarSeries;
import io.iftb.cache.market.SeriesKey;
import io.iftb.cache.redis.Deadline;
import io.iftb.cache.redis.RedisConnection;
import java.time.Duration;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A candle store that drops and remembers writes and removals while the server is unavailable. Reads are answered then with
 * what this JVM holds, if they may be; else they fail, and their caller makes them a miss, since it looks at each failure anyway.
 * A fenced read is never answered so.
 */
final class OutageCandleStore extends SettlingCandleStore {

    private final DroppedChanges<SeriesKey, TimeRanges> dropped;
    private final @Nullable NearSeries held;
    private final long staleNanos;

    /**
     * @param deadline the budget of {@code store}; null if each call has one of its own
     * @param held what this JVM holds of the series; null for nothing
     * @param staleNanos how old that may be when it answers reads; 0 if they fail
     */
    OutageCandleStore(
            RedisConnection redis,
            CandleStore store,
            DroppedChanges<SeriesKey, TimeRanges> dropped,
            @Nullable Deadline deadline,
            @Nullable NearSeries held,
            long staleNanos) {
        super(redis, store, dropped, deadline);
        this.dropped = dropped;
        this.held = held;
        this.staleNanos = held == null ? 0 : staleNanos;
    }

    @Override
    public CandleStore within(Deadline budget) {
        return new OutageCandleStore(redis, store.within(budget), dropped, budget, held, staleNanos);
    }

    /** The bars that are held of a series; fails as the read did if there are none, or these do not answer it. */
    private Aged<BarSeries> stale(Throwable failure, SeriesKey series, Function<HeldBars, @Nullable BarSeries> answer) {
        NearSeries here = held;
        if (here != null && OutageStore.isOutage(failure)) {
            HeldBars bars = here.stale(series, staleNanos);
            BarSeries found = bars == null ? null : answer.apply(bars);
            if (found != null) {
                long age = here.ageNanos();
                dropped.counts().stale(age);
                return new Aged<>(found, Duration.ofNanos(age));
            }
        }
        throw Futures.wrapped(failure);
    }

    @Override
    public CompletableFuture<Aged<BarSeries>> latestAged(SeriesKey series, int limit) {
        CompletableFuture<Aged<BarSeries>> read = super.latest(series, limit).thenApply(Aged::fresh);
        return staleNanos == 0 ? read : read.exceptionally(error -> stale(error, series, bars -> bars.latest(limit)));
    }

    @Override
    public CompletableFuture<BarSeries> latest(SeriesKey series, int limit) {
        return staleNanos == 0
                ? super.latest(series, limit)
                : latestAged(series, limit).thenApply(Aged::value);
    }

    @Override
    public Map<SeriesKey, CompletableFuture<BarSeries>> latest(Collection<SeriesKey> universe, int limit) {
        Map<SeriesKey, CompletableFuture<BarSeries>> sent = super.latest(universe, limit);
        if (staleNanos == 0) {
            return sent;
        }
        Map<SeriesKey, CompletableFuture<BarSeries>> reads = new LinkedHashMap<>();
        sent.forEach((series, read) -> reads.put(
                series,
                read.exceptionally(error ->
                        stale(error, series, bars -> bars.latest(limit)).value())));
        return reads;
    }

    @Override
    public CompletableFuture<BarSeries> range(SeriesKey series, long from, long to, int limit) {
        CompletableFuture<BarSeries> read = super.range(series, from, to, limit);
        return staleNanos == 0
                ? read
                : read.exceptionally(error -> stale(error, series, bars -> bars.range(from, to, limit))
                        .value());
    }

    private void drop(Throwable failure, SeriesKey series, TimeRanges what) {
        OutageStore.requireOutage(failure);
        dropped.add(series, what, failure);
        if (held != null) {
            held.drop(series); // after it is remembered
        }
    }

    @Override
    public CompletableFuture<Void> upsert(SeriesKey series, BarSeries bars, long lifetime) {
        return upsertOrDrop(series, bars, lifetime).thenApply(written -> null);
    }

    @Override
    public CompletableFuture<Boolean> upsertOrDrop(SeriesKey series, BarSeries bars, long lifetime) {
        return super.upsert(series, bars, lifetime).handle((done, error) -> {
            if (error == null) {
                return true;
            }
            if (bars.isEmpty()) {
                OutageStore.requireOutage(error);
            } else {
                drop(error, series, TimeRanges.of(bars.openTime(0), bars.openTime(bars.size() - 1)));
            }
            return false;
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
