package io.iftb.cache.fetch;

import io.iftb.cache.fetch.SourcePermits.Permit;
import io.iftb.cache.redis.Completions;
import io.iftb.cache.redis.RedisConnection;
import io.iftb.cache.redis.RedisUnavailableException;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Who may ask a source now: so many requests of this JVM at the same time, as many as the budget of all programs has tokens for,
 * and none while the source takes none. Each priority has permits of its own, so that what is urgent never waits for what is
 * not. Safe for use by several threads.
 */
final class SourceGate {

    private static final Duration LONGEST_STOP = Duration.ofDays(31);

    private final FetchOptions options;
    private final Completions completions;
    private final Map<Priority, SourcePermits> permits = new EnumMap<>(Priority.class);
    private final AtomicLong stoppedUntil = new AtomicLong(System.nanoTime());

    SourceGate(FetchOptions options, RedisConnection redis) {
        this.options = options;
        this.completions = redis.completions();
        for (Priority each : Priority.values()) {
            permits.put(
                    each,
                    new SourcePermits(
                            options.parallelism(),
                            completions,
                            () -> new RedisUnavailableException(
                                    "the connection to Redis at " + redis.server() + " is closed; open another",
                                    null,
                                    false)));
        }
    }

    /**
     * Completes when the source may be asked; the permit is to be given back when the request has ended. May be cancelled.
     *
     * @param deadlineNanos when it has waited for too long
     */
    CompletableFuture<Permit> permit(Priority priority, long deadlineNanos) {
        SourcePermits all = Objects.requireNonNull(permits.get(priority));
        CompletableFuture<Permit> turn = all.take();
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
        CompletableFuture<Permit> result = new CompletableFuture<>();
        var unused = result.whenComplete((permit, error) -> turn.cancel(false)); // also when its caller cancels it
        var unusedToo = turn.whenComplete((permit, error) -> {
            if (error == null) {
                withTokens(priority, deadlineNanos, permit, result);
            } else {
                result.completeExceptionally(error);
            }
        });
        return result;
    }

    private void withTokens(Priority priority, long deadlineNanos, Permit permit, CompletableFuture<Permit> result) {
        CompletableFuture<?> tokens;
        try {
            tokens = tokens(priority, deadlineNanos);
        } catch (RuntimeException e) { // such as closed
            tokens = CompletableFuture.failedFuture(e);
        }
        CompletableFuture<?> asked = tokens;
        var unused = result.whenComplete((done, error) -> asked.cancel(false));
        var unusedToo = asked.whenComplete((granted, error) -> {
            if (error != null) {
                permit.giveBack();
                result.completeExceptionally(error);
            } else if (!result.complete(permit)) {
                permit.giveBack();
            }
        });
    }

    private CompletableFuture<?> tokens(Priority priority, long deadlineNanos) {
        RequestBudget budget = options.budget();
        if (budget != null) {
            return budget.acquire(options.requestWeight(), priority, left(deadlineNanos));
        }
        long stopped = stoppedUntil.get() - System.nanoTime();
        return stopped <= 0
                ? CompletableFuture.completedFuture(null)
                : CompletableFuture.failedFuture(new RateLimitedException(Duration.ofNanos(stopped)));
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
            return;
        }
        Duration limited = time.compareTo(LONGEST_STOP) < 0 ? time : LONGEST_STOP;
        long until = System.nanoTime() + limited.toNanos();
        stoppedUntil.accumulateAndGet(until, (one, other) -> one - other > 0 ? one : other);
    }
}
