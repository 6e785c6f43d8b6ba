package io.iftb.cache.store;

import static io.iftb.cache.store.Lifetimes.EXPIRED;
import static io.iftb.cache.store.Lifetimes.KEEP;

import io.iftb.cache.codec.BarRow;
import io.iftb.cache.market.BarKey;
import io.iftb.cache.redis.Batch;
import io.iftb.cache.redis.Commands;
import io.iftb.cache.redis.Deadline;
import io.iftb.cache.redis.RedisConnection;
import io.iftb.cache.redis.Reply;
import io.iftb.cache.redis.Script;
import io.iftb.cache.redis.Subscription;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.BiConsumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Single bars of the candle store as entries; values have the form of {@link BarRow}. */
final class BarEntryStore implements EntryStore<BarKey> {

    private static final Script GET = SeriesScripts.load("get_bars.lua");
    private static final Script GET_AND_EXPIRE = SeriesScripts.loadChange("get_bars.lua");
    private static final Script GET_WITH_TTL = SeriesScripts.load("get_bar_with_ttl.lua");
    private static final Script PUT = SeriesScripts.loadChange("put_bar.lua");
    private static final Script REMOVE = SeriesScripts.loadChange("remove_bars.lua");
    private static final Script COMPARE_AND_SET = SeriesScripts.loadChange("compare_and_set_bar.lua");
    private static final byte[] NOTHING = {};

    private final RedisConnection redis;
    private final Commands commands;
    private final CandleStore candles;
    private final SeriesScripts scripts;
    private final ChangeChannel changes;

    /**
     * @param candles the store of whole series
     * @param scripts the scripts for the same series
     * @param changes the channel for events of changes
     */
    BarEntryStore(CandleStore candles, SeriesScripts scripts, ChangeChannel changes) {
        this(scripts.redis(), candles, scripts, changes);
    }

    private BarEntryStore(Commands commands, CandleStore candles, SeriesScripts scripts, ChangeChannel changes) {
        this.redis = scripts.redis();
        this.commands = commands;
        this.candles = candles;
        this.scripts = scripts;
        this.changes = changes;
    }

    @Override
    public EntryStore<BarKey> within(Deadline deadline) {
        return new BarEntryStore(redis.within(deadline), candles, scripts, changes);
    }

    @Override
    public CompletableFuture<byte @Nullable []> get(BarKey key, long access) {
        return read(commands, new BarSlice(key.series(), List.of(key.openTime())), access)
                .thenApply(values -> values.get(0));
    }

    /** The values of bars in the order of their open times, null for those that are absent. */
    private CompletableFuture<List<byte @Nullable []>> read(Commands commands, BarSlice slice, long access) {
        List<Object> arguments = new ArrayList<>(slice.size() + 1);
        arguments.add(access);
        arguments.addAll(slice.openTimes());
        return Futures.ifForeign(
                access == KEEP
                        ? scripts.query(commands, GET, Reply.LIST, slice.series(), arguments.toArray())
                        : scripts.run(commands, GET_AND_EXPIRE, Reply.LIST, slice.series(), arguments.toArray()),
                Collections.nCopies(slice.size(), FOREIGN));
    }

    @Override
    public CompletableFuture<@Nullable TimedValue> getWithTtl(BarKey key) {
        CompletableFuture<@Nullable TimedValue> read = scripts.query(
                        commands, GET_WITH_TTL, Reply.PARTS, key.series(), key.openTime())
                .thenApply(
                        parts -> parts.isEmpty() ? null : new TimedValue((byte[]) parts.get(0), (Long) parts.get(1)));
        return Futures.ifForeign(read, TimedValue.FOREIGN);
    }

