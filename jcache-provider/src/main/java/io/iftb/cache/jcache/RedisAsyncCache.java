package io.iftb.cache.jcache;

import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.function.Supplier;
import javax.cache.integration.CompletionListener;
import javax.cache.processor.EntryProcessor;
import javax.cache.processor.EntryProcessorResult;
import org.jspecify.annotations.Nullable;

/** The asynchronous form of a cache: it sends what is one command, and has the blocking form run by a worker else. */
final class RedisAsyncCache<K, V> implements AsyncCache<K, V> {

    private final RedisCache<K, V> cache;
    private final Executor workers;

    RedisAsyncCache(RedisCache<K, V> cache, Executor workers) {
        this.cache = cache;
        this.workers = workers;
    }

    @Override
    public CompletionStage<@Nullable V> get(K key) {
        return cache.isReadThrough() ? later(() -> cache.get(key)) : run(key, Operation::get);
    }

    @Override
    public CompletionStage<Map<K, V>> getAll(Set<? extends K> keys) {
        return cache.isReadThrough()
                ? later(() -> cache.getAll(keys))
                : sent(() -> cache.executor().sendGetAll(cache.checked(keys)), () -> cache.getAll(keys));
    }

    @Override
    public CompletionStage<Boolean> containsKey(K key) {
        return run(key, Operation::containsKey);
    }

    @Override
    public CompletionStage<Void> loadAll(Set<? extends K> keys, boolean replaceExistingValues) {
        CompletableFuture<Void> loaded = new CompletableFuture<>();
        CompletionListener listener = new CompletionListener() {
            @Override
            public void onCompletion() {
                loaded.complete(null);
            }

            @Override
            public void onException(Exception e) {
                loaded.completeExceptionally(e);
            }
        };
        try {
            cache.loadAll(keys, replaceExistingValues, listener);
        } catch (RuntimeException e) {
            loaded.completeExceptionally(e);
        }
        return loaded;
    }

    @Override
    public CompletionStage<Void> put(K key, V value) {
        return run(key, () -> Operation.put(cache.checkedValue(value)));
    }

    @Override
    public CompletionStage<@Nullable V> getAndPut(K key, V value) {
        return run(key, () -> Operation.getAndPut(cache.checkedValue(value)));
    }

    @Override
    public CompletionStage<Void> putAll(Map<? extends K, ? extends V> map) {
        return sent(() -> cache.executor().sendPutAll(cache.checked(map)), () -> {
            cache.putAll(map);
            return null;
        });
    }

    @Override
    public CompletionStage<Boolean> putIfAbsent(K key, V value) {
        return run(key, () -> Operation.putIfAbsent(cache.checkedValue(value)));
    }

    @Override
    public CompletionStage<Boolean> remove(K key) {
        return run(key, Operation::remove);
    }

    @Override
    public CompletionStage<Boolean> remove(K key, V oldValue) {
        return run(key, () -> Operation.remove(cache.checkedValue(oldValue)));
    }

    @Override
    public CompletionStage<@Nullable V> getAndRemove(K key) {
        return run(key, Operation::getAndRemove);
    }

    @Override
    public CompletionStage<Boolean> replace(K key, V oldValue, V newValue) {
        return run(key, () -> Operation.replace(cache.checkedValue(oldValue), cache.checkedValue(newValue)));
    }

    @Override
    public CompletionStage<Boolean> replace(K key, V value) {
        return run(key, () -> Operation.replace(cache.checkedValue(value)));
    }

    @Override
    public CompletionStage<@Nullable V> getAndReplace(K key, V value) {
        return run(key, () -> Operation.getAndReplace(cache.checkedValue(value)));
    }

    @Override
    public CompletionStage<Void> removeAll(Set<? extends K> keys) {
        return sent(() -> cache.executor().sendRemoveAll(cache.checked(keys)), () -> {
            cache.removeAll(keys);
            return null;
        });
    }

    @Override
    public CompletionStage<Void> removeAll() {
        return later(() -> {
            cache.removeAll();
            return null;
        });
    }

    @Override
    public CompletionStage<Void> clear() {
        return sent(cache::sendClear, () -> null);
    }

    @Override
    public <T> CompletionStage<@Nullable T> invoke(K key, EntryProcessor<K, V, T> entryProcessor, Object... arguments) {
        return later(() -> cache.invoke(key, entryProcessor, arguments));
    }

    @Override
    public <T> CompletionStage<Map<K, EntryProcessorResult<T>>> invokeAll(
            Set<? extends K> keys, EntryProcessor<K, V, T> entryProcessor, Object... arguments) {
        return later(() -> cache.invokeAll(keys, entryProcessor, arguments));
    }

    private <R> CompletionStage<R> run(K key, Supplier<Operation<V, R>> operation) {
        return sent(
                () -> {
                    cache.requireOpen();
                    return cache.executor().send(cache.checkedKey(key), operation.get());
                },
                () -> cache.run(key, operation));
    }

    /** Sends a command, or has a worker do the same where none can do it. */
    private <R> CompletionStage<R> sent(Supplier<@Nullable Sent<?, R>> command, Supplier<@Nullable R> blocking) {
        try {
            Sent<?, R> sent = command.get();
            return sent == null ? later(blocking) : sent.on(workers);
        } catch (RuntimeException e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    private <R> CompletionStage<R> later(Supplier<@Nullable R> blocking) {
        CompletableFuture<R> result = new CompletableFuture<>();
        try {
            cache.requireOpen();
            workers.execute(() -> {
                try {
                    result.complete(blocking.get());
                } catch (RuntimeException | Error e) {
                    result.completeExceptionally(e);
                }
            });
        } catch (RuntimeException e) {
            result.completeExceptionally(e);
        }
        return result;
    }
}
