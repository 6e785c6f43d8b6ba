package io.iftb.cache;

import io.iftb.cache.market.BarSeries;
import io.iftb.cache.market.SeriesKey;
import io.iftb.cache.observe.CallOrigin;
import io.iftb.cache.observe.CallOutcome;
import io.iftb.cache.observe.ObservedCall;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Writes and removals of candles: counts and observes them. */
record CandleWrites(CandleParts parts) {

    CompletableFuture<Void> upsert(SeriesKey series, BarSeries bars, long lifetime) {
        ObservedCall call = parts.calls().begin("put", series);
        CompletableFuture<Void> written = parts.store().upsert(series, bars, lifetime);
        var unused = written.thenRun(parts.cache().counters()::put);
        return observed(call, written, done -> CallOutcome.DONE);
    }

    CompletableFuture<Boolean> delete(SeriesKey series) {
        ObservedCall call = parts.calls().begin("invalidate", series);
        return observed(call, parts.store().delete(series), CallOutcome::changed);
    }

    CompletableFuture<Integer> compact(SeriesKey series) {
        ObservedCall call = parts.calls().begin("compact", series);
        return observed(call, parts.store().compact(series), pages -> CallOutcome.changed(pages > 0));
    }

    CompletableFuture<Void> deleteAll() {
        ObservedCall call = parts.calls().begin("clear", null);
        return observed(call, parts.store().deleteAll(), done -> CallOutcome.DONE);
    }

    private static <T> CompletableFuture<T> observed(
            @Nullable ObservedCall call, CompletableFuture<T> written, Function<T, CallOutcome> outcome) {
        return call == null ? written : call.endingWith(written, outcome, done -> CallOrigin.SERVER);
    }
}
