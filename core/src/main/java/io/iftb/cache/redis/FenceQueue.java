package io.iftb.cache.redis;

import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Predicate;
import java.util.function.Supplier;

/** Those who wait for a fence. Safe for use by several threads. */
final class FenceQueue {

    /** Those whose fence is not yet written. */
    private final Queue<Waiter> asking = new ConcurrentLinkedQueue<>();

    /** All of them, so that each ends whatever becomes of its fence. */
    private final Set<Waiter> waiting = ConcurrentHashMap.newKeySet();

    /** Whether the thread of the connection has yet to send a fence. */
    private final AtomicBoolean due = new AtomicBoolean();

    /**
     * Adds a caller, and has a fence sent for it.
     *
     * @param thread runs a task in the thread of the connection
     * @param send sends a fence for those who ask
     */
    CompletableFuture<Long> ask(Deadline deadline, Executor thread, Runnable send) {
        CompletableFuture<Long> fence = add(deadline);
        if (due.compareAndSet(false, true)) {
            thread.execute(() -> {
                due.set(false); // before the others are looked at, so that none is left behind
                send.run();
            });
        }
        return fence;
    }

    CompletableFuture<Long> add(Deadline deadline) {
        Waiter waiter = new Waiter(deadline);
        waiting.add(waiter);
        asking.add(waiter);
        return waiter;
    }

    boolean isAsked() {
        return !asking.isEmpty();
    }

    /** Takes those who share the fence that is written after this call. Those who failed meanwhile need none. */
    List<Waiter> take() {
        List<Waiter> taken = new ArrayList<>();
        for (Waiter next = asking.poll(); next != null; next = asking.poll()) {
            if (!next.isDone()) {
                taken.add(next);
            }
        }
        return taken;
    }

    /** The fence of these was answered. */
    void answered(List<Waiter> waiters, long sentNanos) {
        for (Waiter each : waiters) {
            waiting.remove(each);
            each.complete(sentNanos);
        }
    }

    /** Fails all that wait. Each gets an exception of its own, because its caller adds to it. */
    void fail(Supplier<RuntimeException> why) {
        failIf(each -> true, why);
    }

    /** Fails those whose time is up. */
    void endLate(Supplier<RuntimeException> why) {
        failIf(each -> each.deadline.isOver(), why);
    }

    private void failIf(Predicate<Waiter> selected, Supplier<RuntimeException> why) {
        for (Waiter each : waiting.stream().filter(selected).toList()) {
            waiting.remove(each);
            each.completeExceptionally(why.get());
        }
    }

    /** The future of one caller. */
    static final class Waiter extends CompletableFuture<Long> {

        private final Deadline deadline;

        Waiter(Deadline deadline) {
            this.deadline = deadline;
        }
    }
}
