package io.iftb.cache.near;

/**
 * Compares a value with the server, without waiting for it.
 *
 * @param <T> the form in which values are held
 */
@FunctionalInterface
public interface HitChecker<T> {

    /** Begins to compare what was just given to a reader. */
    void check(String redisKey, T held);
}
