package io.iftb.cache.jcache;

import io.iftb.cache.store.DatedValue;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import javax.cache.integration.CompletionListener;
import javax.cache.processor.EntryProcessor;
import javax.cache.processor.EntryProcessorResult;
import org.jspecify.annotations.Nullable;

/**
 * The asynchronous form of a cache: sends operations that are a single command, and runs the blocking form of others as tasks.
 * Tasks use copies, since the caller may change its objects once the method has returned. Stages complete in their own pool,
 * where dependent code may wait for other stages.
 */
final class RedisAsyncCache<K, V> implements AsyncCache<K, V> {

    private final RedisCache<K, V> cache;
    private final TaskGate tasks;
    private final Executor completions;

    /**
     * @param tasks runs the blocking form
     * @param completions completes the stages
     */
    RedisAsyncCache(RedisCache<K, V> cache, TaskGate tasks, Executor completions) {
        this.cache = cache;
        this.tasks = tasks;
        this.completions = completions;
    }

    @Override
    public CompletionStage<@Nullable V> get(K key) {
        return called(() -> {
            V held = cache.held(key);
            if (held != null) {
                return CompletableFuture.completedFuture(held);
            }
            return cache.isReadThrough() ? later(() -> cache.get(key)) : run(key, own -> Operation.get());
        });
    }

    @Override
    public CompletionStage<@Nullable DatedValue<V>> getDated(K key) {
        return later(() -> cache.getDated(key));
    }

    @Override
    public CompletionStage<Map<K, V>> getAll(Set<? extends K> keys) {
        return called(() -> {
            Set<K> own = cache.checked(keys);
            return sent(cache.isReadThrough() ? null : cache.executor().sendGetAll(own), () -> cache.getAll(own));
        });
    }

    @Override
    public CompletionStage<Boolean> containsKey(K key) {
        return run(key, own -> Operation.containsKey());
    }

    @Override
    public CompletionStage<Void> loadAll(Set<? extends K> keys, boolean replaceExistingValues) {
        CompletableFuture<Void> loaded = new CompletableFuture<>();
        CompletionListener listener = new CompletionListener() {
            @Override
            public void onCompletion() {
                onCompletions(() -> loaded.complete(null));
            }

            @Override
            public void onException(Exception e) {
                onCompletions(() -> loaded.completeExceptionally(e));
            }
        };
        try {
            cache.loadAll(keys, replaceExistingValues, listener);
        } catch (Throwable e) {
            loaded.completeExceptionally(e);
        }
        return loaded;
    }

    @Override
    public CompletionStage<Void> put(K key, V value) {
        return run(key, own -> Operation.put(own.apply(value)));
    }

    @Override
    public CompletionStage<@Nullable V> getAndPut(K key, V value) {
        return run(key, own -> Operation.getAndPut(own.apply(value)));
    }

    @Override
    public CompletionStage<Void> putAll(Map<? extends K, ? extends V> map) {
        return called(() -> {
            Map<K, V> own = cache.checked(map);
            PendingReply<?, Void> command = cache.executor().sendPutAll(own);
            if (command == null) {
                own.replaceAll((key, value) -> cache.copy(value));
            }
            return sent(command, () -> {
                cache.putAll(own);
                return null;
            });
        });
    }

    @Override
    public CompletionStage<Boolean> putIfAbsent(K key, V value) {
        return run(key, own -> Operation.putIfAbsent(own.apply(value)));
    }

    @Override
    public CompletionStage<Boolean> remove(K key) {
        return run(key, own -> Operation.remove());
    }

    @Override
    public CompletionStage<Boolean> remove(K key, V oldValue) {
        return run(key, own -> Operation.remove(own.apply(oldValue)));
    }

    @Override
    public CompletionStage<@Nullable V> getAndRemove(K key) {
        return run(key, own -> Operation.getAndRemove());
    }

    @Override
    public CompletionStage<Boolean> replace(K key, V oldValue, V newValue) {
        return run(key, own -> Operation.replace(own.apply(oldValue), own.apply(newValue)));
    }

    @Override
    public CompletionStage<Boolean> replace(K key, V value) {
        return run(key, own -> Operation.replace(own.apply(value)));
    }

    @Override
    public CompletionStage<@Nullable V> getAndReplace(K key, V value) {
        return run(key, own -> Operation.getAndReplace(own.apply(value)));
    }

    @Override
    public CompletionStage<Void> removeAll(Set<? extends K> keys) {
        return called(() -> {
            Set<K> own = cache.checked(keys);
            return sent(cache.executor().sendRemoveAll(own), () -> {
                cache.removeAll(own);
                return null;
            });
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
        return called(() -> cache.sendClear().on(completions));
    }

    @Override
    public <T> CompletionStage<@Nullable T> invoke(K key, EntryProcessor<K, V, T> entryProcessor, Object... arguments) {
        return later(() -> cache.invoke(key, entryProcessor, arguments));
    }

    @Override
    public <T> CompletionStage<Map<K, EntryProcessorResult<T>>> invokeAll(
            Set<? extends K> keys, EntryProcessor<K, V, T> entryProcessor, Object... arguments) {
        return called(() -> {
            Set<K> own = cache.checked(keys);
            return later(() -> cache.invokeAll(own, entryProcessor, arguments));
        });
    }

    /**
     * Sends an operation, or runs it as a task with copies of its values.
     *
     * @param operation creates the operation; its argument converts values of the caller
     */
    private <R> CompletionStage<R> run(K key, Function<UnaryOperator<V>, Operation<V, R>> operation) {
        return called(() -> {
            cache.requireOpen();
            K checked = cache.checkedKey(key);
            PendingReply<?, R> command = cache.executor().send(checked, operation.apply(cache::checkedValue));
            if (command != null) {
                return command.on(completions);
            }
            Operation<V, R> own = operation.apply(cache::copy);
            return later(() -> cache.run(checked, () -> own));
        });
    }

    /** The result of a command, or of the blocking form if there is no command. */
    private <R> CompletionStage<R> sent(@Nullable PendingReply<?, R> command, Supplier<@Nullable R> blocking) {
        return command == null ? later(blocking) : command.on(completions);
    }

    /** The result of a call; a failed stage if it throws. */
    private static <R> CompletionStage<R> called(Supplier<CompletionStage<R>> call) {
        try {
            return call.get();
        } catch (Throwable e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    /** Runs the blocking form as a task, unless the caller ends the stage before it begins. */
    private <R> CompletionStage<R> later(Supplier<@Nullable R> blocking) {
        CompletableFuture<R> result = new CompletableFuture<>();
        Runnable task = () -> run(blocking, result);
        try {
            cache.requireOpen();
            tasks.execute(task);
            var unused = result.whenComplete((value, error) -> tasks.withdraw(task));
        } catch (Throwable e) {
            result.completeExceptionally(e);
        }
        return result;
    }

    private <R> void run(Supplier<@Nullable R> blocking, CompletableFuture<R> result) {
        if (result.isDone()) {
            return; // cancelled, or timed out
        }
        try {
            R value = blocking.get();
            onCompletions(() -> result.complete(value));
        } catch (Throwable e) { // also what Java's compiler would not allow: else the stage never ends
            onCompletions(() -> result.completeExceptionally(e));
        }
    }

    /** Completes a stage in the completion pool, or in this thread if the manager is closed. */
    private void onCompletions(Runnable completion) {
        try {
            completions.execute(completion);
        } catch (RejectedExecutionException e) {
            completion.run();
        }
    }
}
