package io.iftb.cache.jcache;

import io.iftb.cache.jcache.management.Statistics;
import io.iftb.cache.observe.CallOutcome;
import io.iftb.cache.observe.ObservedCall;
import io.iftb.cache.store.CacheBackend;
import io.iftb.cache.store.EntryStore;
import io.iftb.cache.store.EntryStore.Condition;
import io.iftb.cache.store.Lifetimes;
import io.iftb.cache.store.NearReads;
import io.iftb.cache.store.OutageStore;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Carries out plain operations as one command of the store, if lifetimes are constant and only the statistics observe them.
 * The result comes from the operation's own rule, applied to the reply, so it is that of {@link CompareAndSetExecutor}, which
 * runs all other operations.
 */
final class SingleCommandExecutor<K, V> implements OperationExecutor<K, V> {

    private final CacheBackend<K, V> backend;
    private final EntryStore<K> store;
    private final Expiry.@Nullable Constant lifetimes;
    private final @Nullable NearReads<K, V> near;
    private final ReplyAwaiter replies;
    private final CacheObservers<K, V> observers;
    private final CompareAndSetExecutor<K, V> general;

    SingleCommandExecutor(
            CacheBackend<K, V> backend,
            Expiry expiry,
            ReplyAwaiter replies,
            CacheObservers<K, V> observers,
            CompareAndSetExecutor<K, V> general) {
        this.backend = backend;
        this.store = backend.store();
        this.lifetimes = expiry.constant();
        this.near = lifetimes != null && lifetimes.access() == Lifetimes.KEEP ? backend.near() : null;
        this.replies = replies;
        this.observers = observers;
        this.general = general;
    }

    /** Whether reads are answered by this JVM where it can. */
    boolean isNear() {
        return near != null;
    }

