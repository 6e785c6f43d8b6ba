package io.iftb.cache;

import io.iftb.cache.market.BarSeries;
import io.iftb.cache.market.SeriesKey;
import io.iftb.cache.observe.CallOrigin;
import io.iftb.cache.observe.CallOutcome;
import io.iftb.cache.observe.ObservedCall;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import java.util.function.Supplier;

/** Writes and removals of candles: counts and observes them. */
record CandleWrites(CandleParts parts) {

    CompletableFuture<Void> upsert(SeriesKey series, BarSeries bars, long lifetime) {
        ObservedCall call = parts.calls().begin("put", series);
        return call == null
                ? upserted(series, bars, lifetime)
                : observed(call, () -> upserted(series, bars, lifetime), done -> CallOutcome.DONE);
    }

    private CompletableFuture<Void> upserted(SeriesKey series, BarSeries bars, long lifetime) {
        return parts.store().upsertOrDrop(series, bars, lifetime).thenApply(written -> {
            if (written) {
                parts.cache().counters().put();
            }
            return null;
        });
    }

    CompletableFuture<Boolean> delete(SeriesKey series) {
        ObservedCall call = parts.calls().begin("invalidate", series);
        return call == null
                ? parts.store().delete(series)
                : observed(call, () -> parts.store().delete(series), CallOutcome::changed);
    }

    CompletableFuture<Integer> compact(SeriesKey series) {
        ObservedCall call = parts.calls().begin("compact", series);
        return call == null
                ? parts.store().compact(series)
                : observed(call, () -> parts.store().compact(series), pages -> CallOutcome.changed(pages > 0));
    }

    CompletableFuture<Void> deleteAll() {
        ObservedCall call = parts.calls().begin("clear", null);
        return call == null
                ? parts.store().deleteAll()
                : observed(call, () -> parts.store().deleteAll(), done -> CallOutcome.DONE);
    }

    private static <T> CompletableFuture<T> observed(
            ObservedCall call, Supplier<CompletableFuture<T>> write, Function<T, CallOutcome> outcome) {
        return call.endingWith(call.attempt(write), outcome, done -> CallOrigin.SERVER);
    }
}
