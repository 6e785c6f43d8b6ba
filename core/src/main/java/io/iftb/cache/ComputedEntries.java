package io.iftb.cache;

import io.iftb.cache.observe.CallOrigin;
import io.iftb.cache.observe.CallOutcome;
import io.iftb.cache.observe.ObservedCall;
import io.iftb.cache.store.CacheBackend;
import io.iftb.cache.store.EntryFlights;
import io.iftb.cache.store.EntryFlights.Landing;
import io.iftb.cache.store.EntryFlights.Load;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.Future;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Entries of one cache that one caller of all JVMs computes if they are not there.
 *
 * @param entries the same entries, read and written
 */
record ComputedEntries<K, V>(TypedEntries<K, V> entries) {

    private static final String COMPUTE = "computeIfAbsent";

    private CacheBackend<K, V> cache() {
        return entries.cache();
    }

    /** The value that is there, or that one caller of all JVMs computes, in its own thread. */
    Computed<V> computeIfAbsent(K key, Supplier<? extends V> code) {
        V held = entries.held(key);
        if (held != null) {
            return new Computed<>(held, Origin.HIT);
        }
        if (cache().freshness().options().areReadsSpecial()) {
            return new CallerThread(entries.redis().completions())
                    .await(fresh(key, () -> bytes(key, code), LoadThreads.ofCaller()));
        }
        Optional<V> there = entries.redis().await(entries.read(key));
        if (there.isPresent()) {
            return new Computed<>(there.get(), Origin.HIT);
        }
        ObservedCall call = entries.calls().begin(COMPUTE, key);
        if (call == null) {
            return computeOnce(key, code);
        }
        Computed<V> computed = call.attempt(() -> computeOnce(key, code));
        call.ended(CallOutcome.DONE, computed.origin().told());
        return computed;
    }

    private CompletableFuture<Computed<V>> fresh(K key, FreshEntries.Code code, Executor executor) {
        ObservedCall call = entries.calls().begin(COMPUTE, key);
        return call == null
                ? new FreshEntries<>(this).computeIfAbsent(key, code, executor)
                : call.endingWith(
                        call.attempt(() -> new FreshEntries<>(this).computeIfAbsent(key, code, executor)),
                        done -> CallOutcome.DONE,
                        done -> done.origin().told());
    }

    private Computed<V> computeOnce(K key, Supplier<? extends V> code) {
        CallerThread caller = new CallerThread(entries.redis().completions());
        CompletableFuture<Landing> landing = flights().getOrLoad(load(key, () -> bytes(key, code), caller));
        return computed(key, caller.await(landing), () -> {
            V value = value(key, code.get());
            entries.put(key, value);
            return value;
        });
    }

    /** Like {@link #computeIfAbsent}. */
    CompletableFuture<Computed<V>> computeIfAbsentAsync(K key, Supplier<? extends CompletionStage<? extends V>> code) {
        V held = entries.held(key);
        if (held != null) {
            return CompletableFuture.completedFuture(new Computed<>(held, Origin.HIT));
        }
        if (cache().freshness().options().areReadsSpecial()) {
            return fresh(key, () -> stageBytes(key, code), entries.redis().completions());
        }
        CompletableFuture<Computed<V>> result = new CompletableFuture<>();
        var unused = entries.redis().handOver(entries.read(key)).whenComplete((there, error) -> {
            if (error != null) {
                result.completeExceptionally(error);
            } else if (there.isPresent()) {
                result.complete(new Computed<>(there.get(), Origin.HIT));
            } else if (!result.isDone()) {
                failing(result, () -> fly(key, code, result));
            }
        });
        return result;
    }

    /** Does what completes a result, or fails it. An error too must not leave others waiting. */
    static void failing(CompletableFuture<?> result, Runnable step) {
        try {
            step.run();
        } catch (RuntimeException | Error e) {
            result.completeExceptionally(e);
        }
    }

    private void fly(
            K key, Supplier<? extends CompletionStage<? extends V>> code, CompletableFuture<Computed<V>> result) {
        ObservedCall call = entries.calls().begin(COMPUTE, key);
        if (call != null) {
            var unusedCall = call.endingWith(
                    result, done -> CallOutcome.DONE, done -> done.origin().told());
        }
        CompletableFuture<Landing> landing = flights()
                .getOrLoad(
                        load(key, () -> stageBytes(key, code), entries.redis().completions()));
        var unused = result.whenComplete((done, error) -> landing.cancel(false));
        var unusedToo = landing.whenCompleteAsync(
                (landed, error) -> {
                    if (error != null) {
                        result.completeExceptionally(error);
                    } else {
                        failing(result, () -> land(key, landed, code, result));
                    }
                },
                entries.redis().completions());
    }

    private void land(
            K key,
            Landing landed,
            Supplier<? extends CompletionStage<? extends V>> code,
            CompletableFuture<Computed<V>> result) {
        V value = decoded(key, landed);
        if (value != null) {
            result.complete(computed(value, landed));
        } else {
            replace(key, code, result);
        }
    }

    /** What is there cannot be read: it is computed and replaced, as by a caller without a flight. */
    void replace(K key, Supplier<? extends CompletionStage<? extends V>> code, CompletableFuture<Computed<V>> result) {
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
        try {
            CompletionStage<? extends V> stage = Objects.requireNonNull(code.get(), "stage");
            return stage.<V>thenApply(value -> value(key, value))
                    .toCompletableFuture()
                    .thenCompose(value -> entries.putAsync(key, value).thenApply(done -> value));
        } catch (RuntimeException e) { // of the code
            return CompletableFuture.failedFuture(e);
        }
    }

    private CompletionStage<byte @Nullable []> bytes(K key, Supplier<? extends V> code) {
        return CompletableFuture.completedFuture(cache().codec().encode(value(key, code.get())));
    }

    private CompletionStage<byte @Nullable []> stageBytes(
            K key, Supplier<? extends CompletionStage<? extends V>> code) {
        CompletionStage<? extends V> stage = Objects.requireNonNull(code.get(), "stage");
        CompletableFuture<byte @Nullable []> bytes = new CompletableFuture<>();
        var unused = stage.whenComplete((value, error) -> {
            if (error != null) {
                bytes.completeExceptionally(error);
            } else {
                failing(bytes, () -> bytes.complete(cache().codec().encode(value(key, value))));
            }
        });
        var unusedToo = bytes.whenComplete((done, error) -> {
            if (bytes.isCancelled() && stage instanceof Future<?> future) {
                future.cancel(true);
            }
        });
        return bytes;
    }

    static <K, V> V value(K key, @Nullable V value) {
        return Objects.requireNonNull(value, () -> "the code for entry " + key + " gave null; let it throw instead");
    }

    private Load<K> load(K key, Supplier<CompletionStage<byte @Nullable []>> code, Executor executor) {
        return new Load<>(key, cache().lifetimes().creation(), cache().access(), 0, code, executor);
    }

    private EntryFlights<K> flights() {
        return Objects.requireNonNull(cache().flights(), "flights");
    }

    private Computed<V> computed(K key, Landing landing, Supplier<V> instead) {
        V value = decoded(key, landing);
        return value == null ? new Computed<>(instead.get(), Origin.COMPUTED) : computed(value, landing);
    }

    Computed<V> computed(V value, Landing landing) {
        return new Computed<>(value, landing.isComputed() ? Origin.COMPUTED : Origin.OTHER_CALLER);
    }

    @Nullable
    V decoded(K key, Landing landing) {
        return cache().decode(key, landing.value());
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
