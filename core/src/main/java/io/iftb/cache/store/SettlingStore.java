package io.iftb.cache.store;

import io.iftb.cache.redis.Deadline;
import io.iftb.cache.redis.RedisConnection;
import io.iftb.cache.redis.ReplyFuture;
import io.iftb.cache.redis.Subscription;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.BiConsumer;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A store that removes from the server what was dropped in an outage, before it reads or writes the entry. It fails as the
 * store behind it does. All views of a cache need it, also those that drop nothing themselves: what they read, near caches
 * hold for all.
 *
 * @param <K> the type of the keys
 */
final class SettlingStore<K> implements EntryStore<K> {

    private final RedisConnection redis;
    private final EntryStore<K> store;
    private final DroppedKeys<K, ?, ?> dropped;
    private final @Nullable Deadline deadline;

    /** @param deadline the budget of {@code store}; null if each call has one of its own */
    SettlingStore(
            RedisConnection redis, EntryStore<K> store, DroppedKeys<K, ?, ?> dropped, @Nullable Deadline deadline) {
        this.redis = redis;
        this.store = store;
        this.dropped = dropped;
        this.deadline = deadline;
    }

    @Override
    public EntryStore<K> within(Deadline budget) {
        return new SettlingStore<>(redis, store.within(budget), dropped, budget);
    }

    private <R> CompletableFuture<R> on(K key, Function<EntryStore<K>, CompletableFuture<R>> operation) {
        return dropped.isEmpty() ? operation.apply(store) : after(dropped.settled(key), operation);
    }

    private <R> CompletableFuture<R> on(
            Collection<? extends K> keys, Function<EntryStore<K>, CompletableFuture<R>> operation) {
        return dropped.isEmpty() ? operation.apply(store) : after(dropped.settled(keys), operation);
    }

    /** The removal and the operation have one budget. */
    private <R> CompletableFuture<R> after(
            CompletableFuture<Void> settled, Function<EntryStore<K>, CompletableFuture<R>> operation) {
        EntryStore<K> timed = deadline == null ? store.within(redis.deadline()) : store;
        return ReplyFuture.then(settled, done -> operation.apply(timed));
    }

    @Override
    public CompletableFuture<byte @Nullable []> get(K key, long access) {
        return dropped.isEmpty() ? store.get(key, access) : on(key, settled -> settled.get(key, access));
    }

    @Override
    public CompletableFuture<@Nullable TimedValue> getWithTtl(K key) {
        return on(key, settled -> settled.getWithTtl(key));
    }

    @Override
    public CompletableFuture<Map<K, byte[]>> getAll(Collection<? extends K> keys, long access) {
        return on(keys, settled -> settled.getAll(keys, access));
    }

    @Override
    public CompletableFuture<Boolean> contains(K key) {
        return dropped.isEmpty() ? store.contains(key) : on(key, settled -> settled.contains(key));
    }

    @Override
    public void requireStorable(K key, byte[] value) {
        store.requireStorable(key, value);
    }

    @Override
    public CompletableFuture<Boolean> put(K key, byte[] value, Lifetimes lifetimes, Condition condition) {
        return dropped.isEmpty()
                ? store.put(key, value, lifetimes, condition)
                : on(key, settled -> settled.put(key, value, lifetimes, condition));
    }

    @Override
    public CompletableFuture<byte @Nullable []> getAndPut(
            K key, byte[] value, Lifetimes lifetimes, Condition condition) {
        return on(key, settled -> settled.getAndPut(key, value, lifetimes, condition));
    }

    @Override
    public CompletableFuture<Void> putAll(Map<? extends K, byte[]> entries, Lifetimes lifetimes) {
        return on(entries.keySet(), settled -> settled.putAll(entries, lifetimes));
    }

    @Override
    public CompletableFuture<Boolean> remove(K key) {
        return dropped.isEmpty() ? store.remove(key) : on(key, settled -> settled.remove(key));
    }

    @Override
    public CompletableFuture<byte @Nullable []> getAndRemove(K key) {
        return on(key, settled -> settled.getAndRemove(key));
    }

    @Override
    public CompletableFuture<Long> removeAll(Collection<? extends K> keys) {
        return on(keys, settled -> settled.removeAll(keys));
    }

    @Override
    public CompletableFuture<Long> removeUnreadable(Page<K> page) {
        return store.removeUnreadable(page);
    }

    @Override
    public CompletableFuture<Boolean> compareAndSet(Change<K> change) {
        return dropped.isEmpty()
                ? store.compareAndSet(change)
                : on(change.key(), settled -> settled.compareAndSet(change));
    }

    /** Changes follow a read of their entries, which has removed what had to be; what was dropped since then differs. */
    @Override
    public List<CompletableFuture<Boolean>> compareAndSetAll(List<Change<K>> changes) {
        if (dropped.isEmpty()) {
            return store.compareAndSetAll(changes);
        }
        return changes.stream().map(this::compareAndSet).toList();
    }

    @Override
    public CompletableFuture<Subscription> subscribe(BiConsumer<Supplier<@Nullable K>, byte[]> subscriber) {
        return store.subscribe(subscriber);
    }

    @Override
    public CompletableFuture<Void> requirePublish() {
        return store.requirePublish();
    }

    @Override
    public CompletableFuture<Void> clear() {
        return store.clear();
    }

    @Override
    public Cursor<K> cursor() {
        Cursor<K> cursor = store.cursor();
        return () -> dropped.isEmpty()
                ? cursor.next()
                : ReplyFuture.then(dropped.changes().allSettled(), done -> cursor.next());
    }
}
