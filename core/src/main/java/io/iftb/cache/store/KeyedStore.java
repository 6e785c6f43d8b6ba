package io.iftb.cache.store;

import static io.iftb.cache.store.Lifetimes.ETERNAL;
import static io.iftb.cache.store.Lifetimes.EXPIRED;
import static io.iftb.cache.store.Lifetimes.KEEP;

import io.iftb.cache.redis.Batch;
import io.iftb.cache.redis.Command;
import io.iftb.cache.redis.Commands;
import io.iftb.cache.redis.KeyScan;
import io.iftb.cache.redis.RedisConnection;
import io.iftb.cache.redis.Reply;
import io.iftb.cache.redis.Script;
import io.iftb.cache.redis.Subscription;
import io.iftb.cache.redis.WrongTypeException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Entries with one key on the server for each, whose lifetime is that of the key.
 *
 * @param <K> the type of the keys
 */
final class KeyedStore<K> implements EntryStore<K> {

    private static final Script PUT = Script.load(KeyedStore.class, "put_entry.lua");
    private static final Script COMPARE_AND_SET = Script.load(KeyedStore.class, "compare_and_set_entry.lua");
    private static final byte[] NOTHING = {};

    private final RedisConnection redis;
    private final EntryKeys<K> keys;
    private final ChangeChannel news;

    /** @param news carries the news of changes */
    KeyedStore(RedisConnection redis, EntryKeys<K> keys, ChangeChannel news) {
        this.redis = redis;
        this.keys = keys;
        this.news = news;
    }

    @Override
    public CompletableFuture<byte @Nullable []> get(K key, long access) {
        String redisKey = keys.redisKey(key);
        CompletableFuture<byte @Nullable []> read = access == KEEP
                ? redis.read(Reply.BYTES, Command.GET, redisKey)
                : redis.write(Reply.BYTES, access == EXPIRED ? Command.GETDEL : Command.GETEX, redisKey, getEx(access));
        return foreignIsNotOurs(read);
    }

    private static Object[] getEx(long access) {
        if (access == EXPIRED) {
            return new Object[0];
        }
        return access == ETERNAL ? new Object[] {"PERSIST"} : new Object[] {"PX", access};
    }

    private static CompletableFuture<byte @Nullable []> foreignIsNotOurs(CompletableFuture<byte @Nullable []> read) {
        return read.exceptionally(error -> {
            if (error instanceof CompletionException && error.getCause() instanceof WrongTypeException) {
                return FOREIGN;
            }
            throw error instanceof CompletionException completion ? completion : new CompletionException(error);
        });
    }

    @Override
    public CompletableFuture<Map<K, byte[]>> getAll(Collection<? extends K> all, long access) {
        List<K> list = List.copyOf(all);
        if (list.isEmpty()) {
            return CompletableFuture.completedFuture(Map.of());
        }
        if (access == KEEP) {
            Object[] more = list.stream().skip(1).map(keys::redisKey).toArray();
            return redis.read(Reply.LIST, Command.MGET, keys.redisKey(list.get(0)), more)
                    .thenApply(values -> present(list, values));
        }
        Batch batch = redis.batch();
        List<CompletableFuture<byte @Nullable []>> values = new ArrayList<>();
        for (K key : list) {
            values.add(foreignIsNotOurs(batch.write(
                    Reply.BYTES,
                    access == EXPIRED ? Command.GETDEL : Command.GETEX,
                    keys.redisKey(key),
                    getEx(access))));
        }
        batch.send();
        return Futures.all(values).thenApply(read -> present(list, read));
    }

    private static <K> Map<K, byte[]> present(List<K> keys, List<byte @Nullable []> values) {
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
        return redis.read(Reply.FLAG, Command.EXISTS, keys.redisKey(key));
    }

    @Override
    public CompletableFuture<Boolean> put(K key, byte[] value, Lifetimes lifetimes, Condition condition) {
        String redisKey = keys.redisKey(key);
        SetArguments set = SetArguments.of(lifetimes, condition);
        if (set != null) {
            return redis.write(Reply.DONE, Command.SET, redisKey, set.with(value));
        }
        return script(redisKey, value, lifetimes, condition).thenApply(answer -> (Long) answer.get(0) == 1);
    }

    @Override
    public CompletableFuture<byte @Nullable []> getAndPut(
            K key, byte[] value, Lifetimes lifetimes, Condition condition) {
        String redisKey = keys.redisKey(key);
        SetArguments set = SetArguments.of(lifetimes, condition);
        if (set != null) {
            return redis.write(Reply.BYTES, Command.SET, redisKey, set.with(value, "GET"));
        }
        return script(redisKey, value, lifetimes, condition).thenApply(answer -> (byte[]) answer.get(1));
    }

