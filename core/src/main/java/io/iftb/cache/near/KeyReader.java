package io.iftb.cache.near;

import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * Sends a read of the server.
 *
 * @param <T> the form in which values are held
 */
@FunctionalInterface
public interface KeyReader<T> {

    /**
     * Sends it.
     *
     * @param beganNanos the {@link System#nanoTime()} from which the lifetime of its value counts
     * @return completes with the value; with null if there is none
     */
    CompletableFuture<@Nullable T> send(long beganNanos);

    /** Whether a value that another read has brought meanwhile is all that this one would bring. */
    default boolean isAnsweredBy(T held) {
        return true;
    }

    /** Whether a failure says nothing of the key, so that what was held before is held on. */
    default boolean saysNothing(Throwable failure) {
        return false;
    }

    /** Whether a value is what this read has brought, as far as both go; false if that is not known. */
    default boolean isSame(T held, T brought) {
        return false;
    }

    /** The same read, to be sent by itself and later. It has a budget of its own, since others may join it. */
    default KeyReader<T> later() {
        return this;
    }

    /** What is given to one who has joined a read before; by what {@link #later} has made, whose budget began then. */
    default CompletableFuture<@Nullable T> joining(CompletableFuture<@Nullable T> read) {
        return read;
    }
}
