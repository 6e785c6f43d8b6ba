package com.acme.quotes;

import io.quarkus.cache.runtime.AbstractCache;
import io.smallrye.mutiny.Uni;
import java.util.function.Function;
import java.util.function.Predicate;
import javax.cache.Cache;

/** A cache of Quarkus whose entries are those of a cache of JCache; a result of null is not stored. */
final class SharedCache extends AbstractCache {

    private final Cache<Object, Object> entries;

    SharedCache(Cache<Object, Object> entries) {
        this.entries = entries;
    }

    @Override
    public String getName() {
        return entries.getName();
    }

    @Override
    public <K, V> Uni<V> get(K key, Function<K, V> loader) {
        return getAsync(key, missing -> Uni.createFrom().item(loader.apply(missing)));
    }

    @Override
    @SuppressWarnings("unchecked")
    public <K, V> Uni<V> getAsync(K key, Function<K, Uni<V>> loader) {
        return Uni.createFrom()
                .item(() -> (V) entries.get(key))
                .onItem()
                .ifNull()
                .switchTo(() -> loader.apply(key).invoke(value -> store(key, value)));
    }

    private void store(Object key, Object value) {
        if (value != null) {
            entries.put(key, value);
        }
    }

    @Override
    public Uni<Void> invalidate(Object key) {
        return Uni.createFrom().voidItem().invoke(() -> entries.remove(key));
    }

    @Override
    public Uni<Void> invalidateAll() {
        return Uni.createFrom().voidItem().invoke(() -> entries.removeAll());
    }

    @Override
    public Uni<Void> invalidateIf(Predicate<Object> condition) {
        return Uni.createFrom().voidItem().invoke(() -> entries.forEach(entry -> {
            if (condition.test(entry.getKey())) {
                entries.remove(entry.getKey());
            }
        }));
    }
}
