package io.iftb.cache.fetch;

import io.iftb.cache.fetch.SourcePermits.Permit;
import io.iftb.cache.fetch.UnstoredBars.Found;
import io.iftb.cache.market.BarSeries;
import io.iftb.cache.market.Coverage.Range;
import io.iftb.cache.market.OhlcvBar;
import io.iftb.cache.market.SeriesKey;
import io.iftb.cache.redis.ReplyFuture;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * Reads of the source alone, while the server of the cache is away: nothing is stored, and equal reads of this JVM at the same
 * time are one, unless they must be fresh. A read that nobody waits for any more ends. The budget of requests holds also then.
 */
final class DirectReads {

    private final Fetching fetching;
    private final Map<Wish, Shared> active = new HashMap<>();

    private record Wish(SeriesKey series, Range range) {}

    /** A read, and how many wait for it. */
    private static final class Shared {

        private final CompletableFuture<BarSeries> bars = new CompletableFuture<>();
        private final Urgency urgency;
        private final long deadlineNanos;

        /** From which open time on bars must be asked for now; {@link Long#MAX_VALUE} for none. */
        private final long freshFrom;

        private int waiters = 1;
        private volatile @Nullable CompletableFuture<?> asking;
        private volatile boolean cancelled;

        Shared(Urgency urgency, long deadlineNanos, long freshFrom) {
            this.urgency = urgency;
            this.deadlineNanos = deadlineNanos;
            this.freshFrom = freshFrom;
        }

        /** Whether who joins it now has most of his own time still, as {@link Flight#isJoinable} says. */
        private boolean isJoinable(Duration timeout) {
            return 2 * (deadlineNanos - System.nanoTime()) > timeout.toNanos();
        }

        /** What {@link #cancel} ends. */
        private <T> CompletableFuture<T> asking(CompletableFuture<T> future) {
            asking = future;
            if (cancelled) {
                future.cancel(true);
            }
            return future;
        }

        private void cancel() {
            cancelled = true;
            CompletableFuture<?> request = asking;
            if (request != null) {
                request.cancel(true);
            }
        }
    }

    DirectReads(Fetching fetching) {
        this.fetching = fetching;
    }

    /** The bars that a request of the cache would have. Whoever cancels the request no longer waits for them. */
    CompletableFuture<BarSeries> read(SeriesRequest request, Priority priority) {
        SeriesKey series = request.series();
        long open = fetching.closedBefore(series, fetching.now(series));
        Range range = request.range(open, series.timeframe().end(open));
        Wish wish = new Wish(series, range);
        boolean isFresh = priority == Priority.ORDER;
        Shared mine = new Shared(
                new Urgency(fetching, priority),
                System.nanoTime() + fetching.options().timeout().toNanos(),
                isFresh ? open : Long.MAX_VALUE);
        Shared other = isFresh ? null : joined(wish, mine);
        if (other != null) {
            other.urgency.raise(priority);
            return waiterOf(request, wish, other);
        }
        CompletableFuture<BarSeries> waiter = waiterOf(request, wish, mine);
        CompletableFuture<BarSeries> read = ReplyFuture.then(
                CompletableFuture.completedFuture(range), all -> pages(series, all, mine, new ArrayList<>()));
        var unused = read.whenComplete((bars, error) -> {
            end(wish, mine);
            if (error == null) {
                mine.bars.complete(bars);
            } else {
                mine.bars.completeExceptionally(Flight.cause(error));
            }
        });
        return waiter;
    }

    /** The read that somebody waits for already; null if there is none with time enough, and this one is it now. */
    private @Nullable Shared joined(Wish wish, Shared mine) {
        synchronized (active) {
            Shared other = active.get(wish);
            if (other != null && other.isJoinable(fetching.options().timeout())) {
                other.waiters++;
                return other;
            }
            active.put(wish, mine); // another one goes on for those who wait for it
            return null;
        }
    }

    private void end(Wish wish, Shared shared) {
        synchronized (active) {
            active.remove(wish, shared);
        }
    }

    private CompletableFuture<BarSeries> waiterOf(SeriesRequest request, Wish wish, Shared shared) {
        CompletableFuture<BarSeries> waiter = new CompletableFuture<>();
        var unused = shared.bars.whenComplete((bars, error) -> {
            if (error == null) {
                waiter.complete(request.cut(bars));
            } else {
                waiter.completeExceptionally(error);
            }
        });
        var unusedToo = waiter.whenComplete((bars, error) -> {
            if (waiter.isCancelled()) {
                left(wish, shared);
            }
        });
        request.waiting().add(waiter);
        return waiter;
    }

    private void left(Wish wish, Shared shared) {
        boolean isLast;
        synchronized (active) {
            shared.waiters--;
            isLast = shared.waiters == 0;
            if (isLast) {
                active.remove(wish, shared); // nobody joins what is given up
            }
        }
        if (isLast) {
            shared.cancel();
        }
    }

    private CompletableFuture<BarSeries> pages(SeriesKey series, Range rest, Shared read, List<OhlcvBar> found) {
        if (read.cancelled) {
            throw new CancellationException("nobody waits for " + series + " any more");
        }
        Range page = new Range(rest.from(), Math.min(rest.to(), rest.from() + fetching.pageMillis(series)));
        return ReplyFuture.then(page(series, page, read), answer -> {
            found.addAll(answer.bars().bars());
            return answer.to() >= rest.to()
                    ? CompletableFuture.completedFuture(BarSeries.of(found))
                    : pages(series, new Range(answer.to(), rest.to()), read, found);
        });
    }

    /** What was fetched before and waits for the server, or else what the source says. */
    private CompletableFuture<Found> page(SeriesKey series, Range page, Shared read) {
        Found unstored = page.from() >= read.freshFrom
                ? null
                : fetching.unstored().find(series, new Range(page.from(), Math.min(page.to(), read.freshFrom)));
        if (unstored != null) {
            return CompletableFuture.completedFuture(unstored);
        }
        CompletableFuture<Permit> permit = read.asking(read.urgency.permit(read.deadlineNanos));
        CompletableFuture<Void> tokens =
                ReplyFuture.then(permit, permitted -> read.asking(read.urgency.tokens(read.deadlineNanos)));
        CompletableFuture<@Nullable Collection<OhlcvBar>> answered = ReplyFuture.then(
                tokens, granted -> read.asking(new SourceRequest(fetching, series, page).send(read.deadlineNanos)));
        return answered.handle((answer, error) -> {
            var unusedPermit = permit.thenAccept(Permit::giveBack);
            return checked(series, page, answer, error);
        });
    }

    private Found checked(
            SeriesKey series, Range page, @Nullable Collection<OhlcvBar> answer, @Nullable Throwable error) {
        if (error != null) {
            Throwable cause = Flight.cause(error);
            if (cause instanceof BarSourceException
                    || cause instanceof BudgetExhaustedException
                    || cause instanceof CancellationException) {
                throw (RuntimeException) cause;
            }
            throw fetching.failure(series, page, "it failed (" + cause + ")", cause);
        }
        CheckedAnswer.Request request = fetching.request(series, page);
        CheckedAnswer checked = CheckedAnswer.of(request, answer);
        if (checked.fault() != null) {
            throw fetching.failure(series, page, checked.fault(), null);
        }
        return new Found(checked.bars(), checked.known(request).to());
    }
}
