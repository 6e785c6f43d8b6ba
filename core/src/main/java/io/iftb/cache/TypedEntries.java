package io.iftb.cache;

import io.iftb.cache.redis.RedisConnection;
import io.iftb.cache.store.CacheBackend;
import io.iftb.cache.store.EntryStore.Condition;
import io.iftb.cache.store.NearReads;
import io.iftb.cache.store.OutageStore;
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
        if (near != null) {
            return near.read(key).thenApply(bytes -> Optional.ofNullable(cache.read(key, bytes)));
        }
        OutageStore<K> outage = cache.outage();
        return outage == null
                ? cache.store().get(key, cache.access()).thenApply(bytes -> Optional.ofNullable(cache.read(key, bytes)))
                : missing(key, outage, outage.exact().get(key, cache.access()));
    }

    /** One stage decodes and makes a miss of an outage, since each costs memory on the hot path. */
    private CompletableFuture<Optional<V>> missing(
            K key, OutageStore<K> outage, CompletableFuture<byte @Nullable []> read) {
        return read.handle((bytes, error) ->
                Optional.ofNullable(cache.read(key, error == null ? bytes : outage.answer(error, key))));
    }

    void put(K key, V value) {
        redis.await(write(key, value));
    }

    CompletableFuture<Void> putAsync(K key, V value) {
        return redis.handOver(write(key, value));
    }

    private CompletableFuture<Void> write(K key, V value) {
        byte[] bytes = cache.codec().encode(Objects.requireNonNull(value, "value"));
        CompletableFuture<Boolean> put = cache.exact().put(key, bytes, cache.lifetimes(), Condition.ANY);
        OutageStore<K> outage = cache.outage();
        return outage == null
                ? put.thenApply(done -> null)
                : put.handle((done, error) -> {
                    if (error != null) {
                        outage.drop(error, key);
                    }
                    return null;
                });
    }
}