    @Override
    public CompletableFuture<Map<BarKey, byte[]>> getAll(Collection<? extends BarKey> keys, long access) {
        Map<BarKey, byte[]> found = new HashMap<>();
        return BarSlice.pieces(keys)
                .send("read", piece -> {
                    Batch batch = commands.batch();
                    List<CompletableFuture<List<byte @Nullable []>>> reads = new ArrayList<>();
                    piece.forEach(slice -> reads.add(read(batch, slice, access)));
                    batch.send();
                    return Futures.all(reads).thenAccept(values -> collect(piece, values, found));
                })
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
            List<BarSlice> slices, List<List<byte @Nullable []>> values, Map<BarKey, byte[]> found) {
        for (int i = 0; i < slices.size(); i++) {
            BarSlice slice = slices.get(i);
            for (int bar = 0; bar < slice.size(); bar++) {
                byte[] value = values.get(i).get(bar);
                if (value != null) {
                    found.put(BarKey.of(slice.series(), slice.openTimes().get(bar)), value);
                }
            }
        }
    }

    @Override
    public CompletableFuture<Boolean> contains(BarKey key) {
        return get(key, KEEP).thenApply(value -> value != null);
    }

    @Override
    public void requireStorable(BarKey key, byte[] value) {
        if (value.length != BarRow.VALUE_BYTES) {
            throw new IllegalArgumentException(
                    "the value for key " + key + " has " + value.length + " bytes; a bar has " + BarRow.VALUE_BYTES);
        }
        if (BarRow.openTime(value) != key.openTime()) {
            throw new IllegalArgumentException("the bar for key " + key + " opens at " + BarRow.openTime(value)
                    + "; the open times of a key and its bar must be the same");
        }
    }

    @Override
    public CompletableFuture<Boolean> put(BarKey key, byte[] value, Lifetimes lifetimes, Condition condition) {
        if (condition == Condition.ANY && isUpsert(lifetimes)) {
            requireStorable(key, value);
            return scripts.upsert(commands, key.series(), lifetimes.creation(), value)
                    .thenApply(done -> true);
        }
        CompletableFuture<Boolean> written =
                write(commands, key, value, lifetimes, condition).thenApply(answer -> (Long) answer.get(0) == 1);
        return condition == Condition.ABSENT ? Futures.ifForeign(written, false) : written;
    }

    /** Whether a write has the same effect whether or not the entry exists. */
    private static boolean isUpsert(Lifetimes lifetimes) {
        return lifetimes.creation() == lifetimes.update() && lifetimes.creation() != EXPIRED;
    }

    private CompletableFuture<List<Object>> write(
            Commands commands, BarKey key, byte[] value, Lifetimes lifetimes, Condition condition) {
        requireStorable(key, value);
        Object[] arguments = {condition, lifetimes.creation(), lifetimes.update(), value};
        return scripts.run(commands, PUT, Reply.PARTS, key.series(), arguments);
    }

    @Override
    public CompletableFuture<byte @Nullable []> getAndPut(
            BarKey key, byte[] value, Lifetimes lifetimes, Condition condition) {
        return write(commands, key, value, lifetimes, condition).thenApply(answer -> (byte[]) answer.get(1));
    }

    @Override
    public CompletableFuture<Void> putAll(Map<? extends BarKey, byte[]> entries, Lifetimes lifetimes) {
        entries.forEach(this::requireStorable);
        CompletableFuture<?> written = isUpsert(lifetimes)
                ? BarSlice.valuePieces(entries).send("stored", piece -> upsert(piece, lifetimes.creation()))
                : new Pieces<>(entries.entrySet(), entry -> 1, entry -> BarRow.VALUE_BYTES, BarSlice.PIECE_BARS)
                        .send("stored", piece -> write(piece, lifetimes));
        return written.thenApply(done -> null);
    }

    private CompletableFuture<?> upsert(List<BarSlice.ValueSlice> slices, long lifetime) {
        Batch batch = commands.batch();
        List<CompletableFuture<Long>> writes = new ArrayList<>();
        slices.forEach(slice -> writes.add(scripts.upsert(batch, slice.series(), lifetime, slice.joined())));
        batch.send();
        return Futures.all(writes);
    }

