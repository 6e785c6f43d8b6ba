package io.iftb.cache.jcache;

import io.iftb.cache.store.EntryStore;
import io.iftb.cache.store.Lifetimes;
import io.iftb.cache.store.StoredCache;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.locks.LockSupport;
import javax.cache.CacheException;
import org.jspecify.annotations.Nullable;

/**
 * Carries out any operation: reads the entry, asks the operation, asks the expiry policy for what was decided, and
 * commits if the entry is still the one that was read; else again, up to {@link #MAX_TRIES} times.
 *
 * <p>The expiry policy and {@code equals} of values run in the caller's thread. A batch is one round trip to read and
 * one to commit.
 */
final class CompareAndSetExecutor<K, V> implements OperationExecutor<K, V> {

    static final int MAX_TRIES = 100;

    private static final CompletableFuture<Boolean> DONE = CompletableFuture.completedFuture(true);

    private final StoredCache<K, V> stored;
    private final EntryStore<K> store;
    private final Expiry expiry;
    private final Replies replies;

    CompareAndSetExecutor(StoredCache<K, V> stored, Expiry expiry, Replies replies) {
        this.stored = stored;
        this.store = stored.store();
        this.expiry = expiry;
        this.replies = replies;
    }

    @Override
    public <R> @Nullable R run(K key, Operation<V, R> operation) {
        for (int tries = 1; tries <= MAX_TRIES; tries++) {
            byte[] bytes = replies.await(store.get(key, Lifetimes.KEEP));
            Attempt<R> attempt = attempt(key, operation, bytes, tries);
            if (replies.await(attempt.committed())) {
                return attempt.result();
            }
            pause(tries);
        }
        throw contended(key);
    }

    @Override
    public Map<K, V> getAll(Set<? extends K> keys) {
        Map<K, Operation<V, V>> operations = new LinkedHashMap<>();
        keys.forEach(key -> operations.put(key, Operation.get()));
        Map<K, V> found = runAll(operations);
        found.values().removeIf(value -> value == null);
        return found;
    }

    @Override
    public void putAll(Map<? extends K, ? extends V> entries) {
        Map<K, Operation<V, Void>> operations = new LinkedHashMap<>();
        entries.forEach((key, value) -> operations.put(key, Operation.put(value)));
        runAll(operations);
    }

    @Override
    public void removeAll(Set<? extends K> keys) {
        Map<K, Operation<V, Boolean>> operations = new LinkedHashMap<>();
        keys.forEach(key -> operations.put(key, Operation.remove()));
        runAll(operations);
    }

    /** Tells the expiry policy that an entry was accessed, as it was read. */
    void access(K key, byte[] bytes) {
        replies.await(commitAccess(key, bytes));
    }

    /** Carries out an operation for each key; the results in the order of the keys, null values among them. */
    private <R> Map<K, R> runAll(Map<K, Operation<V, R>> operations) {
        Map<K, R> results = new LinkedHashMap<>();
        operations.keySet().forEach(key -> results.put(key, null));
        Map<K, Operation<V, R>> pending = new LinkedHashMap<>(operations);
        for (int tries = 1; !pending.isEmpty(); tries++) {
            if (tries > MAX_TRIES) {
                throw contended(pending.keySet().iterator().next());
            }
            pause(tries - 1);
            Map<K, byte[]> found = replies.await(store.getAll(pending.keySet(), Lifetimes.KEEP));
            Map<K, Attempt<R>> attempts = new LinkedHashMap<>();
            for (Map.Entry<K, Operation<V, R>> each : pending.entrySet()) {
                K key = each.getKey();
                attempts.put(key, attempt(key, each.getValue(), found.get(key), tries));
            }
            attempts.forEach((key, attempt) -> {
                if (replies.await(attempt.committed())) {
                    results.put(key, attempt.result());
                    pending.remove(key);
                }
            });
        }
        return results;
    }

    private <R> Attempt<R> attempt(K key, Operation<V, R> operation, byte @Nullable [] bytes, int tries) {
        boolean counts = operation.command().reads() && tries == 1;
        V value = counts ? stored.read(key, bytes) : stored.decode(key, bytes);
        Decision<V, R> decision = operation.decide(new Seen<>(bytes != null, value));
        return switch (decision.action()) {
            case KEEP -> new Attempt<>(decision.result(), DONE);
            case ACCESS -> new Attempt<>(decision.result(), bytes == null ? DONE : commitAccess(key, bytes));
            case REMOVE ->
                new Attempt<>(
                        decision.result(),
                        bytes == null ? DONE : store.compareAndSet(key, bytes, null, Lifetimes.EXPIRED));
            case STORE -> bytes == null ? create(key, decision) : update(key, bytes, decision);
        };
    }

    private <R> Attempt<R> create(K key, Decision<V, R> decision) {
        byte[] value = encode(decision);
        long lifetime = expiry.creation();
        return lifetime == Lifetimes.EXPIRED
                ? new Attempt<>(decision.unstored(), DONE)
                : new Attempt<>(decision.result(), store.compareAndSet(key, null, value, lifetime));
    }

    private <R> Attempt<R> update(K key, byte[] bytes, Decision<V, R> decision) {
        byte[] value = encode(decision);
        long lifetime = expiry.update();
        return new Attempt<>(
                decision.result(),
                store.compareAndSet(key, bytes, lifetime == Lifetimes.EXPIRED ? null : value, lifetime));
    }

    /**
     * An entry that is no longer the one that was read was accessed all the same: there is nothing to try again. A key
     * that holds what is not ours stays as it is.
     */
    private CompletableFuture<Boolean> commitAccess(K key, byte[] bytes) {
        long lifetime = bytes == EntryStore.FOREIGN ? Lifetimes.KEEP : expiry.access();
        if (lifetime == Lifetimes.KEEP) {
            return DONE;
        }
        byte[] update = lifetime == Lifetimes.EXPIRED ? null : bytes;
        return store.compareAndSet(key, bytes, update, lifetime).thenApply(unchanged -> true);
    }

    private byte[] encode(Decision<V, ?> decision) {
        V value = decision.value();
        if (value == null) {
            throw new IllegalStateException("a decision to store holds no value: " + decision);
        }
        return replies.call(() -> stored.codec().encode(value));
    }

    private CacheException contended(K key) {
        return new CacheException("Cache '" + stored.name() + "': entry " + key + " was changed by others in each of "
                + MAX_TRIES + " tries to change it; try again when there is less contention");
    }

    /** Lets others finish; longer each time, at random, so that they do not meet again. */
    private static void pause(int tries) {
        if (tries > 2) {
            LockSupport.parkNanos(ThreadLocalRandom.current().nextLong(20_000L << Math.min(tries, 8)));
        }
    }

    /**
     * A decision on its way to the store.
     *
     * @param result what the caller gets if it is committed
     * @param committed whether the entry was still the one that was read
     */
    private record Attempt<R>(@Nullable R result, CompletableFuture<Boolean> committed) {}
}
