package io.iftb.cache;

import io.iftb.cache.redis.RedisConnection;
import io.iftb.cache.store.CacheBackend;
import io.iftb.cache.store.EntryStore.Condition;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/** Reads and writes the values of one cache, with the lifetimes of its expiry, blocking and async. */
record TypedEntries<K, V>(RedisConnection redis, CacheBackend<K, V> cache) {

    Optional<V> get(K key) {
        return redis.await(read(key));
    }

    CompletableFuture<Optional<V>> getAsync(K key) {
        return redis.handOver(read(key));
    }

    private CompletableFuture<Optional<V>> read(K key) {
        return cache.store().get(key, cache.access()).thenApply(bytes -> Optional.ofNullable(cache.read(key, bytes)));
    }

    void put(K key, V value) {
        redis.await(write(key, value));
    }

    CompletableFuture<Void> putAsync(K key, V value) {
        return redis.handOver(write(key, value));
    }

    private CompletableFuture<Void> write(K key, V value) {
        return cache.store()
                .put(
                        key,
                        cache.codec().encode(Objects.requireNonNull(value, "value")),
                        cache.lifetimes(),
                        Condition.ANY)
                .thenApply(done -> null);
    }
}
