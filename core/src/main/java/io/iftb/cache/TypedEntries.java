package io.iftb.cache;

import io.iftb.cache.observe.CallObserver;
import io.iftb.cache.observe.CallOrigin;
import io.iftb.cache.observe.CallOutcome;
import io.iftb.cache.observe.ObservedCall;
import io.iftb.cache.redis.RedisConnection;
import io.iftb.cache.store.CacheBackend;
import io.iftb.cache.store.DatedValue;
import io.iftb.cache.store.EntryStore.Condition;
import io.iftb.cache.store.EntryStore.TimedValue;
import io.iftb.cache.store.NearReads;
import io.iftb.cache.store.OutageStore;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * Reads and writes the values of one cache, with the lifetimes of its expiry, blocking and async.
 *
 * @param calls observes the calls
 */
record TypedEntries<K, V>(RedisConnection redis, CacheBackend<K, V> cache, CallObserver calls) {

    Optional<V> get(K key) {
        V held = held(key);
        return held == null ? redis.await(read(key)) : Optional.of(held);
    }

    CompletableFuture<Optional<V>> getAsync(K key) {
        V held = held(key);
        return held == null ? redis.handOver(read(key)) : CompletableFuture.completedFuture(Optional.of(held));
    }

    /** What this JVM holds; null if it holds none. */
    @Nullable
    V held(K key) {
        NearReads<K, V> near = cache.near();
        if (near == null) {
            return null;
        }
        V held = near.get(key);
        if (held != null) {
            countHit(key);
        }
        return held;
    }

    /** Like {@link #getAsync}, also of an entry past its end, with its origin and age. */
    CompletableFuture<Optional<DatedValue<V>>> getDatedAsync(K key) {
        NearReads<K, V> near = cache.near();
        NearReads.HeldValue<V> held = near == null ? null : near.held(key);
        if (held == null) {
            return redis.handOver(dated(key));
        }
        countHit(key);
        return CompletableFuture.completedFuture(
                Optional.of(new DatedValue<>(held.value(), DatedValue.Origin.NEAR, age(held.ttl()))));
    }

    private void countHit(K key) {
        cache.counted(true);
        calls.hit("get", key);
    }

    private @Nullable Duration age(long ttl) {
        return cache.freshness().age(ttl);
    }

    private CompletableFuture<Optional<DatedValue<V>>> dated(K key) {
        return timed(key).thenApply(found -> {
            V value = cache.read(key, found == null ? null : found.value());
            if (found == null || value == null) {
                return Optional.empty();
            }
            return Optional.of(new DatedValue<>(value, origin(found), age(found.ttl())));
        });
    }

    private DatedValue.Origin origin(TimedValue found) {
        if (found.isHeld()) {
            return DatedValue.Origin.NEAR;
        }
        return cache.freshness().isStale(found.ttl()) ? DatedValue.Origin.STALE : DatedValue.Origin.SERVER;
    }

    /** An entry with what is left of its lifetime on the server. */
    CompletableFuture<@Nullable TimedValue> timed(K key) {
        NearReads<K, V> near = cache.near();
        return near == null ? cache.store().getWithTtl(key) : near.readTimed(key);
    }

    /** What the server has. */
    CompletableFuture<Optional<V>> read(K key) {
        ObservedCall call = calls.begin("get", key);
        return call == null
                ? sent(key)
                : call.endingWith(
                        call.attempt(() -> sent(key)),
                        found -> CallOutcome.found(found.isPresent()),
                        found -> CallOrigin.SERVER);
    }

    private CompletableFuture<Optional<V>> sent(K key) {
        if (cache.freshness().options().keptMillis() > 0) {
            return dated(key)
                    .thenApply(found -> found.filter(dated -> dated.origin() != DatedValue.Origin.STALE)
                            .map(DatedValue::value));
        }
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
        ObservedCall call = calls.begin("put", key);
        return call == null
                ? written(key, value)
                : call.endingWith(
                        call.attempt(() -> written(key, value)), done -> CallOutcome.DONE, done -> CallOrigin.SERVER);
    }

    private CompletableFuture<Void> written(K key, V value) {
        byte[] bytes = cache.codec().encode(Objects.requireNonNull(value, "value"));
        CompletableFuture<Boolean> put = cache.exact().put(key, bytes, cache.lifetimes(), Condition.ANY);
        OutageStore<K> outage = cache.outage();
        return outage == null
                ? put.thenApply(done -> {
                    cache.counters().put();
                    return null;
                })
                : put.handle((done, error) -> {
                    if (error != null) {
                        outage.drop(error, key);
                    } else {
                        cache.counters().put();
                    }
                    return null;
                });
    }
}
