package io.iftb.cache.fetch;

import io.iftb.cache.market.Coverage.Range;
import io.iftb.cache.market.OhlcvBar;
import io.iftb.cache.market.SeriesKey;
import java.time.Duration;
import java.util.Collection;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** One request to a source: it ends in any case, whatever the source does, and may be cancelled. */
final class SourceRequest {

    private final Fetching fetching;
    private final SeriesKey series;
    private final Range range;
    private final CompletableFuture<@Nullable Collection<OhlcvBar>> answer = new CompletableFuture<>();

    SourceRequest(Fetching fetching, SeriesKey series, Range range) {
        this.fetching = fetching;
        this.series = series;
        this.range = range;
    }

    /**
     * Asks the source, which runs in a pool where it may wait.
     *
     * @param deadlineNanos when it has taken too long
     * @return what it gives; fails as it does
     */
    CompletableFuture<@Nullable Collection<OhlcvBar>> send(long deadlineNanos) {
        fetching.execute(this::ask);
        long left = Math.max(1, TimeUnit.NANOSECONDS.toMillis(deadlineNanos - System.nanoTime()));
        fetching.after(left, answer, () -> answer.completeExceptionally(late(left)));
        return answer;
    }

    /** A source that is well may need most of the time that a caller gives it. */
    private RuntimeException late(long leftMillis) {
        Duration timeout = fetching.options().timeout();
        return 2 * leftMillis < timeout.toMillis()
                ? fetching.gate().hadItsTurnLate(leftMillis)
                : fetching.failure(
                        series, range, "no answer within " + timeout + "; look whether it is reachable", null);
    }

    @SuppressWarnings("unchecked") // a collection that nobody changes
    private void ask() {
        if (answer.isDone()) {
            return; // nobody waits for it any more
        }
        try {
            CompletionStage<? extends Collection<OhlcvBar>> stage = fetching.source()
                    .fetch(series, range.from(), range.to(), fetching.options().pageLimit());
            if (stage == null) {
                throw new NullPointerException("it returned null instead of a stage");
            }
            var unused = stage.whenComplete((bars, error) -> {
                if (error == null) {
                    answer.complete((Collection<OhlcvBar>) bars);
                } else {
                    fail(Flight.cause(error));
                }
            });
            var unusedToo = answer.whenComplete((bars, error) -> {
                if (error != null && !stage.toCompletableFuture().isDone()) {
                    stage.toCompletableFuture().cancel(true);
                }
            });
        } catch (Throwable e) { // the code of the user: whatever it throws ends the request
            fail(e);
        }
    }

    /** A failure of the source is none of ours, whatever its type: it may use a server of its own. */
    private void fail(Throwable error) {
        if (error instanceof RateLimitedException limited) {
            fetching.gate().stopFor(limited.retryAfter()); // before the next one has its turn
            answer.completeExceptionally(error);
        } else if (error instanceof BarSourceException) {
            answer.completeExceptionally(error);
        } else {
            answer.completeExceptionally(fetching.failure(series, range, "it failed (" + error + ")", error));
        }
    }
}
