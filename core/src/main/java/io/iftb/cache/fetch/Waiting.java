package io.iftb.cache.fetch;

import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;

/** What a caller waits for, so that it no longer waits once it cancels its read. Safe for use by several threads. */
final class Waiting {

    private final Queue<CompletableFuture<?>> all = new ConcurrentLinkedQueue<>();
    private volatile boolean cancelled;

    void add(CompletableFuture<?> future) {
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
                cancelled = true;
                all.forEach(each -> each.cancel(true));
            }
        });
    }
}
