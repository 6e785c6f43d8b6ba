package io.iftb.cache.store;

import io.iftb.cache.codec.BarRow;
import io.iftb.cache.codec.CorruptValueException;
import io.iftb.cache.market.BarKey;
import io.iftb.cache.market.BarSeries;
import io.iftb.cache.market.SeriesKey;
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

/**
 * A cursor over all series, each from its newest bar to its oldest. Leaves out foreign keys. It goes on when somebody has taken
 * the bars of a page.
 */
final class BarCursor implements EntryStore.Cursor<BarKey> {

    /** Bars of one round trip, as many as a page may have. */
    private static final int STEP = 2_046;

    private final SeriesScripts scripts;
    private final SeriesReader reader;
    private final TakenScan scan;
    private final Set<SeriesKey> seen = new HashSet<>();
    private final Deque<SeriesKey> waiting = new ArrayDeque<>();
    private long before = Long.MAX_VALUE;

    BarCursor(SeriesScripts scripts, SeriesReader reader) {
        this.scripts = scripts;
        this.reader = reader;
        this.scan = new TakenScan(scripts::scan);
    }

    @Override
    public CompletableFuture<EntryStore.@Nullable Page<BarKey>> next() {
        SeriesKey current = waiting.peek();
        if (current == null) {
            return nextSeries();
        }
        RedisConnection redis = scripts.redis();
        long end = before;
        return reader.read(redis.within(redis.deadline()), new SeriesReader.Range(current, Long.MIN_VALUE, end, STEP))
                .exceptionally(BarCursor::noneIfForeign)
                .thenApply(found -> () -> taken(current, end, found));
    }

    private CompletableFuture<EntryStore.@Nullable Page<BarKey>> nextSeries() {
        return scan.next().thenApply(found -> found == null ? null : () -> taken(found));
    }

    /** The caller has keys, of series whose bars it then reads. */
    private List<Map.Entry<BarKey, byte[]>> taken(List<String> found) {
        scan.taken();
        scripts.series(found).stream().filter(seen::add).forEach(waiting::add);
        return List.of();
    }

    /** The caller has these bars of a series. */
    private List<Map.Entry<BarKey, byte[]>> taken(SeriesKey current, long end, BarSeries found) {
        if (current.equals(waiting.peek()) && before == end) {
            if (found.size() < STEP) {
                waiting.remove();
                before = Long.MAX_VALUE;
            } else {
                before = found.openTime(0);
            }
        }
        return entries(current, found);
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
