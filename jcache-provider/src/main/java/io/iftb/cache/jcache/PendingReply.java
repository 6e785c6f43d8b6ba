package io.iftb.cache.jcache;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.Function;

/**
 * A command in flight. Its reply is decoded in the caller's thread or in an executor, never in a thread of the connection,
 * since decoding may run user code.
 *
 * @param reply the reply
 * @param meaning converts the reply to the result
 * @param replies translates failures
 */
record PendingReply<T, R>(CompletableFuture<T> reply, Function<T, R> meaning, ReplyAwaiter replies) {

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
