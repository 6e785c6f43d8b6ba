package io.iftb.cache.fetch;

import io.iftb.cache.fetch.SourcePermits.Permit;
import io.iftb.cache.market.BarSeries;
import io.iftb.cache.market.Coverage.Interval;
import io.iftb.cache.market.Coverage.Range;
import io.iftb.cache.market.Coverage.Reason;
import io.iftb.cache.market.OhlcvBar;
import io.iftb.cache.market.SeriesKey;
import io.iftb.cache.redis.RedisServerException;
import io.iftb.cache.redis.ReplyFuture;
import io.iftb.cache.store.CoverageStore.Lease;
import io.iftb.cache.store.CoverageStore.LeaseAnswer;
import io.iftb.cache.store.CoverageStore.OpenBar;
import io.iftb.cache.store.CoverageStore.Taking;
import io.iftb.cache.store.KeptLease;
import io.iftb.cache.store.LeaseLostException;
import io.iftb.cache.store.Lifetimes;
import io.iftb.cache.store.OpenRead;
import io.iftb.cache.store.OutageStore;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
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
    private final long deadlineNanos;
    private final CompletableFuture<@Nullable Void> landed = new CompletableFuture<>();
    private volatile @Nullable CompletableFuture<?> asking;
    private volatile boolean cancelled;
    /** The lease by which something is to be stored once the server is back. */
    private volatile @Nullable Lease late;

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
        this.deadlineNanos = System.nanoTime() + fetching.options().timeout().toNanos();
    }

    Range page() {
        return page;
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
            throw failure(
                    range,
                    "not done after " + fetching.options().timeout()
                            + ", by others that fetch it; ask for less at once, or set a longer timeout",
                    null);
        }
        OpenBar open = fetching.openBar(series, urgency.priority());
        CompletableFuture<@Nullable Void> wakeup = fetching.wakeups().register(series); // before the lease is tried
        CompletableFuture<LeaseAnswer> asked;
        try {
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
            if (lease != null) {
                Range got = lease.range();
                return ReplyFuture.then(
                        fetch(lease),
                        done -> ReplyFuture.then(rest(range.from(), got.from()), before -> rest(got.to(), range.to())));
            }
            return answer.isCovered()
                    ? CompletableFuture.completedFuture(null)
                    : ReplyFuture.then(waitFor(wakeup, answer.heldMillis()), woken -> next(range));
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

    private CompletableFuture<@Nullable Void> fetch(Lease lease) {
        KeptLease<Lease> kept = fetching.kept(lease);
        kept.start();
        CompletableFuture<Permit> permission = asking(urgency.permission(deadlineNanos));
        CompletableFuture<@Nullable Void> stored = ReplyFuture.then(permission, permitted -> ask(lease));
        ReplyFuture.Relay<@Nullable Void> result = new ReplyFuture.Relay<>();
        var unused = stored.whenComplete((done, error) -> {
            kept.end();
            var unusedPermit = permission.thenAccept(Permit::giveBack);
            if (error == null || cause(error) instanceof LeaseLostException) {
                result.complete(null); // the next read says what is there
            } else {
                result.completeAs(() -> failed(lease, cause(error)));
            }
        });
        return result;
    }

    private CompletableFuture<@Nullable Void> ask(Lease lease) {
        Range range = lease.range();
        CheckedAnswer.Request request = fetching.request(series, range); // an answer is not older than its request
        CompletableFuture<@Nullable Collection<OhlcvBar>> answer =
                asking(new SourceRequest(fetching, series, range).send(deadlineNanos));
        return ReplyFuture.then(answer, bars -> store(lease, request, bars));
    }

    /** What {@link #cancel} ends. */
    private <T> CompletableFuture<T> asking(CompletableFuture<T> future) {
        asking = future;
        if (cancelled) {
            future.cancel(true);
        }
        return future;
    }

    private CompletableFuture<@Nullable Void> store(
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
            if (error != null && cause(error) instanceof LeaseLostException) {
                new Disagreements(fetching).look(series, checked.bars());
            } else if (OutageStore.isOutage(error) && checked.fault() == null) {
                late = lease;
                fetching.unstored().add(series, checked.known(request), checked.bars(), storing);
            }
        });
        return ReplyFuture.then(stored, done -> {
            fetching.counts().fetched(checked.bars().size());
            if (checked.fault() != null) {
                throw failure(range, checked.fault() + "; what is good was stored", null);
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
    private CompletableFuture<@Nullable Void> failed(Lease lease, Throwable error) {
        if (OutageStore.isOutage(error) && lease.equals(late)) {
            return CompletableFuture.failedFuture(error); // its lease is still of use
        }
        if (isOfOthers(error)) {
            CompletableFuture<@Nullable Void> ended = new CompletableFuture<>();
            var unused =
                    fetching.store().giveBack(lease).whenComplete((done, lost) -> ended.completeExceptionally(error));
            return ended;
        }
        long pause = fetching.options().failurePause().toMillis();
        if (error instanceof RateLimitedException limited) {
            pause = Math.max(pause, limited.retryAfter().toMillis());
            fetching.gate().stopFor(limited.retryAfter());
        }
        BarSourceException failure = error instanceof BarSourceException own
                ? own
                : failure(lease.range(), "it failed (" + error + ")", error);
        fetching.failed(series, failure);
        long closedBefore = fetching.closedBefore(series, fetching.now(series));
        long to = Math.min(lease.range().to(), closedBefore);
        List<Interval> covered = to <= lease.range().from()
                ? List.of()
                : List.of(new Interval(
                        lease.range().from(),
                        to,
                        Reason.FAILED,
                        fetching.store().now(series) + pause));
        return fetching.store()
                .store(series, BarSeries.EMPTY, Lifetimes.ETERNAL, lease, covered, null)
                .handle((done, lost) -> {
                    throw new CompletionException(failure);
                });
    }

    private BarSourceException failure(Range range, String what, @Nullable Throwable cause) {
        return fetching.failure(series, range, what, cause);
    }

    static Throwable cause(Throwable error) {
        return error instanceof CompletionException && error.getCause() != null ? error.getCause() : error;
    }
}
