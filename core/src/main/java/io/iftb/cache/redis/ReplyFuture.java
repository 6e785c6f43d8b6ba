package io.iftb.cache.redis;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.function.Function;

/**
 * A future of a reply that knows the commands it comes from, so that a caller who stops to wait learns what became of them.
 * Futures derived from it, as by {@code thenApply}, know them too.
 *
 * @param <T> the type of the result
 */
public abstract class ReplyFuture<T> extends CompletableFuture<T> {

    ReplyFuture() {}

    /**
     * Ends the waiting: commands that were not sent are withdrawn, and the futures of all fail with what is known of them.
     *
     * @param why why nobody waits any longer
     * @return whether a command was sent that may have changed something
     */
    abstract boolean abandon(InterruptedException why);

    @Override
    public <U> CompletableFuture<U> newIncompleteFuture() {
        return new Derived<>(List.of(this));
    }

    /**
     * Waits for a future of an operation, which ends within its time by itself. A wait without a limit of its own costs a
     * microsecond less: the system need not set an alarm.
     *
     * @throws RedisServerException what the future completed with; {@link RedisOutcomeUnknownException} if the thread is
     *     interrupted after a write was sent
     * @throws IllegalStateException in a thread of the connection, which would wait for itself
     */
    public static <T> T await(CompletableFuture<T> future) {
        ConnectionThread.requireOther();
        try {
            return future.get();
        } catch (ExecutionException e) {
            throw FailureTranslator.ours(e);
        } catch (CancellationException e) {
            throw new RedisServerException("a call to Redis was cancelled by its caller", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return abandoned(future, e);
        }
    }

    /** What is known of a future for which nobody waits any longer: its end, if it has ended meanwhile. */
    private static <T> T abandoned(CompletableFuture<T> future, InterruptedException why) {
        boolean changed = future instanceof ReplyFuture<?> reply && reply.abandon(why);
        if (!future.isDone()) {
            throw FailureTranslator.interrupted(changed, why);
        }
        try {
            return future.join();
        } catch (CompletionException | CancellationException e) {
            throw FailureTranslator.ours(e);
        }
    }

    /** The results of futures in their order; fails with the first failure, once all have ended. */
    public static <T> CompletableFuture<List<T>> all(List<? extends CompletableFuture<T>> futures) {
        return joined(futures).thenApply(done -> {
            List<T> results = new ArrayList<>(futures.size());
            futures.forEach(future -> results.add(future.join()));
            return results;
        });
    }

    /** Completes once all futures have ended; fails with the first failure. */
    public static CompletableFuture<Void> joined(List<? extends CompletableFuture<?>> futures) {
        Derived<Void> all = new Derived<>(futures);
        var unused = CompletableFuture.allOf(futures.toArray(new CompletableFuture<?>[0]))
                .whenComplete((done, error) -> {
                    if (error == null) {
                        all.complete(null);
                    } else {
                        all.completeExceptionally(error);
                    }
                });
        return all;
    }

    /** What follows a future, by one that it leads to; the second is not begun once nobody waits any longer. */
    public static <T, U> CompletableFuture<U> then(
            CompletableFuture<T> first, Function<? super T, CompletableFuture<U>> next) {
        Relay<U> relay = new Relay<>();
        relay.follow(first);
        var unused = first.whenComplete((value, error) -> {
            if (error != null) {
                relay.completeExceptionally(error);
            } else {
                relay.completeAs(value, next);
            }
        });
        return relay;
    }

    /**
     * A future that is completed by others, and knows the commands of those it follows.
     *
     * @param <T> the type of the result
     */
    public static final class Relay<T> extends ReplyFuture<T> {

        private final List<CompletableFuture<?>> sources = new CopyOnWriteArrayList<>();
        private volatile boolean abandoned;

        /** Follows none yet. */
        public Relay() {}

        /** Knows the commands of a future from now on. */
        public void follow(CompletableFuture<?> source) {
            sources.add(source);
        }

        /** Whether nobody waits any longer, so that nothing more is to be sent for it. */
        public boolean isAbandoned() {
            return abandoned;
        }

        private <U> void completeAs(U value, Function<? super U, CompletableFuture<T>> next) {
            try {
                CompletableFuture<T> second;
                synchronized (this) { // what is sent is followed before it can be abandoned
                    if (abandoned) {
                        return;
                    }
                    second = next.apply(value);
                    follow(second);
                }
                var unused = second.whenComplete((result, error) -> {
                    if (error == null) {
                        complete(result);
                    } else {
                        completeExceptionally(error);
                    }
                });
            } catch (RuntimeException e) {
                completeExceptionally(e);
            }
        }

        @Override
        boolean abandon(InterruptedException why) {
            synchronized (this) {
                abandoned = true;
            }
            return abandonAll(sources, why);
        }
    }

    private static boolean abandonAll(List<? extends CompletableFuture<?>> sources, InterruptedException why) {
        boolean changed = false;
        for (CompletableFuture<?> source : sources) {
            changed |= source instanceof ReplyFuture<?> reply && reply.abandon(why);
        }
        return changed;
    }

    /** A future that is made from others. */
    private static final class Derived<T> extends ReplyFuture<T> {

        private final List<? extends CompletableFuture<?>> sources;

        Derived(List<? extends CompletableFuture<?>> sources) {
            this.sources = sources;
        }

        @Override
        boolean abandon(InterruptedException why) {
            return abandonAll(sources, why);
        }
    }
}