    private <K extends BarKey> CompletableFuture<?> write(List<Map.Entry<K, byte[]>> entries, Lifetimes lifetimes) {
        Batch batch = commands.batch();
        List<CompletableFuture<List<Object>>> writes = new ArrayList<>();
        entries.forEach(entry -> writes.add(write(batch, entry.getKey(), entry.getValue(), lifetimes, Condition.ANY)));
        batch.send();
        return Futures.all(writes);
    }

    @Override
    public CompletableFuture<Boolean> remove(BarKey key) {
        return getAndRemove(key).thenApply(value -> value != null);
    }

    @Override
    public CompletableFuture<byte @Nullable []> getAndRemove(BarKey key) {
        return scripts.run(commands, REMOVE, Reply.LIST, key.series(), key.openTime())
                .thenApply(removed -> removed.isEmpty() ? null : removed.get(0));
    }

    @Override
    public CompletableFuture<Long> removeAll(Collection<? extends BarKey> keys) {
        return BarSlice.pieces(keys)
                .send("removed", this::remove)
                .thenApply(counts -> counts.stream().mapToLong(count -> count).sum());
    }

    private CompletableFuture<Long> remove(List<BarSlice> slices) {
        Batch batch = commands.batch();
        List<CompletableFuture<List<byte @Nullable []>>> removals = new ArrayList<>();
        slices.forEach(slice -> removals.add(scripts.run(
                batch, REMOVE, Reply.LIST, slice.series(), slice.openTimes().toArray())));
        batch.send();
        return Futures.all(removals)
                .thenApply(removed -> removed.stream().mapToLong(List::size).sum());
    }

    @Override
    public CompletableFuture<Boolean> compareAndSet(Change<BarKey> change) {
        return compareAndSet(commands, change);
    }

    private CompletableFuture<Boolean> compareAndSet(Commands commands, Change<BarKey> change) {
        BarKey key = change.key();
        byte[] expected = change.expected();
        byte[] update = change.update();
        try {
            if (update != null) {
                requireStorable(key, update);
            }
        } catch (IllegalArgumentException e) {
            return CompletableFuture.failedFuture(e); // do not fail the other changes of a batch
        }
        Object[] arguments = {
            key.openTime(), expected == null ? NOTHING : expected, update == null ? NOTHING : update, change.lifetime()
        };
        CompletableFuture<Boolean> made = scripts.run(
                commands,
                COMPARE_AND_SET,
                Reply.FLAG,
                key.series(),
                changes.with(arguments, scripts.keys().bar(key), change.event()));
        return expected == FOREIGN ? made : Futures.ifForeign(made, false);
    }

    @Override
    public List<CompletableFuture<Boolean>> compareAndSetAll(List<Change<BarKey>> all) {
        return new Pieces<>(all, change -> 1, Change::bytes, BarSlice.PIECE_BARS).sendEach("tried", piece -> {
            Batch batch = commands.batch();
            List<CompletableFuture<Boolean>> outcomes = new ArrayList<>(piece.size());
            piece.forEach(change -> outcomes.add(compareAndSet(batch, change)));
            batch.send();
            return outcomes;
        });
    }

    @Override
    public CompletableFuture<Subscription> subscribe(BiConsumer<Supplier<@Nullable BarKey>, byte[]> subscriber) {
        Keys keys = scripts.keys();
        return changes.subscribe(redis, name -> keys.bar(name) != null, keys::bar, subscriber);
    }

    @Override
    public CompletableFuture<Void> requirePublish() {
        return changes.requirePublish(redis);
    }

    @Override
    public CompletableFuture<Void> clear() {
        return candles.deleteAll();
    }

    @Override
    public Cursor<BarKey> cursor() {
        return new BarCursor(scripts);
    }
}
