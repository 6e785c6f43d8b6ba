package io.iftb.cache.store;

import io.iftb.cache.redis.Deadline;
import io.iftb.cache.redis.Subscription;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Those who wait for something that another JVM fetches or computes. The server's push wakes them when it is there or its
 * lease was given back, and so does a new subscription after a lost connection. Safe for use by several threads.
 *
 * @param <K> names what is waited for
 */
public final class Wakeups<K> {

    private final Channel<K> channel;
    private final Executor executor;
    private final long patienceMillis;
    private final Map<K, Queue<CompletableFuture<@Nullable Void>>> waiting = new ConcurrentHashMap<>();
    private @Nullable CompletableFuture<Subscription> subscribed;

    /** Where the server says what is there. */
    @FunctionalInterface
    public interface Channel<K> {

        /**
         * Subscribes.
         *
         * @param heard takes what is said, in a thread of the connection, so it must not wait
         * @param missed is called when something may have been missed
         */
        CompletableFuture<Subscription> subscribe(Consumer<K> heard, Runnable missed);
    }

    /**
     * Hears nothing yet.
     *
     * @param executor where those who are woken go on
     * @param budget of a call; a tenth of it is how long anybody waits until this JVM hears, at most
     */
    public Wakeups(Channel<K> channel, Executor executor, Deadline budget) {
        this.channel = channel;
        this.executor = executor;
        this.patienceMillis = budget.budgetMillis() / 10;
    }

    /**
     * Completes when this JVM hears what is said, also if it cannot, or not yet: who waits has a limit of time anyway, and all look
     * again when it begins to hear.
     */
    public synchronized CompletableFuture<?> listening() {
        CompletableFuture<Subscription> last = subscribed;
        if (last == null || last.isCompletedExceptionally()) {
            last = channel.subscribe(this::wake, this::wakeAll);
            subscribed = last;
        }
        CompletableFuture<?> heard = last.handle((subscription, error) -> null);
        return heard.isDone() ? heard : heard.completeOnTimeout(null, patienceMillis, TimeUnit.MILLISECONDS);
    }

    /** Registers who is going to wait. It ends when something is heard of the key, or its owner completes it. */
    public CompletableFuture<@Nullable Void> register(K key) {
        CompletableFuture<@Nullable Void> waiter = new CompletableFuture<>();
        waiting.compute(key, (any, found) -> {
            Queue<CompletableFuture<@Nullable Void>> all = found == null ? new ConcurrentLinkedQueue<>() : found;
            all.add(waiter);
            return all;
        });
        var unused = waiter.whenComplete((done, error) -> waiting.computeIfPresent(key, (any, all) -> {
            all.removeIf(each -> each == waiter);
            return all.isEmpty() ? null : all;
        }));
        return waiter;
    }

    private void wake(K key) {
        Queue<CompletableFuture<@Nullable Void>> all = waiting.get(key);
        if (all != null) {
            for (CompletableFuture<@Nullable Void> each : all) {
                executor.execute(() -> each.complete(null));
            }
        }
    }

    /** All look again. */
    void wakeAll() {
        waiting.keySet().forEach(this::wake);
    }
}
