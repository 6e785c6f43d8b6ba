package io.iftb.cache.redis;

import io.netty.util.Timeout;
import io.netty.util.TimerTask;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * A command on its way: becomes what its reply is read as, or the failure in our words, and ends when its time is up. One
 * object for all of it, since every command makes one.
 *
 * @param <T> the type that the reply is read as
 */
final class Call<T> extends CompletableFuture<T>
        implements BiConsumer<@Nullable Object, @Nullable Throwable>, TimerTask {

    private final Calls calls;
    private final Reply<T> reply;
    private final String key;
    private @Nullable Timeout timer;

    /** @param key the key that messages name */
    Call(Calls calls, Reply<T> reply, String key) {
        this.calls = calls;
        this.reply = reply;
        this.key = key;
    }

    /** Ends this call when the timer runs out; to be set before there can be a reply. */
    void endsWith(Timeout timeout) {
        timer = timeout;
    }

    /** Takes the reply of the client library, or its failure. */
    @Override
    public void accept(@Nullable Object answer, @Nullable Throwable error) {
        if (timer != null) {
            timer.cancel();
        }
        calls.ended();
        try {
            if (error != null) {
                throw calls.failure(error, key);
            }
            complete(reply.finish(answer));
        } catch (RuntimeException e) {
            completeExceptionally(new CompletionException(e));
        }
    }

    @Override
    public void run(Timeout over) {
        completeExceptionally(calls.timeout());
    }
}
