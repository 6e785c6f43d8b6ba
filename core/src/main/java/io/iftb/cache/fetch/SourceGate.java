package io.iftb.cache.fetch;

import io.iftb.cache.fetch.SourcePermits.Permit;
import io.iftb.cache.redis.Completions;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/**
 * Who may ask a source now: so many requests of this JVM at the same time, as many as the budget of all programs has tokens for,
 * and none while the source takes none. Safe for use by several threads.
 */
final class SourceGate {

    private final FetchOptions options;
    private final Completions completions;
    private final SourceTurns turns;

    /** @param turns of the source, which others share */
    SourceGate(FetchOptions options, Completions completions, SourceTurns turns) {
        this.options = options;
        this.completions = completions;
        this.turns = turns;
    }

    /**
     * Completes when one more request may be under way; the permit is to be given back when it has ended. May be cancelled.
     *
     * @param deadlineNanos when it has waited for too long
     */
    CompletableFuture<Permit> permit(Priority priority, long deadlineNanos) {
        SourcePermits all = turns.permits(priority);
        CompletableFuture<Permit> turn = all.take(options.parallelism());
        if (turn == null) {
            return CompletableFuture.failedFuture(exhausted(SourcePermits.MOST_WAITING + " requests (" + priority
                    + ") wait for their turn to ask '" + options.sourceName() + "' already; send fewer at once"));
        }
        if (!turn.isDone()) {
            long left = left(deadlineNanos).toMillis();
            CompletableFuture<?> late = new CompletableFuture<>().completeOnTimeout(null, left, TimeUnit.MILLISECONDS);
            var unused = late.thenRunAsync(() -> turn.completeExceptionally(tooLate(priority, all)), completions);
            var unusedToo = turn.whenComplete((permit, error) -> late.cancel(false));
        }
        return turn;
    }

    /** Completes when a request that has a permit may be sent, which is to be done at once. May be cancelled. */
    CompletableFuture<Void> tokens(Priority priority, long deadlineNanos) {
        RequestBudget budget = options.budget();
        if (budget != null) {
            return budget.acquire(options.requestWeight(), priority, left(deadlineNanos));
        }
        Duration stopped = stopped();
        if (stopped.isZero()) {
            return CompletableFuture.completedFuture(null);
        }
        String why = "a request (" + priority + ") to '" + options.sourceName() + "' was not sent: the source takes no"
                + " request for " + stopped.toMillis() + " ms, as it said; ask again after that";
        return CompletableFuture.failedFuture(new BudgetExhaustedException(options.sourceName(), stopped, why));
    }

    /** For how long nobody of this JVM may ask; zero if anybody may, or there is a budget, which knows. */
    Duration stopped() {
        return options.budget() == null ? Duration.ofNanos(Math.max(0, turns.stoppedNanos())) : Duration.ZERO;
    }

    private static Duration left(long deadlineNanos) {
        return Duration.ofNanos(Math.max(0, deadlineNanos - System.nanoTime()));
    }

    private BudgetExhaustedException tooLate(Priority priority, SourcePermits all) {
        return exhausted("a request (" + priority + ") could not be sent in " + options.timeout() + ", since "
                + options.parallelism() + " to '" + options.sourceName() + "' were under way all the time and "
                + all.waiting() + " wait; ask for less at once, or let more be under way if the source allows it"
                + " (FetchOptions.withParallelism)");
    }

    /** What ends a request that had its turn so late that a source that is well could not answer it in time. */
    BudgetExhaustedException hadItsTurnLate(long leftMillis) {
        return exhausted("a request to '" + options.sourceName() + "' was not answered in " + leftMillis
                + " ms, which were left of " + options.timeout()
                + " when it had its turn; ask for less at once, or set a"
                + " longer timeout (FetchOptions.withTimeout)");
    }

    private BudgetExhaustedException exhausted(String why) {
        return new BudgetExhaustedException(options.sourceName(), Duration.ZERO, why);
    }

    /**
     * The source takes no requests for some time. This JVM keeps to that also while it cannot tell it to the others, which hear
     * of it by the budget, or by the failure that is stored.
     */
    void stopFor(Duration time) {
        RequestBudget budget = options.budget();
        if (budget != null) {
            budget.stopFor(time);
        } else {
            turns.stopFor(time);
        }
    }
}
