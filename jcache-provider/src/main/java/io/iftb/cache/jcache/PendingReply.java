package io.iftb.cache.jcache;

import io.iftb.cache.observe.CallOrigin;
import io.iftb.cache.observe.CallOutcome;
import io.iftb.cache.observe.ObservedCall;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A command in flight. Its reply is decoded in the caller's thread or in an executor, never in a thread of the connection,
 * since decoding may run user code.
 *
 * @param reply the reply
 * @param meaning converts the reply to the result
 * @param replies translates failures
 * @param call what ends with it; null if nobody asks
 */
record PendingReply<T, R>(
        CompletableFuture<T> reply,
        Function<T, R> meaning,
        ReplyAwaiter replies,
        @Nullable ObservedCall call) {

    /** The reply to a command that need not be sent, since this JVM holds all that it asks about. */
    static final class Held<T> extends CompletableFuture<T> {

        Held(T answer) {
            complete(answer);
        }
    }

    /** Of a call that nobody asks about. */
    PendingReply(CompletableFuture<T> reply, Function<T, R> meaning, ReplyAwaiter replies) {
        this(reply, meaning, replies, null);
    }

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
        CompletableFuture<T> reply = call.attempt(() -> replies.call(command));
        var unused = reply.whenComplete((answer, error) -> {
            if (error != null) {
                call.failed(error);
            }
        });
        CallOrigin origin = reply instanceof Held ? CallOrigin.NEAR : CallOrigin.SERVER;
        Function<T, R> told = answer -> call.attempt(() -> {
            R result = meaning.apply(answer);
            call.ended(outcome.apply(result), origin);
            return result;
        });
        return new PendingReply<>(reply, told, replies, call);
    }

    /** Waits for the result. */
    R await() {
        T answer;
        try {
            answer = replies.await(reply);
        } catch (RuntimeException | Error e) {
            if (!reply.isCompletedExceptionally()) { // the caller was interrupted, and others wait for the same reply
                failed(e);
            }
            throw e;
        }
        return meaning.apply(answer);
    }

    /** The result as a future that completes in an executor. */
    CompletableFuture<R> on(Executor executor) {
        CompletableFuture<R> result = new CompletableFuture<>();
        CompletableFuture<T> understood = reply.whenCompleteAsync(
                (answer, error) -> {
                    try {
                        result.complete(await());
                    } catch (Throwable e) {
                        result.completeExceptionally(e);
                    }
                },
                executor);
        var unused = understood.whenComplete((answer, error) -> {
            if (!result.isDone()) {
                RuntimeException unread = replies.unread(error);
                failed(unread);
                result.completeExceptionally(unread);
            }
        });
        return result;
    }

    private void failed(Throwable error) {
        if (call != null) {
            call.failed(error);
        }
    }
}
