package io.iftb.cache.jcache;

import io.iftb.cache.store.EntryStore;
import io.iftb.cache.store.EntryStore.Condition;
import io.iftb.cache.store.Lifetimes;
import io.iftb.cache.store.StoredCache;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * Carries out plain operations as one command of the store, for a cache whose lifetimes are constant and where nothing
 * has to be told to anyone. What the reply tells of the entry goes through the operation's own rule, so that the result
 * is that of {@link CompareAndSetExecutor}, which runs the operations that no command can do.
 */
final class SingleCommandExecutor<K, V> implements OperationExecutor<K, V> {

    private final StoredCache<K, V> stored;
    private final EntryStore<K> store;
    private final Lifetimes writes;
    private final long access;
    private final Replies replies;
    private final CompareAndSetExecutor<K, V> general;

    SingleCommandExecutor(
            StoredCache<K, V> stored, Expiry.Constant lifetimes, Replies replies, CompareAndSetExecutor<K, V> general) {
        this.stored = stored;
        this.store = stored.store();
        this.writes = lifetimes.writes();
        this.access = lifetimes.access();
        this.replies = replies;
        this.general = general;
    }

    @Override
    public <R> @Nullable R run(K key, Operation<V, R> operation) {
        if (operation.command() == Command.COMPARE) {
            return general.run(key, operation);
        }
        Object reply = replies.await(send(key, operation));
        Seen<V> seen = seen(key, operation.command(), reply);
        Decision<V, R> decision = operation.decide(seen);
        boolean bornExpired = writes.creation() == Lifetimes.EXPIRED && !seen.present();
        return bornExpired ? decision.unstored() : decision.result();
    }

    @Override
    public Map<K, V> getAll(Set<? extends K> keys) {
        Map<K, byte[]> found = replies.await(store.getAll(keys, access));
        Map<K, V> values = new LinkedHashMap<>();
        for (K key : keys) {
            V value = stored.read(key, found.get(key));
            if (value != null) {
                values.put(key, value);
            }
        }
        return values;
    }

    @Override
    public void putAll(Map<? extends K, ? extends V> entries) {
        Map<K, byte[]> encoded = new LinkedHashMap<>();
        entries.forEach((key, value) -> encoded.put(key, encode(value)));
        replies.await(store.putAll(encoded, writes));
    }

    @Override
    public void removeAll(Set<? extends K> keys) {
        replies.await(store.removeAll(keys));
    }

    private CompletableFuture<?> send(K key, Operation<V, ?> operation) {
        return switch (operation.command()) {
            case GET -> store.get(key, access);
            case CONTAINS -> store.contains(key);
            case PUT -> store.put(key, encode(operation.value()), writes, Condition.ANY);
            case PUT_IF_ABSENT -> store.put(key, encode(operation.value()), writes, Condition.ABSENT);
            case PUT_IF_PRESENT -> store.put(key, encode(operation.value()), writes, Condition.PRESENT);
            case GET_AND_PUT -> store.getAndPut(key, encode(operation.value()), writes, Condition.ANY);
            case GET_AND_PUT_IF_PRESENT -> store.getAndPut(key, encode(operation.value()), writes, Condition.PRESENT);
            case REMOVE -> store.remove(key);
            case GET_AND_REMOVE -> store.getAndRemove(key);
            case COMPARE -> throw new IllegalStateException("no single command carries out " + operation);
        };
    }

    private Seen<V> seen(K key, Command command, @Nullable Object reply) {
        return switch (command.reply()) {
            case VALUE -> {
                byte[] bytes = (byte[]) reply;
                yield new Seen<>(bytes != null, stored.read(key, bytes));
            }
            case PRESENT -> new Seen<>(Boolean.TRUE.equals(reply), null);
            case ABSENT -> new Seen<>(Boolean.FALSE.equals(reply), null);
            case NOTHING -> new Seen<>(false, null);
        };
    }

    private byte[] encode(@Nullable V value) {
        if (value == null) {
            throw new IllegalStateException("an operation that writes holds no value");
        }
        return replies.call(() -> stored.codec().encode(value));
    }
}
