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
            compute(key, found == null ? 0 : ANY_AGE, code, executor, timeout, null, result);
            return;
        }
        State state = freshness.of(found.ttl());
        boolean isGivenAnyway = freshness.isGivenIfLoadFails(found.ttl());
        if (state == State.OLD && isGivenAnyway && freshness.hasJustFailed(redisKey(key))) {
            cache.counted(true);
            give(value, result);
            return;
        }
        if (state == State.OLD) {
            cache.counted(false);
            Duration limit = isGivenAnyway ? softTimeout : timeout;
            compute(key, Math.max(1, found.ttl()), code, executor, limit, isGivenAnyway ? value : null, result);
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

    private void refresh(K key, long ttl, Code code, Executor executor) {
        var unused = flight(key, Math.max(1, ttl), code, executor).whenComplete((landing, error) -> {
            if (error != null) {
                failed(key, error);
            } else if (landing.isComputed()) {
                freshness.refreshed();
            }
        });
    }

    /** @param old what is given if it fails or takes too long; null for nothing */
    private void compute(
            K key,
            long anew,
            Code code,
            Executor executor,
            @Nullable Duration limit,
            @Nullable V old,
            CompletableFuture<Computed<V>> result) {
        CompletableFuture<Landing> landing = flight(key, anew, code, executor);
        var unusedCancel = result.whenComplete((done, error) -> {
            if (result.isCancelled()) {
                landing.cancel(false);
            }
        });
        var unused = landing.whenCompleteAsync(
                (landed, error) -> ComputedEntries.failing(result, () -> land(key, landed, error, old, result)),
                entries.redis().completions());
        if (limit != null) {
            limit(key, limit, old, result);
        }
    }

    private void land(
            K key,
            @Nullable Landing landed,
            @Nullable Throwable error,
            @Nullable V old,
            CompletableFuture<Computed<V>> result) {
        V value = landed == null ? null : computed.decoded(key, landed);
        if (landed != null && value != null) {
            result.complete(computed.computed(value, landed));
        } else if (old != null) {
            failed(key, error == null ? new IllegalStateException("unreadable") : error);
            give(old, result);
        } else if (error != null) {
            result.completeExceptionally(error);
        } else {
            result.completeExceptionally(new IllegalStateException("Cache '" + cache.name() + "': entry " + key
                    + " was computed elsewhere, and its value cannot be read here"));
        }
    }

    /** The computation goes on when the caller no longer waits. */
    private void limit(K key, Duration limit, @Nullable V old, CompletableFuture<Computed<V>> result) {
        CompletableFuture<@Nullable Void> over = new CompletableFuture<>();
        var unusedEnd = result.whenComplete((done, error) -> over.cancel(false)); // nothing of it outlives the call
        var unused = over.completeOnTimeout(null, limit.toNanos(), TimeUnit.NANOSECONDS)
                .thenRunAsync(
                        () -> {
                            if (old != null) {
                                freshness.late();
                                give(old, result);
                            } else {
                                result.completeExceptionally(
                                        new TimeoutException(
                                                "Cache '" + cache.name()
                                                        + "': the code has not computed entry " + key + " within "
                                                        + limit
                                                        + "; it goes on, and its value is stored; make it faster, or raise load-timeout"));
                            }
                        },
                        entries.redis().completions());
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
