package io.iftb.cache.jcache;

import java.util.Iterator;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import javax.cache.Cache;
import javax.cache.CacheManager;
import javax.cache.configuration.CacheEntryListenerConfiguration;
import javax.cache.configuration.Configuration;
import javax.cache.integration.CompletionListener;
import javax.cache.processor.EntryProcessor;
import javax.cache.processor.EntryProcessorResult;
import org.jspecify.annotations.Nullable;

/**
 * A cache that uses the asynchronous form for its operations, so that one test covers both forms.
 * Methods that the asynchronous form lacks call the cache itself.
 */
final class AsyncAsCache<K, V> implements Cache<K, V> {

    private final Cache<K, V> cache;
    private final AsyncCache<K, V> async;

    @SuppressWarnings("unchecked") // a class literal has no type arguments
    AsyncAsCache(Cache<K, V> cache) {
        this.cache = cache;
        this.async = (AsyncCache<K, V>) cache.unwrap(AsyncCache.class);
    }

    /** The result or the exception of a stage, as a dependent stage receives it. */
    private static <T> @Nullable T done(CompletionStage<T> stage) {
        AtomicReference<Throwable> failure = new AtomicReference<>();
        T result = stage.handle((value, error) -> {
                    failure.set(error);
                    return value;
                })
                .toCompletableFuture()
                .orTimeout(30, TimeUnit.SECONDS)
                .join();
        Throwable error = failure.get();
        if (error instanceof Error thrown) {
            throw thrown;
        }
        if (error != null) {
            throw (RuntimeException) error;
        }
        return result;
    }

    private static boolean test(CompletionStage<Boolean> stage) {
        return Boolean.TRUE.equals(done(stage));
    }

    private static <T> T some(CompletionStage<T> stage) {
        return Objects.requireNonNull(done(stage));
    }

    @Override
    public @Nullable V get(K key) {
        return done(async.get(key));
    }

    @Override
    public Map<K, V> getAll(Set<? extends K> keys) {
        return some(async.getAll(keys));
    }

    @Override
    public boolean containsKey(K key) {
        return test(async.containsKey(key));
    }

    @Override
    public void loadAll(Set<? extends K> keys, boolean replace, @Nullable CompletionListener listener) {
        CompletionStage<Void> loaded = async.loadAll(keys, replace);
        if (listener == null) {
            done(loaded);
            return;
        }
        var unused = loaded.whenComplete((done, error) -> {
            if (error == null) {
                listener.onCompletion();
            } else {
                listener.onException((Exception) error);
            }
        });
    }

    @Override
    public void put(K key, V value) {
        done(async.put(key, value));
    }

    @Override
    public @Nullable V getAndPut(K key, V value) {
        return done(async.getAndPut(key, value));
    }

    @Override
    public void putAll(Map<? extends K, ? extends V> map) {
        done(async.putAll(map));
    }

    @Override
    public boolean putIfAbsent(K key, V value) {
        return test(async.putIfAbsent(key, value));
    }

    @Override
    public boolean remove(K key) {
        return test(async.remove(key));
    }

    @Override
    public boolean remove(K key, V oldValue) {
        return test(async.remove(key, oldValue));
    }

    @Override
    public @Nullable V getAndRemove(K key) {
        return done(async.getAndRemove(key));
    }

    @Override
    public boolean replace(K key, V oldValue, V newValue) {
        return test(async.replace(key, oldValue, newValue));
    }

    @Override
    public boolean replace(K key, V value) {
        return test(async.replace(key, value));
    }

    @Override
    public @Nullable V getAndReplace(K key, V value) {
        return done(async.getAndReplace(key, value));
    }

    @Override
    public void removeAll(Set<? extends K> keys) {
        done(async.removeAll(keys));
    }

    @Override
    public void removeAll() {
        done(async.removeAll());
    }

    @Override
    public void clear() {
        done(async.clear());
    }

    @Override
    public <T> @Nullable T invoke(K key, EntryProcessor<K, V, T> entryProcessor, Object... arguments) {
        return done(async.invoke(key, entryProcessor, arguments));
    }

    @Override
    public <T> Map<K, EntryProcessorResult<T>> invokeAll(
            Set<? extends K> keys, EntryProcessor<K, V, T> entryProcessor, Object... arguments) {
        return some(async.invokeAll(keys, entryProcessor, arguments));
    }

    @Override
    public Iterator<Entry<K, V>> iterator() {
        return cache.iterator();
    }

    @Override
    public <C extends Configuration<K, V>> C getConfiguration(Class<C> type) {
        return cache.getConfiguration(type);
    }

    @Override
    public String getName() {
        return cache.getName();
    }

    @Override
    public CacheManager getCacheManager() {
        return cache.getCacheManager();
    }

    @Override
    public void close() {
        cache.close();
    }

    @Override
    public boolean isClosed() {
        return cache.isClosed();
    }

    @Override
    public <T> T unwrap(Class<T> type) {
        return cache.unwrap(type);
    }

    @Override
    public void registerCacheEntryListener(CacheEntryListenerConfiguration<K, V> listener) {
        cache.registerCacheEntryListener(listener);
    }

    @Override
    public void deregisterCacheEntryListener(CacheEntryListenerConfiguration<K, V> listener) {
        cache.deregisterCacheEntryListener(listener);
    }
}
