package io.iftb.cache.fetch;

import io.iftb.cache.fetch.SourcePermits.Permit;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * How urgent a request is that several callers wait for: as the most urgent of them. Who joins while the request waits
 * takes a place among his own kind; the first place that is called counts, and the others are given back. Safe for use by
 * several threads.
 */
final class Urgency {

    private final Fetching fetching;
    private Priority priority;
    private @Nullable Places<?> waiting;

    Urgency(Fetching fetching, Priority priority) {
        this.fetching = fetching;
        this.priority = priority;
    }

    synchronized Priority priority() {
        return priority;
    }

    /** Completes when one more request may be under way, see {@link SourceGate#permit}. */
    CompletableFuture<Permit> permit(long deadlineNanos) {
        return queue(each -> fetching.gate().permit(each, deadlineNanos), Permit::giveBack);
    }

    /** Completes when the request may be sent, see {@link SourceGate#tokens}. */
    CompletableFuture<Void> tokens(long deadlineNanos) {
        return queue(each -> fetching.gate().tokens(each, deadlineNanos), granted -> {});
    }

    private synchronized <T> CompletableFuture<T> queue(
            Function<Priority, CompletableFuture<T>> queues, Consumer<T> giveBack) {
        Places<T> places = new Places<>(queues, giveBack);
        waiting = places;
        places.take(priority);
        return places.granted;
    }

    /** One more waits for the request. */
    synchronized void raise(Priority other) {
        if (other.compareTo(priority) >= 0) {
            return;
        }
        priority = other;
        Places<?> places = waiting;
        if (places != null && !places.granted.isDone()) {
            places.take(other);
        }
    }

    /** The places of one request in the queues of several priorities, for the same thing. */
    private static final class Places<T> {

        private final Function<Priority, CompletableFuture<T>> queues;
        private final Consumer<T> giveBack;
        private final CompletableFuture<T> granted = new CompletableFuture<>();
        private int places;

        Places(Function<Priority, CompletableFuture<T>> queues, Consumer<T> giveBack) {
            this.queues = queues;
            this.giveBack = giveBack;
        }

        synchronized void take(Priority priority) {
            CompletableFuture<T> place = queues.apply(priority);
            places++;
            var unused = granted.whenComplete((done, error) -> place.cancel(true));
            var unusedToo = place.whenComplete(this::ended);
        }

        private void ended(T given, @Nullable Throwable error) {
            if (error == null) {
                if (!granted.complete(given)) {
                    giveBack.accept(given);
                }
            } else if (isLast()) {
                granted.completeExceptionally(error instanceof CompletionException ? Flight.cause(error) : error);
            }
        }

        private synchronized boolean isLast() {
            places--;
            return places == 0;
        }
    }
}
