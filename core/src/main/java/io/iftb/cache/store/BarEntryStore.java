package io.iftb.cache.store;

import static io.iftb.cache.store.Lifetimes.EXPIRED;
import static io.iftb.cache.store.Lifetimes.KEEP;

import io.iftb.cache.codec.BarRow;
import io.iftb.cache.codec.CorruptValueException;
import io.iftb.cache.market.BarKey;
import io.iftb.cache.market.BarSeries;
import io.iftb.cache.market.OhlcvBar;
import io.iftb.cache.market.SeriesKey;
import io.iftb.cache.redis.Batch;
import io.iftb.cache.redis.Commands;
import io.iftb.cache.redis.KeyScan;
import io.iftb.cache.redis.RedisConnection;
import io.iftb.cache.redis.Reply;
import io.iftb.cache.redis.Script;
import io.iftb.cache.redis.Subscription;
import io.iftb.cache.redis.WrongTypeException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/** Single bars of the {@link SeriesStore} as entries; a value is that of {@link BarRow}. */
final class BarEntryStore implements EntryStore<BarKey> {

    private static final Script GET = SeriesStore.script("get_bars.lua");
    private static final Script PUT = SeriesStore.script("put_bar.lua");
    private static final Script REMOVE = SeriesStore.script("remove_bars.lua");
    private static final Script COMPARE_AND_SET = SeriesStore.script("compare_and_set_bar.lua");
    private static final byte[] NOTHING = {};

    /** Bars that one script looks up, some 10 ms of the server's time. More go as several scripts of one batch. */
    private static final int SCRIPT_BARS = 512;

    private final RedisConnection redis;
    private final SeriesStore series;
    private final ChangeChannel news;

    /** @param news carries the news of changes */
    BarEntryStore(RedisConnection redis, SeriesStore series, ChangeChannel news) {
        this.redis = redis;
        this.series = series;
        this.news = news;
    }

    @Override
    public CompletableFuture<byte @Nullable []> get(BarKey key, long access) {
        return read(redis, key.series(), Set.of(key.openTime()), access).thenApply(values -> values.get(0));
    }

    /** The values of bars in the order of the open times, null where there is none. */
    private CompletableFuture<List<byte @Nullable []>> read(
            Commands commands, SeriesKey of, Collection<Long> openTimes, long access) {
        List<Object> arguments = new ArrayList<>(openTimes.size() + 1);
        arguments.add(access);
        arguments.addAll(openTimes);
        return series.run(commands, GET, Reply.LIST, of, arguments.toArray()).exceptionally(error -> {
            if (error instanceof CompletionException && error.getCause() instanceof WrongTypeException) {
                return Collections.nCopies(openTimes.size(), FOREIGN);
            }
            throw error instanceof CompletionException completion ? completion : new CompletionException(error);
        });
    }

    @Override
    public CompletableFuture<Map<BarKey, byte[]>> getAll(Collection<? extends BarKey> keys, long access) {
        Batch batch = redis.batch();
        Map<BarKey, byte[]> found = new HashMap<>();
        List<CompletableFuture<?>> reads = new ArrayList<>();
        bySeries(keys)
                .forEach((of, openTimes) -> slices(openTimes)
                        .forEach(slice -> reads.add(read(batch, of, slice, access)
                                .thenAccept(values -> collect(of, slice, values, found)))));
        batch.send();
        return CompletableFuture.allOf(reads.toArray(new CompletableFuture<?>[0]))
                .thenApply(done -> {
                    Map<BarKey, byte[]> ordered = new LinkedHashMap<>();
                    for (BarKey key : keys) {
                        byte[] value = found.get(key);
                        if (value != null) {
                            ordered.put(key, value);
                        }
                    }
                    return ordered;
                });
    }

    private static void collect(
            SeriesKey of, Collection<Long> openTimes, List<byte @Nullable []> values, Map<BarKey, byte[]> found) {
        int i = 0;
        for (Long openTime : openTimes) {
            byte[] value = values.get(i++);
            if (value != null) {
                synchronized (found) {
                    found.put(BarKey.of(of, openTime), value);
                }
            }
        }
    }

