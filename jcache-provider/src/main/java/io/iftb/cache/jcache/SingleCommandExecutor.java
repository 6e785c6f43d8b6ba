package io.iftb.cache.jcache;

import io.iftb.cache.jcache.management.Statistics;
import io.iftb.cache.store.EntryStore;
import io.iftb.cache.store.EntryStore.Condition;
import io.iftb.cache.store.Lifetimes;
import io.iftb.cache.store.StoredCache;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Carries out plain operations as one command of the store, where lifetimes are constant and nobody but the statistics
 * has to be told. What the reply tells of the entry goes through the operation's own rule, so that the result is that of
 * {@link CompareAndSetExecutor}, which runs all other operations.
 */
final class SingleCommandExecutor<K, V> implements OperationExecutor<K, V> {

    private final StoredCache<K, V> stored;
    private final EntryStore<K> store;
    private final Expiry.@Nullable Constant lifetimes;
    private final Replies replies;
    private final CacheObservers<K, V> audience;
    private final CompareAndSetExecutor<K, V> general;

    SingleCommandExecutor(
            StoredCache<K, V> stored,
            Expiry expiry,
            Replies replies,
            CacheObservers<K, V> audience,
            CompareAndSetExecutor<K, V> general) {
        this.stored = stored;
        this.store = stored.store();
        this.lifetimes = expiry.constant();
        this.replies = replies;
        this.audience = audience;
        this.general = general;
    }

    @Override
    public <R> @Nullable R run(K key, Operation<V, R> operation) {
        PendingReply<?, R> sent = send(key, operation);
        return sent == null ? general.run(key, operation) : sent.await();
    }

    @Override
    public Map<K, V> getAll(Set<? extends K> keys) {
        PendingReply<?, Map<K, V>> sent = sendGetAll(keys);
        return sent == null ? general.getAll(keys) : sent.await();
    }

    @Override
    public void putAll(Map<? extends K, ? extends V> entries) {
        PendingReply<?, Void> sent = sendPutAll(entries);
        if (sent == null) {
            general.putAll(entries);
        } else {
            sent.await();
        }
    }

    @Override
    public void removeAll(Set<? extends K> keys) {
        PendingReply<?, Void> sent = sendRemoveAll(keys);
        if (sent == null) {
            general.removeAll(keys);
        } else {
            sent.await();
        }
    }

    /** Sends an operation; null if no single command can do it. */
    <R> @Nullable PendingReply<?, R> send(K key, Operation<V, R> operation) {
        Expiry.Constant constant = lifetimesOf(operation.kind());
        if (constant == null) {
            return null;
        }
        V value = operation.value();
        byte[] bytes = value == null ? new byte[0] : encode(value);
        long start = audience.statistics().start();
        return sent(replies.call(() -> send(key, operation.kind(), bytes, constant)), reply -> {
            EntryView<V> seen = seen(key, operation.kind(), reply);
            Decision<V, R> decision = operation.decide(seen);
            audience.count(operation.kind(), seen, decision, Statistics.since(start));
            return decision.result();
        });
    }

    /** Sends {@link #getAll}; null if no single command can do it. */
    @Nullable
    PendingReply<?, Map<K, V>> sendGetAll(Set<? extends K> keys) {
        Expiry.Constant constant = lifetimesOf(OperationKind.GET);
        if (constant == null) {
            return null;
        }
        long start = audience.statistics().start();
        return sent(replies.call(() -> store.getAll(keys, constant.access())), found -> {
            Map<K, V> values = new LinkedHashMap<>();
            for (K key : keys) {
                V value = stored.decode(key, found.get(key));
                if (value != null) {
                    values.put(key, value);
                }
            }
            audience.statistics().lookups(values.size(), keys.size() - values.size(), Statistics.since(start));
            return values;
        });
    }

    /** Sends {@link #putAll}; null if no single command can do it. */
    @Nullable
    PendingReply<?, Void> sendPutAll(Map<? extends K, ? extends V> entries) {
        Expiry.Constant constant = lifetimesOf(OperationKind.PUT);
        if (constant == null) {
            return null;
        }
        Map<K, byte[]> encoded = new LinkedHashMap<>();
        entries.forEach((key, value) -> encoded.put(key, encode(value)));
        long start = audience.statistics().start();
        return sent(replies.call(() -> store.putAll(encoded, constant.writes())), done -> {
            audience.statistics().puts(encoded.size(), Statistics.since(start));
            return null;
        });
    }

    /** Sends {@link #removeAll}; null if no single command can do it. */
    @Nullable
    PendingReply<?, Void> sendRemoveAll(Set<? extends K> keys) {
        if (lifetimesOf(OperationKind.REMOVE) == null) {
            return null;
        }
        long start = audience.statistics().start();
        return sent(replies.call(() -> store.removeAll(keys)), removed -> {
            audience.statistics().removals(removed, Statistics.since(start));
            return null;
        });
    }

    private <T, R> PendingReply<T, R> sent(CompletableFuture<T> reply, Function<T, R> meaning) {
        return new PendingReply<>(reply, meaning, replies);
    }

    /** The lifetimes that a command sets; null if it cannot do what is to be done. */
    private Expiry.@Nullable Constant lifetimesOf(OperationKind kind) {
        Expiry.Constant constant = lifetimes;
        if (constant == null) {
            return null;
        }
        boolean can = switch (kind) {
            case CONTAINS -> true;
            case GET -> constant.access() != Lifetimes.EXPIRED || audience.nobodyListens();
            case REMOVE, GET_AND_REMOVE -> nobodyIsTold();
            case PUT, PUT_IF_ABSENT, PUT_IF_PRESENT, GET_AND_PUT, GET_AND_PUT_IF_PRESENT ->
                constant.writes().creation() != Lifetimes.EXPIRED && nobodyIsTold();
            case COMPARE, LOAD -> false;
        };
        return can ? constant : null;
    }

    private boolean nobodyIsTold() {
        return audience.writer().isNobody() && audience.nobodyListens();
    }

    private CompletableFuture<?> send(K key, OperationKind kind, byte[] value, Expiry.Constant constant) {
        Lifetimes writes = constant.writes();
        return switch (kind) {
            case GET -> store.get(key, constant.access());
            case CONTAINS -> store.contains(key);
            case PUT -> store.put(key, value, writes, Condition.ANY);
            case PUT_IF_ABSENT -> store.put(key, value, writes, Condition.ABSENT);
            case PUT_IF_PRESENT -> store.put(key, value, writes, Condition.PRESENT);
            case GET_AND_PUT -> store.getAndPut(key, value, writes, Condition.ANY);
            case GET_AND_PUT_IF_PRESENT -> store.getAndPut(key, value, writes, Condition.PRESENT);
            case REMOVE -> store.remove(key);
            case GET_AND_REMOVE -> store.getAndRemove(key);
            case COMPARE, LOAD -> throw new IllegalStateException("no single command carries out " + kind);
        };
    }

    private EntryView<V> seen(K key, OperationKind kind, @Nullable Object reply) {
        return switch (kind.reply()) {
            case VALUE -> {
                byte[] bytes = (byte[]) reply;
                yield new EntryView<>(bytes != null, stored.decode(key, bytes));
            }
            case PRESENT -> new EntryView<>(Boolean.TRUE.equals(reply), null);
            case ABSENT -> new EntryView<>(Boolean.FALSE.equals(reply), null);
            case NOTHING -> new EntryView<>(false, null);
        };
    }

    private byte[] encode(V value) {
        return replies.call(() -> stored.codec().encode(value));
    }
}
