package io.iftb.cache.store;

import io.iftb.cache.codec.BarRow;
import io.iftb.cache.codec.CorruptValueException;
import io.iftb.cache.market.BarKey;
import io.iftb.cache.market.BarSeries;
import io.iftb.cache.market.SeriesKey;
import io.iftb.cache.redis.KeyScan;
import io.iftb.cache.redis.RedisConnection;
import io.iftb.cache.redis.WrongTypeException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** A cursor over all series, each from its newest bar to its oldest. Leaves out foreign keys. */
final class BarCursor implements EntryStore.Cursor<BarKey> {

    /** Bars of one round trip, as many as a page may have. */
    private static final int STEP = 2_046;

    private final SeriesScripts scripts;
    private final SeriesReader reader;
    private final KeyScan scan;
    private final Set<SeriesKey> seen = new HashSet<>();
    private final Deque<SeriesKey> waiting = new ArrayDeque<>();
    private long before = Long.MAX_VALUE;

    BarCursor(SeriesScripts scripts, SeriesReader reader) {
        this.scripts = scripts;
        this.reader = reader;
        this.scan = scripts.scan();
    }

    @Override
    public CompletableFuture<EntryStore.@Nullable Page<BarKey>> next() {
        SeriesKey current = waiting.peek();
        if (current == null) {
            return nextSeries();
        }
        RedisConnection redis = scripts.redis();
        return reader.read(
                        redis.within(redis.deadline()), new SeriesReader.Range(current, Long.MIN_VALUE, before, STEP))
                .exceptionally(BarCursor::noneIfForeign)
                .thenApply(found -> {
                    if (found.size() < STEP) {
                        waiting.remove();
                        before = Long.MAX_VALUE;
                    } else {
                        before = found.openTime(0);
                    }
                    return () -> entries(current, found);
                });
    }

    private CompletableFuture<EntryStore.@Nullable Page<BarKey>> nextSeries() {
        return scripts.next(scan).thenApply(found -> {
            if (found == null) {
                return null;
            }
            found.stream().filter(seen::add).forEach(waiting::add);
            return List::of;
        });
    }

    private static BarSeries noneIfForeign(Throwable error) {
        Throwable cause = Futures.cause(error);
        if (cause instanceof WrongTypeException || cause instanceof CorruptValueException) {
            return BarSeries.EMPTY;
        }
        throw Futures.wrapped(error);
    }

    private static List<Map.Entry<BarKey, byte[]>> entries(SeriesKey of, BarSeries bars) {
        List<Map.Entry<BarKey, byte[]>> entries = new ArrayList<>(bars.size());
        for (int i = 0; i < bars.size(); i++) {
            entries.add(Map.entry(BarKey.of(of, bars.openTime(i)), BarRow.values(bars, i, i + 1)));
        }
        return entries;
    }
}
