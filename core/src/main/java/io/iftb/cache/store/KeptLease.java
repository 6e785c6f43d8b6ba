package io.iftb.cache.store;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A lease that is extended while its holder works, so that it ends soon after that has died.
 *
 * @param <L> the type of the lease
 */
public final class KeptLease<L> {

    private final L lease;
    private final Function<L, CompletableFuture<Boolean>> extending;
    private final long lifetimeMillis;
    private final Executor executor;
    private @Nullable CompletableFuture<@Nullable Void> next;
    private boolean ended;

    /**
     * @param extending asks for the same lifetime from now on; completes with whether the lease was there
     * @param lifetimeMillis how long it lives unless it is extended
     */
    public KeptLease(
            L lease, Function<L, CompletableFuture<Boolean>> extending, long lifetimeMillis, Executor executor) {
        this.lease = lease;
        this.extending = extending;
        this.lifetimeMillis = lifetimeMillis;
        this.executor = executor;
    }

    /** The lease. */
    public L lease() {
        return lease;
    }

    /** Begins to extend it. */
    public synchronized void start() {
        if (ended) {
            return;
        }
        CompletableFuture<@Nullable Void> due = new CompletableFuture<>();
        next = due;
        due.completeOnTimeout(null, lifetimeMillis / 3, TimeUnit.MILLISECONDS);
        var unused = due.thenRunAsync(this::extend, executor);
    }

    private void extend() {
        CompletableFuture<Boolean> extended;
        try {
            extended = extending.apply(lease);
        } catch (RuntimeException e) { // such as too many calls
            extended = CompletableFuture.failedFuture(e);
        }
        var unused = extended.whenComplete((held, error) -> {
            if (error != null || held) {
                start(); // after a failure, it may still be there
            }
        });
    }

    /** It is extended no more. */
    public synchronized void end() {
        ended = true;
        if (next != null) {
            next.cancel(false);
        }
    }
}
