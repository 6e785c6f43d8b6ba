package io.iftb.cache.store;

import io.iftb.cache.redis.Batch;
import io.iftb.cache.redis.Commands;
import io.iftb.cache.redis.Deadline;
import io.iftb.cache.redis.RedisConnection;
import io.iftb.cache.redis.RedisServerException;
import io.iftb.cache.redis.ReplyFuture;
import io.iftb.cache.redis.Subscription;
import io.iftb.cache.store.EntryLeases.Lease;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.BiConsumer;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A store whose writes and removals first end the lease of their entry, so that a computation that began before them does not
 * store. It costs one {@code UNLINK} more in the round trip of a write; a round trip more for many entries, and a scan more
 * for {@code clear}.
 *
 * @param <K> the type of the keys
 */
final class LeaseEndingStore<K> implements EntryStore<K> {

    private final RedisConnection redis;
    private final Commands commands;
    private final KeyedStore<K> store;
    private final EntryKeys<K> keys;
    private final EntryGuards guards;
    private final @Nullable Thread caller;

    LeaseEndingStore(RedisConnection redis, KeyedStore<K> store, EntryKeys<K> keys, EntryGuards guards) {
        this(redis, redis, store, keys, guards, null);
    }

    private LeaseEndingStore(
            RedisConnection redis,
            Commands commands,
            KeyedStore<K> store,
            EntryKeys<K> keys,
            EntryGuards guards,
            @Nullable Thread caller) {
        this.redis = redis;
        this.commands = commands;
        this.store = store;
        this.keys = keys;
        this.guards = guards;
        this.caller = caller;
    }

    /** For the calls of this thread, also if a reply lets them go on in another: leases are those of threads. */
    @Override
    public EntryStore<K> within(Deadline deadline) {
        Commands timed = redis.within(deadline);
        return new LeaseEndingStore<>(redis, timed, store.on(timed), keys, guards, Thread.currentThread());
    }

    private Thread caller() {
        return caller == null ? Thread.currentThread() : caller;
    }

    /** In one batch, so that the write costs no round trip more. Those who wait are woken when it has been made. */
    private <R> CompletableFuture<R> ending(K key, Function<KeyedStore<K>, CompletableFuture<R>> write) {
        String redisKey = keys.redisKey(key);
        guards.written(redisKey, caller());
        Batch batch = commands.batch();
        CompletableFuture<Boolean> ended = EntryLeases.end(batch, redisKey);
        CompletableFuture<R> written = write.apply(store.on(batch));
        batch.send();
        wakeAfter(redisKey, ended, written);
        return written;
    }

    private void wakeAfter(String redisKey, CompletableFuture<Boolean> ended, CompletableFuture<?> written) {
        var unused = written.whenComplete((done, error) -> {
            var unusedToo = ended.thenAccept(was -> {
                if (was) {
                    var unusedWake = guards.leases().wake(redisKey);
                }
            });
        });
    }

    private <R> CompletableFuture<R> ending(Collection<? extends K> all, Supplier<CompletableFuture<R>> write) {
        List<String> leases =
                all.stream().map(key -> Keys.lease(keys.redisKey(key))).toList();
        all.forEach(key -> guards.written(keys.redisKey(key), caller()));
        return ReplyFuture.then(
                Unlinking.keys(commands, leases).exceptionally(LeaseEndingStore::unlessRefused),
                ended -> wakingAll(guards.leases(), ended, write.get()));
    }

    /** Removes entries by their keys on the server. */
    static CompletableFuture<Long> removeKeys(EntryLeases leases, List<String> redisKeys) {
        RedisConnection redis = leases.redis();
        return ReplyFuture.then(
                Unlinking.keys(redis, redisKeys.stream().map(Keys::lease).toList()),
                ended -> wakingAll(leases, ended, Unlinking.keys(redis, redisKeys)));
    }

    /** When many entries have been written, of which some had leases, all who wait look again, which one message tells. */
    private static <R> CompletableFuture<R> wakingAll(EntryLeases leases, long ended, CompletableFuture<R> written) {
        return ended == 0
                ? written
                : written.whenComplete((done, error) -> {
                    var unusedWake = leases.wakeAll();
                });
    }

    /** Who may not remove leases may still write: it also has no right to compute under one. */
    private static long unlessRefused(Throwable error) {
        if (OutageStore.isOutage(error) || !(Futures.cause(error) instanceof RedisServerException)) {
            throw Futures.wrapped(error);
        }
        return 0;
    }

    @Override
    public CompletableFuture<byte @Nullable []> get(K key, long access) {
        return store.get(key, access);
    }

    @Override
    public CompletableFuture<@Nullable TimedValue> getWithTtl(K key) {
        return store.getWithTtl(key);
    }

    @Override
    public CompletableFuture<Map<K, byte[]>> getAll(Collection<? extends K> all, long access) {
        return store.getAll(all, access);
    }

    @Override
    public CompletableFuture<Boolean> contains(K key) {
        return store.contains(key);
    }

    @Override
    public void requireStorable(K key, byte[] value) {
        store.requireStorable(key, value);
    }

    @Override
    public CompletableFuture<Boolean> put(K key, byte[] value, Lifetimes lifetimes, Condition condition) {
        return ending(key, batched -> batched.put(key, value, lifetimes, condition));
    }

    @Override
    public CompletableFuture<byte @Nullable []> getAndPut(
            K key, byte[] value, Lifetimes lifetimes, Condition condition) {
        return ending(key, batched -> batched.getAndPut(key, value, lifetimes, condition));
    }

    @Override
    public CompletableFuture<Void> putAll(Map<? extends K, byte[]> entries, Lifetimes lifetimes) {
        return ending(entries.keySet(), () -> store.putAll(entries, lifetimes));
    }

    @Override
    public CompletableFuture<Boolean> remove(K key) {
        return ending(key, batched -> batched.remove(key));
    }

    @Override
    public CompletableFuture<byte @Nullable []> getAndRemove(K key) {
        return ending(key, batched -> batched.getAndRemove(key));
    }

    @Override
    public CompletableFuture<Long> removeAll(Collection<? extends K> all) {
        return ending(all, () -> store.removeAll(all));
    }

    @Override
    public CompletableFuture<Long> removeUnreadable(Page<K> page) {
        return store.removeUnreadable(page);
    }

    /** What a call stores that holds the lease itself is stored only if that is still there. */
    @Override
    public CompletableFuture<Boolean> compareAndSet(Change<K> change) {
        String redisKey = keys.redisKey(change.key());
        Lease lease = change.update() == null ? null : guards.use(redisKey, change.expected() == null, caller());
        if (lease == null) {
            return ending(change.key(), batched -> batched.compareAndSet(change));
        }
        return store.compareAndSet(change, lease).whenComplete((done, error) -> {
            var unusedWake = guards.leases().wake(redisKey);
        });
    }

    @Override
    public List<CompletableFuture<Boolean>> compareAndSetAll(List<Change<K>> changes) {
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

    /** Leases first: what is computed under one that is still there is stored before the entries are scanned. */
    @Override
    public CompletableFuture<Void> clear() {
        CompletableFuture<Void> ended = Unlinking.all(redis, redis.scan(Keys.lease(keys.pattern())), this::isLease);
        return ReplyFuture.then(ended, done -> wakingAll(guards.leases(), 1, store.clear()));
    }

    private boolean isLease(String redisKey) {
        String entry = Keys.leased(redisKey);
        return entry != null && keys.isKey(entry);
    }

    @Override
    public Cursor<K> cursor() {
        return store.cursor();
    }
}
