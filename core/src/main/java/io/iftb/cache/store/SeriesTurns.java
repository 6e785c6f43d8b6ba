package io.iftb.cache.store;

import io.iftb.cache.market.SeriesKey;
import io.iftb.cache.redis.Deadline;
import io.iftb.cache.redis.ReplyFuture;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Lets those who change pages of a series take turns in this JVM, since of two that change a page at once, one has to do it
 * again. Other JVMs do not take part: a change never depends on its turn. Safe for use by several threads.
 */
final class SeriesTurns {

    private final ConcurrentHashMap<SeriesKey, CompletableFuture<@Nullable Void>> last = new ConcurrentHashMap<>();

    /**
     * Starts a change when its turn comes; the turn ends with the change, however that ends.
     *
     * @param budget of the change, which begins at the end of it at the latest, and then is too late; null for none
     * @param change takes whether it had to wait, so that what it knows of the pages is old
     */
    <R> CompletableFuture<R> take(
            SeriesKey series, @Nullable Deadline budget, Function<Boolean, CompletableFuture<R>> change) {
        CompletableFuture<@Nullable Void> turn = new CompletableFuture<>();
        CompletableFuture<@Nullable Void> before = last.put(series, turn);
        ReplyFuture.Relay<R> result = new ReplyFuture.Relay<>();
        if (before == null) {
            start(series, turn, result, false, change);
        } else {
            CompletableFuture<@Nullable Void> begins = budget == null
                    ? before
                    : before.copy().completeOnTimeout(null, budget.remainingNanos(), TimeUnit.NANOSECONDS);
            // in another thread, since turns that end at once would nest
            var unused = begins.thenRunAsync(() -> start(series, turn, result, true, change), PageThreads.executor());
        }
        return result;
    }

    private <R> void start(
            SeriesKey series,
            CompletableFuture<@Nullable Void> turn,
            ReplyFuture.Relay<R> result,
            boolean waited,
            Function<Boolean, CompletableFuture<R>> change) {
        boolean started = result.completeAs(() -> {
            CompletableFuture<R> made = change.apply(waited);
            var unused = made.whenComplete((value, error) -> end(series, turn));
            return made;
        });
        if (!started) {
            end(series, turn);
        }
    }

    private void end(SeriesKey series, CompletableFuture<@Nullable Void> turn) {
        last.remove(series, turn);
        turn.complete(null);
    }
}
