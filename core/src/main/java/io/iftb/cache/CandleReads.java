package io.iftb.cache;

import io.iftb.cache.codec.CorruptValueException;
import io.iftb.cache.fetch.BarFetcher;
import io.iftb.cache.fetch.BarSourceException;
import io.iftb.cache.market.BarKey;
import io.iftb.cache.market.BarSeries;
import io.iftb.cache.market.OhlcvBar;
import io.iftb.cache.market.SeriesKey;
import io.iftb.cache.observe.CallOrigin;
import io.iftb.cache.observe.CallOutcome;
import io.iftb.cache.observe.ObservedCall;
import io.iftb.cache.redis.ReplyFuture;
import io.iftb.cache.redis.WrongTypeException;
import io.iftb.cache.store.Aged;
import io.iftb.cache.store.CacheBackend;
import io.iftb.cache.store.CandleStore;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Reads of candles: checks what is asked for, counts hits and misses, and takes bytes that are not candles for a miss.
 *
 * @param parts what is read
 * @param fetcher reads instead of the store, and fetches what is missing; null for none
 */
record CandleReads(CandleParts parts, @Nullable BarFetcher fetcher) {

    private CandleStore store() {
        return parts.store();
    }

    private CacheBackend<BarKey, OhlcvBar> cache() {
        return parts.cache();
    }

    private static final String LATEST = "latest";
    private static final String RANGE = "range";

    /** A result for another thread. Who cancels it no longer waits for a source. */
    <T> CompletableFuture<T> handOver(CompletableFuture<T> read) {
        return cancelling(read, parts.redis().handOver(read));
    }

    private <T> CompletableFuture<T> cancelling(CompletableFuture<?> read, CompletableFuture<T> result) {
        return fetcher == null ? result : BarFetching.cancelling(read, result);
    }

    /** The newest bars if this JVM holds them; else null. */
    @Nullable
    BarSeries held(SeriesKey series, int limit) {
        return hit(
                LATEST,
                series,
                fetcher == null ? store().heldLatest(series, positive(limit)) : fetcher.held(series, positive(limit)));
    }

    /** The newest bars of a range if this JVM holds them; else null. */
    @Nullable
    BarSeries heldRange(SeriesKey series, long from, long to, int limit) {
        if (from > to) {
            throw new IllegalArgumentException(
                    "the range of time starts at " + from + ", after its end " + to + "; swap them");
        }
        return hit(
                RANGE,
                series,
                fetcher == null
                        ? store().heldRange(series, from, to, positive(limit))
                        : fetcher.held(series, from, to, positive(limit)));
    }

    private @Nullable BarSeries hit(String operation, SeriesKey series, @Nullable BarSeries held) {
        if (held != null) {
            cache().counted(true);
            parts.calls().hit(operation, series);
        }
        return held;
    }

    CompletableFuture<BarSeries> latest(SeriesKey series, int limit) {
        ObservedCall call = parts.calls().begin(LATEST, series);
        return call == null
                ? understood(series, latestSent(series, limit))
                : observed(call, series, () -> latestSent(series, limit));
    }

    private CompletableFuture<BarSeries> latestSent(SeriesKey series, int limit) {
        return fetcher == null ? store().latest(series, limit) : fetcher.latest(series, limit);
    }

    private CompletableFuture<BarSeries> observed(
            ObservedCall call, SeriesKey series, Supplier<CompletableFuture<BarSeries>> read) {
        CompletableFuture<BarSeries> sent = call.attempt(read);
        return call.endingWith(
                understood(series, sent),
                bars -> CallOutcome.found(!bars.isEmpty()),
                bars -> BarFetcher.isFromSource(sent) ? CallOrigin.SOURCE : CallOrigin.SERVER);
    }

    CompletableFuture<Aged<BarSeries>> latestAged(SeriesKey series, int limit) {
        BarSeries held = held(series, limit);
        if (held != null) {
            return CompletableFuture.completedFuture(new Aged<>(held, Duration.ZERO));
        }
        if (fetcher != null) {
            return latest(series, limit).thenApply(bars -> new Aged<>(bars, Duration.ZERO));
        }
        ObservedCall call = parts.calls().begin(LATEST, series);
        CompletableFuture<Aged<BarSeries>> read = call == null
                ? store().latestAged(series, limit)
                : call.attempt(() -> store().latestAged(series, limit));
        CompletableFuture<BarSeries> bars = read.thenApply(Aged::value);
        return (call == null ? understood(series, bars) : observed(call, series, () -> bars))
                .thenApply(found -> new Aged<>(found, age(read)));
    }

