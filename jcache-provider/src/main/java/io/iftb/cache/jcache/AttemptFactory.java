package io.iftb.cache.jcache;

import io.iftb.cache.store.CacheBackend;
import io.iftb.cache.store.EntryStore;
import io.iftb.cache.store.EntryStore.Change;
import io.iftb.cache.store.Lifetimes;
import org.jspecify.annotations.Nullable;

/**
 * Creates attempts from entries that were read: lets the operation decide, checks the value to store, calls the writer, and
 * asks the expiry policy, in this order. Most of that is user code.
 */
final class AttemptFactory<K, V> {

    private final CacheBackend<K, V> backend;
    private final Expiry expiry;
    private final ReplyAwaiter replies;

    AttemptFactory(CacheBackend<K, V> backend, Expiry expiry, ReplyAwaiter replies) {
        this.backend = backend;
        this.expiry = expiry;
        this.replies = replies;
    }

    /** Whether the expiry policy is user code, which may be slow. */
    boolean runsUserCode() {
        return expiry.constant() == null;
    }

    /**
     * Encodes a value, and checks that it may be stored.
     *
     * @throws javax.cache.CacheException if its class may not be stored
     * @throws IllegalArgumentException if the store rejects the value under that key
     */
    byte[] encode(K key, V value) {
        return replies.call(() -> {
            byte[] bytes = backend.codec().encode(value);
            backend.store().requireStorable(key, bytes);
            return bytes;
        });
    }

    /** @param bytes the entry that was read; null if there is none */
    <R> Attempt<K, V, R> attempt(K key, Operation<V, R> operation, byte @Nullable [] bytes, WriteThrough<K, V> writer) {
        OperationKind kind = operation.kind();
        EntryView<V> view = new EntryView<>(bytes != null, backend.decode(key, bytes));
        Decision<V, R> decision = operation.decide(view);
        return switch (decision.action()) {
            case KEEP -> new Attempt<>(kind, view, decision, null, null);
            case ACCESS -> new Attempt<>(kind, view, decision, bytes == null ? null : accessed(key, bytes), null);
            case REMOVE -> {
                writer.delete(key);
                Change<K> change = bytes == null ? null : new Change<>(key, bytes, null, Lifetimes.EXPIRED);
                yield new Attempt<>(kind, view, decision, change, null);
            }
            case STORE -> {
                byte[] written = encode(key, decision.valueToStore());
                writer.write(key, decision.valueToStore());
                yield new Attempt<>(kind, view, decision, write(key, bytes, written), written);
            }
            case LOAD -> {
                byte[] written = encode(key, decision.valueToStore());
                yield new Attempt<>(kind, view, decision, write(key, bytes, written), written);
            }
        };
    }

    private @Nullable Change<K> write(K key, byte @Nullable [] bytes, byte[] written) {
        long lifetime = bytes == null ? expiry.creation() : expiry.update();
        if (lifetime != Lifetimes.EXPIRED) {
            return new Change<>(key, bytes, written, lifetime);
        }
        return bytes == null ? null : new Change<>(key, bytes, null, lifetime);
    }

    /** The change for an access; null for none. A foreign value stays as it is. */
    @Nullable
    Change<K> accessed(K key, byte[] bytes) {
        long lifetime = bytes == EntryStore.FOREIGN ? Lifetimes.KEEP : expiry.access();
        if (lifetime == Lifetimes.KEEP) {
            return null;
        }
        return new Change<>(key, bytes, lifetime == Lifetimes.EXPIRED ? null : bytes, lifetime);
    }
}
