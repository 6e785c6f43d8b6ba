package io.iftb.cache.jcache;

import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Carries out operations on the entries of one cache. Safe for use by several threads. */
interface OperationExecutor<K, V> {

    /** Carries out an operation and returns its result. */
    <R> @Nullable R run(K key, Operation<V, R> operation);

    /** {@link Operation#get()} for each key, in one batch. Returns the entries found, in the order of the keys. */
    Map<K, V> getAll(Set<? extends K> keys);

    /** {@link Operation#put} for each entry, in one batch. */
    void putAll(Map<? extends K, ? extends V> entries);

    /** {@link Operation#remove()} for each key, in one batch. */
    void removeAll(Set<? extends K> keys);
}
