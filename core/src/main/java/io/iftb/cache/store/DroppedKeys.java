package io.iftb.cache.store;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;

/**
 * The {@link DroppedChanges} of a cache by its keys.
 *
 * @param changes what has to be removed
 * @param id what identifies the entry of a key there
 * @param what what of it a key stands for
 * @param <K> the type of the keys
 */
record DroppedKeys<K, I, W>(DroppedChanges<I, W> changes, Function<K, I> id, Function<K, W> what) {

    boolean isEmpty() {
        return changes.isEmpty();
    }

    void add(K key, Throwable failure) {
        changes.add(id.apply(key), what.apply(key), failure);
    }

    CompletableFuture<Void> settled(K key) {
        return changes.settled(List.of(id.apply(key)));
    }

    CompletableFuture<Void> settled(Collection<? extends K> keys) {
        Set<I> ids = new LinkedHashSet<>();
        keys.forEach(key -> ids.add(id.apply(key)));
        return changes.settled(new ArrayList<>(ids));
    }
}
