package io.iftb.cache.near;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;

/**
 * A read of the server that has begun: the placeholder of its value. Callers that want the same key share it as long as
 * nothing has changed since.
 */
final class PendingRead<T extends Held> extends CompletableFuture<@Nullable T> {

    private final long beganNanos;
    private final @Nullable Held before;

    /**
     * @param beganNanos before it is sent
     * @param before what the slot held before; null for nothing
     */
    PendingRead(long beganNanos, @Nullable Held before) {
        this.beganNanos = beganNanos;
        this.before = before;
    }

    /** What the slot held before, which is held on if the read says nothing; null for nothing. */
    @Nullable
    Held before() {
        return before;
    }

    /** Whether it began at a time or later; {@link NearMap#ANY_TIME} for any. */
    boolean isSince(long nanos) {
        return nanos == NearMap.ANY_TIME || beganNanos - nanos >= 0;
    }

    long beganNanos() {
        return beganNanos;
    }

    /** Ends it with the reason of a failure. */
    void fail(Throwable error) {
        boolean isWrapped = error instanceof CompletionException && error.getCause() != null;
        completeExceptionally(isWrapped ? error.getCause() : error);
    }
}
