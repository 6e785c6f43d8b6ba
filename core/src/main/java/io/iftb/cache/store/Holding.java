package io.iftb.cache.store;

import org.jspecify.annotations.Nullable;

/**
 * What this JVM holds of the entries of a cache, as those see it who change entries or ask the server beside it.
 *
 * @param <K> the type of the keys
 */
interface Holding<K> {

    /** Forgets an entry that is about to change, or has. */
    void drop(K key);

    /** Forgets all entries. */
    void dropAll();

    /**
     * Forgets an entry unless it is what a read of the server has just found. That may be newer than what was heard, and
     * after it nobody may get what was before.
     *
     * @param value as the store read it; null if there is no entry
     */
    void seen(K key, byte @Nullable [] value);

    /** Like {@link #seen}, of an entry whose value was not read: it is there. */
    void present(K key);

    /** An entry that is held although it may have changed since changes were heard last; null if none is, or not for so long. */
    byte @Nullable [] stale(K key, long maxAgeNanos);

    /** How long ago changes were heard last, in ns. */
    long ageNanos();
}
