package io.iftb.cache.jcache;

import io.iftb.cache.observe.CallOrigin;
import io.iftb.cache.observe.CallOutcome;
import io.iftb.cache.observe.ObservedCall;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * A command in flight. Its reply is decoded in the caller's thread or in an executor, never in a thread of the connection,
 * since decoding may run user code.
 *
 * @param reply the reply
 * @param meaning converts the reply to the result
 * @param replies translates failures
 */
record PendingReply<T, R>(CompletableFuture<T> reply, Function<T, R> meaning, ReplyAwaiter replies) {

    /**
     * Sends a command of a call that somebody asks about.
     *
     * @param outcome how a result is told
     * @throws RuntimeException what cannot be sent, translated
     */
    static <T, R> PendingReply<T, R> observed(
            ObservedCall call,
            Supplier<CompletableFuture<T>> command,
            Function<T, R> meaning,
            Function<R, CallOutcome> outcome,
            ReplyAwaiter replies) {
        CompletableFuture<T> reply;
        try {
            reply = replies.call(command);
        } catch (RuntimeException e) {
            call.failed(e);
            throw e;
        }
        var unused = reply.whenComplete((answer, error) -> {
            if (error != null) {
                call.failed(error);
            }
        });
        Function<T, R> told = answer -> {
            try {
                R result = meaning.apply(answer);
                call.ended(outcome.apply(result), CallOrigin.SERVER);
                return result;
            } catch (RuntimeException | Error e) {
                call.failed(e);
                throw e;
            }
        };
        return new PendingReply<>(reply, told, replies);
    }

    /** Waits for the result. */
    R await() {
        return meaning.apply(replies.await(reply));
    }

    /** The result as a future that completes in an executor. */
    CompletableFuture<R> on(Executor executor) {
        CompletableFuture<R> result = new CompletableFuture<>();
        CompletableFuture<T> understood = reply.whenCompleteAsync(
                (answer, error) -> {
                    try {
                        result.complete(await());
                    } catch (RuntimeException | Error e) {
                        result.completeExceptionally(e);
                    }
                },
                executor);
        var unused = understood.whenComplete((answer, error) -> result.completeExceptionally(replies.unread(error)));
        return result;
    }
}
