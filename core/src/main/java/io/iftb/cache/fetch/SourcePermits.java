package io.iftb.cache.fetch;

import io.iftb.cache.redis.Completions;
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

    private final int most;
    private final Completions completions;
    private final Supplier<RuntimeException> closed;
    private final Map<Long, CompletableFuture<Permit>> waiting = new LinkedHashMap<>(); // by their numbers
    private long lastNumber;
    private int taken;

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
                owner.passOn();
            }
        }
    }

    /**
     * @param most how many there are
     * @param completions where those who waited go on
     * @param closed the failure of those who wait when that is closed
     */
    SourcePermits(int most, Completions completions, Supplier<RuntimeException> closed) {
        this.most = most;
        this.completions = completions;
        this.closed = closed;
    }

    /** A permit, as soon as there is one. Who cancels or fails the future leaves the queue. Null if too many wait. */
    @Nullable
    CompletableFuture<Permit> take() {
        CompletableFuture<Permit> turn = new CompletableFuture<>();
        long number;
        synchronized (this) {
            if (taken < most) {
                taken++;
                turn.complete(new Permit(this)); // nobody has seen it yet
                return turn;
            }
            if (waiting.size() >= MOST_WAITING) {
                return null;
            }
            number = ++lastNumber;
            waiting.put(number, turn);
        }
        var unused = turn.whenComplete((permit, error) -> leave(number));
        return turn;
    }

    private synchronized void leave(long number) {
        waiting.remove(number);
    }

    /** How many wait. */
    synchronized int waiting() {
        return waiting.size();
    }

    private void passOn() {
        List<CompletableFuture<Permit>> hopeless = List.of();
        CompletableFuture<Permit> next = null;
        synchronized (this) {
            Iterator<CompletableFuture<Permit>> queue = waiting.values().iterator();
            if (completions.isClosed()) {
                hopeless = List.copyOf(waiting.values());
                waiting.clear();
            } else if (queue.hasNext()) {
                next = queue.next();
                queue.remove();
            }
            if (next == null) {
                taken--;
            }
        }
        hopeless.forEach(turn -> turn.completeExceptionally(closed.get()));
        if (next != null) {
            CompletableFuture<Permit> turn = next;
            completions.execute(() -> pass(turn));
        }
    }

    private void pass(CompletableFuture<Permit> turn) {
        Permit permit = new Permit(this);
        if (!turn.complete(permit)) {
            permit.giveBack();
        }
    }
}
