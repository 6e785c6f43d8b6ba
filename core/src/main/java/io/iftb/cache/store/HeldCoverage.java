package io.iftb.cache.store;

import io.iftb.cache.market.BarSeries;
import io.iftb.cache.market.Coverage;
import io.iftb.cache.market.SeriesKey;
import io.iftb.cache.near.NearMap;
import io.iftb.cache.redis.Deadline;
import io.iftb.cache.redis.RedisConnection;
import io.iftb.cache.redis.ReplyFuture;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The coverage of the bars that this JVM holds of series. The bars have it with them, so it counts as long as the very bars are held
 * with which it was true: a change of either drops them. Safe for use by several threads.
 */
final class HeldCoverage {

    private final RedisConnection redis;
    private final NearSeries near;
    private final Function<SeriesKey, CompletableFuture<Coverage>> reader;
    private final Set<SeriesKey> reading = ConcurrentHashMap.newKeySet();

    HeldCoverage(RedisConnection redis, NearSeries near, Function<SeriesKey, CompletableFuture<Coverage>> reader) {
        this.redis = redis;
        this.near = near;
        this.reader = reader;
    }

    /** The bars that an answer takes from those that are held, with their coverage; null if none are held. */
    @Nullable
    Covered get(SeriesKey series, Function<HeldBars, @Nullable BarSeries> answer) {
        HeldBars bars = near.get(series);
        Coverage coverage = bars == null ? null : bars.coverage();
        BarSeries found = bars == null || coverage == null ? null : answer.apply(bars);
        return found == null || coverage == null ? null : new Covered(found, coverage, Long.MIN_VALUE);
    }

    /**
     * Reads bars and then their coverage, and holds both if nothing changed until a fence after that, so that all changes until
     * then have been heard.
     *
     * @param limit how many bars
     */
    void hold(SeriesKey series, int limit) {
        if (limit > SeriesReader.HEAD_MIN_ROWS || !near.isHearing(series) || !reading.add(series)) {
            return;
        }
        CompletableFuture<@Nullable HeldBars> read = near.read(redis, series, limit, NearMap.ANY_TIME);
        CompletableFuture<?> held = ReplyFuture.then(
                read,
                bars -> bars == null || bars.coverage() != null // somebody else has just read it
                        ? CompletableFuture.completedFuture(null)
                        : ReplyFuture.then(reader.apply(series), coverage -> fenced(series, bars, coverage)));
        var unused = held.whenComplete(
                (done, error) -> reading.remove(series)); // after a failure, the next read tries again
    }

    private CompletableFuture<@Nullable Void> fenced(SeriesKey series, HeldBars bars, Coverage coverage) {
        Deadline deadline = redis.deadline();
        return redis.tracking().fence(deadline).thenApply(since -> {
            if (near.get(series) == bars) {
                bars.cover(coverage);
            }
            return null;
        });
    }
}
