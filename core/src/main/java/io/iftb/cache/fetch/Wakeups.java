package io.iftb.cache.fetch;

import io.iftb.cache.market.SeriesKey;
import io.iftb.cache.redis.Subscription;
import io.iftb.cache.store.CoverageStore;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * Those who wait for bars that another JVM fetches. The server's push wakes them when the bars are there, or their lease was
 * given back. Safe for use by several threads.
 */
final class Wakeups {

    private final CoverageStore store;
    private final Executor executor;
    private final Map<SeriesKey, Queue<CompletableFuture<@Nullable Void>>> waiting = new ConcurrentHashMap<>();
    private @Nullable CompletableFuture<Subscription> subscribed;

    Wakeups(CoverageStore store, Executor executor) {
        this.store = store;
        this.executor = executor;
    }

    /** Completes when this JVM hears of fetched bars, also if it cannot: who waits has a limit of time anyway. */
    synchronized CompletableFuture<?> listening() {
        CompletableFuture<Subscription> last = subscribed;
        if (last == null || last.isCompletedExceptionally()) {
            last = store.subscribe(this::wake);
            subscribed = last;
        }
        return last.handle((subscription, error) -> null);
    }

    /** Registers who is going to wait. It ends when the series is heard of, or its owner completes it. */
    CompletableFuture<@Nullable Void> register(SeriesKey series) {
        CompletableFuture<@Nullable Void> waiter = new CompletableFuture<>();
        waiting.compute(series, (key, found) -> {
            Queue<CompletableFuture<@Nullable Void>> all = found == null ? new ConcurrentLinkedQueue<>() : found;
            all.add(waiter);
            return all;
        });
        var unused = waiter.whenComplete((done, error) -> waiting.computeIfPresent(series, (key, all) -> {
            all.removeIf(each -> each == waiter);
            return all.isEmpty() ? null : all;
        }));
        return waiter;
    }

    private void wake(SeriesKey series) {
        Queue<CompletableFuture<@Nullable Void>> all = waiting.get(series);
        if (all != null) {
            for (CompletableFuture<@Nullable Void> each : all) {
                executor.execute(() -> each.complete(null));
            }
        }
    }
}
