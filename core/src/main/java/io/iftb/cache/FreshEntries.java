package io.iftb.cache;

import io.iftb.cache.ComputedEntries.Computed;
import io.iftb.cache.ComputedEntries.Origin;
import io.iftb.cache.settings.FreshnessOptions;
import io.iftb.cache.store.CacheBackend;
import io.iftb.cache.store.EntryFlights;
import io.iftb.cache.store.EntryFlights.Landing;
import io.iftb.cache.store.EntryFlights.Load;
import io.iftb.cache.store.EntryFreshness;
import io.iftb.cache.store.EntryFreshness.State;
import io.iftb.cache.store.EntryStore.TimedValue;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Computations of entries that are kept fresh, as the {@link FreshnessOptions} of their cache say: what is old is given while
 * it is computed anew, or if that fails or takes too long.
 */
final class FreshEntries<K, V> {

    private static final Logger LOG = LoggerFactory.getLogger(FreshEntries.class);

    /** More than any entry has left of its lifetime, unless that is for ever. */
    private static final long ANY_AGE = Long.MAX_VALUE >> 10;

    private final ComputedEntries<K, V> computed;
    private final TypedEntries<K, V> entries;
    private final CacheBackend<K, V> cache;
    private final EntryFreshness freshness;
    private final @Nullable Duration timeout;
    private final @Nullable Duration softTimeout;

    FreshEntries(ComputedEntries<K, V> computed) {
        this.computed = computed;
        this.entries = computed.entries();
        this.cache = entries.cache();
        this.freshness = cache.freshness();
        FreshnessOptions options = freshness.options();
        this.timeout = options.timeout();
        this.softTimeout = options.softTimeout() == null ? timeout : options.softTimeout();
    }

    /** A value that is given only if computing it anew fails or takes too long, and what was left of its time. */
    private record Old<V>(V value, long ttl, long readNanos) {

