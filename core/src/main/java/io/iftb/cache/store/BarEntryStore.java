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
import io.iftb.cache.redis.ReplyFuture;
import io.iftb.cache.redis.Script;
import io.iftb.cache.redis.Subscription;
import java.util.ArrayList;
import java.util.Collection;
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

    private static final Script TOUCH = SeriesScripts.loadChange("touch_bars.lua");

    private final RedisConnection redis;
    private final Commands commands;
    private final CandleStore candles;
    private final SeriesAccess access;
    private final SeriesScripts scripts;
    private final BarReader reader;
    private final PagedBars bars;
    private final BarChanges barChanges;
    private final ChangeChannel changes;

    /**
     * @param candles the store of whole series
     * @param access what reads and writes the same series
     * @param changes the channel for events of changes
     */
    BarEntryStore(CandleStore candles, SeriesAccess access, ChangeChannel changes) {
        this(access.scripts().redis(), candles, access, changes);
    }

    private BarEntryStore(Commands commands, CandleStore candles, SeriesAccess access, ChangeChannel changes) {
        this.redis = access.scripts().redis();
        this.commands = commands;
        this.candles = candles;
        this.access = access;
        this.scripts = access.scripts();
        this.reader = new BarReader(access);
        this.bars = new PagedBars(access);
        this.barChanges = new BarChanges(access, bars, changes);
        this.changes = changes;
    }

    @Override
    public EntryStore<BarKey> within(Deadline deadline) {
        return new BarEntryStore(redis.within(deadline), candles, access, changes);
    }

    @Override
    public CompletableFuture<byte @Nullable []> get(BarKey key, long lifetime) {
        long openTime = key.openTime();
        CompletableFuture<byte @Nullable []> read =
                read(commands, BarSlice.of(key), lifetime).thenApply(values -> values.get(openTime));
        return Futures.ifForeign(read, FOREIGN);
    }

    /** The values of the bars that are there, by their open times. */
    private CompletableFuture<Map<Long, byte[]>> read(Commands sending, BarSlice slice, long lifetime) {
        if (lifetime != KEEP) {
            return touch(sending, redis.timed(commands), slice, lifetime);
        }
        return reader.get(sending, commands, slice).thenApply(found -> {
            Map<Long, byte[]> values = new HashMap<>();
            found.forEach((openTime, bar) -> values.put(openTime, bar.value()));
            return values;
        });
    }

    /**
     * @param sending sends the first command, may be a batch
     * @param timed sends what follows if bars belong to pages
     */
    private CompletableFuture<Map<Long, byte[]>> touch(
            Commands sending, Commands timed, BarSlice slice, long lifetime) {
        List<Object> arguments = new ArrayList<>(slice.size() + 1);
        arguments.add(lifetime);
        arguments.addAll(slice.openTimes());
        return ReplyFuture.then(
                scripts.run(sending, TOUCH, Reply.PARTS, slice.series(), arguments.toArray()),
                reply -> bars.withPaged(
                        timed,
                        slice,
                        reply,
                        (edit, openTime) -> {
                            PageEdit.Row row = edit.row(openTime);
                            if (row == null) {
                                return null;
                            }
                            if (lifetime == EXPIRED) {
                                edit.remove(openTime);
                            } else {
                                edit.put(row.value(), edit.expiry(lifetime));
                            }
                            return row.value();
                        },
                        rest -> touch(timed, timed, rest, lifetime)));
    }

    @Override
    public CompletableFuture<@Nullable TimedValue> getWithTtl(BarKey key) {
        CompletableFuture<@Nullable TimedValue> read = reader.get(commands, commands, BarSlice.of(key))
                .thenApply(found -> {
                    BarReader.TimedBar bar = found.get(key.openTime());
                    if (bar == null) {
                        return null;
                    }
                    return new TimedValue(
                            bar.value(), bar.expiry() == BarRow.NEVER ? Lifetimes.ETERNAL : bar.expiry() - bar.now());
                });
        return Futures.ifForeign(read, TimedValue.FOREIGN);
    }

    @Override
    public CompletableFuture<Map<BarKey, byte[]>> getAll(Collection<? extends BarKey> keys, long lifetime) {
        Map<BarKey, byte[]> found = new HashMap<>();
        return BarSlice.pieces(keys)
                .send("read", piece -> {
                    Batch batch = commands.batch();
                    List<CompletableFuture<Map<Long, byte[]>>> reads = new ArrayList<>();
                    piece.forEach(slice -> reads.add(Futures.ifForeign(read(batch, slice, lifetime), Map.of())));
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

    private static void collect(List<BarSlice> slices, List<Map<Long, byte[]>> values, Map<BarKey, byte[]> found) {
        for (int i = 0; i < slices.size(); i++) {
            BarSlice slice = slices.get(i);
            Map<Long, byte[]> bars = values.get(i);
            for (long openTime : slice.openTimes()) {
                byte[] value = bars.get(openTime);
                if (value != null) {
                    found.put(BarKey.of(slice.series(), openTime), value);
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
        BarWrite.requireStorable(key, value);
    }

    @Override
    public CompletableFuture<Boolean> put(BarKey key, byte[] value, Lifetimes lifetimes, Condition condition) {
        if (condition == Condition.ANY && isUpsert(lifetimes)) {
            requireStorable(key, value);
            Commands timed = redis.timed(commands);
            return access.writer()
                    .write(timed, timed, key.series(), value, lifetimes.creation())
                    .thenApply(done -> true);
        }
        CompletableFuture<Boolean> written =
                barChanges.put(commands, key, value, lifetimes, condition).thenApply(BarWrite.Written::held);
        return condition == Condition.ABSENT ? Futures.ifForeign(written, false) : written;
    }

    /** Whether a write has the same effect whether or not the entry exists. */
    private static boolean isUpsert(Lifetimes lifetimes) {
        return lifetimes.creation() == lifetimes.update() && lifetimes.creation() != EXPIRED;
    }

    @Override
    public CompletableFuture<byte @Nullable []> getAndPut(
            BarKey key, byte[] value, Lifetimes lifetimes, Condition condition) {
        return barChanges.put(commands, key, value, lifetimes, condition).thenApply(BarWrite.Written::previous);
    }

    @Override
    public CompletableFuture<Void> putAll(Map<? extends BarKey, byte[]> entries, Lifetimes lifetimes) {
        entries.forEach(this::requireStorable);
        CompletableFuture<?> written = isUpsert(lifetimes)
                ? BarSlice.valuePieces(entries).send("stored", piece -> upsert(piece, lifetimes.creation()))
                : new Pieces<>(entries.entrySet(), entry -> 1, entry -> BarRow.VALUE_BYTES, BarSlice.PIECE_BARS)
                        .send("stored", piece -> barChanges.putAll(commands, piece, lifetimes));
        return written.thenApply(done -> null);
    }

    private CompletableFuture<?> upsert(List<BarSlice.ValueSlice> slices, long lifetime) {
        Commands timed = redis.timed(commands);
        Batch batch = timed.batch();
        List<CompletableFuture<Void>> writes = new ArrayList<>();
        for (BarSlice.ValueSlice slice : slices) {
            writes.add(
                    slice.values().size() > SeriesWriter.SCRIPT_ROWS
                            ? access.writer().write(timed, SeriesSlice.of(slice.series(), slice.values(), lifetime))
                            : access.writer().write(batch, timed, slice.series(), slice.joined(), lifetime));
        }
        batch.send();
        return Futures.all(writes);
    }

    @Override
    public CompletableFuture<Boolean> remove(BarKey key) {
        return getAndRemove(key).thenApply(value -> value != null);
    }

    @Override
    public CompletableFuture<byte @Nullable []> getAndRemove(BarKey key) {
        Commands timed = redis.timed(commands);
        return touch(timed, timed, BarSlice.of(key), EXPIRED).thenApply(removed -> removed.get(key.openTime()));
    }

    @Override
    public CompletableFuture<Long> removeAll(Collection<? extends BarKey> keys) {
        return BarSlice.pieces(keys)
                .send("removed", piece -> {
                    Commands timed = redis.timed(commands);
                    Batch batch = timed.batch();
                    List<CompletableFuture<Map<Long, byte[]>>> removals = new ArrayList<>();
                    piece.forEach(slice -> removals.add(touch(batch, timed, slice, EXPIRED)));
                    batch.send();
                    return Futures.all(removals)
                            .thenApply(removed ->
                                    removed.stream().mapToLong(Map::size).sum());
                })
                .thenApply(counts -> counts.stream().mapToLong(count -> count).sum());
    }

    @Override
    public CompletableFuture<Boolean> compareAndSet(Change<BarKey> change) {
        return barChanges.compareAndSet(commands, change);
    }

    @Override
    public List<CompletableFuture<Boolean>> compareAndSetAll(List<Change<BarKey>> all) {
        return barChanges.compareAndSetAll(commands, all);
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
        return new BarCursor(scripts, access.reader());
    }
}
