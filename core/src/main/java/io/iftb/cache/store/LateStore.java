package io.iftb.cache.store;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The further attempts to store what was loaded for all while its server failed, such as one that fails over: those who wait in
 * other JVMs, and those who ask next, shall not load it again. Its lease decides each time, so nothing newer is replaced.
 */
public final class LateStore {

    private static final long PAUSE_MILLIS = 200;

    private final Supplier<? extends CompletableFuture<?>> attempt;
    private final Executor executor;
    private final long untilNanos;
    private final CompletableFuture<@Nullable Void> ended = new CompletableFuture<>();

    private LateStore(Supplier<? extends CompletableFuture<?>> attempt, long leaseMillis, Executor executor) {
        this.attempt = attempt;
        this.executor = executor;
        this.untilNanos = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(leaseMillis);
    }

    /**
     * Begins after a pause.
     *
     * @param attempt stores, unless the lease has ended
     * @param leaseMillis how long the lease lives, from now on at most
     * @param executor runs the attempts
     * @return completes with the first that does not fail for the sake of the server, or when the lease has ended; never fails
     */
    public static CompletableFuture<@Nullable Void> begin(
            Supplier<? extends CompletableFuture<?>> attempt, long leaseMillis, Executor executor) {
        LateStore late = new LateStore(attempt, leaseMillis, executor);
        late.pause();
        return late.ended;
    }

    private void pause() {
        CompletableFuture<@Nullable Void> due = new CompletableFuture<>();
        due.completeOnTimeout(null, PAUSE_MILLIS, TimeUnit.MILLISECONDS);
        var unused = due.thenRunAsync(this::store, executor).exceptionally(closed -> {
            ended.complete(null);
            return null;
        });
    }

    private void store() {
        CompletableFuture<?> stored;
        try {
            stored = attempt.get();
        } catch (RuntimeException e) { // such as refused by the breaker
            stored = CompletableFuture.failedFuture(e);
        }
        var unused = stored.whenComplete((done, error) -> {
            if (OutageStore.isOutage(error) && System.nanoTime() - untilNanos < 0) {
                pause();
            } else {
                ended.complete(null);
            }
        });
    }
}
