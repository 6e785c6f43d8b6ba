package io.iftb.cache.store;

import io.iftb.cache.redis.Deadline;
import io.iftb.cache.redis.Subscription;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.BiConsumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Port for the entries of a cache as bytes, each with its own lifetime by the server's clock. An expired entry is absent.
 * Every method is atomic for each key.
 *
 * <p>A method takes one round trip unless documented otherwise. Methods for many entries send one batch, or several
 * sequential ones if one would be too large; if one fails, the message says how many entries were done before.
 *
 * <p>An entry whose key on the server holds another type of value than this cache writes is present and unreadable: a
 * read returns {@link #FOREIGN}, {@link #contains} is true, and a write for {@link Condition#ABSENT} does not happen.
 * Methods that need the value fail with {@link io.iftb.cache.redis.WrongTypeException} and change nothing. Writes and
 * removals that do not need it replace the key if it belongs to this one entry, and fail if it belongs to a whole series.
 *
 * <p>Lifetimes are those of {@link Lifetimes}. Failures of the server complete a future with {@link
 * io.iftb.cache.redis.RedisServerException}. Safe for use by several threads.
 *
 * @param <K> the type of the keys
 */
public interface EntryStore<K> {

    /** The value of an entry whose key holds another type of value than this cache writes. No codec accepts it. */
    byte[] FOREIGN = {};

    /** When a write happens. */
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

    /**
     * Reads an entry and the remaining lifetime of its key on the server; completes with null if there is none. If the entry
     * changes at the same time, the lifetime may be that of the new one, or {@link Lifetimes#EXPIRED} if it is gone.
     */
    CompletableFuture<@Nullable TimedValue> getWithTtl(K key);

    /**
     * Reads entries, like {@link #get}; the map holds those that are there, in the order of the keys. Foreign values may
     * be left out. A reply has up to 4,096 values, of any size: ask for fewer keys at once if values are large.
     */
    CompletableFuture<Map<K, byte[]>> getAll(Collection<? extends K> keys, long access);

    /** Whether there is an entry. */
    CompletableFuture<Boolean> contains(K key);

    /**
     * Checks that a key and a value can be stored together. Every write checks it too; call this first if you notify others,
     * such as a cache writer, before the write.
     *
     * @param value encoded by this cache's codec
     * @throws IllegalArgumentException if they cannot, such as a bar with another open time than its key
     */
    void requireStorable(K key, byte[] value);

    /** Writes an entry if the condition holds; completes with whether it held. */
    CompletableFuture<Boolean> put(K key, byte[] value, Lifetimes lifetimes, Condition condition);

    /** Writes an entry if the condition, {@code ANY} or {@code PRESENT}, holds; completes with the previous value. */
    CompletableFuture<byte @Nullable []> getAndPut(K key, byte[] value, Lifetimes lifetimes, Condition condition);

    /** Writes entries; atomic for each key, not for all. */
    CompletableFuture<Void> putAll(Map<? extends K, byte[]> entries, Lifetimes lifetimes);

    /** Removes an entry; completes with whether there was one. */
    CompletableFuture<Boolean> remove(K key);

    /** Removes an entry; completes with its value. */
    CompletableFuture<byte @Nullable []> getAndRemove(K key);

    /** Removes entries; completes with how many there were. */
    CompletableFuture<Long> removeAll(Collection<? extends K> keys);

    /** Removes the {@link Page#unreadableKeys} of a page; completes with how many of them there were. */
    default CompletableFuture<Long> removeUnreadable(Page<K> page) {
        return CompletableFuture.completedFuture(0L);
    }

    /** Changes an entry if its bytes are still those that were read; completes with whether they were. */
    CompletableFuture<Boolean> compareAndSet(Change<K> change);

    /** Makes changes, each like {@link #compareAndSet}; their outcomes are in the order of the changes. */
    List<CompletableFuture<Boolean>> compareAndSetAll(List<Change<K>> changes);

    /**
     * Subscribes to the events of changes made by any JVM, from when the future completes. Events of one key come in the
     * order in which the server made the changes. Changes made while the connection is lost are missed.
     *
     * @param subscriber takes the key and the event in a thread of the connection: it must not wait, and must leave it to
     *     another thread to get the key. The supplier decodes the key, and returns null if it is not a key of this cache
     */
    CompletableFuture<Subscription> subscribe(BiConsumer<Supplier<@Nullable K>, byte[]> subscriber);

    /** Fails if the user may not PUBLISH events: a change with an event would be made and then fail. */
    CompletableFuture<Void> requirePublish();

    /** Removes all entries of this cache and no other key, in several round trips; entries written meanwhile may stay. */
    CompletableFuture<Void> clear();

    /** The same store, within the budget of one call: each operation fails when the deadline passes. */
    EntryStore<K> within(Deadline deadline);

    /** Opens a cursor over the entries. Returns those that exist all the time once, others once or not at all. */
    Cursor<K> cursor();

    /**
     * A value with its remaining lifetime.
     *
     * @param value as in {@link #get}
     * @param ttl time to live: milliseconds, or {@link Lifetimes#ETERNAL}; {@link Lifetimes#EXPIRED} for a foreign value, and for
     *     one that ends at this moment
     * @param isHeld whether this JVM has answered for a server that could not be asked; its lifetime is not known then
     */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    record TimedValue(byte[] value, long ttl, boolean isHeld) {

        /** A foreign value. */
        static final TimedValue FOREIGN = new TimedValue(EntryStore.FOREIGN, Lifetimes.EXPIRED);

        /** What the server has. */
        TimedValue(byte[] value, long ttl) {
            this(value, ttl, false);
        }

        /** What this JVM holds, for a server that cannot be asked. */
        static TimedValue held(byte[] value) {
            return new TimedValue(value, Lifetimes.ETERNAL, true);
        }
    }

    /**
     * A change of an entry, made only if the entry is still as it was read.
     *
     * @param key its key
     * @param expected the bytes read; null if there was no entry
     * @param update the new bytes; null to remove the entry. The same array as {@code expected} to set the lifetime only
     * @param lifetime the lifetime from now on
     * @param event the message to every {@link #subscribe subscriber} if the change is made; null for none
     * @param <K> the type of the keys
     */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    record Change<K>(
            K key, byte @Nullable [] expected, byte @Nullable [] update, long lifetime, byte @Nullable [] event) {

        /** A change without an event. */
        public Change(K key, byte @Nullable [] expected, byte @Nullable [] update, long lifetime) {
            this(key, expected, update, lifetime, null);
        }

        /** The same change, with an event. */
        public Change<K> with(byte[] published) {
            return new Change<>(key, expected, update, lifetime, published);
        }

        /** Size of its values in bytes. */
        long bytes() {
            return (expected == null ? 0L : expected.length) + (update == null ? 0L : update.length);
        }
    }

    /**
     * A cursor over the entries of a cache. Not safe for use by several threads.
     *
     * @param <K> the type of the keys
     */
    interface Cursor<K> {

        /**
         * The next entries, possibly none; completes with null at the end. If nobody has asked the last page for its entries,
         * such as after a failure or an interrupt, they come again.
         */
        CompletableFuture<@Nullable Page<K>> next();
    }

    /**
     * A page of entries of a cursor.
     *
     * @param <K> the type of the keys
     */
    interface Page<K> {

        /** The entries. Decodes their keys, so call it in a thread of your own. */
        List<Map.Entry<K, byte[]>> entries();

        /**
         * The entries whose keys cannot be decoded, such as keys of a class that is not trusted: their keys on the server,
         * each with the reason. None before {@link #entries}.
         */
        default Map<String, String> unreadableKeys() {
            return Map.of();
        }
    }
}
