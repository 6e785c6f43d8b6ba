package io.iftb.cache.store;

import io.iftb.cache.codec.CorruptValueException;
import io.iftb.cache.market.BarKey;
import io.iftb.cache.market.SeriesKey;
import io.iftb.cache.redis.RedisConnection;
import io.iftb.cache.redis.ReplyFuture;
import io.iftb.cache.redis.WrongTypeException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What was dropped of the caches on one connection, by the pattern of their keys: all views of a cache share it, so none reads
 * what another has dropped.
 */
final class Outages {

    private final RedisConnection redis;
    private final Map<String, DroppedChanges<String, Boolean>> entries = new ConcurrentHashMap<>();
    private final Map<String, DroppedChanges<SeriesKey, TimeRanges>> series = new ConcurrentHashMap<>();
    private final AtomicBoolean used = new AtomicBoolean();

    Outages(RedisConnection redis) {
        this.redis = redis;
    }

    /** What was dropped of a cache whose entries have keys of their own. */
    DroppedChanges<String, Boolean> entries(
            String cacheName,
            String pattern,
            EntryStore<?> store,
            Function<List<String>, CompletableFuture<?>> removal) {
        begin();
        return entries.computeIfAbsent(
                pattern,
                key -> new DroppedChanges<>(redis, cacheName, (one, other) -> true, new DroppedChanges.Remover<>() {
                    @Override
                    public CompletableFuture<?> remove(Map<String, Boolean> redisKeys) {
                        return removal.apply(List.copyOf(redisKeys.keySet()));
                    }

                    @Override
                    public CompletableFuture<?> removeAll() {
                        return store.clear();
                    }
                }));
    }

    /** Removes what was dropped of an entry; null if there is nothing. */
    @Nullable
    CompletableFuture<Void> settled(String pattern, String redisKey) {
        DroppedChanges<String, Boolean> dropped = entries.get(pattern);
        return dropped == null || dropped.isEmpty() ? null : dropped.settled(List.of(redisKey));
    }

    /** What was dropped of a cache of candles. */
    DroppedChanges<SeriesKey, TimeRanges> series(
            String cacheName, String pattern, CandleStore candles, EntryStore<BarKey> bars) {
        begin();
        return series.computeIfAbsent(
                pattern,
                key -> new DroppedChanges<>(redis, cacheName, TimeRanges::with, new BarRemover(candles, bars)));
    }

    private void begin() {
        if (used.compareAndSet(false, true)) {
            redis.repeat(() -> {
                entries.values().forEach(Outages::look);
                series.values().forEach(Outages::look);
            });
        }
    }

    private static void look(DroppedChanges<?, ?> changes) {
        changes.counts().look();
        changes.removeInBackground();
    }

    /** What was dropped and missed of all caches. */
    OutageStatus status() {
        List<OutageStatus> all = new ArrayList<>();
        entries.values().forEach(each -> all.add(each.status()));
        series.values().forEach(each -> all.add(each.status()));
        return new OutageStatus(
                all.stream().mapToLong(OutageStatus::missed).sum(),
                all.stream().mapToLong(OutageStatus::stale).sum(),
                all.stream()
                        .map(OutageStatus::staleAge)
                        .reduce(Duration.ZERO, (one, other) -> one.compareTo(other) > 0 ? one : other),
                all.stream().mapToLong(OutageStatus::dropped).sum(),
                all.stream().mapToLong(OutageStatus::remembered).sum(),
                all.stream().anyMatch(OutageStatus::remembersAll));
    }

    /** Removes the bars of ranges, of each series by itself. */
    private record BarRemover(CandleStore candles, EntryStore<BarKey> bars)
            implements DroppedChanges.Remover<SeriesKey, TimeRanges> {

        @Override
        public CompletableFuture<?> remove(Map<SeriesKey, TimeRanges> dropped) {
            List<CompletableFuture<?>> removals = new ArrayList<>();
            dropped.forEach((series, ranges) -> {
                if (ranges.isAll()) {
                    removals.add(candles.delete(series)
                            .<@Nullable Object>thenApply(done -> done)
                            .exceptionally(BarRemover::unlessForeign));
                } else {
                    ranges.ranges().forEach(range -> removals.add(remove(series, range)));
                }
            });
            return ReplyFuture.joined(removals);
        }

        private CompletableFuture<@Nullable Object> remove(SeriesKey series, TimeRanges.Range range) {
            long end = range.last() == Long.MAX_VALUE ? Long.MAX_VALUE : range.last() + 1;
            CompletableFuture<@Nullable Object> removed =
                    ReplyFuture.then(candles.range(series, range.first(), end, Integer.MAX_VALUE), found -> {
                        Collection<BarKey> keys = new ArrayList<>(found.size());
                        for (int i = 0; i < found.size(); i++) {
                            keys.add(BarKey.of(series, found.openTime(i)));
                        }
                        return keys.isEmpty()
                                ? CompletableFuture.completedFuture(null)
                                : bars.removeAll(keys).thenApply(count -> count);
                    });
            return removed.exceptionally(BarRemover::unlessForeign);
        }

        /** A key that holds something else, or what cannot be read, has no bar of ours. */
        private static @Nullable Object unlessForeign(Throwable error) {
            Throwable cause = Futures.cause(error);
            if (cause instanceof WrongTypeException || cause instanceof CorruptValueException) {
                return null;
            }
            throw Futures.wrapped(error);
        }

        @Override
        public CompletableFuture<?> removeAll() {
            return candles.deleteAll();
        }
    }
}
