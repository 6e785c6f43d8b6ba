package io.iftb.cache.fetch;

import io.iftb.cache.market.BarSeries;
import io.iftb.cache.market.Coverage.Interval;
import io.iftb.cache.market.Coverage.Range;
import io.iftb.cache.market.Coverage.Reason;
import io.iftb.cache.market.OhlcvBar;
import io.iftb.cache.market.SeriesKey;
import io.iftb.cache.redis.RedisServerException;
import io.iftb.cache.redis.ReplyFuture;
import io.iftb.cache.store.CoverageStore.Lease;
import io.iftb.cache.store.LeaseLostException;
import io.iftb.cache.store.Lifetimes;
import io.iftb.cache.store.OpenRead;
import io.iftb.cache.store.OutageStore;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** What becomes of a request of one series: its bars are stored, or its failure, so that others know. */
final class Landing {

    private final Fetching fetching;
    private final SeriesKey series;

    /** The lease by which something is to be stored once the server is back. */
    private volatile @Nullable Lease late;

    Landing(Fetching fetching, SeriesKey series) {
        this.fetching = fetching;
        this.series = series;
    }

    /** Stores the good bars of an answer with what they cover, and gives the lease back. Fails if something of it is not good. */
    CompletableFuture<@Nullable Void> store(
            Lease lease, CheckedAnswer.Request request, @Nullable Collection<OhlcvBar> answer) {
        Range range = lease.range();
        long serverNow = request.serverNow();
        long closedBefore = request.closedBefore();
        CheckedAnswer checked = CheckedAnswer.of(request, answer);
        List<Interval> covered = new ArrayList<>(checked.covered());
        if (checked.fault() != null) {
            long until = serverNow + fetching.options().failurePause().toMillis();
            checked.missing(range, closedBefore)
                    .forEach(part -> covered.add(new Interval(part.from(), part.to(), Reason.FAILED, until)));
        }
        OpenRead open =
                range.to() > closedBefore && checked.fault() == null ? new OpenRead(closedBefore, serverNow) : null;
        Supplier<CompletableFuture<Void>> storing =
                () -> fetching.store().store(series, checked.bars(), fetching.lifetime(), lease, covered, open);
        CompletableFuture<Void> stored = storing.get().whenComplete((done, error) -> {
            if (error != null && Flight.cause(error) instanceof LeaseLostException) {
                new Disagreements(fetching).look(series, checked.bars());
            } else if (OutageStore.isOutage(error) && checked.fault() == null) {
                late = lease;
                fetching.unstored().add(series, checked.known(request), checked.bars(), storing);
            }
        });
        return ReplyFuture.then(stored, done -> {
            fetching.counts().fetched(checked.bars().size());
            if (checked.fault() != null) {
                throw fetching.failure(series, range, checked.fault() + "; what is good was stored", null);
            }
            return CompletableFuture.completedFuture(null);
        });
    }

    /** Whether a failure is none of the source, so that others may ask it at once. */
    private static boolean isOfOthers(Throwable error) {
        return error instanceof RedisServerException
                || error instanceof BudgetExhaustedException
                || error instanceof CancellationException;
    }

    /** Says that the interval failed, so that nobody asks again at once, and gives the lease back with it. */
    CompletableFuture<@Nullable Void> failed(Lease lease, Throwable error) {
        if (OutageStore.isOutage(error) && lease.equals(late)) {
            return CompletableFuture.failedFuture(error); // its lease is still of use
        }
        Duration stopped = fetching.gate().stopped();
        if (error instanceof BudgetExhaustedException && !stopped.isZero()) {
            return storeFailed(lease, stopped.toMillis(), error); // tells others, who may not have heard of it
        }
        if (isOfOthers(error)) {
            CompletableFuture<@Nullable Void> ended = new CompletableFuture<>();
            var unused =
                    fetching.store().giveBack(lease).whenComplete((done, lost) -> ended.completeExceptionally(error));
            return ended;
        }
        long pause = fetching.options().failurePause().toMillis();
        if (error instanceof RateLimitedException limited) {
            pause = Math.max(pause, SourceTurns.limited(limited.retryAfter()).toMillis());
        }
        BarSourceException failure = error instanceof BarSourceException own
                ? own
                : fetching.failure(series, lease.range(), "it failed (" + error + ")", error);
        fetching.failed(series, failure);
        return storeFailed(lease, pause, failure);
    }

    /** Gives the lease back, and lets nobody ask for its closed bars for a time. */
    private CompletableFuture<@Nullable Void> storeFailed(Lease lease, long pauseMillis, Throwable failure) {
        long closedBefore = fetching.closedBefore(series, fetching.now(series));
        long to = Math.min(lease.range().to(), closedBefore);
        List<Interval> covered = to <= lease.range().from()
                ? List.of()
                : List.of(new Interval(
                        lease.range().from(),
                        to,
                        Reason.FAILED,
                        fetching.store().now(series) + pauseMillis));
        return fetching.store()
                .store(series, BarSeries.EMPTY, Lifetimes.ETERNAL, lease, covered, null)
                .handle((done, lost) -> {
                    throw new CompletionException(failure);
                });
    }
}
