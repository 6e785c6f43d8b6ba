package io.iftb.cache.jcache;

import io.iftb.cache.codec.UntrustedClassException;
import io.iftb.cache.redis.RedisServerException;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.function.Supplier;
import javax.cache.CacheException;
import org.jspecify.annotations.Nullable;

/** Waits for replies of the store and turns its failures into those of JSR-107, which name the cache. */
final class Replies {

    private final String cacheName;

    Replies(String cacheName) {
        this.cacheName = cacheName;
    }

    /**
     * Waits for a reply; the store limits the time.
     *
     * @return the reply, null where the store says so
     * @throws CacheException if the server failed, or the thread was interrupted
     * @throws IllegalArgumentException if the store refuses the key or the value
     */
    <T> T await(CompletableFuture<T> reply) {
        try {
            return reply.get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CacheException(
                    "Cache '" + cacheName + "': interrupted while waiting for the server; whether it carried out the "
                            + "operation is not known",
                    e);
        } catch (CancellationException e) {
            throw new CacheException("Cache '" + cacheName + "': the operation was cancelled", e);
        } catch (ExecutionException e) {
            throw translated(e.getCause() == null ? e : e.getCause());
        }
    }

    /** Runs what may fail before there is a reply, such as the encoding of a key or a value, and translates its failures. */
    <T> T call(Supplier<T> action) {
        try {
            return action.get();
        } catch (RedisServerException | UntrustedClassException | IllegalArgumentException e) {
            throw translated(e);
        }
    }

    /** The failure for a reply that nobody could read, since the threads for that had ended with their manager. */
    CacheException unread(@Nullable Throwable cause) {
        return new CacheException(
                "Cache '" + cacheName
                        + "': its cache manager was closed before the server had replied; whether it carried"
                        + " out the operation is not known",
                cause);
    }

    /** The failure seen from the caller's thread, so that its stack trace shows who called. */
    private RuntimeException translated(Throwable failure) {
        if (failure instanceof Error error) {
            throw error;
        }
        if (failure instanceof IllegalArgumentException) {
            return new IllegalArgumentException(named(failure), failure);
        }
        return new CacheException(named(failure), failure);
    }

    private String named(Throwable failure) {
        return "Cache '" + cacheName + "': " + failure.getMessage();
    }
}
