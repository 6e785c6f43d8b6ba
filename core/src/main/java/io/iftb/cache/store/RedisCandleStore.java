package io.iftb.cache.store;

import io.iftb.cache.market.BarSeries;
import io.iftb.cache.market.SeriesKey;
import io.iftb.cache.redis.Batch;
import io.iftb.cache.redis.Commands;
import io.iftb.cache.redis.Deadline;
import io.iftb.cache.redis.KeyScan;
import io.iftb.cache.redis.RedisConnection;
import io.iftb.cache.redis.Reply;
import io.iftb.cache.redis.Script;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** The candle store on one server: the bars of a series in a head and in pages, see {@link SeriesScripts}. */
final class RedisCandleStore implements CandleStore {

    private static final Script DELETE = SeriesScripts.loadChange("delete_series.lua");
    private static final Script DESCRIBE = SeriesScripts.load("describe_series.lua");

    private final RedisConnection redis;
    private final Commands commands;
    private final SeriesAccess access;
    private final SeriesScripts scripts;
    private final SeriesReader reader;
    private final SeriesWriter writer;
    private final SeriesKeeper keeper;
    private final SeriesAddition addition;

    RedisCandleStore(SeriesAccess access) {
        this(access.scripts().redis(), access);
    }

    private RedisCandleStore(Commands commands, SeriesAccess access) {
        this.redis = access.scripts().redis();
        this.commands = commands;
        this.access = access;
        this.scripts = access.scripts();
        this.reader = access.reader();
        this.writer = access.writer();
        this.keeper = access.keeper();
        this.addition = new SeriesAddition(access);
    }

    @Override
    public CandleStore within(Deadline deadline) {
        return new RedisCandleStore(redis.within(deadline), access);
    }

    @Override
    public CompletableFuture<Void> upsert(SeriesKey series, BarSeries bars, long lifetime) {
        List<SeriesSlice> slices = new ArrayList<>();
        AtomicReference<SeriesSlice.@Nullable Place> place = new AtomicReference<>();
        int last = Math.max(0, bars.size() - SeriesReader.HEAD_MAX_ROWS); // a head needs so many
        for (int from = 0;
                from < bars.size();
                from = slices.get(slices.size() - 1).to()) {
            int to = Math.min(from + ROUND_TRIP_BARS, bars.size());
            to = to < bars.size() && to > last ? last : to;
            slices.add(SeriesSlice.of(series, bars, from, to, lifetime, place));
        }
        if (slices.size() == 1) {
            return writer.write(redis.timed(commands), slices.get(0));
        }
        return new Pieces<>(slices, SeriesSlice::size, slice -> Pieces.MAX_BYTES, 1)
                .send("stored", piece -> writer.write(redis.within(redis.deadline()), piece.get(0)))
                .thenApply(done -> null);
    }

    @Override
    public CompletableFuture<BitSet> add(SeriesKey series, BarSeries bars, long[] expiries) {
        return addition.add(redis.timed(commands), series, bars, expiries);
    }

    @Override
    public CompletableFuture<BarSeries> latest(SeriesKey series, int limit) {
        long began = System.nanoTime();
        return limit > SeriesReader.HEAD_MIN_ROWS
                ? range(series, Long.MIN_VALUE, Long.MAX_VALUE, limit)
                : reader.newest(commands, series, limit)
                        .thenCompose(newest -> reader.complete(commands, series, newest, limit, began));
    }

    @Override
    public Map<SeriesKey, CompletableFuture<BarSeries>> latest(Collection<SeriesKey> universe, int limit) {
        long began = System.nanoTime();
        Batch batch = commands.batch();
        Map<SeriesKey, CompletableFuture<BarSeries>> reads = new LinkedHashMap<>();
        for (SeriesKey series : universe) {
            reads.computeIfAbsent(
                    series,
                    key -> reader.newest(batch, key, Math.min(limit, SeriesReader.HEAD_MAX_ROWS))
                            .thenCompose(newest -> reader.complete(commands, key, newest, limit, began)));
        }
        batch.send();
        return reads;
    }

    @Override
    public CompletableFuture<BarSeries> range(SeriesKey series, long from, long to, int limit) {
        return reader.read(redis.timed(commands), new SeriesReader.Range(series, from, to, limit));
    }

    @Override
    public CompletableFuture<Integer> compact(SeriesKey series) {
        return keeper.compact(series);
    }

    @Override
    public CompletableFuture<Boolean> delete(SeriesKey series) {
        return scripts.run(commands, DELETE, Reply.FLAG, series);
    }

    @Override
    public CompletableFuture<Void> deleteAll() {
        return scripts.unlinkAll();
    }

    @Override
    public CompletableFuture<@Nullable Description> describe(SeriesKey series) {
        return scripts.query(commands, DESCRIBE, Reply.TREE, series).thenApply(parts -> {
            if (parts == null) {
                return null;
            }
            long[] numbers = parts.stream()
                    .mapToLong(part -> Long.parseLong((String) part))
                    .toArray();
            return new Description(numbers[0], numbers[1], numbers[2], numbers[3], numbers[4]);
        });
    }

    @Override
    public CompletableFuture<List<SeriesKey>> list() {
        return list(scripts.scan(), new HashSet<>())
                .thenApply(found -> found.stream()
                        .sorted(Comparator.comparing(SeriesKey::symbol)
                                .thenComparing(series -> series.timeframe().length())
                                .thenComparing(series -> series.timeframe().toString()))
                        .toList());
    }

    private CompletableFuture<Set<SeriesKey>> list(KeyScan scan, Set<SeriesKey> found) {
        return scripts.next(scan).thenCompose(series -> {
            if (series == null) {
                return CompletableFuture.completedFuture(found);
            }
            found.addAll(series);
            return list(scan, found);
        });
    }
}
