package io.iftb.cache.fetch;

import io.iftb.cache.market.BarSeries;
import io.iftb.cache.market.Coverage.Range;
import io.iftb.cache.market.SeriesKey;
import io.iftb.cache.store.LateStore;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executor;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Bars that were fetched, and could not be stored since the server failed meanwhile. They are stored when it is back, if that is
 * soon; until then they answer who would ask the source for them again. Safe for use by several threads.
 */
final class UnstoredBars {

    private final Executor executor;
    private final List<Fetched> all = new CopyOnWriteArrayList<>();

    private record Fetched(SeriesKey series, Range range, BarSeries bars) {}

    /** @param executor runs the attempts to store */
    UnstoredBars(Executor executor) {
        this.executor = executor;
    }

    /**
     * Keeps an answer of the source until it is stored, or its lease has ended.
     *
     * @param range the time of which the bars are all
     * @param storing stores them, unless the lease has ended
     */
    void add(SeriesKey series, Range range, BarSeries bars, Supplier<CompletableFuture<Void>> storing) {
        Fetched fetched = new Fetched(series, range, bars);
        all.add(fetched);
        var unused = LateStore.begin(storing, Fetching.LEASE_MILLIS, executor).thenRun(() -> all.remove(fetched));
    }

    /**
     * Bars from the beginning of a range on.
     *
     * @param to until when they are all that there are
     */
    record Found(BarSeries bars, long to) {}

    /** The bars from the beginning of a range on, as far as they are here; null if those are not. */
    @Nullable
    Found find(SeriesKey series, Range range) {
        for (Fetched each : all) {
            if (each.series.equals(series) && each.range.from() <= range.from() && each.range.to() > range.from()) {
                long to = Math.min(range.to(), each.range.to());
                return new Found(each.bars.between(range.from(), to), to);
            }
        }
        return null;
    }
}
