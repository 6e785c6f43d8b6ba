package io.iftb.cache;

import io.iftb.cache.redis.RedisConnection;
import io.iftb.cache.store.CacheBackend;
import io.iftb.cache.store.EntryStore.Condition;
import io.iftb.cache.store.NearReads;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** Reads and writes the values of one cache, with the lifetimes of its expiry, blocking and async. */
record TypedEntries<K, V>(RedisConnection redis, CacheBackend<K, V> cache) {

    Optional<V> get(K key) {
        V held = held(key);
        return held == null ? redis.await(read(key)) : Optional.of(held);
    }

    CompletableFuture<Optional<V>> getAsync(K key) {
        V held = held(key);
        return held == null ? redis.handOver(read(key)) : CompletableFuture.completedFuture(Optional.of(held));
    }

    private @Nullable V held(K key) {
        NearReads<K, V> near = cache.near();
        V held = near == null ? null : near.get(key);
        if (held != null) {
            cache.counted(true);
        }
        return held;
    }

    private CompletableFuture<Optional<V>> read(K key) {
        NearReads<K, V> near = cache.near();
        CompletableFuture<byte @Nullable []> read =
                near == null ? cache.store().get(key, cache.access()) : near.read(key);
        return read.thenApply(bytes -> Optional.ofNullable(cache.read(key, bytes)));
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
