package io.iftb.cache.jcache;

import io.iftb.cache.store.DatedValue;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import javax.cache.processor.EntryProcessor;
import javax.cache.processor.EntryProcessorResult;
import org.jspecify.annotations.Nullable;

/**
 * The asynchronous form of a cache; get it by {@code cache.unwrap(AsyncCache.class)}. Each operation has the semantics of the
 * method of {@link javax.cache.Cache} with the same name, and its stage completes with the same result or exception, never
 * wrapped. No method throws. Safe for use by several threads.
 *
 * <p>Operations that are a single command of the server use no thread while they are in flight. Others, such as those of a
 * cache with listeners, a writer, read-through or a custom expiry policy, use a thread of the cache manager; at most 64 run at
 * one time. Stages complete in another pool of the cache manager. An action that depends on a stage may call caches and wait
 * for other stages there.
 *
 * <p>If you end a stage yourself, such as by {@code cancel} or {@code orTimeout} of its future, an operation that waits for a
 * thread is not carried out. One that has begun goes on.
 *
 * <p>You may change values and collections once a method has returned: the operation uses copies. Do not change keys.
 *
 * <p>For iteration, listeners and closing, use the cache itself.
 *
 * @param <K> the type of the keys
 * @param <V> the type of the values
 */
public interface AsyncCache<K, V> {

    /** The value of an entry, or null. */
    CompletionStage<@Nullable V> get(K key);

    /**
     * Like {@link #get}, with where the value comes from and how old it is. The age is null if lifetimes do not begin with a
     * write alone, or never end: the server tells only how much of them is left.
     */
    CompletionStage<@Nullable DatedValue<V>> getDated(K key);

    /** The entries of keys that have one. */
    CompletionStage<Map<K, V>> getAll(Set<? extends K> keys);

    /** Whether there is an entry. */
    CompletionStage<Boolean> containsKey(K key);

    /** Loads entries; completes once they are loaded and stored. */
    CompletionStage<Void> loadAll(Set<? extends K> keys, boolean replaceExistingValues);

    /** Stores a value. */
    CompletionStage<Void> put(K key, V value);

    /** Stores a value; completes with the previous one, or null. */
    CompletionStage<@Nullable V> getAndPut(K key, V value);

    /** Stores values in one batch. */
    CompletionStage<Void> putAll(Map<? extends K, ? extends V> map);

    /** Stores a value if there is none; completes with whether it did. */
    CompletionStage<Boolean> putIfAbsent(K key, V value);

    /** Removes an entry; completes with whether there was one. */
    CompletionStage<Boolean> remove(K key);

    /** Removes an entry if its value is equal; completes with whether it did. */
    CompletionStage<Boolean> remove(K key, V oldValue);

    /** Removes an entry; completes with its value, or null. */
    CompletionStage<@Nullable V> getAndRemove(K key);

    /** Replaces a value if it is equal; completes with whether it did. */
    CompletionStage<Boolean> replace(K key, V oldValue, V newValue);

    /** Replaces a value if there is one; completes with whether it did. */
    CompletionStage<Boolean> replace(K key, V value);

    /** Replaces a value if there is one; completes with the previous one, or null. */
    CompletionStage<@Nullable V> getAndReplace(K key, V value);

    /** Removes entries in one batch. */
    CompletionStage<Void> removeAll(Set<? extends K> keys);

    /** Removes all entries, and notifies the writer and the listeners of each. */
    CompletionStage<Void> removeAll();

    /** Removes all entries without notifying the writer or the listeners. */
    CompletionStage<Void> clear();

    /** Runs a processor on an entry, in a thread of the cache manager. */
    <T> CompletionStage<@Nullable T> invoke(K key, EntryProcessor<K, V, T> entryProcessor, Object... arguments);

    /** Runs a processor on entries, in a thread of the cache manager. */
    <T> CompletionStage<Map<K, EntryProcessorResult<T>>> invokeAll(
            Set<? extends K> keys, EntryProcessor<K, V, T> entryProcessor, Object... arguments);
}
