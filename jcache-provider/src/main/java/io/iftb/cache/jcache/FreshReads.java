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
import java.util.concurrent.TimeUnit;
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
            return found.isHeld() ? held(value, start) : there(key, value, found.ttl(), start);
        }
        observers.statistics().lookups(0, 1, Statistics.since(start));
        return loaded(key, loads.begin(key, found == null ? 0 : ANY_AGE), System.nanoTime());
    }

    private CompletableFuture<@Nullable TimedValue> read(K key) {
        NearReads<K, V> near = backend.near();
        return near == null ? backend.store().getWithTtl(key) : near.readTimed(key);
    }

    /** The server could not be asked. */
    private DatedValue<V> held(V value, long start) {
        observers.statistics().lookups(1, 0, Statistics.since(start));
        return new DatedValue<>(value, Origin.NEAR, null);
    }

    private @Nullable DatedValue<V> there(K key, V value, long ttl, long start) {
        State state = freshness.of(ttl);
        if (state == State.OLD) {
            return old(key, old(key, value, ttl), start, System.nanoTime());
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

    /** An entry that is given out only if loading it fails, or takes too long, and that load; null if it has just failed. */
    private record Old<V>(
            V value, long readTtl, long readNanos, @Nullable CompletableFuture<byte @Nullable []> load) {

        /** What is left of its lifetime now. */
        long ttl() {
            return readTtl - TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - readNanos);
        }
    }

    private Old<V> old(K key, V value, long ttl) {
        boolean isGivenAtOnce = freshness.isGivenIfLoadFails(ttl) && loads.hasJustFailed(key);
        return new Old<>(value, ttl, System.nanoTime(), isGivenAtOnce ? null : loads.begin(key, Math.max(1, ttl)));
    }

    /** @param since from when on it waits, by {@link System#nanoTime} */
    private @Nullable DatedValue<V> old(K key, Old<V> old, long start, long since) {
        CompletableFuture<byte @Nullable []> load = old.load();
        if (load == null) {
            return given(old.value(), old.ttl(), start);
        }
        if (!freshness.isGivenIfLoadFails(old.ttl())) {
            observers.statistics().lookups(0, 1, Statistics.since(start));
            return loaded(key, load, since);
        }
        try {
            byte[] bytes = loads.await(key, load, softTimeout, since);
            observers.statistics().lookups(0, 1, Statistics.since(start));
            return dated(key, bytes);
        } catch (LoadTimeoutException e) {
            if (freshness.isGivenIfLoadFails(old.ttl())) {
                freshness.late();
                return given(old.value(), old.ttl(), start);
            }
            observers.statistics().lookups(0, 1, Statistics.since(start));
            return loaded(key, load, since); // what there was is too old now
        } catch (RuntimeException | Error e) {
            boolean failed = load.isCompletedExceptionally(); // else this reader was interrupted, and the load goes on
            if (failed) {
                loads.failed(key, e);
            }
            if (failed && freshness.isGivenIfLoadFails(old.ttl())) {
                return given(old.value(), old.ttl(), start);
            }
            observers.statistics().lookups(0, 1, Statistics.since(start));
            throw e;
        }
    }

    private @Nullable DatedValue<V> loaded(K key, CompletableFuture<byte @Nullable []> load, long since) {
        return dated(key, loads.await(key, load, timeout, since));
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
        Map<K, Old<V>> old = new LinkedHashMap<>();
        reads.forEach((key, read) -> {
            TimedValue found = replies.await(read);
            V value = found == null ? null : backend.decode(key, found.value());
            if (value == null || found == null) {
                missing.add(key);
                return;
            }
            State state = freshness.of(found.ttl());
            if (state == State.OLD) {
                old.put(key, old(key, value, found.ttl())); // all are loaded at the same time
            } else {
                if (state == State.DUE) {
                    loads.refresh(key, found.ttl());
                }
                values.put(key, value);
            }
        });
        observers.statistics().lookups(values.size(), missing.size(), Statistics.since(start));
        values.putAll(loaded(missing, old, start));
        Map<K, V> ordered = new LinkedHashMap<>();
        keys.stream().filter(values::containsKey).forEach(key -> ordered.put(key, values.get(key)));
        return ordered;
    }

    /** All wait from now on, so that a slow loader costs its time once. */
    private Map<K, V> loaded(Set<K> missing, Map<K, Old<V>> old, long start) {
        CompletableFuture<Map<K, V>> together = missing.isEmpty()
                ? CompletableFuture.completedFuture(Map.of())
                : loads.together(missing, () -> flight.getAll(missing, Map.of(), readThrough));
        long since = System.nanoTime();
        Map<K, V> values = new LinkedHashMap<>();
        old.forEach((key, each) -> put(values, key, old(key, each, start, since)));
        values.putAll(loads.await("the missing entries", together, timeout, since));
        return values;
    }

    private static <K, V> void put(Map<K, V> values, K key, @Nullable DatedValue<V> dated) {
        if (dated != null) {
            values.put(key, dated.value());
        }
    }
}
