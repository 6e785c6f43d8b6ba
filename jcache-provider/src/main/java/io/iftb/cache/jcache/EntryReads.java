package io.iftb.cache.jcache;

import io.iftb.cache.jcache.management.Statistics;
import io.iftb.cache.observe.CallOrigin;
import io.iftb.cache.observe.CallOutcome;
import io.iftb.cache.observe.ObservedCall;
import io.iftb.cache.store.CacheBackend;
import io.iftb.cache.store.DatedValue;
import io.iftb.cache.store.DatedValue.Origin;
import io.iftb.cache.store.EntryStore.TimedValue;
import io.iftb.cache.store.Lifetimes;
import io.iftb.cache.store.NearReads;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The reads of a cache that its JVM does not answer: they ask the server, and get what is missing from the loader or from another
 * caller that computes it.
 */
final class EntryReads<K, V> implements AutoCloseable {

    private final CacheBackend<K, V> backend;
    private final SingleCommandExecutor<K, V> executor;
    private final @Nullable PolicyReads<K, V> policyReads;
    private final ReadThrough<K, V> readThrough;
    private final @Nullable SingleFlight<K> flight;
    private final @Nullable FreshReads<K, V> freshReads;
    private final ReplyAwaiter replies;
    private final CacheObservers<K, V> observers;

    EntryReads(
            CacheBackend<K, V> backend,
            SingleCommandExecutor<K, V> executor,
            @Nullable PolicyReads<K, V> policyReads,
            ReadThrough<K, V> readThrough,
            @Nullable SingleFlight<K> flight,
            @Nullable FreshReads<K, V> freshReads,
            ReplyAwaiter replies,
            CacheObservers<K, V> observers) {
        this.backend = backend;
        this.executor = executor;
        this.policyReads = policyReads;
        this.readThrough = readThrough;
        this.flight = flight;
        this.freshReads = freshReads;
        this.replies = replies;
        this.observers = observers;
    }

    /** The value of an entry that this JVM does not hold; null if there is none. */
    @Nullable
    V get(K key) {
        FreshReads<K, V> fresh = freshReads;
        if (fresh != null) {
            DatedValue<V> dated = fresh(fresh, key);
            return dated == null ? null : dated.value();
        }
        V value = there(key);
        return value == null ? missed(key) : value;
    }

    private @Nullable V there(K key) {
        PolicyReads<K, V> asking = policyReads;
        return asking != null && asking.isUsable() ? asking.get(key) : executor.run(key, Operation.get());
    }

    /** What a read gives that may change the lifetime of the entry, so that its age is not known then. */
    private @Nullable DatedValue<V> accessed(K key) {
        PolicyReads<K, V> asking = policyReads;
        if (asking != null && asking.isUsable()) {
            ObservedCall call = begin(key);
            return call == null ? asking.getDated(key) : ended(call, call.attempt(() -> asking.getDated(key)));
        }
        V value = executor.run(key, Operation.get());
        return value == null ? null : new DatedValue<>(value, Origin.SERVER, null);
    }

    private @Nullable V missed(K key) {
        SingleFlight<K> alone = flight;
        if (alone == null) {
            return readThrough.isReadThrough() ? readThrough.get(key) : null;
        }
        if (readThrough.isReadThrough()) {
            return alone.call(key, () -> readThrough.get(key));
        }
        return alone.isThereAfterWaiting(key)
                ? backend.decode(key, replies.await(backend.store().get(key, Lifetimes.KEEP)))
                : null;
    }

    /** The entries of keys that have one, in the order of the keys. */
    Map<K, V> getAll(Set<K> keys) {
        FreshReads<K, V> fresh = freshReads;
        if (fresh != null) {
            ObservedCall call = observers.calls().begin("getAll", keys);
            if (call == null) {
                return fresh.getAll(keys);
            }
            Map<K, V> values = call.attempt(() -> fresh.getAll(keys));
            call.ended(CallOutcome.found(!values.isEmpty()), CallOrigin.SERVER);
            return values;
        }
        Map<K, V> found = executor.getAll(keys);
        if (found.size() == keys.size() || !readThrough.isReadThrough()) {
            return found;
        }
        SingleFlight<K> alone = flight;
        return alone == null ? readThrough.getAll(keys, found) : alone.getAll(keys, found, readThrough);
    }

    /** Like {@link #get}, also of what this JVM holds, with its origin and age. */
    @Nullable
    DatedValue<V> getDated(K key) {
        long start = observers.statistics().start();
        boolean changesLifetime = policyReads != null || !executor.isAccessFree();
        NearReads<K, V> near = changesLifetime ? null : backend.near(); // else a policy is asked first
        NearReads.HeldValue<V> held = near == null ? null : near.held(key);
        if (held != null) {
            observers.statistics().lookups(1, 0, Statistics.since(start));
            observers.calls().hit(OperationKind.GET.method(), key);
            return new DatedValue<>(held.value(), Origin.NEAR, age(held.ttl()));
        }
        FreshReads<K, V> fresh = freshReads;
        if (fresh != null) {
            return fresh(fresh, key);
        }
        DatedValue<V> found = changesLifetime ? accessed(key) : read(key, start);
        if (found != null) {
            return found;
        }
        V computed = missed(key);
        return computed == null ? null : new DatedValue<>(computed, Origin.SOURCE, Duration.ZERO);
    }

    private @Nullable DatedValue<V> fresh(FreshReads<K, V> fresh, K key) {
        ObservedCall call = begin(key);
        return call == null ? fresh.get(key) : ended(call, call.attempt(() -> fresh.get(key)));
    }

    private @Nullable DatedValue<V> read(K key, long start) {
        ObservedCall call = begin(key);
        return call == null ? readNow(key, start) : ended(call, call.attempt(() -> readNow(key, start)));
    }

    private @Nullable DatedValue<V> readNow(K key, long start) {
        NearReads<K, V> near = backend.near();
        TimedValue found =
                replies.await(replies.call(() -> near == null ? backend.store().getWithTtl(key) : near.readTimed(key)));
        V value = found == null ? null : backend.decode(key, found.value());
        int hits = value == null ? 0 : 1;
        observers.statistics().lookups(hits, 1 - hits, Statistics.since(start));
        return found == null || value == null
                ? null
                : new DatedValue<>(value, found.isHeld() ? Origin.NEAR : Origin.SERVER, age(found.ttl()));
    }

    private @Nullable ObservedCall begin(K key) {
        return observers.calls().begin(OperationKind.GET.method(), key);
    }

    private @Nullable DatedValue<V> ended(ObservedCall call, @Nullable DatedValue<V> found) {
        call.ended(CallOutcome.found(found), found == null ? CallOrigin.SERVER : told(found.origin()));
        return found;
    }

    private static CallOrigin told(Origin origin) {
        return switch (origin) {
            case NEAR -> CallOrigin.NEAR;
            case SERVER, STALE -> CallOrigin.SERVER;
            case SOURCE -> CallOrigin.SOURCE;
        };
    }

    private @Nullable Duration age(long ttl) {
        return backend.freshness().age(ttl);
    }

    /** Waits for the loads that have begun. */
    @Override
    public void close() {
        readThrough.close();
    }
}
