package io.iftb.cache.jcache;

import io.iftb.cache.observe.CallOrigin;
import io.iftb.cache.observe.CallOutcome;
import io.iftb.cache.observe.ObservedCall;
import io.iftb.cache.store.CacheBackend;
import io.iftb.cache.store.Lifetimes;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BiFunction;
import java.util.function.Supplier;
import javax.cache.CacheException;
import org.jspecify.annotations.Nullable;

/**
 * Carries out any operation: locks the key in this JVM, and reads, decides and commits by {@link CompareAndSetRound}. If
 * another program changes the entry meanwhile, it tries again, up to {@link #MAX_TRIES} times within the budget of the
 * call, and calls the writer again.
 *
 * <p>The expiry policy, processors, the writer and {@code equals} of values run in the caller's thread while it holds the
 * lock of the key. Events are ordered under that lock and delivered to synchronous listeners after it is released. A batch
 * takes one round trip to read and one to commit, for each piece of {@link BatchPieces#PIECE} entries.
 */
final class CompareAndSetExecutor<K, V> implements OperationExecutor<K, V> {

    static final int MAX_TRIES = 500;

    private final String cacheName;
    private final CacheBackend<K, V> backend;
    private final ReplyAwaiter replies;
    private final CacheObservers<K, V> observers;
    private final CallsUnderWay underWay;
    private final AttemptFactory<K, V> attempts;
    private final CompareAndSetRound<K, V> round;
    private final Duration operationTimeout;
    private final KeyLocks locks;
    private final BatchPieces pieces;

    CompareAndSetExecutor(
            CacheBackend<K, V> backend,
            Expiry expiry,
            ReplyAwaiter replies,
            CacheObservers<K, V> observers,
            CallTimeouts timeouts) {
        this.cacheName = backend.name();
        this.backend = backend;
        this.replies = replies;
        this.observers = observers;
        this.attempts = new AttemptFactory<>(backend, expiry, replies);
        this.underWay = new CallsUnderWay(cacheName);
        this.operationTimeout = timeouts.operation();
        this.locks = new KeyLocks(cacheName, timeouts.userCode());
        this.round = new CompareAndSetRound<>(backend, attempts, replies, observers, underWay, locks);
        this.pieces = new BatchPieces(replies, timeouts.operation());
    }

    @Override
    public <R> @Nullable R run(K key, Operation<V, R> operation) {
        ObservedCall call = observers.calls().begin(operation.method(), key);
        if (call == null) {
            return unobserved(Map.of(key, operation)).values().iterator().next().orThrow();
        }
        R result = call.attempt(() ->
                unobserved(Map.of(key, operation)).values().iterator().next().orThrow());
        call.ended(operation.outcome(result), origin(operation.kind()));
        return result;
    }

    private static CallOrigin origin(OperationKind kind) {
        return kind == OperationKind.LOAD ? CallOrigin.SOURCE : CallOrigin.SERVER;
    }

    /** Tells of a batch, if somebody asks. */
    private <T> T observed(String method, Collection<?> keys, CallOrigin origin, Supplier<T> batch) {
        ObservedCall call = observers.calls().begin(method, keys);
        if (call == null) {
            return batch.get();
        }
        T done = call.attempt(batch);
        call.ended(CallOutcome.DONE, origin);
        return done;
    }

    @Override
    public Map<K, V> getAll(Set<? extends K> keys) {
        Map<K, Operation<V, V>> operations = new LinkedHashMap<>();
        keys.forEach(key -> operations.put(key, Operation.get()));
        return runAll(operations);
    }

    @Override
    public void putAll(Map<? extends K, ? extends V> entries) {
        entries.forEach(attempts::encode);
        Map<K, V> copy = new LinkedHashMap<>(entries);
        inPieces("putAll", copy.keySet(), List.copyOf(copy.entrySet()), (piece, budget) -> {
            Map<K, V> values = new LinkedHashMap<>();
            piece.forEach(entry -> values.put(entry.getKey(), entry.getValue()));
            return locked(values.keySet(), budget, true, () -> {
                WriteThrough.AcceptedChanges<Map<K, V>> accepted =
                        callWriter(budget, () -> observers.writer().writeAll(values));
                Map<K, Operation<V, Void>> operations = new LinkedHashMap<>();
                accepted.changes().forEach((key, value) -> operations.put(key, Operation.put(value)));
                return settled(operations, budget, accepted);
            });
        });
    }

    @Override
    public void removeAll(Set<? extends K> keys) {
        inPieces(
                "removeAll",
                keys,
                new ArrayList<K>(keys),
                (piece, budget) -> locked(piece, budget, true, () -> {
                    WriteThrough.AcceptedChanges<Set<K>> accepted =
                            callWriter(budget, () -> observers.writer().deleteAll(new LinkedHashSet<>(piece)));
                    Map<K, Operation<V, Boolean>> operations = new LinkedHashMap<>();
                    accepted.changes().forEach(key -> operations.put(key, Operation.remove()));
                    return settled(operations, budget, accepted);
                }));
    }

    private <T> T callWriter(CallBudget budget, Supplier<T> writing) {
        return observers.writer().isNone() ? writing.get() : budget.userCode(writing);
    }

    /** Stores the changes that the writer accepted, and then throws its failure, if any. */
    private <R> Map<K, OperationResult<R>> settled(
            Map<K, Operation<V, R>> operations, CallBudget budget, WriteThrough.AcceptedChanges<?> accepted) {
        try {
            results(tries(operations, WriteThrough.none(), budget));
        } catch (RuntimeException e) {
            accepted.suppressIn(e);
            throw e;
        }
        accepted.rethrow();
        return Map.of();
    }

