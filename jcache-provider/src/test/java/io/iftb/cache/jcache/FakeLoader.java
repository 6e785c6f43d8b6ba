package io.iftb.cache.jcache;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;
import javax.cache.integration.CacheLoader;
import org.jspecify.annotations.Nullable;

/** A loader that calls a function and records its keys; null means that the source has no value. */
final class FakeLoader<K, V> implements CacheLoader<K, V>, AutoCloseable {

    final List<K> asked = new CopyOnWriteArrayList<>();
    volatile boolean closed;

    private final Function<K, @Nullable V> source;

    FakeLoader(Function<K, @Nullable V> source) {
        this.source = source;
    }

    @Override
    public @Nullable V load(K key) {
        asked.add(key);
        return source.apply(key);
    }

    @Override
    public Map<K, V> loadAll(Iterable<? extends K> keys) {
        Map<K, V> loaded = new HashMap<>();
        keys.forEach(key -> loaded.put(key, load(key)));
        return loaded;
    }

    @Override
    public void close() {
        closed = true;
    }
}
