package io.iftb.cache.store;

import static io.iftb.cache.store.Lifetimes.ETERNAL;
import static io.iftb.cache.store.Lifetimes.EXPIRED;
import static io.iftb.cache.store.Lifetimes.KEEP;

import io.iftb.cache.redis.Batch;
import io.iftb.cache.redis.Command;
import io.iftb.cache.redis.Commands;
import io.iftb.cache.redis.Deadline;
import io.iftb.cache.redis.RedisConnection;
import io.iftb.cache.redis.Reply;
import io.iftb.cache.redis.ReplyFuture;
import io.iftb.cache.redis.Script;
import io.iftb.cache.redis.Subscription;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.BiConsumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Stores each entry under its own Redis key, with the lifetime of that key.
 *
 * @param <K> the type of the keys
 */
final class KeyedStore<K> implements EntryStore<K> {

    private static final Script PUT = Script.load(KeyedStore.class, "put_entry.lua");

    private final RedisConnection redis;
    private final Commands commands;
    private final EntryKeys<K> keys;
    private final ChangeChannel changes;
    private final StoredLifetimes stored;

    /**
     * @param changes the channel for events of changes
     * @param stored what becomes of lifetimes on the server
     */
    KeyedStore(RedisConnection redis, EntryKeys<K> keys, ChangeChannel changes, StoredLifetimes stored) {
        this(redis, redis, keys, changes, stored);
    }

    private KeyedStore(
            RedisConnection redis,
            Commands commands,
            EntryKeys<K> keys,
            ChangeChannel changes,
            StoredLifetimes stored) {
        this.redis = redis;
        this.commands = commands;
        this.keys = keys;
        this.changes = changes;
        this.stored = stored;
    }

    @Override
    public EntryStore<K> within(Deadline deadline) {
        return on(redis.within(deadline));
    }

    /** The same store, which sends by these commands. */
    KeyedStore<K> on(Commands others) {
        return new KeyedStore<>(redis, others, keys, changes, stored);
    }

    @Override
    public CompletableFuture<byte @Nullable []> get(K key, long access) {
        return get(commands, keys.redisKey(key), stored.of(access));
    }

    private static CompletableFuture<byte @Nullable []> get(Commands commands, String redisKey, long access) {
        CompletableFuture<byte @Nullable []> read;
        if (access == KEEP) {
            read = commands.read(Reply.BYTES, Command.GET, redisKey);
        } else if (access == EXPIRED) {
            read = commands.write(Reply.BYTES, Command.GETDEL, redisKey);
        } else if (access == ETERNAL) {
            read = commands.read(Reply.BYTES, Command.GETEX, redisKey, "PERSIST");
        } else {
            read = commands.read(Reply.BYTES, Command.GETEX, redisKey, "PX", access);
        }
        return Futures.ifForeign(read, FOREIGN);
    }

    @Override
    public CompletableFuture<@Nullable TimedValue> getWithTtl(K key) {
        Batch batch = commands.batch();
        CompletableFuture<@Nullable TimedValue> read = getTimed(batch, key);
        batch.send();
        return read;
    }

    /** Like {@link #getWithTtl}, by these commands. */
    CompletableFuture<@Nullable TimedValue> getTimed(Commands sending, K key) {
        String redisKey = keys.redisKey(key);
        CompletableFuture<byte @Nullable []> value =
                Futures.ifForeign(sending.read(Reply.BYTES, Command.GET, redisKey), FOREIGN);
        CompletableFuture<Long> millis = sending.read(Reply.INTEGER, Command.PTTL, redisKey);
        return ReplyFuture.joined(List.of(value, millis)).thenApply(done -> {
            byte[] bytes = value.join();
            long pttl = millis.join(); // -1 if it never ends, -2 if it is over
            if (bytes == null || bytes == FOREIGN) {
                return bytes == null ? null : TimedValue.FOREIGN;
            }
            return new TimedValue(bytes, Math.max(pttl, pttl == ETERNAL ? ETERNAL : EXPIRED));
        });
    }

    @Override
    public CompletableFuture<Map<K, byte[]>> getAll(Collection<? extends K> all, long access) {
        return Pieces.ofKeys(List.<K>copyOf(all))
                .send(
                        "read",
                        piece -> values(piece.stream().map(keys::redisKey).toList(), access)
                                .thenApply(values -> present(piece, values)))
                .thenApply(pieces -> {
                    if (pieces.size() == 1) {
                        return pieces.get(0);
                    }
                    Map<K, byte[]> found = new LinkedHashMap<>();
                    pieces.forEach(found::putAll);
                    return found;
                });
    }

    private CompletableFuture<List<byte @Nullable []>> values(List<String> redisKeys, long access) {
        if (access == KEEP && !commands.hasSeveralPrimaries()) {
            Object[] more = redisKeys.subList(1, redisKeys.size()).toArray();
            return commands.read(Reply.LIST, Command.MGET, redisKeys.get(0), more);
        }
        Batch batch = commands.batch();
        List<CompletableFuture<byte @Nullable []>> values = new ArrayList<>();
        redisKeys.forEach(redisKey -> values.add(get(batch, redisKey, stored.of(access))));
        batch.send();
        return Futures.all(values);
    }

    /** The values that are there, by their keys. */
    static <K> Map<K, byte[]> present(List<K> keys, List<byte @Nullable []> values) {
        Map<K, byte[]> present = new LinkedHashMap<>();
        for (int i = 0; i < keys.size(); i++) {
            byte[] value = values.get(i);
            if (value != null) {
                present.put(keys.get(i), value);
            }
        }
        return present;
    }