    private static Duration age(CompletableFuture<? extends Aged<?>> ended) {
        return ended.isCompletedExceptionally() ? Duration.ZERO : ended.join().age();
    }

    CompletableFuture<BarSeries> latestFenced(SeriesKey series, int limit) {
        if (fetcher != null) {
            return latest(series, limit);
        }
        ObservedCall call = parts.calls().begin(LATEST, series);
        return call == null
                ? understood(series, store().latestFenced(series, positive(limit)))
                : observed(call, series, () -> store().latestFenced(series, positive(limit)));
    }

    CompletableFuture<BarSeries> range(SeriesKey series, long from, long to, int limit) {
        ObservedCall call = parts.calls().begin(RANGE, series);
        return call == null
                ? understood(series, rangeSent(series, from, to, limit))
                : observed(call, series, () -> rangeSent(series, from, to, limit));
    }

    private CompletableFuture<BarSeries> rangeSent(SeriesKey series, long from, long to, int limit) {
        return fetcher == null ? store().range(series, from, to, limit) : fetcher.range(series, from, to, limit);
    }

    CompletableFuture<Map<SeriesKey, BarSeries>> latest(Collection<SeriesKey> universe, int limit) {
        Map<SeriesKey, BarSeries> found = new LinkedHashMap<>();
        List<SeriesKey> missing = new ArrayList<>();
        positive(limit);
        for (SeriesKey series : universe) {
            BarSeries held = held(series, limit);
            found.put(series, held == null ? BarSeries.EMPTY : held); // keeps the order
            if (held == null) {
                missing.add(series);
            }
        }
        if (missing.isEmpty()) {
            return CompletableFuture.completedFuture(found);
        }
        ObservedCall call = parts.calls().begin(LATEST, missing);
        Map<SeriesKey, CompletableFuture<BarSeries>> sent =
                call == null ? latestSent(missing, limit) : call.attempt(() -> latestSent(missing, limit));
        Map<SeriesKey, CompletableFuture<BarSeries>> reads = new LinkedHashMap<>();
        sent.forEach((series, bars) -> reads.put(series, understood(series, bars)));
        CompletableFuture<Map<SeriesKey, BarSeries>> all = ReplyFuture.joined(List.copyOf(reads.values()))
                .thenApply(done -> {
                    reads.forEach((series, bars) -> found.put(series, bars.join()));
                    return found;
                });
        return call == null
                ? all
                : call.endingWith(
                        all,
                        bars -> CallOutcome.found(missing.stream().anyMatch(each -> !isEmpty(bars.get(each)))),
                        bars -> sent.values().stream().anyMatch(BarFetcher::isFromSource)
                                ? CallOrigin.SOURCE
                                : CallOrigin.SERVER);
    }

    private Map<SeriesKey, CompletableFuture<BarSeries>> latestSent(List<SeriesKey> universe, int limit) {
        return fetcher == null ? store().latest(universe, limit) : fetcher.latest(universe, limit);
    }

    private static boolean isEmpty(@Nullable BarSeries bars) {
        return bars == null || bars.isEmpty();
    }

    private CompletableFuture<BarSeries> understood(SeriesKey series, CompletableFuture<BarSeries> read) {
        return cancelling(read, read.handle((bars, error) -> {
            if (error == null) {
                cache().counted(!bars.isEmpty());
                return bars;
            }
            Throwable why = error instanceof CompletionException ? error.getCause() : error;
            if (why instanceof WrongTypeException || why instanceof CorruptValueException) {
                cache().unreadable(series, why.getMessage());
                return BarSeries.EMPTY;
            }
            if (cache().outage() != null && !(why instanceof BarSourceException)) {
                cache().outage().miss(error);
                cache().counted(false);
                return BarSeries.EMPTY;
            }
            throw error instanceof CompletionException completion ? completion : new CompletionException(error);
        }));
    }

    private static int positive(int limit) {
        if (limit < 1) {
            throw new IllegalArgumentException("limit " + limit + " is not positive; ask for 1 bar or more");
        }
        return limit;
    }

    static Optional<OhlcvBar> newest(BarSeries bars) {
        return bars.isEmpty() ? Optional.empty() : Optional.of(bars.bar(bars.size() - 1));
    }
}
