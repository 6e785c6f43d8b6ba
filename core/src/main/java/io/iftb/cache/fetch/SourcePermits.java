package io.iftb.cache.fetch;

import io.iftb.cache.redis.Completions;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * How many requests of one priority this JVM has under way at a source: each holds a permit until its bars are stored. Who gets
 * none waits, first come, first served. Safe for use by several threads.
 */
final class SourcePermits {

    /** How many may wait. */
    static final int MOST_WAITING = 10_000;

    private final Completions completions;
    private final Supplier<RuntimeException> closed;
    private final Map<Long, Waiter> waiting = new LinkedHashMap<>(); // by their numbers
    private long lastNumber;
    private int taken;
    private boolean isClosed;

    /** @param most how many may be under way, with its own */
    private record Waiter(CompletableFuture<Permit> turn, int most) {}

    /** The permission to have one request under way, until it is given back. */
    static final class Permit {

        private final SourcePermits owner;
        private final AtomicBoolean isGivenBack = new AtomicBoolean();

        private Permit(SourcePermits owner) {
            this.owner = owner;
        }

        /** The next one may ask. Giving it back again does nothing. */
        void giveBack() {
            if (isGivenBack.compareAndSet(false, true)) {
                owner.passOn(1);
            }
        }
    }

    /**
     * @param completions where those who waited go on
     * @param closed the failure of those who wait when this is closed
     */
    SourcePermits(Completions completions, Supplier<RuntimeException> closed) {
        this.completions = completions;
        this.closed = closed;
    }

    /**
     * A permit, as soon as fewer than so many are taken. Who cancels or fails the future leaves the queue. Null if too many wait.
     */
    @Nullable
    CompletableFuture<Permit> take(int most) {
        CompletableFuture<Permit> turn = new CompletableFuture<>();
        long number;
        synchronized (this) {
            if (isClosed) {
                return CompletableFuture.failedFuture(closed.get());
            }
            if (taken < most && waiting.isEmpty()) {
                taken++;
                turn.complete(new Permit(this)); // nobody has seen it yet
                return turn;
            }
            if (waiting.size() >= MOST_WAITING) {
                return null;
            }
            number = ++lastNumber;
            waiting.put(number, new Waiter(turn, most));
        }
        var unused = turn.whenComplete((permit, error) -> leave(number));
        return turn;
    }

    private void leave(long number) {
        boolean wasWaiting;
        synchronized (this) {
            wasWaiting = waiting.remove(number) != null;
        }
        if (wasWaiting) {
            passOn(0); // those behind it may let more be under way
        }
    }

    /** How many wait. */
    synchronized int waiting() {
        return waiting.size();
    }

    private void passOn(int givenBack) {
        List<CompletableFuture<Permit>> next = new ArrayList<>();
        synchronized (this) {
            taken -= givenBack;
            Iterator<Waiter> queue = waiting.values().iterator();
            while (queue.hasNext()) {
                Waiter first = queue.next();
                if (taken >= first.most) {
                    break;
                }
                queue.remove();
                taken++;
                next.add(first.turn);
            }
        }
        next.forEach(turn -> completions.execute(() -> pass(turn)));
    }

    private void pass(CompletableFuture<Permit> turn) {
        Permit permit = new Permit(this);
        if (!turn.complete(permit)) {
            permit.giveBack();
        }
    }

    /** Fails those who wait, and lets no more in. */
    void close() {
        List<Waiter> hopeless;
        synchronized (this) {
            isClosed = true;
            hopeless = List.copyOf(waiting.values());
            waiting.clear();
        }
        hopeless.forEach(each -> completions.execute(() -> each.turn.completeExceptionally(closed.get())));
    }
}
