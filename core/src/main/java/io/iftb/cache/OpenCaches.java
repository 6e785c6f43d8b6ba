package io.iftb.cache;

import io.iftb.cache.market.DomainCache;
import io.iftb.cache.settings.CacheOptions;
import io.iftb.cache.settings.CacheSettings;
import io.iftb.cache.settings.OnUnavailable;
import io.iftb.cache.store.CacheBackend;
import io.iftb.cache.store.CacheStores;
import io.iftb.cache.store.NearReads;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;

/** The caches that are open on one connection: those of market data, which always are, and any others. */
final class OpenCaches {

    private final CacheSettings settings;
    private final CacheStores stores;
    private final OpenParts parts;
    private final Map<DomainCache, CacheBackend<?, ?>> domain = new EnumMap<>(DomainCache.class);
    private final Map<CacheOptions<?, ?>, CacheBackend<?, ?>> otherAnswers = new ConcurrentHashMap<>();
    private final Map<String, CacheBackend<?, ?>> others = new ConcurrentHashMap<>();

    OpenCaches(CacheSettings settings, CacheStores stores, OpenParts parts) {
        this.settings = settings;
        this.stores = stores;
        this.parts = parts;
        for (DomainCache cache : DomainCache.values()) {
            CacheBackend<?, ?> opened =
                    stores.open(settings.options(cache.cacheName(), cache.keyType(), cache.valueType())
                            .answering(settings, OnUnavailable.MISS));
            domain.put(cache, opened);
            parts.opened(opened);
        }
    }

    /** See {@link MarketCaches#backend(CacheOptions)}. */
    <K, V> CacheBackend<K, V> backend(CacheOptions<K, V> given) {
        CacheOptions<K, V> options = given.answering(settings, OnUnavailable.FAIL);
        DomainCache named = DomainCache.named(options.name()).orElse(null);
        if (named != null) {
            CacheBackend<K, V> typed = typed(named);
            if (typed.options().equals(options)) {
                return typed;
            }
            if (typed.options()
                    .withOnUnavailable(options.onUnavailable())
                    .withStaleAge(options.staleAge())
                    .equals(options)) {
                return otherAnswer(typed, options);
            }
        }
        CacheBackend<K, V> cache = stores.open(options);
        CacheBackend<?, ?> before = others.put(options.name(), cache);
        if (before != null) {
            parts.closed(before);
        }
        parts.opened(cache);
        return cache;
    }

    /** A view of a domain cache that only does something else in an outage than the typed cache. */
    @SuppressWarnings("unchecked") // the options of a domain cache have its types
    private <K, V> CacheBackend<K, V> otherAnswer(CacheBackend<K, V> typed, CacheOptions<K, V> options) {
        return (CacheBackend<K, V>)
                otherAnswers.computeIfAbsent(options, of -> stores.open(options).withCounters(typed.counters()));
    }

    /** See {@link MarketCaches#release}. */
    void release(CacheBackend<?, ?> cache) {
        NearReads<?, ?> near = cache.near();
        if (others.remove(cache.name(), cache)) {
            parts.closed(cache);
            if (near != null) {
                near.dropAll();
            }
        }
    }

    CacheBackend<?, ?> domain(DomainCache cache) {
        return Objects.requireNonNull(domain.get(cache), cache.cacheName());
    }

    @SuppressWarnings("unchecked") // the options of a domain cache have its types
    <K, V> CacheBackend<K, V> typed(DomainCache cache) {
        return (CacheBackend<K, V>) domain(cache);
    }

    /** The names of all. */
    Set<String> names() {
        Set<String> names = new TreeSet<>(others.keySet());
        domain.values().forEach(cache -> names.add(cache.name()));
        return names;
    }

    /** All of them, those of market data first. */
    List<CacheBackend<?, ?>> all() {
        return Stream.concat(domain.values().stream(), others.values().stream()).toList();
    }
}
