package io.iftb.cache.fetch;

import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;

/** What a caller waits for, so that it no longer waits once it cancels its read or is interrupted. Safe for use by several threads. */
final class Waiting {

    private final Queue<CompletableFuture<?>> all = new ConcurrentLinkedQueue<>();
    private final AtomicLong began = new AtomicLong(Long.MAX_VALUE);
    private volatile boolean cancelled;
    private volatile boolean used;

    /** When its caller began to wait, by the clock of the server; the first call tells. */
    long since(long serverNow) {
        began.compareAndSet(Long.MAX_VALUE, serverNow);
        return began.get();
    }

    /** Whether it has waited for anything. */
    boolean isUsed() {
        return used;
    }

    void add(CompletableFuture<?> future) {
        used = true;
        all.add(future);
        var unused = future.whenComplete((done, error) -> all.removeIf(each -> each == future));
        if (cancelled) {
            future.cancel(true);
        }
    }

    /** Cancels all when the result is cancelled. */
    void endWith(CompletableFuture<?> result) {
        var unused = result.whenComplete((done, error) -> {
            if (result.isCancelled()) {
                end();
            }
        });
    }

    /** Cancels all, also what is added later. */
    void end() {
        cancelled = true;
        all.forEach(each -> each.cancel(true));
    }
}
