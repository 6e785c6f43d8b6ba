package io.iftb.cache;

import io.iftb.cache.fetch.BarFetcher;
import io.iftb.cache.fetch.FetchStatus;
import io.iftb.cache.fetch.WarmUp;
import io.iftb.cache.market.BarSeries;
import io.iftb.cache.market.Coverage;
import io.iftb.cache.market.SeriesKey;
import io.iftb.cache.redis.RedisConnection;
import io.iftb.cache.store.CoverageStore;
import java.util.Collection;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What a cache of candles can do about what it does not have: fetch it anew, fetch it in advance, and say what it has. Failures
 * of the source are {@link io.iftb.cache.fetch.BarSourceException}.
 */
public final class BarFetching {

    private final RedisConnection redis;
    private final CoverageStore store;
    private final @Nullable BarFetcher fetcher;

    BarFetching(RedisConnection redis, CoverageStore store, @Nullable BarFetcher fetcher) {
        this.redis = redis;
        this.store = store;
        this.fetcher = fetcher;
    }

    private BarFetcher fetcher() {
        BarFetcher found = fetcher;
        if (found == null) {
            throw new IllegalStateException("this cache of candles has no source; use what withSource(…) returns");
        }
        return found;
    }

    private <T> CompletableFuture<T> handOver(CompletableFuture<T> read) {
        return cancelling(read, redis.handOver(read));
    }

    /** A result; who cancels it no longer waits for a source. */
    static <T> CompletableFuture<T> cancelling(CompletableFuture<?> read, CompletableFuture<T> result) {
        var unused = result.whenComplete((done, error) -> {
            if (result.isCancelled()) {
                read.cancel(true);
            }
        });
        return result;
    }

    /**
     * The newest bars with an open bar that was fetched after this call, such as before an order. It does not wait for others
     * that fetch the same: what they fetch is not stored.
     *
     * @param limit how many at most, 1 or more
     * @throws IllegalArgumentException if the limit is not positive
     * @throws IllegalStateException if the cache has no source
     */
    public BarSeries fresh(SeriesKey series, int limit) {
        return redis.await(fetcher().fresh(series, limit));
    }

    /** Like {@link #fresh}. The future may be cancelled: then the source is not asked any more, unless others wait for it. */
    public CompletionStage<BarSeries> freshAsync(SeriesKey series, int limit) {
        return handOver(fetcher().fresh(series, limit));
    }

    /**
     * Fetches the bars of a range again, though they are covered, since the source has corrected them.
     *
     * @param from epoch milliseconds
     * @param to epoch milliseconds, not part of the range
     * @return the bars of the range
     * @throws IllegalStateException if the cache has no source
     */
    public BarSeries repair(SeriesKey series, long from, long to) {
        return redis.await(fetcher().repair(series, from, to));
    }

    /** Like {@link #repair}. The future may be cancelled; the next read of the range fetches it then. */
    public CompletionStage<BarSeries> repairAsync(SeriesKey series, long from, long to) {
        return handOver(fetcher().repair(series, from, to));
    }

    /**
     * Fetches what is missing of many series, a few at a time, after everything else that is asked of the source. Begin it
     * again, in this program or another one, and it goes on where it ended.
     *
     * @param from the open time of the first bar of each, epoch milliseconds
     * @param progress hears of each part that is done; called by one thread at a time
     * @return completes with what was done; a series that fails does not end the others
     * @throws IllegalStateException if the cache has no source
     */
    public CompletionStage<WarmUp.Result> warm(
            Collection<SeriesKey> universe, long from, Consumer<WarmUp.Progress> progress) {
        return redis.handOver(fetcher().warm(universe, from, progress));
    }

    /** What is known to have been fetched of a series. */
    public Coverage coverage(SeriesKey series) {
        return redis.await(covered(series));
    }

    /** Like {@link #coverage}. */
    public CompletionStage<Coverage> coverageAsync(SeriesKey series) {
        return redis.handOver(covered(series));
    }

    private CompletableFuture<Coverage> covered(SeriesKey series) {
        return store.coverage(series).thenApply(found -> found.at(store.now(series)));
    }

    /**
     * Says that the bars of a range are final, such as after an import: no source is asked for them, nor for times of the range
     * that have no bar.
     *
     * @param from epoch milliseconds
     * @param to epoch milliseconds, not part of the range
     * @throws IllegalArgumentException if the range is empty
     */
    public void confirm(SeriesKey series, long from, long to) {
        redis.await(store.confirm(series, new Coverage.Range(from, to)));
    }

    /**
     * What this JVM has asked of the source.
     *
     * @throws IllegalStateException if the cache has no source
     */
    public FetchStatus status() {
        return fetcher().status();
    }
}
