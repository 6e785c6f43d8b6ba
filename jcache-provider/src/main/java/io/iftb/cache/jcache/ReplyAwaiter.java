package io.iftb.cache.jcache;

import io.iftb.cache.codec.UntrustedClassException;
import io.iftb.cache.redis.RedisOutcomeUnknownException;
import io.iftb.cache.redis.RedisServerException;
import io.iftb.cache.redis.ReplyFuture;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import javax.cache.CacheException;
import org.jspecify.annotations.Nullable;

/** Waits for replies of the store, and translates failures into those of JSR-107, which name the cache. */
final class ReplyAwaiter {

    private final String cacheName;

    ReplyAwaiter(String cacheName) {
        this.cacheName = cacheName;
    }

    /**
     * Waits for a reply. The store limits the time.
     *
     * @return the reply, which may be null
     * @throws OutcomeUnknownException if a change was sent and not answered, or the thread was interrupted after it was sent
     * @throws CacheException if the server failed, or the thread was interrupted
     * @throws IllegalArgumentException if the store rejects the key or the value
     */
    <T> T await(CompletableFuture<T> reply) {
        try {
            return ReplyFuture.await(reply);
        } catch (RuntimeException e) {
            throw translated(e);
        }
    }

    /** Runs code before there is a reply, such as the encoding of a key or a value, and translates its failures. */
    <T> T call(Supplier<T> action) {
        try {
            return action.get();
        } catch (RedisServerException | UntrustedClassException | IllegalArgumentException e) {
            throw translated(e);
        }
    }

    /** The failure for a reply that could not be decoded because the threads of the manager had ended. */
    CacheException unread(@Nullable Throwable cause) {
        return new CacheException(
                "Cache '" + cacheName + "': its cache manager was closed before the result could be returned", cause);
    }

    /** The failure of a read that also stores what it loaded, or a lifetime: never unknown, since a read can be repeated. */
    RuntimeException ofRead(RuntimeException failure) {
        return failure instanceof OutcomeUnknownException
                ? new CacheException(
                        "Cache '" + cacheName + "': a read loaded a value or changed a lifetime, and the server did not"
                                + " say whether that is stored; read again",
                        failure)
                : failure;
    }

    /** The failure with the number of entries done before it. Keeps the type if it is one of ours. */
    RuntimeException after(RuntimeException failure, int done, int all) {
        String message = failure.getMessage() + "; " + done + " of " + all + " entries were done before";
        if (failure instanceof OutcomeUnknownException) {
            return new OutcomeUnknownException(message, failure);
        }
        if (failure.getClass() == CacheException.class) {
            return new CacheException(message, failure);
        }
        failure.addSuppressed(new CacheException(done + " of " + all + " entries were done before"));
        return failure;
    }

    /** A new exception in the caller's thread, so that the stack trace shows the caller. */
    private RuntimeException translated(RuntimeException failure) {
        if (failure instanceof RedisOutcomeUnknownException) {
            return new OutcomeUnknownException(named(failure), failure);
        }
        if (failure instanceof IllegalArgumentException) {
            return new IllegalArgumentException(named(failure), failure);
        }
        return failure instanceof CacheException ? failure : new CacheException(named(failure), failure);
    }

    private String named(Throwable failure) {
        return "Cache '" + cacheName + "': " + failure.getMessage();
    }
}
