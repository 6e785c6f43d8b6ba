package io.iftb.cache.jcache;

import io.iftb.cache.store.CacheBackend;
import io.iftb.cache.store.OutageStore;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What becomes of operations that run while the server is unavailable. In a cache whose reads miss then, those that need not
 * know the entry take it for absent, or read what this JVM holds, the writer and the loader are called as always, and changes are dropped and remembered.
 * All others fail, and so does each in any other cache.
 *
 * @param outage what is remembered; null if the cache fails
 */
record OutageAnswers<K, V>(
        @Nullable OutageStore<K> outage, AttemptFactory<K, V> attempts, CacheObservers<K, V> observers) {

    static <K, V> OutageAnswers<K, V> of(
            CacheBackend<K, V> backend, AttemptFactory<K, V> attempts, CacheObservers<K, V> observers) {
        return new OutageAnswers<>(backend.outage(), attempts, observers);
    }

    /**
     * The outcomes of operations whose entries could not be read.
     *
     * @throws RuntimeException the failure, if no operation can do without them
     */
    <R> Map<K, OperationResult<R>> unread(
            Map<K, Operation<V, R>> pending, WriteThrough<K, V> writer, CallBudget budget, RuntimeException failure) {
        OutageStore<K> missing = outage;
        if (missing == null || !OutageStore.isOutage(failure)) {
            throw failure;
        }
        Map<K, OperationResult<R>> outcomes = new LinkedHashMap<>();
        pending.forEach((key, operation) -> {
            try {
                outcomes.put(key, unread(missing, key, operation, writer, budget, failure));
            } catch (RuntimeException e) {
                outcomes.put(key, new OperationResult<>(null, e));
            }
        });
        return outcomes;
    }

    private <R> OperationResult<R> unread(
            OutageStore<K> missing,
            K key,
            Operation<V, R> operation,
            WriteThrough<K, V> writer,
            CallBudget budget,
            RuntimeException failure) {
        OperationKind kind = operation.kind();
        if (!kind.canMiss()) {
            return new OperationResult<>(null, failure);
        }
        byte[] held = kind.leaves() ? missing.answer(failure, key) : null;
        Supplier<Attempt<K, V, R>> deciding = () -> attempts.attempt(key, operation, held, writer);
        Attempt<K, V, R> attempt = kind.leaves() ? deciding.get() : budget.userCode(deciding);
        observers.countLookup(kind, attempt.view(), 0);
        if (!kind.leaves()
                && kind != OperationKind.LOAD) { // nothing was sent of what was loaded, so the entry is as it was
            missing.drop(failure, key);
        }
        return new OperationResult<>(attempt.result(), null);
    }

    /** The outcome of an operation whose change was not made, or perhaps not. */
    <R> OperationResult<R> unwritten(K key, Attempt<K, V, R> attempt, RuntimeException failure) {
        OutageStore<K> missing = outage;
        if (missing == null || !attempt.kind().canMiss() || !OutageStore.isOutage(failure)) {
            return new OperationResult<>(null, failure);
        }
        observers.countLookup(attempt.kind(), attempt.view(), 0);
        if (!attempt.kind().leaves()) {
            missing.drop(failure, key);
        }
        return new OperationResult<>(attempt.result(), null);
    }
}