    /** Whether no read changes a lifetime. */
    boolean isAccessFree() {
        return lifetimes != null && lifetimes.access() == Lifetimes.KEEP;
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

    /** The value of a key that this JVM holds, counted as a hit; null if it holds none. */
    @Nullable
    V held(K key) {
        NearReads<K, V> holding = near;
        if (holding == null) {
            return null;
        }
        long start = observers.statistics().start();
        V value = holding.get(key);
        if (value != null) {
            observers.statistics().lookups(1, 0, Statistics.since(start));
            observers.calls().hit(OperationKind.GET.method(), key);
        }
        return value;
    }

    /** Sends an operation; returns null if no single command can carry it out. */
    <R> @Nullable PendingReply<?, R> send(K key, Operation<V, R> operation) {
        Expiry.Constant constant = lifetimesOf(operation.kind());
        if (constant == null) {
            return null;
        }
        V value = operation.value();
        byte[] bytes = value == null ? new byte[0] : encode(value);
        long start = observers.statistics().start();
        ObservedCall call = observers.calls().begin(operation.method(), key);
        Supplier<CompletableFuture<@Nullable Object>> command = () -> send(key, operation.kind(), bytes, constant);
        Function<@Nullable Object, R> meaning = reply -> {
            EntryView<V> view = view(key, operation.kind(), reply);
            Decision<V, R> decision = operation.decide(view);
            if (operation.kind() != OperationKind.PUT || !Boolean.FALSE.equals(reply)) { // else it was dropped
                observers.count(operation.kind(), view, decision, Statistics.since(start));
            }
            return decision.result();
        };
        return call == null
                ? new PendingReply<>(replies.call(command), meaning, replies)
                : PendingReply.observed(call, command, meaning, operation::outcome, replies);
    }

    /** Sends {@link #getAll}; returns null if no single command can carry it out. */
    @Nullable
    PendingReply<?, Map<K, V>> sendGetAll(Set<? extends K> keys) {
        Expiry.Constant constant = lifetimesOf(OperationKind.GET);
        if (constant == null) {
            return null;
        }
        long start = observers.statistics().start();
        Map<K, V> held = new HashMap<>();
        ObservedCall call = observers.calls().begin("getAll", keys);
        return sent(call, SingleCommandExecutor::found, () -> readAll(keys, constant, held), found -> {
            Map<K, V> values = new LinkedHashMap<>();
            for (K key : keys) {
                V here = held.get(key);
                V value = here == null ? backend.decode(key, found.get(key)) : here;
                if (value != null) {
                    values.put(key, value);
                }
            }
            observers.statistics().lookups(values.size(), keys.size() - values.size(), Statistics.since(start));
            return values;
        });
    }

    /** Reads what this JVM does not hold. */
    private CompletableFuture<Map<K, byte[]>> readAll(Set<? extends K> keys, Expiry.Constant constant, Map<K, V> held) {
        NearReads<K, V> holding = near;
        if (holding == null) {
            return store.getAll(keys, constant.access());
        }
        List<K> missing = new ArrayList<>();
        for (K key : keys) {
            V value = holding.get(key);
            if (value == null) {
                missing.add(key);
            } else {
                held.put(key, value);
            }
        }
        return missing.isEmpty() ? new PendingReply.Held<>(Map.of()) : holding.readAll(missing);
    }

    /** Sends {@link #putAll}; returns null if no single command can carry it out. */
    @Nullable
    PendingReply<?, Void> sendPutAll(Map<? extends K, ? extends V> entries) {
        Expiry.Constant constant = lifetimesOf(OperationKind.PUT);
        if (constant == null) {
            return null;
        }
        Map<K, byte[]> encoded = new LinkedHashMap<>();
        entries.forEach((key, value) -> encoded.put(key, encode(value)));
        long start = observers.statistics().start();
        ObservedCall call = observers.calls().begin("putAll", encoded.keySet());
        return sent(call, SingleCommandExecutor::done, () -> putAll(encoded, constant.writes()), stored -> {
            observers.statistics().puts(stored ? encoded.size() : 0, Statistics.since(start));
            return null;
        });
    }

    /** Completes with whether the entries were stored, and not dropped in an outage. */
    private CompletableFuture<Boolean> putAll(Map<K, byte[]> encoded, Lifetimes lifetimes) {
        OutageStore<K> outage = backend.outage();
        return outage == null
                ? store.putAll(encoded, lifetimes).thenApply(done -> true)
                : outage.putAllOrDrop(encoded, lifetimes);
    }

    /** Sends {@link #removeAll}; returns null if no single command can carry it out. */
    @Nullable
    PendingReply<?, Void> sendRemoveAll(Set<? extends K> keys) {
        if (lifetimesOf(OperationKind.REMOVE) == null) {
            return null;
        }
        long start = observers.statistics().start();
        ObservedCall call = observers.calls().begin("removeAll", keys);
        return sent(call, SingleCommandExecutor::done, () -> store.removeAll(keys), removed -> {
            observers.statistics().removals(removed, Statistics.since(start));
            return null;
        });
    }

    private <T, R> PendingReply<T, R> sent(
            @Nullable ObservedCall call,
            Function<R, CallOutcome> outcome,
            Supplier<CompletableFuture<T>> command,
            Function<T, R> meaning) {
        return call == null
                ? new PendingReply<>(replies.call(command), meaning, replies)
                : PendingReply.observed(call, command, meaning, outcome, replies);
    }

    private static CallOutcome done(@Nullable Void unused) {
        return CallOutcome.DONE;
    }

    private static CallOutcome found(@Nullable Map<?, ?> entries) {
        return CallOutcome.found(entries != null && !entries.isEmpty());
    }

    /** The lifetimes for a single command; null if one command is not enough. */
    private Expiry.@Nullable Constant lifetimesOf(OperationKind kind) {
        Expiry.Constant constant = lifetimes;
        if (constant == null) {
            return null;
        }
        boolean can = switch (kind) {
            case CONTAINS -> true;
            case GET -> constant.access() != Lifetimes.EXPIRED || !observers.hasListeners();
            case REMOVE -> isUnobserved();
            case GET_AND_REMOVE -> isAlwaysReadable() && isUnobserved();
            case PUT, PUT_IF_ABSENT, PUT_IF_PRESENT ->
                constant.writes().creation() != Lifetimes.EXPIRED && isUnobserved();
            case GET_AND_PUT, GET_AND_PUT_IF_PRESENT ->
                constant.writes().creation() != Lifetimes.EXPIRED && isAlwaysReadable() && isUnobserved();
            case COMPARE, LOAD -> false;
        };
        return can ? constant : null;
    }

    /** Whether no command can destroy a value that this program cannot read. */
    private boolean isAlwaysReadable() {
        return backend.codec().needsNoTrust();
    }

    private boolean isUnobserved() {
        return observers.writer().isNone() && !observers.hasListeners();
    }

    @SuppressWarnings("unchecked") // a reply of any type is an object
    private CompletableFuture<@Nullable Object> send(
            K key, OperationKind kind, byte[] value, Expiry.Constant constant) {
        Lifetimes writes = constant.writes();
        CompletableFuture<?> reply = switch (kind) {
            case GET -> near == null ? store.get(key, constant.access()) : near.read(key);
            case CONTAINS ->
                near == null || near.get(key) == null ? store.contains(key) : new PendingReply.Held<>(true);
            case PUT -> store.put(key, value, writes, Condition.ANY);
            case PUT_IF_ABSENT -> store.put(key, value, writes, Condition.ABSENT);
            case PUT_IF_PRESENT -> store.put(key, value, writes, Condition.PRESENT);
            case GET_AND_PUT -> store.getAndPut(key, value, writes, Condition.ANY);
            case GET_AND_PUT_IF_PRESENT -> store.getAndPut(key, value, writes, Condition.PRESENT);
            case REMOVE -> store.remove(key);
            case GET_AND_REMOVE -> store.getAndRemove(key);
            case COMPARE, LOAD -> throw new IllegalStateException("no single command carries out " + kind);
        };
        return (CompletableFuture<@Nullable Object>) reply;
    }

    private EntryView<V> view(K key, OperationKind kind, @Nullable Object reply) {
        return switch (kind.reply()) {
            case VALUE -> {
                byte[] bytes = (byte[]) reply;
                yield new EntryView<>(bytes != null, backend.decode(key, bytes));
            }
            case PRESENT -> new EntryView<>(Boolean.TRUE.equals(reply), null);
            case ABSENT -> new EntryView<>(Boolean.FALSE.equals(reply), null);
            case NOTHING -> new EntryView<>(false, null);
        };
    }

    private byte[] encode(V value) {
        return replies.call(() -> backend.codec().encode(value));
    }
}