    private CompletableFuture<List<Object>> script(
            String redisKey, byte[] value, Lifetimes lifetimes, Condition condition) {
        return redis.run(
                PUT, Reply.PARTS, List.of(redisKey), condition, lifetimes.creation(), lifetimes.update(), value);
    }

    @Override
    public CompletableFuture<Void> putAll(Map<? extends K, byte[]> entries, Lifetimes lifetimes) {
        Batch batch = redis.batch();
        List<CompletableFuture<?>> writes = new ArrayList<>();
        SetArguments set = SetArguments.of(lifetimes, Condition.ANY);
        entries.forEach((key, value) -> writes.add(
                set != null
                        ? batch.write(Reply.DONE, Command.SET, keys.redisKey(key), set.with(value))
                        : batch.run(
                                PUT,
                                Reply.PARTS,
                                List.of(keys.redisKey(key)),
                                Condition.ANY,
                                lifetimes.creation(),
                                lifetimes.update(),
                                value)));
        batch.send();
        return CompletableFuture.allOf(writes.toArray(new CompletableFuture<?>[0]));
    }

    @Override
    public CompletableFuture<Boolean> remove(K key) {
        return redis.write(Reply.FLAG, Command.UNLINK, keys.redisKey(key));
    }

    @Override
    public CompletableFuture<byte @Nullable []> getAndRemove(K key) {
        return redis.write(Reply.BYTES, Command.GETDEL, keys.redisKey(key));
    }

    @Override
    public CompletableFuture<Long> removeAll(Collection<? extends K> all) {
        List<String> redisKeys = all.stream().map(key -> keys.redisKey(key)).toList();
        return unlink(redisKeys);
    }

    private CompletableFuture<Long> unlink(List<String> redisKeys) {
        if (redisKeys.isEmpty()) {
            return CompletableFuture.completedFuture(0L);
        }
        Object[] more = redisKeys.subList(1, redisKeys.size()).toArray();
        return redis.write(Reply.INTEGER, Command.UNLINK, redisKeys.get(0), more);
    }

    @Override
    public CompletableFuture<Boolean> compareAndSet(Change<K> change) {
        return compareAndSet(redis, change);
    }

    private CompletableFuture<Boolean> compareAndSet(Commands commands, Change<K> change) {
        byte[] expected = change.expected();
        byte[] update = change.update();
        String redisKey = keys.redisKey(change.key());
        Object[] arguments = {
            expected == null ? 0 : 1,
            expected == null ? NOTHING : expected,
            update == null ? 1 : 0,
            update == null ? NOTHING : update,
            change.lifetime()
        };
        return commands.run(
                COMPARE_AND_SET, Reply.FLAG, List.of(redisKey), news.with(arguments, redisKey, change.news()));
    }

    @Override
    public List<CompletableFuture<Boolean>> compareAndSetAll(List<Change<K>> changes) {
        Batch batch = redis.batch();
        List<CompletableFuture<Boolean>> outcomes = new ArrayList<>(changes.size());
        changes.forEach(change -> outcomes.add(compareAndSet(batch, change)));
        batch.send();
        return outcomes;
    }

    @Override
    public CompletableFuture<Subscription> subscribe(Executor executor, BiConsumer<K, byte[]> subscriber) {
        return news.subscribe(redis, keys::key, executor, subscriber);
    }

    @Override
    public CompletableFuture<Void> requireNews() {
        return news.require(redis);
    }

    @Override
    public CompletableFuture<Void> clear() {
        return clear(redis.scan(keys.pattern()));
    }

    private CompletableFuture<Void> clear(KeyScan scan) {
        return scan.next().thenCompose(found -> {
            if (found == null) {
                return CompletableFuture.completedFuture(null);
            }
            List<String> ours = found.stream()
                    .filter(redisKey -> keys.key(redisKey) != null)
                    .toList();
            return unlink(ours).thenCompose(removed -> clear(scan));
        });
    }

    @Override
    public Cursor<K> walk() {
        KeyScan scan = redis.scan(keys.pattern());
        Set<String> seen = new HashSet<>();
        return () -> scan.next().thenCompose(found -> {
            if (found == null) {
                return CompletableFuture.completedFuture(null);
            }
            List<K> fresh = new ArrayList<>();
            for (String redisKey : found) {
                K key = keys.key(redisKey);
                if (key != null && seen.add(redisKey)) {
                    fresh.add(key);
                }
            }
            return getAll(fresh, KEEP).thenApply(entries -> List.copyOf(entries.entrySet()));
        });
    }
}
