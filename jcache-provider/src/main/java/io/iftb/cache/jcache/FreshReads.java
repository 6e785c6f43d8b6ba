package io.iftb.cache.jcache;

import io.iftb.cache.jcache.management.Statistics;
import io.iftb.cache.settings.FreshnessOptions;
import io.iftb.cache.store.CacheBackend;
import io.iftb.cache.store.DatedValue;
import io.iftb.cache.store.DatedValue.Origin;
import io.iftb.cache.store.EntryFreshness;
import io.iftb.cache.store.EntryFreshness.State;
import io.iftb.cache.store.EntryStore.TimedValue;
import io.iftb.cache.store.NearReads;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Reads of a cache with a loader that give what is fresh, have what is no longer so loaded anew, and load what is missing, as its
 * {@link FreshnessOptions} say. Loads run as tasks, so that a reader need not wait for their end.
 */
final class FreshReads<K, V> {

    /** More than any entry has left of its lifetime, unless that is for ever. */
    private static final long ANY_AGE = Long.MAX_VALUE >> 10;

    private final CacheBackend<K, V> backend;
    private final EntryFreshness freshness;
    private final ReplyAwaiter replies;
    private final CacheObservers<K, V> observers;
    private final SingleFlight<K> flight;
    private final ReadThrough<K, V> readThrough;
    private final BackgroundLoads<K, V> loads;
    private final Duration timeout;
    private final Duration softTimeout;

    private FreshReads(
            CacheBackend<K, V> backend,
            SingleFlight<K> flight,
            ReadThrough<K, V> readThrough,
            CompareAndSetExecutor<K, V> executor,
            ReplyAwaiter replies,
            CacheObservers<K, V> observers,
            Executor tasks,
            Duration userCode) {
        this.backend = backend;
        this.freshness = backend.freshness();
        this.replies = replies;
        this.observers = observers;
        this.flight = flight;
        this.readThrough = readThrough;
        this.loads = new BackgroundLoads<>(backend, flight, readThrough, executor, replies, tasks);
        FreshnessOptions options = freshness.options();
        this.timeout = options.timeout() == null ? userCode : options.timeout();
        this.softTimeout = options.softTimeout() == null ? timeout : options.softTimeout();
    }

    /** Those of a cache; null if it has no loader, or nothing of the kind is set. */
    static <K, V> @Nullable FreshReads<K, V> of(
            CacheBackend<K, V> backend,
            ReadThrough<K, V> readThrough,
            CompareAndSetExecutor<K, V> executor,
            ReplyAwaiter replies,
            CacheObservers<K, V> observers,
            Executor tasks,
            Duration userCode) {
        SingleFlight<K> loads = SingleFlight.ofLoads(backend);
        return loads == null
                        || !readThrough.isReadThrough()
                        || !backend.freshness().options().areReadsSpecial()
                ? null
                : new FreshReads<>(backend, loads, readThrough, executor, replies, observers, tasks, userCode);
    }

    /** The value of an entry that this JVM does not hold; null if the loader has none either. */
    @Nullable
    DatedValue<V> get(K key) {
        long start = observers.statistics().start();
        TimedValue found = replies.await(replies.call(() -> read(key)));
        V value = found == null ? null : backend.decode(key, found.value());
        if (value != null && found != null) {
            return there(key, value, found.ttl(), start);
        }
        observers.statistics().lookups(0, 1, Statistics.since(start));
        return loaded(key, loads.begin(key, found == null ? 0 : ANY_AGE));
    }

    private CompletableFuture<@Nullable TimedValue> read(K key) {
        NearReads<K, V> near = backend.near();
        return near == null ? backend.store().getWithTtl(key) : near.readTimed(key);
    }

    private @Nullable DatedValue<V> there(K key, V value, long ttl, long start) {
        State state = freshness.of(ttl);
        if (state == State.OLD) {
            return old(key, value, ttl, start);
        }
        if (state == State.DUE) {
            loads.refresh(key, ttl);
        }
        return given(value, ttl, start);
    }

