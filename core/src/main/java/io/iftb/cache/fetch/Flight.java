package io.iftb.cache.fetch;

import io.iftb.cache.fetch.SourcePermits.Permit;
import io.iftb.cache.market.Coverage.Range;
import io.iftb.cache.market.OhlcvBar;
import io.iftb.cache.market.SeriesKey;
import io.iftb.cache.redis.ReplyFuture;
import io.iftb.cache.store.CoverageStore.Lease;
import io.iftb.cache.store.CoverageStore.LeaseAnswer;
import io.iftb.cache.store.CoverageStore.OpenBar;
import io.iftb.cache.store.CoverageStore.Taking;
import io.iftb.cache.store.KeptLease;
import io.iftb.cache.store.LeaseLostException;
import java.util.Collection;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The way of one page into the cache: takes a lease, fetches, checks and stores; where another JVM has the lease, waits for
 * it. It ends when all of the page is covered, or has failed. One flight for all who wait for it in this JVM.
 */
final class Flight {

    private final Fetching fetching;
    private final SeriesKey series;
    private final Range page;
    private final Taking taking;
    private final Urgency urgency;
    private final Landing landing;
    private final long deadlineNanos;
    private final CompletableFuture<@Nullable Void> landed = new CompletableFuture<>();
    private volatile @Nullable CompletableFuture<?> asking;
    private volatile boolean cancelled;

    /**
     * @param page at most as many bars as the source gives in one answer
     * @param taking whether others that fetch it are waited for
     */
    Flight(Fetching fetching, SeriesKey series, Range page, Taking taking, Priority priority) {
        this.fetching = fetching;
        this.series = series;
        this.page = page;
        this.taking = taking;
        this.urgency = new Urgency(fetching, priority);
        this.landing = new Landing(fetching, series);
        this.deadlineNanos = System.nanoTime() + fetching.options().timeout().toNanos();
    }

    Range page() {
        return page;
    }

    /** Whether who joins it now has most of his own time still: one who would end with it too soon makes his own. */
    boolean isJoinable() {
        return 2 * (deadlineNanos - System.nanoTime())
                > fetching.options().timeout().toNanos();
    }

    /** Completes when the page has been covered; fails with {@link BarSourceException} if it cannot be. */
    CompletableFuture<@Nullable Void> landed() {
        return landed;
    }

    void start() {
        CompletableFuture<?> done = ReplyFuture.then(fetching.wakeups().listening(), listening -> next(page));
        var unused = done.whenComplete((all, error) -> {
            if (error == null) {
                landed.complete(null);
            } else {
                landed.completeExceptionally(cause(error));
            }
        });
    }

    /** Somebody waits for it too, who may be more urgent. */
    void raise(Priority other) {
        urgency.raise(other);
    }

    /** Nobody waits for it any more: what is being asked is given up, and the lease is given back. */
    void cancel() {
        cancelled = true;
        CompletableFuture<?> request = asking;
        if (request != null) {
            request.cancel(true);
        }
    }

    private CompletableFuture<@Nullable Void> next(Range range) {
        if (cancelled) {
            throw new CancellationException("nobody waits for " + series + " any more");
        }
        if (deadlineNanos - System.nanoTime() <= 0) {
            throw fetching.failure(
                    series,
                    range,
                    "not done after " + fetching.options().timeout()
                            + ", by others that fetch it; ask for less at once, or set a longer timeout",
                    null);
        }
        CompletableFuture<Permit> permit = asking(urgency.permit(deadlineNanos));
        CompletableFuture<Attempt> attempt = ReplyFuture.then(permit, permitted -> attempt(range))
                .whenComplete((done, error) -> {
                    var unused = permit.thenAccept(Permit::giveBack);
                });
        return ReplyFuture.then(attempt, done -> {
            Lease lease = done.answer.lease();
            if (lease != null) {
                Range got = lease.range();
                return ReplyFuture.then(rest(range.from(), got.from()), before -> rest(got.to(), range.to()));
            }
            return done.answer.isCovered()
                    ? CompletableFuture.completedFuture(null)
                    : ReplyFuture.then(waitFor(done.wakeup, done.answer.heldMillis()), woken -> next(range));
        });
    }

