package io.iftb.cache.fetch;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** A request that waits for its tokens. */
final class Claim {

    private final int weight;
    private final long beganNanos = System.nanoTime();
    private final long deadlineNanos;
    private final CompletableFuture<Void> result = new CompletableFuture<>();
    private @Nullable Future<?> timer;

    /** @param atMostNanos how long it waits, until about a century */
    Claim(int weight, long atMostNanos) {
        this.weight = weight;
        this.deadlineNanos = beganNanos + Math.min(atMostNanos, Long.MAX_VALUE / 4);
    }

    int weight() {
        return weight;
    }

    /** What its caller holds. */
    CompletableFuture<Void> result() {
        return result;
    }

    /** For how long it has waited. */
    long waitedNanos() {
        return System.nanoTime() - beganNanos;
    }

    /** For how long it was to wait. */
    long atMostMillis() {
        return TimeUnit.NANOSECONDS.toMillis(deadlineNanos - beganNanos);
    }

    /** For how long it waits still; 0 if its time is over. */
    long remainingMillis() {
        return Math.max(0, TimeUnit.NANOSECONDS.toMillis(deadlineNanos - System.nanoTime()));
    }

    /** Sets what ends its wait. */
    synchronized void endsBy(Future<?> task) {
        timer = task;
        if (result.isDone()) {
            task.cancel(false);
        }
    }

    /** Takes away what would end its wait. */
    synchronized void ended() {
        if (timer != null) {
            timer.cancel(false);
        }
    }
}
