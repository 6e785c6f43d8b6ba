package io.iftb.cache;

import io.iftb.cache.ComputedEntries.Computed;
import io.iftb.cache.ComputedEntries.Origin;
import io.iftb.cache.market.Analysis;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Future;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * One call for an analysis. Its code may run although the caller got an answer that was there, as when that is refreshed; so
 * what it saved is settled by whatever comes last, its answer or the end of its code. Safe for use by several threads.
 */
final class LlmCall {

    private final LlmTotals totals;
    private final double cost;
    private boolean hasRun;
    private boolean isSaved;

    LlmCall(LlmTotals totals, double cost) {
        this.totals = totals;
        this.cost = cost;
    }

    /** The same code, counted when it has succeeded. */
    Supplier<Analysis> counting(Supplier<Analysis> code) {
        return () -> {
            Analysis analysis = code.get();
            ran(analysis);
            return analysis;
        };
    }

    /** Like {@link #counting}. Who cancels the stage cancels that of the code. */
    Supplier<CompletionStage<Analysis>> countingStage(Supplier<? extends CompletionStage<Analysis>> code) {
        return () -> {
            CompletionStage<Analysis> stage = Objects.requireNonNull(code.get(), "stage");
            CompletableFuture<Analysis> counted = new CompletableFuture<>();
            var unused = stage.whenComplete((analysis, error) -> {
                if (error == null) {
                    ran(analysis);
                    counted.complete(analysis);
                } else {
                    counted.completeExceptionally(error);
                }
            });
            var unusedToo = counted.whenComplete((analysis, error) -> {
                if (counted.isCancelled() && stage instanceof Future<?> future) {
                    future.cancel(true);
                }
            });
            return counted;
        };
    }

    private synchronized void ran(@Nullable Analysis analysis) {
        if (analysis == null) {
            return; // which fails the call
        }
        hasRun = true;
        totals.computed.increment();
        if (isSaved) {
            totals.savedCost.add(-cost);
        }
    }

    /** Counts the answer, and gives it. */
    synchronized Analysis answered(Computed<Analysis> done) {
        switch (done.origin()) {
            case HIT -> totals.hits.increment();
            case OTHER_CALLER -> totals.shared.increment();
            case COMPUTED -> {} // counted when the code had ended
        }
        if (done.origin() != Origin.COMPUTED && !hasRun) {
            isSaved = true;
            totals.savedCost.add(cost);
        }
        return done.value();
    }
}
