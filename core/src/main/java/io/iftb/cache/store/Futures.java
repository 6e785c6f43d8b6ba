package io.iftb.cache.store;

import io.iftb.cache.redis.ReplyFuture;
import io.iftb.cache.redis.WrongTypeException;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

/** Joins futures, and recovers from their failures. */
final class Futures {

    private Futures() {}

    /** The results of futures in their order; fails if one failed. */
    static <T> CompletableFuture<List<T>> all(List<CompletableFuture<T>> futures) {
        return ReplyFuture.all(futures);
    }

    /** The same future, but with another result if the key holds something that this store does not write. */
    static <T> CompletableFuture<T> ifForeign(CompletableFuture<T> future, T result) {
        return future.exceptionally(error -> {
            if (cause(error) instanceof WrongTypeException) {
                return result;
            }
            throw wrapped(error);
        });
    }

    /** The failure of a future, unwrapped. */
    static Throwable cause(Throwable error) {
        return error instanceof CompletionException && error.getCause() != null ? error.getCause() : error;
    }

    /** Wraps a failure, so that a stage can throw it. */
    static CompletionException wrapped(Throwable error) {
        return error instanceof CompletionException completion ? completion : new CompletionException(error);
    }
}
