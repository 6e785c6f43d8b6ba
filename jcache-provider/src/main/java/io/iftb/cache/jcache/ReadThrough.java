package io.iftb.cache.jcache;

import io.iftb.cache.jcache.event.FailureText;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import javax.cache.integration.CacheLoader;
import javax.cache.integration.CacheLoaderException;
import javax.cache.integration.CompletionListener;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The loader of a cache, and its loads in the background. Its failures become {@link CacheLoaderException}. A loaded value is
 * stored without calling the writer and without counting a put.
 */
final class ReadThrough<K, V> implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(ReadThrough.class);

    private final @Nullable CacheLoader<K, V> loader;
    private final boolean readThrough;
    private final UnaryOperator<V> checked;
    private final CompareAndSetExecutor<K, V> executor;
    private final Executor background;
    private final CallsUnderWay underWay;

    /**
     * @param readThrough whether reads load missing entries
     * @param checked rejects objects that are not values of the cache
     */
    ReadThrough(
            @Nullable CacheLoader<K, V> loader,
            boolean readThrough,
            UnaryOperator<V> checked,
            CompareAndSetExecutor<K, V> executor,
            Executor background) {
        this.loader = loader;
        this.readThrough = readThrough && loader != null;
        this.checked = checked;
        this.executor = executor;
        this.background = background;
        this.underWay = executor.underWay();
    }

    /** Whether reads load missing entries. */
    boolean isReadThrough() {
        return readThrough;
    }

    /** The loads of the cache, and its other calls that run user code. */
    CallsUnderWay underWay() {
        return underWay;
    }

    /** Supplies the loader's value for a key that a read missed; null if the loader has none. */
    Supplier<@Nullable V> of(K key) {
        return () -> readThrough ? load(key) : null;
    }

    /** The loader's value for a key; null if it has none. */
    @Nullable
    V load(K key) {
        V loaded = loader == null ? null : called(() -> loader.load(key));
        underWay.requireAwaited();
        return loaded == null ? null : checked.apply(loaded);
    }

    /** The value of an entry that a read has just missed. */
    @Nullable
    V get(K key) {
        return underWay.run(() -> executor.reading(() -> executor.run(key, Operation.getOrLoad(of(key)))));
    }

    /** Adds the loaded values of missing keys to the found ones, in the order of the keys. */
    Map<K, V> getAll(Set<K> keys, Map<K, V> found) {
        Set<K> missing = new LinkedHashSet<>(keys);
        missing.removeAll(found.keySet());
        Map<K, V> loaded = underWay.run(() -> stored(missing));
        Map<K, V> all = new LinkedHashMap<>();
        for (K key : keys) {
            V value = found.containsKey(key) ? found.get(key) : loaded.get(key);
            if (value != null) {
                all.put(key, value);
            }
        }
        return all;
    }

    private Map<K, V> stored(Set<K> missing) {
        Map<K, Operation<V, V>> operations = new LinkedHashMap<>();
        load(missing).forEach((key, value) -> operations.put(key, Operation.getOrLoad(() -> value)));
        return Objects.requireNonNull(executor.reading(() -> executor.runAll(operations)));
    }

    /**
     * Loads entries in the background.
     *
     * @param replace whether to load existing entries too
     * @param listener is notified of the end; may be null
     */
    void loadAll(Set<K> keys, boolean replace, @Nullable CompletionListener listener) {
        underWay.start(background, load -> loadAll(load, keys, replace, listener));
    }

    private void loadAll(CallsUnderWay.Call load, Set<K> keys, boolean replace, @Nullable CompletionListener listener) {
        Throwable failure = null;
        try {
            loadAll(keys, replace);
        } catch (Throwable e) { // an Error too is told to the listener
            failure = e;
        }
        load.end();
        tell(listener, failure == null ? null : failure instanceof RuntimeException known ? known : failed(failure));
        if (failure instanceof Error error) {
            throw error;
        }
    }

    /** Loads entries now. */
    void loadAll(Set<K> keys, boolean replace) {
        Set<K> wanted = new LinkedHashSet<>(keys);
        if (!replace) {
            wanted.removeAll(executor.readable(keys));
        }
        Map<K, Operation<V, V>> operations = new LinkedHashMap<>();
        load(wanted)
                .forEach((key, value) ->
                        operations.put(key, replace ? Operation.reload(value) : Operation.getOrLoad(() -> value)));
        executor.runAll(operations);
    }

    /** The loader's values for keys, without nulls. */
    private Map<K, V> load(Set<K> keys) {
        if (loader == null || keys.isEmpty()) {
            return Map.of();
        }
        Map<K, V> loaded = called(() -> loader.loadAll(keys));
        underWay.requireAwaited();
        Map<K, V> wanted = new LinkedHashMap<>();
        for (K key : keys) {
            V value = loaded == null ? null : loaded.get(key);
            if (value != null) {
                wanted.put(key, checked.apply(value));
            }
        }
        return wanted;
    }

    private static <T> @Nullable T called(Supplier<@Nullable T> load) {
        try {
            return load.get();
        } catch (CacheLoaderException e) {
            throw e;
        } catch (Exception e) { // also a checked one, which other languages let through
            throw failed(e);
        }
    }

    private static CacheLoaderException failed(Throwable e) {
        return new CacheLoaderException("The cache loader failed: " + FailureText.of(e), e);
    }

    private static void tell(@Nullable CompletionListener listener, @Nullable RuntimeException failure) {
        try {
            if (listener != null && failure == null) {
                listener.onCompletion();
            } else if (listener != null) {
                listener.onException(failure);
            } else if (failure != null) {
                LOG.warn("Loading entries failed, and the call has no CompletionListener", failure);
            }
        } catch (Throwable e) { // it has been told, and nobody waits for this
            LOG.warn("The completion listener {} failed", listener, e);
        }
    }

    /** Waits for the loads of the cache. */
    @Override
    public void close() {
        underWay.close();
    }
}
