package io.iftb.cache.fetch;

import io.iftb.cache.fetch.SourcePermits.Permit;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;

/**
 * How urgent a request is that several callers wait for: as the most urgent of them. Who joins while the request waits for the
 * budget takes a place among his own kind; the first place that is called counts, and the others are given back. Safe for use by
 * several threads.
 */
final class Urgency {

    private final Fetching fetching;
    private Priority priority;
    private @Nullable Permission waiting;

    Urgency(Fetching fetching, Priority priority) {
        this.fetching = fetching;
        this.priority = priority;
    }

    synchronized Priority priority() {
        return priority;
    }

    /** Completes when the source may be asked; may be cancelled. */
    synchronized CompletableFuture<Permit> permission(long deadlineNanos) {
        Permission asked = new Permission(fetching, deadlineNanos);
        waiting = asked;
        asked.ask(priority);
        return asked.granted;
    }

    /** One more waits for the request. */
    synchronized void raise(Priority other) {
        if (other.compareTo(priority) >= 0) {
            return;
        }
        priority = other;
        Permission asked = waiting;
        if (asked != null && !asked.granted.isDone()) {
            asked.ask(other);
        }
    }

    /** The places of one request in the queue of the budget. */
    private static final class Permission {

        private final Fetching fetching;
        private final long deadlineNanos;
        private final CompletableFuture<Permit> granted = new CompletableFuture<>();
        private int places;

        Permission(Fetching fetching, long deadlineNanos) {
            this.fetching = fetching;
            this.deadlineNanos = deadlineNanos;
        }

        synchronized void ask(Priority priority) {
            CompletableFuture<Permit> taken = fetching.gate().permit(priority, deadlineNanos);
            places++;
            var unused = granted.whenComplete((done, error) -> taken.cancel(true));
            var unusedToo = taken.whenComplete(this::ended);
        }

        private void ended(@Nullable Permit permit, @Nullable Throwable error) {
            if (permit != null) {
                if (!granted.complete(permit)) {
                    permit.giveBack();
                }
            } else if (error != null && isLast()) {
                granted.completeExceptionally(error instanceof CompletionException ? Flight.cause(error) : error);
            }
        }

        private synchronized boolean isLast() {
            places--;
            return places == 0;
        }
    }
}
