package io.iftb.cache.store;

import io.iftb.cache.redis.Deadline;
import io.iftb.cache.redis.Subscription;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Port under a cache: entries as bytes, each with a lifetime of its own that the server's clock ends. Every method is
 * one round trip unless it says otherwise, and atomic for each key. An expired entry is absent.
 *
 * <p>Lifetimes are those of {@link Lifetimes}. Failures of the server complete a future with {@link
 * io.iftb.cache.redis.RedisServerException}. Safe for use by several threads.
 *
 * @param <K> the type of the keys
 */
public interface EntryStore<K> {

    /** What a read gives for a key that holds another type of value than this cache writes: no codec accepts it. */
    byte[] FOREIGN = {};

    /** When a write takes place. */
    enum Condition {
        /** whether or not there is an entry */
        ANY,
        /** only if there is none */
        ABSENT,
        /** only if there is one */
        PRESENT
    }

    /** Reads an entry and sets its lifetime to {@code access} unless that is {@link Lifetimes#KEEP}. */
    CompletableFuture<byte @Nullable []> get(K key, long access);

    /** Reads entries in one batch, like {@link #get}; the map holds those that are there, in the order of the keys. */
    CompletableFuture<Map<K, byte[]>> getAll(Collection<? extends K> keys, long access);

    /** Whether there is an entry. */
    CompletableFuture<Boolean> contains(K key);

    /** Writes an entry if the condition holds; whether it held. */
    CompletableFuture<Boolean> put(K key, byte[] value, Lifetimes lifetimes, Condition condition);

    /** Writes an entry if the condition, {@code ANY} or {@code PRESENT}, holds; the value before. */
    CompletableFuture<byte @Nullable []> getAndPut(K key, byte[] value, Lifetimes lifetimes, Condition condition);

    /** Writes entries in one batch; atomic for each key, not for all. */
    CompletableFuture<Void> putAll(Map<? extends K, byte[]> entries, Lifetimes lifetimes);

    /** Removes an entry; whether there was one. */
    CompletableFuture<Boolean> remove(K key);

    /** Removes an entry; its value. */
    CompletableFuture<byte @Nullable []> getAndRemove(K key);

    /** Removes entries in one batch; how many there were. */
    CompletableFuture<Long> removeAll(Collection<? extends K> keys);

    /** Changes an entry if its bytes are still those that were read; whether they were. */
    CompletableFuture<Boolean> compareAndSet(Change<K> change);

    /** Makes changes in one batch, each like {@link #compareAndSet}; their outcomes in the order of the changes. */
    List<CompletableFuture<Boolean>> compareAndSetAll(List<Change<K>> changes);

    /**
     * Hears of the changes that carry news, of whatever JVM, from when the future completes; those of one key in the order
     * in which the server made them. What is changed while the connection is lost is not heard of.
     *
     * @param executor takes each message from the connection's thread and must not block it; it decodes the key and
     *     calls the subscriber, one message after the other if they are to come in their order
     * @param subscriber takes the key and the news
     */
    CompletableFuture<Subscription> subscribe(Executor executor, BiConsumer<K, byte[]> subscriber);

    /** Fails if the server does not let this user pass on news, which a change would fail with once it is made. */
    CompletableFuture<Void> requireNews();

    /** Removes all entries of this cache and no other key, in several round trips; entries written meanwhile may stay. */
    CompletableFuture<Void> clear();

    /**
     * Checks what is to be stored, before anybody is told of it.
     *
     * @throws IllegalArgumentException if a value may not be stored under a key
     */
    default void requireStorable(K key, byte[] value) {}

    /** The same store, whose operations share the budget of a call: each ends when that does. */
    default EntryStore<K> within(Deadline deadline) {
        return this;
    }

    /** Starts a walk over the entries: those that are there all the time come once, others once or not at all. */
    Cursor<K> walk();

    /**
     * What becomes of an entry that is still as it was read.
     *
     * @param key its key
     * @param expected the bytes read; null if there was no entry
     * @param update the new bytes; null to remove the entry. The same array as {@code expected} to set the lifetime only
     * @param lifetime the lifetime from now on
     * @param news what the server passes on to all who {@link #subscribe}, if it makes the change; null for nothing
     * @param <K> the type of the keys
     */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    record Change<K>(
            K key, byte @Nullable [] expected, byte @Nullable [] update, long lifetime, byte @Nullable [] news) {

        /** A change of which nobody is told. */
        public Change(K key, byte @Nullable [] expected, byte @Nullable [] update, long lifetime) {
            this(key, expected, update, lifetime, null);
        }

        /** The same change, and what is to be passed on. */
        public Change<K> with(byte[] passedOn) {
            return new Change<>(key, expected, update, lifetime, passedOn);
        }
    }

    /**
     * A walk over the entries of a cache. Not safe for use by several threads.
     *
     * @param <K> the type of the keys
     */
    interface Cursor<K> {

        /** The next entries, at times none; null at the end. */
        CompletableFuture<@Nullable List<Map.Entry<K, byte[]>>> next();
    }
}
