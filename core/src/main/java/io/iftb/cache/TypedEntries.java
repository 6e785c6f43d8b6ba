package io.iftb.cache;

import io.iftb.cache.redis.RedisConnection;
import io.iftb.cache.store.EntryStore.Condition;
import io.iftb.cache.store.Lifetimes;
import io.iftb.cache.store.StoredCache;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/** Gets and puts the values of one cache for its default lifetime, blocking and async. */
record TypedEntries<K, V>(RedisConnection redis, StoredCache<K, V> cache) {

    Optional<V> get(K key) {
        return redis.awaitCall(getAsync(key));
    }

    CompletableFuture<Optional<V>> getAsync(K key) {
        return cache.store().get(key, Lifetimes.KEEP).thenApply(bytes -> Optional.ofNullable(cache.read(key, bytes)));
    }

    void put(K key, V value) {
        redis.awaitCall(putAsync(key, value));
    }

    CompletableFuture<Void> putAsync(K key, V value) {
        return cache.store()
                .put(
                        key,
                        cache.codec().encode(Objects.requireNonNull(value, "value")),
                        cache.lifetimes(),
                        Condition.ANY)
                .thenApply(done -> null);
    }

    boolean remove(K key) {
        return redis.awaitCall(removeAsync(key));
    }

    CompletableFuture<Boolean> removeAsync(K key) {
        return cache.store().remove(key);
    }
}