    private static Map<SeriesKey, Set<Long>> bySeries(Collection<? extends BarKey> keys) {
        Map<SeriesKey, Set<Long>> bySeries = new LinkedHashMap<>();
        for (BarKey key : keys) {
            bySeries.computeIfAbsent(key.series(), of -> new TreeSet<>()).add(key.openTime());
        }
        return bySeries;
    }

    private static List<List<Long>> slices(Collection<Long> openTimes) {
        List<Long> all = List.copyOf(openTimes);
        List<List<Long>> slices = new ArrayList<>();
        for (int from = 0; from < all.size(); from += SCRIPT_BARS) {
            slices.add(all.subList(from, Math.min(from + SCRIPT_BARS, all.size())));
        }
        return slices;
    }

    @Override
    public CompletableFuture<Boolean> contains(BarKey key) {
        return get(key, KEEP).thenApply(value -> value != null && value != FOREIGN);
    }

    @Override
    public CompletableFuture<Boolean> put(BarKey key, byte[] value, Lifetimes lifetimes, Condition condition) {
        if (condition == Condition.ANY && isUpsert(lifetimes)) {
            BarSeries bar = BarSeries.of(List.of(bar(key, value)));
            return series.upsert(key.series(), bar, lifetimes.creation()).thenApply(done -> true);
        }
        return write(redis, key, value, lifetimes, condition).thenApply(answer -> (Long) answer.get(0) == 1);
    }

    /** Whether a write does the same whether or not there is an entry. */
    private static boolean isUpsert(Lifetimes lifetimes) {
        return lifetimes.creation() == lifetimes.update() && lifetimes.creation() != EXPIRED;
    }

    /** @throws IllegalArgumentException if the value is a bar of another open time than the key's */
    private static OhlcvBar bar(BarKey key, byte[] value) {
        OhlcvBar bar = BarRow.bar(value);
        if (bar.openTime() != key.openTime()) {
            throw new IllegalArgumentException("the bar for key " + key + " opens at " + bar.openTime()
                    + "; the open times of a key and its bar must be the same");
        }
        return bar;
    }

    private CompletableFuture<List<Object>> write(
            Commands commands, BarKey key, byte[] value, Lifetimes lifetimes, Condition condition) {
        bar(key, value);
        return series.run(
                commands, PUT, Reply.PARTS, key.series(), condition, lifetimes.creation(), lifetimes.update(), value);
    }

    @Override
    public CompletableFuture<byte @Nullable []> getAndPut(
            BarKey key, byte[] value, Lifetimes lifetimes, Condition condition) {
        return write(redis, key, value, lifetimes, condition).thenApply(answer -> (byte[]) answer.get(1));
    }

    @Override
    public CompletableFuture<Void> putAll(Map<? extends BarKey, byte[]> entries, Lifetimes lifetimes) {
        Batch batch = redis.batch();
        List<CompletableFuture<?>> writes = new ArrayList<>();
        if (isUpsert(lifetimes)) {
            Map<SeriesKey, List<OhlcvBar>> bySeries = new LinkedHashMap<>();
            entries.forEach((key, value) -> bySeries.computeIfAbsent(key.series(), of -> new ArrayList<>())
                    .add(bar(key, value)));
            bySeries.forEach((of, bars) -> {
                BarSeries sorted = BarSeries.of(bars);
                writes.add(series.upsert(batch, of, sorted, lifetimes.creation()));
            });
        } else {
            entries.forEach((key, value) -> writes.add(write(batch, key, value, lifetimes, Condition.ANY)));
        }
        batch.send();
        return CompletableFuture.allOf(writes.toArray(new CompletableFuture<?>[0]));
    }

    @Override
    public CompletableFuture<Boolean> remove(BarKey key) {
        return getAndRemove(key).thenApply(value -> value != null);
    }

    @Override
    public CompletableFuture<byte @Nullable []> getAndRemove(BarKey key) {
        return series.run(redis, REMOVE, Reply.LIST, key.series(), key.openTime())
                .thenApply(removed -> removed.isEmpty() ? null : removed.get(0));
    }

