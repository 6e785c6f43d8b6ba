package io.iftb.cache.store;

import io.iftb.cache.codec.BarRow;
import io.iftb.cache.codec.CorruptValueException;
import io.iftb.cache.market.BarKey;
import io.iftb.cache.market.SeriesKey;
import io.iftb.cache.redis.KeyScan;
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

    private static final SeriesReader.Values NONE = new SeriesReader.Values(List.of(), Long.MIN_VALUE);

    private final SeriesScripts scripts;
    private final SeriesReader reader;
    private final KeyScan scan;
    private final Set<SeriesKey> seen = new HashSet<>();
    private final Deque<SeriesKey> waiting = new ArrayDeque<>();
    private long before = Long.MAX_VALUE;

    BarCursor(SeriesScripts scripts) {
        this.scripts = scripts;
        this.reader = new SeriesReader(scripts);
        this.scan = scripts.scan();
    }

    @Override
    public CompletableFuture<EntryStore.@Nullable Page<BarKey>> next() {
        SeriesKey current = waiting.peek();
        if (current == null) {
            return nextSeries();
        }
        return reader.values(current, before)
                .exceptionally(BarCursor::noneIfForeign)
                .thenApply(found -> {
                    if (found.oldest() == Long.MIN_VALUE) {
                        waiting.remove();
                        before = Long.MAX_VALUE;
                    } else {
                        before = found.oldest();
                    }
                    return () -> entries(current, found.values());
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

    private static SeriesReader.Values noneIfForeign(Throwable error) {
        Throwable cause = Futures.cause(error);
        if (cause instanceof WrongTypeException || cause instanceof CorruptValueException) {
            return NONE;
        }
        throw Futures.wrapped(error);
    }

    private static List<Map.Entry<BarKey, byte[]>> entries(SeriesKey of, List<byte[]> values) {
        List<Map.Entry<BarKey, byte[]>> entries = new ArrayList<>(values.size());
        values.forEach(value -> entries.add(Map.entry(BarKey.of(of, BarRow.openTime(value)), value)));
        return entries;
    }
}