        /** Whether it may still be given. */
        boolean isGiven(EntryFreshness freshness) {
            return freshness.isGivenIfLoadFails(ttl - TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - readNanos));
        }
    }

    /** What computes the bytes of a value. */
    interface Code extends Supplier<CompletionStage<byte @Nullable []>> {}

    /**
     * The value that is there, or that one caller of all JVMs computes.
     *
     * @param executor runs the code
     */
    CompletableFuture<Computed<V>> computeIfAbsent(K key, Code code, Executor executor) {
        CompletableFuture<Computed<V>> result = new CompletableFuture<>();
        var unused = entries.timed(key)
                .whenCompleteAsync(
                        (found, error) -> {
                            if (error != null) {
                                result.completeExceptionally(error);
                            } else {
                                ComputedEntries.failing(result, () -> answer(key, found, code, executor, result));
                            }
                        },
                        entries.redis().completions());
        return result;
    }

    private void answer(
            K key, @Nullable TimedValue found, Code code, Executor executor, CompletableFuture<Computed<V>> result) {
        V value = found == null ? null : cache.decode(key, found.value());
        if (found == null || value == null) {
            cache.counted(false);
            compute(key, found == null ? 0 : ANY_AGE, code, executor, null, result);
            return;
        }
        State state = freshness.of(found.ttl());
        if (state == State.OLD && freshness.isGivenIfLoadFails(found.ttl()) && freshness.hasJustFailed(redisKey(key))) {
            cache.counted(true);
            give(value, result);
            return;
        }
        if (state == State.OLD) {
            cache.counted(false);
            Old<V> old = new Old<>(value, found.ttl(), System.nanoTime());
            compute(key, Math.max(1, found.ttl()), code, executor, old, result);
            return;
        }
        cache.counted(true);
        if (state == State.DUE && !freshness.hasJustFailed(redisKey(key))) {
            refresh(key, found.ttl(), code, executor);
        }
        if (freshness.isStale(found.ttl())) {
            freshness.gaveStale();
        }
        result.complete(new Computed<>(value, Origin.HIT));
    }

    private CompletableFuture<Landing> flight(K key, long anew, Code code, Executor executor) {
        return flights()
                .getOrLoad(new Load<>(
                        key, cache.lifetimes().creation(), cache.access(), anew, timed(key, code), executor));
    }

    private EntryFlights<K> flights() {
        return Objects.requireNonNull(cache.flights(), "flights");
    }

    private String redisKey(K key) {
        return flights().redisKey(key);
    }

    /** The same code, whose time is taken beside its stage: who cancels that cancels what the user gave. */
    private Code timed(K key, Code code) {
        return () -> {
            long start = System.nanoTime();
            CompletionStage<byte @Nullable []> bytes = code.get();
            var unused = bytes.whenComplete((done, error) -> {
                if (error == null) {
                    freshness.loaded(redisKey(key), System.nanoTime() - start);
                }
            });
            return bytes;
        };
    }

    /** Once, however many readers there are. */
    private void refresh(K key, long ttl, Code code, Executor executor) {
        if (flights().isUnderWay(key)) {
            return;
        }
        var unused = flight(key, Math.max(1, ttl), code, executor).whenComplete((landing, error) -> {
            if (error != null) {
                failed(key, error);
            } else if (landing.isComputed()) {
                freshness.refreshed();
            }
        });
    }

    /** @param old what there is beside; null for nothing */
    private void compute(
            K key,
            long anew,
            Code code,
            Executor executor,
            @Nullable Old<V> old,
            CompletableFuture<Computed<V>> result) {
        CompletableFuture<Landing> landing = flight(key, anew, code, executor);
        var unusedCancel = result.whenComplete((done, error) -> {
            if (result.isCancelled()) {
                landing.cancel(false);
            }
        });
        var unused = landing.whenCompleteAsync(
                (landed, error) -> ComputedEntries.failing(
                        result,
                        () -> land(key, landed, error, old, result, () -> replace(key, code, executor, result))),
                entries.redis().completions());
        Duration limit = old != null && old.isGiven(freshness) ? softTimeout : timeout;
        if (limit != null) {
            limit(key, limit, limit, old, result);
        }
    }

    /** @param replacing computes and replaces what cannot be read */
    private void land(
            K key,
            @Nullable Landing landed,
            @Nullable Throwable error,
            @Nullable Old<V> old,
            CompletableFuture<Computed<V>> result,
            Runnable replacing) {
        V value = landed == null ? null : computed.decoded(key, landed);
        if (landed != null && value != null) {
            result.complete(computed.computed(value, landed));
        } else if (old != null && old.isGiven(freshness)) {
            failed(key, error == null ? new IllegalStateException("unreadable") : error);
            give(old.value(), result);
        } else if (landed != null && !landed.isComputed()) {
            replacing.run();
        } else {
            result.completeExceptionally(error == null ? unreadable(key) : error);
        }
    }

    /** What is there, and may have no end, cannot be read. */
    private void replace(K key, Code code, Executor executor, CompletableFuture<Computed<V>> result) {
        executor.execute(() -> ComputedEntries.failing(
                result,
                () -> computed.replace(
                        key, () -> timed(key, code).get().thenApply(bytes -> readable(key, bytes)), result)));
    }

    private V readable(K key, byte @Nullable [] bytes) {
        V value = cache.decode(key, bytes);
        if (value == null) {
            throw unreadable(key);
        }
        return value;
    }

    private IllegalStateException unreadable(K key) {
        return new IllegalStateException("Cache '" + cache.name() + "': entry " + key
                + " was computed, and its value cannot be read here; see the log for why");
    }

    /**
     * The computation goes on when the caller no longer waits.
     *
     * @param after when the caller is to get what there is
     * @param waited how long it has waited then
     */
    private void limit(
            K key, Duration after, Duration waited, @Nullable Old<V> old, CompletableFuture<Computed<V>> result) {
        CompletableFuture<@Nullable Void> over = new CompletableFuture<>();
        var unusedEnd = result.whenComplete((done, error) -> over.cancel(false)); // nothing of it outlives the call
        var unused = over.completeOnTimeout(null, after.toNanos(), TimeUnit.NANOSECONDS)
                .thenRunAsync(
                        () -> end(key, waited, old, result), entries.redis().completions());
    }

    private void end(K key, Duration waited, @Nullable Old<V> old, CompletableFuture<Computed<V>> result) {
        if (old != null && old.isGiven(freshness)) {
            freshness.late();
            give(old.value(), result);
        } else if (timeout == null) {
            return; // it waits for the end
        } else if (waited.compareTo(timeout) < 0) { // what it could have got is too old now
            limit(key, timeout.minus(waited), timeout, null, result);
        } else {
            result.completeExceptionally(new TimeoutException("Cache '" + cache.name()
                    + "': the code has not computed entry " + key + " within " + waited
                    + "; it goes on, and its value is stored; make it faster, or raise load-timeout"));
        }
    }

    private void give(V old, CompletableFuture<Computed<V>> result) {
        if (result.complete(new Computed<>(old, Origin.HIT))) {
            freshness.gaveStale();
        }
    }

    private void failed(K key, Throwable why) {
        if (freshness.failed(redisKey(key))) {
            LOG.warn("Entry {} of cache '{}' could not be computed anew: {}", key, cache.name(), why.toString());
        }
    }
}