    /** Carries out an operation for each key. Returns the results in the order of the keys, without nulls. */
    <R> Map<K, R> runAll(Map<K, Operation<V, R>> operations) {
        return results(outcomes(operations));
    }

    /** Carries out an operation for each key. Returns the outcome of each, in the order of the keys. */
    <R> Map<K, OperationResult<R>> outcomes(Map<K, Operation<V, R>> operations) {
        if (operations.isEmpty()) {
            return Map.of();
        }
        Operation<V, R> first = operations.values().iterator().next();
        return observed(
                first.method() + "All", operations.keySet(), origin(first.kind()), () -> unobserved(operations));
    }

    private <R> Map<K, OperationResult<R>> unobserved(Map<K, Operation<V, R>> operations) {
        return pieces.process(List.copyOf(operations.entrySet()), (piece, budget) -> {
            Map<K, Operation<V, R>> part = new LinkedHashMap<>();
            piece.forEach(entry -> part.put(entry.getKey(), entry.getValue()));
            boolean changes =
                    part.values().stream().anyMatch(each -> !each.kind().leaves());
            return locked(part.keySet(), budget, changes, () -> tries(part, observers.writer(), budget));
        });
    }

    /** Carries out what stores the values that a read has loaded. */
    <T> @Nullable T reading(Supplier<@Nullable T> read) {
        try {
            return read.get();
        } catch (OutcomeUnknownException e) {
            throw replies.ofRead(e);
        }
    }

    /** The keys that have an entry whose value can be read. */
    Set<K> readable(Set<K> keys) {
        Set<K> readable = new LinkedHashSet<>();
        replies.await(replies.call(() -> backend.store().getAll(keys, Lifetimes.KEEP)))
                .forEach((key, bytes) -> {
                    if (attempts.isReadable(key, bytes)) {
                        readable.add(key);
                    }
                });
        return readable;
    }

    /** Applies the expiry policy to an entry that an iterator returned as it was read, and notifies listeners. */
    void access(K key, byte[] bytes) {
        CallBudget budget = new CallBudget(operationTimeout);
        try {
            round.access(key, bytes, budget);
        } finally {
            observers.events().deliver(budget.takeDeliveries());
        }
    }

    /** The calls that run user code, and the loads in the background. */
    CallsUnderWay underWay() {
        return underWay;
    }

    /** Whether no call holds or wants the lock of a key. */
    boolean isIdle() {
        return locks.isEmpty();
    }

    private static <K, R> Map<K, R> results(Map<K, OperationResult<R>> outcomes) {
        Map<K, R> results = new LinkedHashMap<>();
        outcomes.forEach((key, outcome) -> {
            R result = outcome.orThrow();
            if (result != null) {
                results.put(key, result);
            }
        });
        return results;
    }

    private <T, R> Map<K, OperationResult<R>> inPieces(
            String method,
            Collection<? extends K> keys,
            List<T> all,
            BiFunction<List<T>, CallBudget, Map<K, OperationResult<R>>> action) {
        return observed(method, keys, CallOrigin.SERVER, () -> pieces.process(all, action));
    }

    /** Runs an action under the locks of keys, and then delivers its events to synchronous listeners. */
    private <T> T locked(Collection<K> keys, CallBudget budget, boolean changes, Supplier<T> action) {
        T done;
        try {
            done = underWay.run(() -> underLocks(keys, budget, changes, action));
        } catch (Throwable failure) {
            deliverAfter(failure, budget);
            throw failure;
        }
        observers.events().deliver(budget.takeDeliveries());
        return done;
    }

    private <T> T underLocks(Collection<K> keys, CallBudget budget, boolean changes, Supplier<T> action) {
        KeyLocks.Held held = changes ? locks.lock(keys, budget.deadline()) : KeyLocks.NONE;
        try {
            budget.holds(held);
            return action.get();
        } finally { // also after what Java's compiler would not allow: else the keys stay locked
            held.close();
        }
    }

    /** Delivers the events of what was done before a failure; what listeners fail with does not hide it. */
    private void deliverAfter(Throwable failure, CallBudget budget) {
        try {
            observers.events().deliver(budget.takeDeliveries());
        } catch (RuntimeException | Error e) {
            if (e != failure) {
                failure.addSuppressed(e);
            }
        }
    }

    private <R> Map<K, OperationResult<R>> tries(
            Map<K, Operation<V, R>> operations, WriteThrough<K, V> writer, CallBudget budget) {
        Map<K, OperationResult<R>> outcomes = new LinkedHashMap<>();
        Map<K, Operation<V, R>> pending = new LinkedHashMap<>(operations);
        operations.keySet().forEach(key -> outcomes.put(key, new OperationResult<>(null, null)));
        int tries = 0;
        while (!pending.isEmpty() && tries < MAX_TRIES && (tries == 0 || !budget.isOver())) {
            pause(tries++);
            Map<K, OperationResult<R>> settled = round.run(pending, writer, budget);
            outcomes.putAll(settled);
            pending.keySet().removeAll(settled.keySet());
        }
        for (K key : pending.keySet()) {
            outcomes.put(key, new OperationResult<>(null, contended(key, tries)));
        }
        return outcomes;
    }

    private CacheException contended(K key, int tries) {
        return new CacheException("Cache '" + cacheName + "': entry " + key + " was changed by others in each of "
                + tries + " tries to change it, and was not changed by this call; try again when there is less"
                + " contention");
    }

    /** Backs off at random, longer each time. */
    private static void pause(int tries) {
        if (tries > 2) {
            LockSupport.parkNanos(ThreadLocalRandom.current().nextLong(20_000L << Math.min(tries, 8)));
        }
    }
}
