package io.iftb.cache.redis;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The future of a reply. It knows the commands that it depends on, so that a caller that stops waiting learns their outcome.
 * Derived futures, such as those of {@code thenApply}, know them too.
 *
 * @param <T> the type of the result
 */
public abstract class ReplyFuture<T> extends CompletableFuture<T> {

    ReplyFuture() {}

    /**
     * Ends the wait: withdraws commands that were not sent, and fails the futures of all with their known outcome.
     *
     * @param why the interrupt of the caller that waited
     * @return whether a command was sent that may have changed something
     */
    abstract boolean abandon(InterruptedException why);

    @Override
    public <U> CompletableFuture<U> newIncompleteFuture() {
        return new Derived<>(this);
    }

    /**
     * Waits for the future of an operation, which has its own time limit. So the wait needs none, which saves a microsecond.
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
            throw FailureTranslator.translated(e);
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
        try {
            if (future.isDone()) {
                return future.join();
            }
        } catch (CompletionException | CancellationException e) {
            RuntimeException failure = FailureTranslator.translated(e);
            if (!(failure instanceof NotStarted || failure instanceof CancellationException)) {
                throw failure;
            }
        }
        throw FailureTranslator.interrupted(changed, why);
    }

    /** The end of an operation of several commands whose caller was interrupted before the next one. */
    private static final class NotStarted extends RedisServerException {

        private static final long serialVersionUID = 1L;

        NotStarted(InterruptedException why) {
            super("interrupted while waiting for Redis", why);
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
        Joined all = new Joined(futures);
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

    /** Composes a future with a second one, which does not start if the caller no longer waits. */
    public static <T, U> CompletableFuture<U> then(
            CompletableFuture<T> first, Function<? super T, CompletableFuture<U>> next) {
        Relay<U> relay = new Relay<>();
        relay.follow(first);
        var unused = first.whenComplete((value, error) -> {
            if (error != null) {
                NestedCompletions.complete(relay, null, error);
            } else {
                relay.completeAs(value, next);
            }
        });
        return relay;
    }

    /**
     * A future that is completed explicitly, and knows the commands of the futures that it follows.
     *
     * @param <T> the type of the result
     */
    public static class Relay<T> extends ReplyFuture<T> {

        private final List<CompletableFuture<?>> sources = new CopyOnWriteArrayList<>();
        private volatile @Nullable InterruptedException abandoned; // why

        /** Creates one that follows no future yet. */
        public Relay() {}

        /** Adds a future whose commands this one depends on. */
        public void follow(CompletableFuture<?> source) {
            sources.add(source);
        }

        /** Whether the caller no longer waits, so that no further command should be sent. */
        public boolean isAbandoned() {
            return abandoned != null;
        }

        private <U> void completeAs(U value, Function<? super U, CompletableFuture<T>> next) {
            completeAs(() -> next.apply(value));
        }

        /**
         * Completes as another future does, which does not start if the caller no longer waits. Then this fails, since others
         * may wait for its end, such as those behind the caller in a queue.
         *
         * @return whether it started
         */
        public boolean completeAs(Supplier<CompletableFuture<T>> next) {
            try {
                CompletableFuture<T> second;
                boolean started;
                synchronized (this) { // what is sent is followed before it can be abandoned
                    InterruptedException why = abandoned;
                    second = why == null ? next.get() : CompletableFuture.failedFuture(new NotStarted(why));
                    started = why == null;
                    follow(second);
                }
                var unused = second.whenComplete((result, error) -> NestedCompletions.complete(this, result, error));
                return started;
            } catch (RuntimeException | Error e) { // an error too must not leave others waiting
                completeExceptionally(e);
                return false;
            }
        }

        @Override
        boolean abandon(InterruptedException why) {
            synchronized (this) {
                abandoned = why;
            }
            boolean changed = abandonAll(sources, why);
            whenAbandoned();
            return changed;
        }

        /** The caller no longer waits. What it waits for beside commands may be cancelled here. */
        protected void whenAbandoned() {}
    }

    private static boolean abandonAll(List<? extends CompletableFuture<?>> sources, InterruptedException why) {
        boolean changed = false;
        for (CompletableFuture<?> source : sources) {
            changed |= source instanceof ReplyFuture<?> reply && reply.abandon(why);
        }
        return changed;
    }

    /** A stage of another future. */
    private static final class Derived<T> extends ReplyFuture<T> {

        private final ReplyFuture<?> source;

        Derived(ReplyFuture<?> source) {
            this.source = source;
        }

        @Override
        boolean abandon(InterruptedException why) {
            return source.abandon(why);
        }
    }

    /** The end of several futures. */
    private static final class Joined extends ReplyFuture<Void> {

        private final List<? extends CompletableFuture<?>> sources;

        Joined(List<? extends CompletableFuture<?>> sources) {
            this.sources = sources;
        }

        @Override
        boolean abandon(InterruptedException why) {
            return abandonAll(sources, why);
        }
    }
}
