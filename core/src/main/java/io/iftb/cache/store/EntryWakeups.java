package io.iftb.cache.store;

import io.iftb.cache.redis.Subscription;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Those who wait for an entry that another computes. The server's push wakes them when it is there or its lease was given
 * back, and so does a new subscription after a lost connection. Safe for use by several threads.
 */
final class EntryWakeups {

    private final EntryLeases leases;
    private final Map<String, Set<CompletableFuture<@Nullable Void>>> waiting = new ConcurrentHashMap<>();
    private @Nullable CompletableFuture<Subscription> subscribed;

    EntryWakeups(EntryLeases leases) {
        this.leases = leases;
    }

    /** Completes when this JVM hears of computed entries, also if it cannot: who waits has a limit of time anyway. */
    synchronized CompletableFuture<?> listening() {
        CompletableFuture<Subscription> last = subscribed;
        if (last == null || last.isCompletedExceptionally()) {
            last = leases.subscribe(this::wake, this::wakeAll);
            subscribed = last;
        }
        return last.handle((subscription, error) -> null);
    }

    /** Registers who is going to wait. It ends when the entry is heard of, or its owner completes it. */
    CompletableFuture<@Nullable Void> register(String redisKey) {
        CompletableFuture<@Nullable Void> waiter = new CompletableFuture<>();
        waiting.compute(redisKey, (key, found) -> {
            Set<CompletableFuture<@Nullable Void>> all = found == null ? ConcurrentHashMap.newKeySet() : found;
            all.add(waiter);
            return all;
        });
        var unused = waiter.whenComplete((done, error) -> waiting.computeIfPresent(redisKey, (key, all) -> {
            all.removeIf(each -> each == waiter);
            return all.isEmpty() ? null : all;
        }));
        return waiter;
    }

    private void wake(String redisKey) {
        Set<CompletableFuture<@Nullable Void>> all = waiting.get(redisKey);
        if (all != null) {
            all.forEach(each -> each.complete(null));
        }
    }

    /** All look again. */
    void wakeAll() {
        waiting.keySet().forEach(this::wake);
    }
}