    /**
     * What came of one try, which had a permit all the time.
     *
     * @param answer if it has a lease, what that is for has been fetched
     * @param wakeup ends when another may have fetched it
     */
    private record Attempt(LeaseAnswer answer, CompletableFuture<@Nullable Void> wakeup) {}

    /** Fetches what nobody else does. Who takes the lease from others is sure to ask, so he does that after the tokens. */
    private CompletableFuture<Attempt> attempt(Range range) {
        return taking == Taking.STEAL
                ? ReplyFuture.then(asking(urgency.tokens(deadlineNanos)), granted -> lease(range, this::ask))
                : lease(range, lease -> ReplyFuture.then(asking(urgency.tokens(deadlineNanos)), granted -> ask(lease)));
    }

    private CompletableFuture<Attempt> lease(Range range, Function<Lease, CompletableFuture<@Nullable Void>> request) {
        CompletableFuture<@Nullable Void> wakeup = fetching.wakeups().register(series); // before the lease is tried
        CompletableFuture<LeaseAnswer> asked;
        try {
            OpenBar open = fetching.openBar(series, urgency.priority());
            asked = fetching.store().lease(series, range, open, Fetching.LEASE_MILLIS, taking);
        } catch (RuntimeException e) {
            wakeup.complete(null);
            throw e;
        }
        var unused = asked.whenComplete((answer, error) -> {
            if (error != null || answer.lease() != null || answer.isCovered()) {
                wakeup.complete(null);
            }
        });
        return ReplyFuture.then(asked, answer -> {
            Lease lease = answer.lease();
            Attempt attempt = new Attempt(answer, wakeup);
            return lease == null
                    ? CompletableFuture.completedFuture(attempt)
                    : ReplyFuture.then(fetch(lease, request), done -> CompletableFuture.completedFuture(attempt));
        });
    }

    private CompletableFuture<@Nullable Void> rest(long from, long to) {
        return from < to ? next(new Range(from, to)) : CompletableFuture.completedFuture(null);
    }

    /** Waits until it is woken, the lease of the other has ended, or this flight's time is over. */
    private CompletableFuture<@Nullable Void> waitFor(CompletableFuture<@Nullable Void> wakeup, long heldMillis) {
        long left = TimeUnit.NANOSECONDS.toMillis(deadlineNanos - System.nanoTime());
        fetching.after(Math.max(1, Math.min(heldMillis + 1, left + 1)), wakeup, () -> wakeup.complete(null));
        return wakeup;
    }

    private CompletableFuture<@Nullable Void> fetch(
            Lease lease, Function<Lease, CompletableFuture<@Nullable Void>> request) {
        KeptLease<Lease> kept = fetching.kept(lease);
        kept.start();
        CompletableFuture<@Nullable Void> stored = ReplyFuture.then(CompletableFuture.completedFuture(lease), request);
        ReplyFuture.Relay<@Nullable Void> result = new ReplyFuture.Relay<>();
        var unused = stored.whenComplete((done, error) -> {
            kept.end();
            if (error == null || cause(error) instanceof LeaseLostException) {
                result.complete(null); // the next read says what is there
            } else {
                result.completeAs(() -> landing.failed(lease, cause(error)));
            }
        });
        return result;
    }

    private CompletableFuture<@Nullable Void> ask(Lease lease) {
        Range range = lease.range();
        CheckedAnswer.Request request = fetching.request(series, range); // an answer is not older than its request
        CompletableFuture<@Nullable Collection<OhlcvBar>> answer =
                asking(new SourceRequest(fetching, series, range).send(deadlineNanos));
        return ReplyFuture.then(answer, bars -> landing.store(lease, request, bars));
    }

    /** What {@link #cancel} ends. */
    private <T> CompletableFuture<T> asking(CompletableFuture<T> future) {
        asking = future;
        if (cancelled) {
            future.cancel(true);
        }
        return future;
    }

    static Throwable cause(Throwable error) {
        return error instanceof CompletionException && error.getCause() != null ? error.getCause() : error;
    }
}
