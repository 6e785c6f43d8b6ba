package io.iftb.cache;

import io.iftb.cache.observe.CallObserver;
import io.iftb.cache.observe.CallOrigin;
import io.iftb.cache.observe.CallOutcome;
import io.iftb.cache.observe.ObservedCall;
import io.iftb.cache.redis.RedisConnection;
import io.iftb.cache.store.CacheBackend;
import io.iftb.cache.store.EntryFlights;
import io.iftb.cache.store.EntryFlights.Landing;
import io.iftb.cache.store.EntryFlights.Load;
import io.iftb.cache.store.EntryStore.Condition;
import io.iftb.cache.store.NearReads;
import io.iftb.cache.store.OutageStore;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.Future;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Reads and writes the values of one cache, with the lifetimes of its expiry, blocking and async.
 *
 * @param calls observes the calls
 */
record TypedEntries<K, V>(RedisConnection redis, CacheBackend<K, V> cache, CallObserver calls) {

    private static final String COMPUTE = "computeIfAbsent";

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
        if (near == null) {
            return null;
        }
        ObservedCall call = calls.begin("get", key);
        V held = near.get(key);
        if (held != null) {
            cache.counted(true);
            if (call != null) {
                call.ended(CallOutcome.HIT, CallOrigin.NEAR);
            }
        }
        return held;
    }

    private CompletableFuture<Optional<V>> read(K key) {
        ObservedCall call = calls.begin("get", key);
        return call == null
                ? sent(key)
                : call.endingWith(sent(key), found -> CallOutcome.found(found.isPresent()), found -> CallOrigin.SERVER);
    }

    private CompletableFuture<Optional<V>> sent(K key) {
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
        CompletableFuture<Void> written = written(key, value);
        return call == null ? written : call.endingWith(written, done -> CallOutcome.DONE, done -> CallOrigin.SERVER);
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

    /** The value that is there, or that one caller of all JVMs computes, in its own thread. */
    Computed<V> computeIfAbsent(K key, Supplier<? extends V> code) {
        Optional<V> there = get(key);
        if (there.isPresent()) {
            return new Computed<>(there.get(), Origin.HIT);
        }
        ObservedCall call = calls.begin(COMPUTE, key);
        if (call == null) {
            return computeOnce(key, code);
        }
        try {
            Computed<V> computed = computeOnce(key, code);
            call.ended(CallOutcome.DONE, computed.origin().told());
            return computed;
        } catch (RuntimeException | Error e) {
            call.failed(e);
            throw e;
        }
    }

    private Computed<V> computeOnce(K key, Supplier<? extends V> code) {
        CallerThread caller = new CallerThread(redis.completions());
        CompletableFuture<Landing> landing = flights()
                .getOrLoad(load(
                        key,
                        () -> CompletableFuture.completedFuture(cache.codec().encode(value(key, code.get()))),
                        caller));
        return computed(key, caller.await(landing), () -> {
            V value = value(key, code.get());
            put(key, value);
            return value;
        });
    }

    /** Like {@link #computeIfAbsent}. */
    CompletableFuture<Computed<V>> computeIfAbsentAsync(K key, Supplier<? extends CompletionStage<? extends V>> code) {
        CompletableFuture<Computed<V>> result = new CompletableFuture<>();
        var unused = getAsync(key).whenComplete((there, error) -> {
            if (error != null) {
                result.completeExceptionally(error);
            } else if (there.isPresent()) {
                result.complete(new Computed<>(there.get(), Origin.HIT));
            } else if (!result.isDone()) {
                fly(key, code, result);
            }
        });
        return result;
    }

    private void fly(
            K key, Supplier<? extends CompletionStage<? extends V>> code, CompletableFuture<Computed<V>> result) {
        ObservedCall call = calls.begin(COMPUTE, key);
        if (call != null) {
            var unusedCall = call.endingWith(
                    result, done -> CallOutcome.DONE, done -> done.origin().told());
        }
        CompletableFuture<Landing> landing =
                flights().getOrLoad(load(key, () -> bytes(key, code), redis.completions()));
        var unused = result.whenComplete((done, error) -> landing.cancel(false));
        var unusedToo = landing.whenCompleteAsync(
                (landed, error) -> {
                    if (error != null) {
                        result.completeExceptionally(error);
                        return;
                    }
                    try {
                        V value = decoded(key, landed);
                        if (value != null) {
                            result.complete(computed(value, landed));
                        } else {
                            replace(key, code, result);
                        }
                    } catch (RuntimeException e) {
                        result.completeExceptionally(e);
                    }
                },
                redis.completions());
    }

    /** What is there cannot be read: it is computed and replaced, as by a caller without a flight. */
    private void replace(
            K key, Supplier<? extends CompletionStage<? extends V>> code, CompletableFuture<Computed<V>> result) {
        var unused = computeAsync(key, code).whenComplete((value, error) -> {
            if (error == null) {
                result.complete(new Computed<>(value, Origin.COMPUTED));
            } else {
                result.completeExceptionally(error);
            }
        });
    }

    /** Computes and puts, whatever is there. */
    CompletableFuture<V> computeAsync(K key, Supplier<? extends CompletionStage<? extends V>> code) {
        CompletionStage<? extends V> stage = Objects.requireNonNull(code.get(), "stage");
        return stage.<V>thenApply(value -> value(key, value))
                .toCompletableFuture()
                .thenCompose(value -> putAsync(key, value).thenApply(done -> value));
    }

    private CompletionStage<byte @Nullable []> bytes(K key, Supplier<? extends CompletionStage<? extends V>> code) {
        CompletionStage<? extends V> stage = Objects.requireNonNull(code.get(), "stage");
        CompletableFuture<byte @Nullable []> bytes = new CompletableFuture<>();
        var unused = stage.whenComplete((value, error) -> {
            try {
                if (error != null) {
                    bytes.completeExceptionally(error);
                } else {
                    bytes.complete(cache.codec().encode(value(key, value)));
                }
            } catch (RuntimeException e) {
                bytes.completeExceptionally(e);
            }
        });
        var unusedToo = bytes.whenComplete((done, error) -> {
            if (bytes.isCancelled() && stage instanceof Future<?> future) {
                future.cancel(true);
            }
        });
        return bytes;
    }

    private static <K, V> V value(K key, @Nullable V value) {
        return Objects.requireNonNull(value, () -> "the code for entry " + key + " gave null; let it throw instead");
    }

    private Load<K> load(K key, Supplier<CompletionStage<byte @Nullable []>> code, Executor executor) {
        return new Load<>(key, cache.lifetimes().creation(), cache.access(), code, executor);
    }

    private EntryFlights<K> flights() {
        return Objects.requireNonNull(cache.flights(), "flights");
    }

    private Computed<V> computed(K key, Landing landing, Supplier<V> instead) {
        V value = decoded(key, landing);
        return value == null ? new Computed<>(instead.get(), Origin.COMPUTED) : computed(value, landing);
    }

    private Computed<V> computed(V value, Landing landing) {
        return new Computed<>(value, landing.isComputed() ? Origin.COMPUTED : Origin.OTHER_CALLER);
    }

    private @Nullable V decoded(K key, Landing landing) {
        return cache.decode(key, landing.value());
    }

    /** Where a value comes from. */
    enum Origin {
        /** it was there */
        HIT,
        /** another caller has computed it meanwhile */
        OTHER_CALLER,
        /** the code of this caller */
        COMPUTED;

        private CallOrigin told() {
            return this == COMPUTED ? CallOrigin.SOURCE : CallOrigin.SERVER;
        }
    }

    /** A value, and where it comes from. */
    record Computed<V>(V value, Origin origin) {}
}
