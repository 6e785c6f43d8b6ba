package io.iftb.cache.jcache;

import io.iftb.cache.store.EntryStore;
import io.iftb.cache.store.EntryStore.Change;
import io.iftb.cache.store.Lifetimes;
import io.iftb.cache.store.StoredCache;
import org.jspecify.annotations.Nullable;

/**
 * Decides what an operation does with an entry as it was read: asks the operation, checks what is to be stored, tells the
 * writer, and asks the expiry policy, in this order. Most of it is code of the user.
 */
final class AttemptFactory<K, V> {

    private final StoredCache<K, V> stored;
    private final Expiry expiry;
    private final Replies replies;

    AttemptFactory(StoredCache<K, V> stored, Expiry expiry, Replies replies) {
        this.stored = stored;
        this.expiry = expiry;
        this.replies = replies;
    }

    /** Whether the expiry policy is code of the user, which may take its time. */
    boolean runsUserCode() {
        return expiry.constant() == null;
    }

    /**
     * A value as it is stored.
     *
     * @throws javax.cache.CacheException if its class may not be stored
     * @throws IllegalArgumentException if the store refuses the value under that key
     */
    byte[] storable(K key, V value) {
        return replies.call(() -> {
            byte[] bytes = stored.codec().encode(value);
            stored.store().requireStorable(key, bytes);
            return bytes;
        });
    }

    /** @param bytes the entry as it was read; null if there is none */
    <R> Attempt<K, V, R> attempt(K key, Operation<V, R> operation, byte @Nullable [] bytes, WriteThrough<K, V> writer) {
        OperationKind kind = operation.kind();
        EntryView<V> seen = new EntryView<>(bytes != null, stored.decode(key, bytes));
        Decision<V, R> decision = operation.decide(seen);
        return switch (decision.action()) {
            case KEEP -> new Attempt<>(kind, seen, decision, null, null);
            case ACCESS -> new Attempt<>(kind, seen, decision, bytes == null ? null : accessed(key, bytes), null);
            case REMOVE -> {
                writer.delete(key);
                Change<K> change = bytes == null ? null : new Change<>(key, bytes, null, Lifetimes.EXPIRED);
                yield new Attempt<>(kind, seen, decision, change, null);
            }
            case STORE -> {
                byte[] written = storable(key, decision.stored());
                writer.write(key, decision.stored());
                yield new Attempt<>(kind, seen, decision, stored(key, bytes, written), written);
            }
            case LOAD -> {
                byte[] written = storable(key, decision.stored());
                yield new Attempt<>(kind, seen, decision, stored(key, bytes, written), written);
            }
        };
    }

    private @Nullable Change<K> stored(K key, byte @Nullable [] bytes, byte[] written) {
        long lifetime = bytes == null ? expiry.creation() : expiry.update();
        if (lifetime != Lifetimes.EXPIRED) {
            return new Change<>(key, bytes, written, lifetime);
        }
        return bytes == null ? null : new Change<>(key, bytes, null, lifetime);
    }

    /** What an access asks of the store, null for nothing. A key that holds what is not ours stays as it is. */
    @Nullable
    Change<K> accessed(K key, byte[] bytes) {
        long lifetime = bytes == EntryStore.FOREIGN ? Lifetimes.KEEP : expiry.access();
        if (lifetime == Lifetimes.KEEP) {
            return null;
        }
        return new Change<>(key, bytes, lifetime == Lifetimes.EXPIRED ? null : bytes, lifetime);
    }
}
