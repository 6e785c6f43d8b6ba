package io.iftb.cache.store;

import io.iftb.cache.market.BarSeries;
import io.iftb.cache.market.SeriesKey;
import io.iftb.cache.near.NearMap;
import io.iftb.cache.redis.Batch;
import io.iftb.cache.redis.Commands;
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
import org.jspecify.annotations.Nullable;

/** A candle store in front of which this JVM holds the newest bars of series. */
final class NearCandleStore implements CandleStore {

    private final RedisConnection redis;
    private final Commands commands;
    private final CandleStore store;
    private final NearSeries near;
    private final boolean isFenced;

    /** @param isFenced whether all reads see what was acknowledged before them */
    NearCandleStore(RedisConnection redis, CandleStore store, NearSeries near, boolean isFenced) {
        this(redis, redis, store, near, isFenced);
    }

    private NearCandleStore(
            RedisConnection redis, Commands commands, CandleStore store, NearSeries near, boolean isFenced) {
        this.redis = redis;
        this.commands = commands;
        this.store = store;
        this.near = near;
        this.isFenced = isFenced;
    }

    /** It holds nothing new, since others may wait for what is read to be held, who have budgets of their own. */
    @Override
    public NearCandleStore within(Deadline deadline) {
        return new NearCandleStore(redis, redis.within(deadline), store.within(deadline), near, isFenced);
    }

    @Override
    public @Nullable BarSeries heldLatest(SeriesKey series, int limit) {
        HeldBars held = isFenced ? null : near.get(series);
        return held == null ? null : held.latest(limit);
    }

    @Override
    public @Nullable BarSeries heldRange(SeriesKey series, long from, long to, int limit) {
        HeldBars held = isFenced ? null : near.get(series);
        return held == null ? null : held.range(from, to, limit);
    }

    @Override
    public CompletableFuture<BarSeries> latest(SeriesKey series, int limit) {
        if (isFenced) {
            return latestFenced(series, limit);
        }
        if (!isHeld(series, limit)) {
            return askedLatest(series, limit);
        }
        Deadline budget = redis.deadline();
        return completed(series, limit, near.read(redis.within(budget), series, limit, NearMap.ANY_TIME), budget);
    }

    @Override
    public CompletableFuture<BarSeries> latestFenced(SeriesKey series, int limit) {
        if (!isHeld(series, limit)) {
            return askedLatest(series, limit);
        }
        Deadline budget = redis.deadline();
        return new Fences(redis)
                .then(
                        budget,
                        since -> {
                            HeldBars held = near.get(series);
                            BarSeries bars = held == null ? null : held.latest(limit);
                            return bars == null
                                    ? completed(series, limit, near.read(redis, series, limit, since), budget)
                                    : CompletableFuture.completedFuture(bars);
                        },
                        deadline -> within(deadline).askedLatest(series, limit));
    }

    /** Asks the server beside what is held. */
    private CompletableFuture<BarSeries> askedLatest(SeriesKey series, int limit) {
        return latestSeen(series, limit, store.latest(series, limit));
    }

    private CompletableFuture<BarSeries> latestSeen(SeriesKey series, int limit, CompletableFuture<BarSeries> read) {
        return read.whenComplete((bars, error) -> {
            if (error == null) {
                near.seen(series, held -> held.agreesWithLatest(limit, bars));
            }
        });
    }

    /** Whether what is read of a series may be held, and holds all that is asked. */
    private boolean isHeld(SeriesKey series, int limit) {
        return commands.budget() == null && limit <= SeriesReader.HEAD_MIN_ROWS && near.isHearing(series);
    }

    /** What was read, unless it was less: a read for fewer bars that this one joined, or one in which some had expired. */
    private CompletableFuture<BarSeries> completed(
            SeriesKey series, int limit, CompletableFuture<@Nullable HeldBars> read, Deadline budget) {
        return ReplyFuture.then(read, held -> {
            BarSeries bars = held == null ? BarSeries.EMPTY : held.latest(limit);
            return bars == null ? within(budget).askedLatest(series, limit) : CompletableFuture.completedFuture(bars);
        });
    }

    @Override
    public Map<SeriesKey, CompletableFuture<BarSeries>> latest(Collection<SeriesKey> universe, int limit) {
        List<SeriesKey> others = universe.stream()
                .distinct()
                .filter(series -> isFenced || !isHeld(series, limit))
                .toList();
        Map<SeriesKey, CompletableFuture<BarSeries>> asked = store.latest(others, limit);
        Map<SeriesKey, CompletableFuture<BarSeries>> reads = new LinkedHashMap<>();
        Deadline budget = redis.deadline();
        Batch batch = redis.within(budget).batch();
        try {
            for (SeriesKey series : new LinkedHashSet<>(universe)) {
                CompletableFuture<BarSeries> read = asked.get(series);
                reads.put(
                        series,
                        read == null
                                ? completed(series, limit, near.read(batch, series, limit, NearMap.ANY_TIME), budget)
                                : latestSeen(series, limit, read));
            }
        } finally {
            batch.send(); // others may wait for what has begun
        }
        return reads;
    }

    @Override
    public CompletableFuture<BarSeries> range(SeriesKey series, long from, long to, int limit) {
        return store.range(series, from, to, limit).whenComplete((bars, error) -> {
            if (error == null) {
                near.seen(series, held -> held.agreesWithRange(from, to, limit, bars));
            }
        });
    }

    @Override
    public CompletableFuture<Void> upsert(SeriesKey series, BarSeries bars, long lifetime) {
        return near.changing(series, () -> store.upsert(series, bars, lifetime));
    }

    @Override
    public CompletableFuture<BitSet> add(SeriesKey series, BarSeries bars, long[] expiries) {
        return near.changing(series, () -> store.add(series, bars, expiries));
    }

    @Override
    public CompletableFuture<Boolean> delete(SeriesKey series) {
        return near.changing(series, () -> store.delete(series));
    }

    @Override
    public CompletableFuture<Integer> compact(SeriesKey series) {
        return near.changing(series, () -> store.compact(series));
    }

    @Override
    public CompletableFuture<Void> deleteAll() {
        near.dropAll();
        return store.deleteAll().whenComplete((done, error) -> near.dropAll());
    }

    @Override
    public CompletableFuture<@Nullable Description> describe(SeriesKey series) {
        return store.describe(series);
    }

    @Override
    public CompletableFuture<List<SeriesKey>> list() {
        return store.list();
    }
}