    @Override
    public CompletableFuture<Long> removeAll(Collection<? extends BarKey> keys) {
        Batch batch = redis.batch();
        List<CompletableFuture<Integer>> removals = new ArrayList<>();
        bySeries(keys)
                .forEach((of, openTimes) -> slices(openTimes)
                        .forEach(slice -> removals.add(series.run(batch, REMOVE, Reply.LIST, of, slice.toArray())
                                .thenApply(List::size))));
        batch.send();
        return Futures.all(removals)
                .thenApply(counts -> counts.stream().mapToLong(count -> count).sum());
    }

    @Override
    public CompletableFuture<Boolean> compareAndSet(Change<BarKey> change) {
        return compareAndSet(redis, change);
    }

    private CompletableFuture<Boolean> compareAndSet(Commands commands, Change<BarKey> change) {
        byte[] expected = change.expected();
        byte[] update = change.update();
        try {
            if (update != null) {
                bar(change.key(), update);
            }
        } catch (IllegalArgumentException e) {
            return CompletableFuture.failedFuture(e); // the other changes of a batch are made
        }
        BarKey key = change.key();
        Object[] arguments = {
            key.openTime(), expected == null ? NOTHING : expected, update == null ? NOTHING : update, change.lifetime()
        };
        return series.run(
                commands,
                COMPARE_AND_SET,
                Reply.FLAG,
                key.series(),
                news.with(arguments, series.barName(key), change.news()));
    }

    @Override
    public List<CompletableFuture<Boolean>> compareAndSetAll(List<Change<BarKey>> changes) {
        Batch batch = redis.batch();
        List<CompletableFuture<Boolean>> outcomes = new ArrayList<>(changes.size());
        changes.forEach(change -> outcomes.add(compareAndSet(batch, change)));
        batch.send();
        return outcomes;
    }

    @Override
    public CompletableFuture<Subscription> subscribe(Executor executor, BiConsumer<BarKey, byte[]> subscriber) {
        return news.subscribe(redis, series::barNamed, executor, subscriber);
    }

    @Override
    public CompletableFuture<Void> requireNews() {
        return news.require(redis);
    }

    @Override
    public CompletableFuture<Void> clear() {
        return series.deleteAll();
    }

    @Override
    public Cursor<BarKey> walk() {
        return new BarWalk(series);
    }

    /** Walks over the series, and over each from its newest bar to its oldest. */
    private static final class BarWalk implements Cursor<BarKey> {

        private final SeriesStore store;
        private final KeyScan scan;
        private final Set<SeriesKey> seen = new HashSet<>();
        private final Deque<SeriesKey> waiting = new ArrayDeque<>();
        private long before = Long.MAX_VALUE;

        BarWalk(SeriesStore store) {
            this.store = store;
            this.scan = store.scan();
        }

        @Override
        public CompletableFuture<@Nullable List<Map.Entry<BarKey, byte[]>>> next() {
            SeriesKey current = waiting.peek();
            if (current == null) {
                return nextSeries();
            }
            return store.range(current, Long.MIN_VALUE, before, SeriesStore.HEAD_MIN_ROWS)
                    .exceptionally(BarWalk::nothingWhereForeign)
                    .thenApply(bars -> {
                        if (bars.isEmpty()) {
                            waiting.remove();
                            before = Long.MAX_VALUE;
                        } else {
                            before = bars.openTime(0);
                        }
                        return entries(current, bars);
                    });
        }

        private CompletableFuture<@Nullable List<Map.Entry<BarKey, byte[]>>> nextSeries() {
            return store.nextSeries(scan).thenApply(found -> {
                if (found == null) {
                    return null;
                }
                found.stream().filter(seen::add).forEach(waiting::add);
                return List.of();
            });
        }

        private static BarSeries nothingWhereForeign(Throwable error) {
            if (error instanceof CompletionException
                    && (error.getCause() instanceof WrongTypeException
                            || error.getCause() instanceof CorruptValueException)) {
                return BarSeries.EMPTY;
            }
            throw error instanceof CompletionException completion ? completion : new CompletionException(error);
        }

        private static List<Map.Entry<BarKey, byte[]>> entries(SeriesKey of, BarSeries bars) {
            List<Map.Entry<BarKey, byte[]>> entries = new ArrayList<>(bars.size());
            for (OhlcvBar bar : bars.bars()) {
                entries.add(Map.entry(BarKey.of(of, bar.openTime()), BarRow.value(bar)));
            }
            return entries;
        }
    }
}