    private DatedValue<V> given(V value, long ttl, long start) {
        observers.statistics().lookups(1, 0, Statistics.since(start));
        boolean isStale = freshness.isStale(ttl);
        if (isStale) {
            freshness.gaveStale();
        }
        return new DatedValue<>(value, isStale ? Origin.STALE : Origin.SERVER, freshness.age(ttl));
    }

    /** An entry that is given out only if loading it fails, or takes too long. */
    private @Nullable DatedValue<V> old(K key, V value, long ttl, long start) {
        boolean isGiven = freshness.isGivenIfLoadFails(ttl);
        if (isGiven && loads.hasJustFailed(key)) {
            return given(value, ttl, start);
        }
        CompletableFuture<byte @Nullable []> load = loads.begin(key, Math.max(1, ttl));
        if (!isGiven) {
            observers.statistics().lookups(0, 1, Statistics.since(start));
            return loaded(key, load);
        }
        try {
            byte[] bytes = loads.await(key, load, softTimeout);
            observers.statistics().lookups(0, 1, Statistics.since(start));
            return dated(key, bytes);
        } catch (LoadTimeoutException e) {
            freshness.late();
            return given(value, ttl, start);
        } catch (RuntimeException e) {
            loads.failed(key, e);
            return given(value, ttl, start);
        }
    }

    private @Nullable DatedValue<V> loaded(K key, CompletableFuture<byte @Nullable []> load) {
        return dated(key, loads.await(key, load, timeout));
    }

    private @Nullable DatedValue<V> dated(K key, byte @Nullable [] bytes) {
        V value = backend.decode(key, bytes);
        return value == null ? null : new DatedValue<>(value, Origin.SOURCE, Duration.ZERO);
    }

    /** The entries that are there or have been loaded, in the order of the keys. What is missing is loaded together. */
    Map<K, V> getAll(Set<K> keys) {
        long start = observers.statistics().start();
        Map<K, V> values = new LinkedHashMap<>();
        Map<K, CompletableFuture<@Nullable TimedValue>> reads = new LinkedHashMap<>();
        for (K key : keys) {
            V held = backend.near() == null ? null : backend.near().get(key);
            if (held == null) {
                reads.put(key, replies.call(() -> read(key)));
            } else {
                values.put(key, held);
            }
        }
        Set<K> missing = new LinkedHashSet<>();
        Map<K, Supplier<@Nullable DatedValue<V>>> old = new LinkedHashMap<>();
        reads.forEach((key, read) -> {
            TimedValue found = replies.await(read);
            V value = found == null ? null : backend.decode(key, found.value());
            if (value == null || found == null) {
                missing.add(key);
                return;
            }
            State state = freshness.of(found.ttl());
            if (state == State.OLD) {
                old.put(key, () -> old(key, value, found.ttl(), start));
                if (!loads.hasJustFailed(key)) {
                    var unused = loads.begin(key, Math.max(1, found.ttl())); // all at the same time
                }
            } else {
                if (state == State.DUE) {
                    loads.refresh(key, found.ttl());
                }
                values.put(key, value);
            }
        });
        observers.statistics().lookups(values.size(), missing.size(), Statistics.since(start));
        old.forEach((key, given) -> put(values, key, given.get()));
        if (!missing.isEmpty()) {
            values.putAll(loads.together(() -> flight.getAll(missing, Map.of(), readThrough), timeout));
        }
        Map<K, V> ordered = new LinkedHashMap<>();
        keys.stream().filter(values::containsKey).forEach(key -> ordered.put(key, values.get(key)));
        return ordered;
    }

    private static <K, V> void put(Map<K, V> values, K key, @Nullable DatedValue<V> dated) {
        if (dated != null) {
            values.put(key, dated.value());
        }
    }
}
