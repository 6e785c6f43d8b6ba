package io.iftb.cache.jcache;

import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import javax.cache.processor.EntryProcessor;
import javax.cache.processor.EntryProcessorResult;
import org.jspecify.annotations.Nullable;

/**
 * A cache whose operations do not wait, got by {@code cache.unwrap(AsyncCache.class)}: each means what the operation of
 * the same name of {@link javax.cache.Cache} means, and its stage completes with that one's result or exception, never
 * wrapped. No method throws. Safe for use by several threads.
 *
 * <p>Operations that one command of the server carries out hold no thread while they are under way. Others, such as
 * those of a cache with listeners, a writer, a loader for reads, or an expiry policy of the user's own, occupy a thread
 * of the cache manager, of which there are a few. Stages complete in such a thread too: an action that depends on one
 * may call caches, and waits for another stage at the price of that thread.
 *
 * <p>Values and collections may be changed once a method has returned: the operation has copies. A key must not change.
 *
 * <p>Iteration, listeners and the end of a cache are the affair of the cache itself.
 *
 * @param <K> the type of the keys
 * @param <V> the type of the values
 */
public interface AsyncCache<K, V> {

    /** The value of an entry, or null. */
    CompletionStage<@Nullable V> get(K key);

    /** The entries of keys that have one. */
    CompletionStage<Map<K, V>> getAll(Set<? extends K> keys);

    /** Whether there is an entry. */
    CompletionStage<Boolean> containsKey(K key);

    /** ReadThrough entries; complete once they are loaded and stored. */
    CompletionStage<Void> loadAll(Set<? extends K> keys, boolean replaceExistingValues);

    /** Stores a value. */
    CompletionStage<Void> put(K key, V value);

    /** Stores a value; gives the one before, or null. */
    CompletionStage<@Nullable V> getAndPut(K key, V value);

    /** Stores values in one batch. */
    CompletionStage<Void> putAll(Map<? extends K, ? extends V> map);

    /** Stores a value if there is none; whether it did. */
    CompletionStage<Boolean> putIfAbsent(K key, V value);

    /** Removes an entry; whether there was one. */
    CompletionStage<Boolean> remove(K key);

    /** Removes an entry of an equal value; whether it did. */
    CompletionStage<Boolean> remove(K key, V oldValue);

    /** Removes an entry; gives its value, or null. */
    CompletionStage<@Nullable V> getAndRemove(K key);

    /** Replaces an equal value; whether it did. */
    CompletionStage<Boolean> replace(K key, V oldValue, V newValue);

    /** Replaces a value if there is one; whether it did. */
    CompletionStage<Boolean> replace(K key, V value);

    /** Replaces a value if there is one; gives the one before, or null. */
    CompletionStage<@Nullable V> getAndReplace(K key, V value);

    /** Removes entries in one batch. */
    CompletionStage<Void> removeAll(Set<? extends K> keys);

    /** Removes all entries and tells of each. */
    CompletionStage<Void> removeAll();

    /** Removes all entries and tells nobody. */
    CompletionStage<Void> clear();

    /** Runs a processor on an entry, in a thread of the cache manager. */
    <T> CompletionStage<@Nullable T> invoke(K key, EntryProcessor<K, V, T> entryProcessor, Object... arguments);

    /** Runs a processor on entries, in a thread of the cache manager. */
    <T> CompletionStage<Map<K, EntryProcessorResult<T>>> invokeAll(
            Set<? extends K> keys, EntryProcessor<K, V, T> entryProcessor, Object... arguments);
}