    @Override
    public CompletableFuture<Boolean> contains(K key) {
        return commands.read(Reply.FLAG, Command.EXISTS, keys.redisKey(key));
    }

    @Override
    public void requireStorable(K key, byte[] value) {
        // any value can be stored under any key
    }

    @Override
    public CompletableFuture<Boolean> put(K key, byte[] value, Lifetimes lifetimes, Condition condition) {
        Lifetimes written = stored.of(lifetimes);
        return put(commands, SetArguments.of(written, condition), keys.redisKey(key), value, written, condition);
    }

    /** @param set how {@code SET} does it; null if a script does */
    private static CompletableFuture<Boolean> put(
            Commands commands,
            @Nullable SetArguments set,
            String redisKey,
            byte[] value,
            Lifetimes lifetimes,
            Condition condition) {
        return set != null
                ? commands.write(Reply.DONE, Command.SET, redisKey, set.with(value))
                : script(commands, redisKey, value, lifetimes, condition, 0)
                        .thenApply(answer -> (Long) answer.get(0) == 1);
    }

    @Override
    public CompletableFuture<byte @Nullable []> getAndPut(
            K key, byte[] value, Lifetimes lifetimes, Condition condition) {
        String redisKey = keys.redisKey(key);
        Lifetimes written = stored.of(lifetimes);
        SetArguments set = SetArguments.of(written, condition);
        return set != null
                ? commands.write(Reply.BYTES, Command.SET, redisKey, set.with(value, "GET"))
                : script(commands, redisKey, value, written, condition, 1).thenApply(answer -> (byte[]) answer.get(1));
    }

    private static CompletableFuture<List<Object>> script(
            Commands commands,
            String redisKey,
            byte[] value,
            Lifetimes lifetimes,
            Condition condition,
            int wantsPrevious) {
        Object[] arguments = {condition, lifetimes.creation(), lifetimes.update(), value, wantsPrevious};
        return commands.run(PUT, Reply.PARTS, List.of(redisKey), arguments);
    }

    @Override
    public CompletableFuture<Void> putAll(Map<? extends K, byte[]> entries, Lifetimes lifetimes) {
        boolean isSame = stored.areAsTheyAre();
        SetArguments all = isSame ? SetArguments.of(lifetimes, Condition.ANY) : null;
        return Pieces.ofEntries(entries.entrySet(), entry -> entry.getValue().length)
                .send("stored", piece -> {
                    Batch batch = commands.batch();
                    List<CompletableFuture<Boolean>> writes = new ArrayList<>(piece.size());
                    piece.forEach(entry -> {
                        String redisKey = keys.redisKey(entry.getKey());
                        Lifetimes written = stored.of(lifetimes);
                        SetArguments set = isSame ? all : SetArguments.of(written, Condition.ANY);
                        writes.add(put(batch, set, redisKey, entry.getValue(), written, Condition.ANY));
                    });
                    batch.send();
                    return Futures.all(writes);
                })
                .thenApply(done -> null);
    }

    @Override
    public CompletableFuture<Boolean> remove(K key) {
        return commands.write(Reply.FLAG, Command.UNLINK, keys.redisKey(key));
    }

    @Override
    public CompletableFuture<byte @Nullable []> getAndRemove(K key) {
        return commands.write(Reply.BYTES, Command.GETDEL, keys.redisKey(key));
    }

    @Override
    public CompletableFuture<Long> removeAll(Collection<? extends K> all) {
        return Unlinking.keys(commands, all.stream().map(keys::redisKey).toList());
    }

    @Override
    public CompletableFuture<Boolean> compareAndSet(Change<K> change) {
        return compareAndSet(commands, change);
    }

    private CompletableFuture<Boolean> compareAndSet(Commands commands, Change<K> change) {
        return ChangeCommands.send(commands, stored.of(change), changes, keys.redisKey(change.key()));
    }

    /** Like {@link #compareAndSet}, by the holder of a lease; fails with {@link LeaseLostException} if that has ended. */
    CompletableFuture<Boolean> compareAndSet(Change<K> change, EntryLeases.Lease lease) {
        return ChangeCommands.sendLeased(commands, stored.of(change), changes, lease);
    }

    @Override
    public List<CompletableFuture<Boolean>> compareAndSetAll(List<Change<K>> all) {
        return Pieces.<Change<K>>ofEntries(all, Change::bytes).sendEach("tried", piece -> {
            Batch batch = commands.batch();
            List<CompletableFuture<Boolean>> outcomes = new ArrayList<>(piece.size());
            piece.forEach(change -> outcomes.add(compareAndSet(batch, change)));
            batch.send();
            return outcomes;
        });
    }

    @Override
    public CompletableFuture<Subscription> subscribe(BiConsumer<Supplier<@Nullable K>, byte[]> subscriber) {
        return changes.subscribe(redis, keys::isKey, keys::key, subscriber);
    }

    @Override
    public CompletableFuture<Void> requirePublish() {
        return changes.requirePublish(redis);
    }

    @Override
    public CompletableFuture<Void> clear() {
        return Unlinking.all(redis, redis.scan(keys.pattern()), keys::isKey);
    }

    @Override
    public Cursor<K> cursor() {
        return new KeyedCursor<>(() -> redis.scan(keys.pattern()), keys, redisKeys -> values(redisKeys, KEEP));
    }

    @Override
    public CompletableFuture<Long> removeUnreadable(Page<K> page) {
        List<String> unreadable = List.copyOf(page.unreadableKeys().keySet());
        return unreadable.isEmpty() ? CompletableFuture.completedFuture(0L) : Unlinking.keys(commands, unreadable);
    }
}
