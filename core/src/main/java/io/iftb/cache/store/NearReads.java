package io.iftb.cache.store;

import java.util.Collection;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * Reads of a cache that this JVM may answer, because it holds values and hears when they change. Whatever they give is at most
 * as old as the bound of {@link io.iftb.cache.near.NearMap}, and never older than what another read on this connection has
 * given before. Absence is not held: it is asked for. Only if the cache is {@link io.iftb.cache.settings.OnUnavailable#STALE} and
 * the server cannot be asked, what reads give may be older than the bound.
 *
 * <p>Failures are those of {@link EntryStore}. Safe for use by several threads.
 *
 * @param <K> the type of the keys
 * @param <V> the type of the values
 */
public interface NearReads<K, V> {

    /** The value of a key; null if this JVM holds none, or its reads are fenced. */
    @Nullable
    V get(K key);

    /** Reads an entry from the server, and holds it; several callers share one read. */
    CompletableFuture<byte @Nullable []> read(K key);

    /** Like {@link #read}, with what is left of the entry's lifetime on the server; null if there is no entry. */
    CompletableFuture<EntryStore.@Nullable TimedValue> readTimed(K key);

    /** What {@link #get} gives, with what is left of its lifetime on the server; null if there is none. */
    @Nullable
    HeldValue<V> held(K key);

    /**
     * A value that this JVM holds.
     *
     * @param ttl what is left of the lifetime of its entry: milliseconds, or {@link Lifetimes#ETERNAL}, also if that is not known
     */
    record HeldValue<V>(V value, long ttl) {}

    /** Reads entries from the server, and holds them; the map has those that are there, in the order of the keys. */
    CompletableFuture<Map<K, byte[]>> readAll(Collection<? extends K> keys);

    /** Lets go of all that is held, as when a cache is closed; another view of it reads anew. */
    void dropAll();

    /** What is held, and how fresh it is. */
    NearStatus status();
}
