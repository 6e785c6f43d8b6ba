package io.iftb.cache.store;

import org.jspecify.annotations.Nullable;

/**
 * A key that a {@link KeyWalk} has found.
 *
 * @param redisKey its name on the server
 * @param owner whose it is
 * @param measured what it takes; null if that was not asked for
 * @param series what a series has, in all its keys, if this is the key of its head; else null
 */
public record FoundKey(
        String redisKey, KeyOwner owner, @Nullable Measured measured, CandleStore.@Nullable Description series) {

    /**
     * What a key takes.
     *
     * @param bytes memory on the server
     * @param lifetimeLeft milliseconds, or {@link Lifetimes#ETERNAL}
     */
    public record Measured(long bytes, long lifetimeLeft) {}
}
