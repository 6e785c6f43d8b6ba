package io.iftb.cache.jcache;

import io.iftb.cache.codec.CorruptValueException;
import io.iftb.cache.store.CacheBackend;
import io.iftb.cache.store.EntryStore;
import io.iftb.cache.store.EntryStore.Change;
import io.iftb.cache.store.Lifetimes;
import javax.cache.CacheException;
import org.jspecify.annotations.Nullable;

/**
 * Creates attempts from entries that were read: lets the operation decide, checks the value to store, calls the writer, and
 * asks the expiry policy, in this order. Most of that is user code.
 */
final class AttemptFactory<K, V> {

    private static final byte[] NOTHING = {};

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
        Settled<V, R> settled = settled(key, operation, bytes);
        EntryView<V> view = settled.view();
        Decision<V, R> decision = settled.decision();
        byte[] written = settled.written();
        return switch (decision.action()) {
            case KEEP -> new Attempt<>(kind, view, decision, null, null);
            case ACCESS -> new Attempt<>(kind, view, decision, bytes == null ? null : accessed(key, bytes), null);
            case REMOVE -> {
                writer.delete(key);
                Change<K> change = bytes == null ? null : new Change<>(key, bytes, null, Lifetimes.EXPIRED);
                yield new Attempt<>(kind, view, decision, change, null);
            }
            case STORE -> {
                writer.write(key, decision.valueToStore());
                yield new Attempt<>(kind, view, decision, write(key, bytes, written), written);
            }
            case LOAD -> new Attempt<>(kind, view, decision, write(key, bytes, written), written);
            case RENEW -> new Attempt<>(kind, view, decision, write(key, bytes, written, expiry.creation()), written);
        };
    }

    /**
     * Lets the operation decide, and again if what it gives makes an unreadable value readable.
     *
     * @throws javax.cache.CacheException if the value stays unreadable and the operation needs it
     */
    private <R> Settled<V, R> settled(K key, Operation<V, R> operation, byte @Nullable [] bytes) {
        EntryView<V> view = view(bytes);
        if (view.isUnreadable()) {
            operation.given().forEach(this::trust);
            view = view(bytes);
        }
        Settled<V, R> first = decided(key, operation, view);
        if (!view.isUnreadable()) {
            return first;
        }
        EntryView<V> again = view(bytes);
        if (!again.isUnreadable()) {
            return decided(key, operation, again);
        }
        backend.corrupt(key, unreadable(view));
        requireValue(key, operation.kind(), view, null);
        return first;
    }

    private <R> Settled<V, R> decided(K key, Operation<V, R> operation, EntryView<V> view) {
        Decision<V, R> decision;
        try {
            decision = operation.decide(view);
        } catch (RuntimeException e) {
            requireValue(key, operation.kind(), view, e);
            throw e;
        }
        return new Settled<>(view, decision, decision.isWrite() ? encode(key, decision.valueToStore()) : NOTHING);
    }

    private void requireValue(K key, OperationKind kind, EntryView<V> view, @Nullable RuntimeException failure) {
        boolean isReplaced = kind.getsAndChanges() && backend.codec().needsNoTrust();
        if (view.isUnreadable() && kind.needsValue() && !isReplaced) {
            CacheException unreadable = new CacheException("Cache '" + backend.name() + "': the value of entry " + key
                    + " cannot be read, so the entry was not changed: " + unreadable(view)
                    + "; put or remove replaces it");
            if (failure != null) {
                unreadable.addSuppressed(failure);
            }
            throw unreadable;
        }
    }

    private static @Nullable String unreadable(EntryView<?> view) {
        return view.unreadable() == null ? null : view.unreadable().getMessage();
    }

    /** Whether the value of an entry can be read; counts one that cannot. */
    boolean isReadable(K key, byte[] bytes) {
        return backend.decode(key, bytes) != null;
    }

    private EntryView<V> view(byte @Nullable [] bytes) {
        if (bytes == null) {
            return new EntryView<>(false, null);
        }
        try {
            return new EntryView<>(true, backend.decode(bytes));
        } catch (CorruptValueException e) {
            return new EntryView<>(true, null, e);
        }
    }

    /** Trusts the classes of a value that the caller gives. */
    private void trust(V value) {
        byte[] unused = replies.call(() -> backend.codec().encode(value));
    }

    private @Nullable Change<K> write(K key, byte @Nullable [] bytes, byte[] written) {
        return write(key, bytes, written, bytes == null ? expiry.creation() : expiry.update());
    }

    private @Nullable Change<K> write(K key, byte @Nullable [] bytes, byte[] written, long lifetime) {
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

    /**
     * A decision on an entry.
     *
     * @param view on which view it was made
     * @param written the bytes of the value to store; none if there is none
     */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    private record Settled<V, R>(EntryView<V> view, Decision<V, R> decision, byte[] written) {}
}
