package io.iftb.cache.jcache.event;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** How long one call may wait for listeners that process earlier events, in total. */
final class WaitLimit {

    private final Duration limit;
    private long nanosLeft;

    WaitLimit(Duration limit) {
        this.limit = limit;
        this.nanosLeft = limit.toNanos();
    }

    /** Waits for the end of an event; returns whether it came within the limit. */
    boolean await(CompletableFuture<?> end) throws InterruptedException {
        long start = System.nanoTime();
        try {
            end.get(Math.max(0, nanosLeft), TimeUnit.NANOSECONDS);
            return true;
        } catch (TimeoutException e) {
            return false;
        } catch (ExecutionException e) {
            throw new IllegalStateException("the end of an event cannot fail", e);
        } finally {
            nanosLeft -= System.nanoTime() - start;
        }
    }

    /** The limit as text, such as {@code 60 s} or {@code 200 ms}. */
    @Override
    public String toString() {
        long millis = limit.toMillis();
        return millis % 1_000 == 0 ? millis / 1_000 + " s" : millis + " ms";
    }
}
