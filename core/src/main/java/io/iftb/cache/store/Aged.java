package io.iftb.cache.store;

import java.time.Duration;

/**
 * An answer and how old it may be.
 *
 * @param value the answer
 * @param age how long ago, at most, the server had it; zero if the server has it, within the bound of near caches
 * @param <V> the type of the answer
 */
public record Aged<V>(V value, Duration age) {

    /** An answer that is as fresh as ever. */
    static <V> Aged<V> fresh(V value) {
        return new Aged<>(value, Duration.ZERO);
    }

    /** Whether this JVM gave what it held, since the server was unavailable. */
    public boolean isStale() {
        return !age.isZero();
    }
}
