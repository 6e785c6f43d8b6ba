package io.iftb.cache.jcache;

import io.iftb.cache.jcache.management.Statistics;
import io.iftb.cache.observe.CallOrigin;
import io.iftb.cache.observe.CallOutcome;
import io.iftb.cache.observe.ObservedCall;
import io.iftb.cache.store.CacheBackend;
import io.iftb.cache.store.DatedValue;
import io.iftb.cache.store.DatedValue.Origin;
import io.iftb.cache.store.EntryStore;
import io.iftb.cache.store.Lifetimes;
import io.iftb.cache.store.NearReads;
import io.iftb.cache.store.OutageStore;
import org.jspecify.annotations.Nullable;

/**
 * Reads of a cache with a near cache and an expiry policy of the user. The policy is asked for each read of an entry; if it
 * wants another lifetime, only the server can do that. So a read that this JVM can answer sends nothing as long as the policy
 * answers null.
 */
final class PolicyReads<K, V> {

    private final CacheBackend<K, V> backend;
    private final NearReads<K, V> near;
    private final Expiry expiry;
    private final ReplyAwaiter replies;
    private final CacheObservers<K, V> observers;

    private PolicyReads(
            CacheBackend<K, V> backend,
            NearReads<K, V> near,
            Expiry expiry,
            ReplyAwaiter replies,
            CacheObservers<K, V> observers) {
        this.backend = backend;
        this.near = near;
        this.expiry = expiry;
        this.replies = replies;
        this.observers = observers;
    }

    /** Those of a cache; null if it has no near cache, or no policy that is asked. */
    static <K, V> @Nullable PolicyReads<K, V> of(
            CacheBackend<K, V> backend, Expiry expiry, ReplyAwaiter replies, CacheObservers<K, V> observers) {
        NearReads<K, V> near = backend.near();
        return near == null || expiry.constant() != null
                ? null
                : new PolicyReads<>(backend, near, expiry, replies, observers);
    }

    /** Whether they can be used: not with listeners, who are told if the policy lets an entry expire. */
    boolean isUsable() {
        return !observers.hasListeners();
    }

    /** The value of a key, counted; null if there is none. */
    @Nullable
    V get(K key) {
        long start = observers.statistics().start();
        ObservedCall call = observers.calls().begin(OperationKind.GET.method(), key);
        V held = near.get(key);
        if (call == null) {
            return read(key, held, start);
        }
        V value = call.attempt(() -> read(key, held, start));
        call.ended(CallOutcome.found(value), held == null ? CallOrigin.SERVER : CallOrigin.NEAR);
        return value;
    }

    private @Nullable V read(K key, @Nullable V held, long start) {
        V value = held == null ? backend.decode(key, replies.await(replies.call(() -> near.read(key)))) : held;
        if (value != null) {
            long access = expiry.access();
            value = access == Lifetimes.KEEP ? value : accessed(key, access, value);
        }
        int found = value == null ? 0 : 1;
        observers.statistics().lookups(found, 1 - found, Statistics.since(start));
        return value;
    }

    /** Like {@link #get}, with the origin and age. The caller observes it. */
    @Nullable
    DatedValue<V> getDated(K key) {
        long start = observers.statistics().start();
        NearReads.HeldValue<V> held = near.held(key);
        DatedValue<V> found = held == null
                ? there(key)
                : new DatedValue<>(
                        held.value(), Origin.NEAR, backend.freshness().age(held.ttl()));
        if (found != null) {
            long access = expiry.access();
            if (access != Lifetimes.KEEP) {
                V value = accessed(key, access, found.value());
                found = value == null ? null : new DatedValue<>(value, Origin.SERVER, null);
            }
        }
        int hits = found == null ? 0 : 1;
        observers.statistics().lookups(hits, 1 - hits, Statistics.since(start));
        return found;
    }

    private @Nullable DatedValue<V> there(K key) {
        EntryStore.TimedValue found = replies.await(replies.call(() -> near.readTimed(key)));
        V value = found == null ? null : backend.decode(key, found.value());
        return found == null || value == null
                ? null
                : new DatedValue<>(
                        value,
                        found.isHeld() ? Origin.NEAR : Origin.SERVER,
                        backend.freshness().age(found.ttl()));
    }

    /** Sets the lifetime. If the server cannot do that now, and the cache may answer without it, the value is the one in hand. */
    private @Nullable V accessed(K key, long access, V value) {
        OutageStore<K> outage = backend.outage();
        EntryStore<K> store = outage == null ? backend.store() : outage.exact();
        try {
            return backend.decode(key, replies.await(replies.call(() -> store.get(key, access))));
        } catch (RuntimeException e) {
            if (outage == null || !OutageStore.isOutage(e)) {
                throw e;
            }
            return value;
        }
    }
}
