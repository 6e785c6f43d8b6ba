package io.iftb.cache.store;

import io.iftb.cache.redis.Deadline;
import io.iftb.cache.redis.RedisOutcomeUnknownException;
import io.iftb.cache.redis.Subscription;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.BiConsumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A store in front of which this JVM holds values: whatever changes an entry drops what is held of it, before the change is
 * sent and again before its caller knows the end. So no caller reads what was there before its own write. Reads are those of
 * the server; what they find to be different is dropped too, so that no reader goes back behind them.
 *
 * @param <K> the type of the keys
 */
final class NearStore<K> implements EntryStore<K> {

    private final EntryStore<K> store;
    private final Holding<K> held;

    /** @param store the store of the server */
    NearStore(EntryStore<K> store, Holding<K> held) {
        this.store = store;
        this.held = held;
    }

    @Override
    public EntryStore<K> within(Deadline deadline) {
        return new NearStore<>(store.within(deadline), held);
    }

    private <R> CompletableFuture<R> changing(K key, Supplier<CompletableFuture<R>> change) {
        held.drop(key);
        return change.get().whenComplete((done, error) -> held.drop(key));
    }

    private <R> CompletableFuture<R> changing(Collection<? extends K> keys, Supplier<CompletableFuture<R>> change) {
        List<K> all = List.copyOf(keys);
        all.forEach(held::drop);
        return change.get().whenComplete((done, error) -> all.forEach(held::drop));
    }

    private void seen(K key, byte @Nullable [] value, @Nullable Throwable error) {
        if (error == null) {
            held.seen(key, value);
        }
    }

    @Override
    public CompletableFuture<byte @Nullable []> get(K key, long access) {
        return access == Lifetimes.KEEP
                ? store.get(key, access).whenComplete((found, error) -> seen(key, found, error))
                : store.get(key, access).whenComplete((found, error) -> touched(key, error));
    }

    /** A read that sets a lifetime leaves the value: it is held on if that was certainly not set. */
    private void touched(K key, @Nullable Throwable error) {
        if (error == null || Futures.cause(error) instanceof RedisOutcomeUnknownException) {
            held.drop(key);
        }
    }

    @Override
    public CompletableFuture<@Nullable TimedValue> getWithTtl(K key) {
        return store.getWithTtl(key)
                .whenComplete((found, error) -> seen(key, found == null ? null : found.value(), error));
    }

    @Override
    public CompletableFuture<Map<K, byte[]>> getAll(Collection<? extends K> keys, long access) {
        List<K> all = List.copyOf(keys);
        return access == Lifetimes.KEEP
                ? store.getAll(all, access)
                        .whenComplete((found, error) ->
                                all.forEach(key -> seen(key, found == null ? null : found.get(key), error)))
                : changing(all, () -> store.getAll(all, access));
    }

    @Override
    public CompletableFuture<Boolean> contains(K key) {
        return store.contains(key).whenComplete((found, error) -> {
            if (error == null && found) {
                held.present(key);
            } else if (error == null) {
                held.seen(key, null);
            }
        });
    }

    @Override
    public void requireStorable(K key, byte[] value) {
        store.requireStorable(key, value);
    }

    @Override
    public CompletableFuture<Boolean> put(K key, byte[] value, Lifetimes lifetimes, Condition condition) {
        return changing(key, () -> store.put(key, value, lifetimes, condition));
    }

    @Override
    public CompletableFuture<byte @Nullable []> getAndPut(
            K key, byte[] value, Lifetimes lifetimes, Condition condition) {
        return changing(key, () -> store.getAndPut(key, value, lifetimes, condition));
    }

    @Override
    public CompletableFuture<Void> putAll(Map<? extends K, byte[]> entries, Lifetimes lifetimes) {
        return changing(entries.keySet(), () -> store.putAll(entries, lifetimes));
    }

    @Override
    public CompletableFuture<Boolean> remove(K key) {
        return changing(key, () -> store.remove(key));
    }

    @Override
    public CompletableFuture<byte @Nullable []> getAndRemove(K key) {
        return changing(key, () -> store.getAndRemove(key));
    }

    @Override
    public CompletableFuture<Long> removeAll(Collection<? extends K> keys) {
        return changing(keys, () -> store.removeAll(keys));
    }

    /** Their keys cannot be read, so nothing is held of them. */
    @Override
    public CompletableFuture<Long> removeUnreadable(Page<K> page) {
        return store.removeUnreadable(page);
    }

    @Override
    public CompletableFuture<Boolean> compareAndSet(Change<K> change) {
        return changing(change.key(), () -> store.compareAndSet(change));
    }

    @Override
    public List<CompletableFuture<Boolean>> compareAndSetAll(List<Change<K>> changes) {
        changes.forEach(change -> held.drop(change.key()));
        List<CompletableFuture<Boolean>> made = new ArrayList<>(changes.size());
        List<CompletableFuture<Boolean>> sent = store.compareAndSetAll(changes);
        for (int i = 0; i < sent.size(); i++) {
            K key = changes.get(i).key();
            made.add(sent.get(i).whenComplete((done, error) -> held.drop(key)));
        }
        return made;
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
        held.dropAll();
        return store.clear().whenComplete((done, error) -> held.dropAll());
    }

    @Override
    public Cursor<K> cursor() {
        Cursor<K> cursor = store.cursor();
        return () -> cursor.next().thenApply(page -> page == null ? null : new SeenPage(page));
    }

    /** A page whose entries are seen by whoever asks for them. */
    private final class SeenPage implements Page<K> {

        private final Page<K> page;

        SeenPage(Page<K> page) {
            this.page = page;
        }

        @Override
        public List<Map.Entry<K, byte[]>> entries() {
            List<Map.Entry<K, byte[]>> entries = page.entries();
            entries.forEach(entry -> held.seen(entry.getKey(), entry.getValue()));
            return entries;
        }

        @Override
        public Map<String, String> unreadableKeys() {
            return page.unreadableKeys();
        }
    }
}
