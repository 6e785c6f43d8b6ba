package io.iftb.cache.near;

import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * A read of the server that has begun: the placeholder of its value. Callers that want the same key share it as long as
 * nothing has changed since.
 */
final class PendingRead<T extends Held> extends CompletableFuture<@Nullable T> {

    private final long beganNanos;

    /** @param beganNanos before it is sent */
    PendingRead(long beganNanos) {
        this.beganNanos = beganNanos;
    }

    long beganNanos() {
        return beganNanos;
    }
}
