package io.iftb.cache.settings;

import io.iftb.cache.market.DomainCache;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What one cache is: its name, its types, and what the settings say about it. Immutable.
 *
 * @param name the name of the cache
 * @param keyType the type of its keys
 * @param valueType the type of its values
 * @param namespace goes in front of its keys; null for the namespace of all caches
 * @param trusted names of classes that may be stored in it beside those of all caches, or packages as {@code com.acme.*}
 * @param expiry when its entries expire
 * @param remoteEvents whether its listeners receive the changes of other JVMs
 * @param near how it keeps values in this JVM; null if it keeps none
 * @param singleFlight whether a missing entry is computed once for all JVMs
 * @param freshness how fresh the reads are that load what is missing
 * @param onUnavailable what it does while its server is unavailable; null for what all caches do
 * @param staleAge how long ago it may have heard from the server when it answers in an outage; null for that of all caches
 * @param <K> the type of its keys
 * @param <V> the type of its values
 */
public record CacheOptions<K, V>(
        String name,
        Class<K> keyType,
        Class<V> valueType,
        @Nullable String namespace,
        List<String> trusted,
        CacheExpiry expiry,
        boolean remoteEvents,
        @Nullable NearOptions near,
        boolean singleFlight,
        FreshnessOptions freshness,
        @Nullable OnUnavailable onUnavailable,
        @Nullable Duration staleAge) {

    /** @throws IllegalArgumentException if the name is a domain cache's with other types, or settings contradict */
    public CacheOptions {
        Objects.requireNonNull(expiry, "expiry");
        trusted = List.copyOf(trusted);
        DomainCache domain = DomainCache.named(name).orElse(null);
        if (domain != null && !(keyType == domain.keyType() && valueType == domain.valueType())) {
            throw new IllegalArgumentException("cache '" + name + "' holds "
                    + domain.keyType().getName() + " → " + domain.valueType().getName() + ", not " + keyType.getName()
                    + " → " + valueType.getName() + "; use these types or another name");
        }
        if (near != null && !near.series().isEmpty() && domain != DomainCache.OHLCV) {
            throw new IllegalArgumentException("cache '" + name + "' has no series, so its near cache cannot be for "
                    + near.series() + "; leave them out");
        }
        if (domain == DomainCache.LLM && freshness.areReadsSpecial() && expiry.startsOnAccess()) {
            throw new IllegalArgumentException(
                    "cache '" + name + "' is to be kept fresh, but its expiry starts again with"
                            + " each read; use created, modified or close, or leave refresh-ahead and the like out");
        }
        if (freshness.refreshAhead() != null && expiry.bars() != null) {
            throw new IllegalArgumentException("entries of cache '" + name + "' end at the close of a bar, and so does"
                    + " what is loaded ahead of it; use stale-while-revalidate instead of refresh-ahead");
        }
        if (domain == DomainCache.OHLCV && expiry.bars() != null) {
            throw new IllegalArgumentException("cache '" + name
                    + "' counts the time of a bar from its write, so it cannot end at the close of one; use"
                    + " created or modified");
        }
        if (staleAge != null) {
            TimeText.requireAge("stale age of cache '" + name + "'", staleAge);
        }
    }

    /**
     * A cache with the defaults: a domain cache has its own lifetime after each write, the entries of any other are
     * eternal.
     *
     * @throws IllegalArgumentException if the name is that of a domain cache with other types
     */
    public static <K, V> CacheOptions<K, V> of(String name, Class<K> keyType, Class<V> valueType) {
        CacheExpiry expiry = DomainCache.named(name)
                .map(domain -> CacheExpiry.modified(domain.lifetime()))
                .orElse(CacheExpiry.ETERNAL);
        return new CacheOptions<>(
                name,
                keyType,
                valueType,
                null,
                List.of(),
                expiry,
                false,
                null,
                false,
                FreshnessOptions.NONE,
                null,
                null);
    }

    /** A domain cache with its defaults. */
    public static CacheOptions<?, ?> of(DomainCache domain) {
        return of(domain.cacheName(), domain.keyType(), domain.valueType());
    }

    /** @throws IllegalArgumentException if it has other types */
    @SuppressWarnings("unchecked") // the types are compared
    <A, B> CacheOptions<A, B> withTypes(Class<A> keys, Class<B> values) {
        if (keyType != keys || valueType != values) {
            throw new IllegalArgumentException("cache '" + name + "' is set to hold " + keyType.getName() + " → "
                    + valueType.getName() + ", not " + keys.getName() + " → " + values.getName()
                    + "; use these types or another name");
        }
        return (CacheOptions<A, B>) this;
    }

    /** The same cache with another namespace; null for the namespace of all caches. */
    public CacheOptions<K, V> withNamespace(@Nullable String other) {
        return new CacheOptions<>(
                name,
                keyType,
                valueType,
                other,
                trusted,
                expiry,
                remoteEvents,
                near,
                singleFlight,
                freshness,
                onUnavailable,
                staleAge);
    }

    /** The same cache with other trusted classes: names, or packages as {@code com.acme.*}. */
    public CacheOptions<K, V> withTrusted(List<String> patterns) {
        return new CacheOptions<>(
                name,
                keyType,
                valueType,
                namespace,
                patterns,
                expiry,
                remoteEvents,
                near,
                singleFlight,
                freshness,
                onUnavailable,
                staleAge);
    }

    /** The same cache with another expiry. */
    public CacheOptions<K, V> withExpiry(CacheExpiry other) {
        return new CacheOptions<>(
                name,
                keyType,
                valueType,
                namespace,
                trusted,
                other,
                remoteEvents,
                near,
                singleFlight,
                freshness,
                onUnavailable,
                staleAge);
    }

    /** The same cache with remote events or without. */
    public CacheOptions<K, V> withRemoteEvents(boolean on) {
        return new CacheOptions<>(
                name,
                keyType,
                valueType,
                namespace,
                trusted,
                expiry,
                on,
                near,
                singleFlight,
                freshness,
                onUnavailable,
                staleAge);
    }

    /**
     * The same cache with values kept in this JVM; null for none.
     *
     * @throws IllegalArgumentException if they are those of chosen series, and the cache is not one of candles
     */
    public CacheOptions<K, V> withNear(@Nullable NearOptions options) {
        return new CacheOptions<>(
                name,
                keyType,
                valueType,
                namespace,
                trusted,
                expiry,
                remoteEvents,
                options,
                singleFlight,
                freshness,
                onUnavailable,
                staleAge);
    }

    /** The same cache, with missing entries computed once for all JVMs or not. */
    public CacheOptions<K, V> withSingleFlight(boolean on) {
        return new CacheOptions<>(
                name,
                keyType,
                valueType,
                namespace,
                trusted,
                expiry,
                remoteEvents,
                near,
                on,
                freshness,
                onUnavailable,
                staleAge);
    }

    /** The same cache with other rules of freshness. */
    public CacheOptions<K, V> withFreshness(FreshnessOptions options) {
        return new CacheOptions<>(
                name,
                keyType,
                valueType,
                namespace,
                trusted,
                expiry,
                remoteEvents,
                near,
                singleFlight,
                options,
                onUnavailable,
                staleAge);
    }

    /** The same cache with another answer to an outage; null for that of all caches. */
    public CacheOptions<K, V> withOnUnavailable(@Nullable OnUnavailable answer) {
        return new CacheOptions<>(
                name,
                keyType,
                valueType,
                namespace,
                trusted,
                expiry,
                remoteEvents,
                near,
                singleFlight,
                freshness,
                answer,
                staleAge);
    }

    /**
     * The same cache with another age of stale answers; null for that of all caches.
     *
     * @throws IllegalArgumentException if it is not 1 ms to 1 day
     */
    public CacheOptions<K, V> withStaleAge(@Nullable Duration age) {
        return new CacheOptions<>(
                name,
                keyType,
                valueType,
                namespace,
                trusted,
                expiry,
                remoteEvents,
                near,
                singleFlight,
                freshness,
                onUnavailable,
                age);
    }

    /**
     * The same cache, with what all caches do in an outage where it leaves that open. If all are to give out what they hold, one
     * that holds nothing, or whose reads are fenced, misses.
     *
     * @param otherwise what it does if the settings leave that open too
     * @throws SettingException if just this cache is to give out what it holds, and has no near cache
     */
    public CacheOptions<K, V> answering(CacheSettings settings, OnUnavailable otherwise) {
        OnUnavailable own = onUnavailable;
        if (own == OnUnavailable.STALE && near == null) {
            throw new SettingException(
                    "cache '" + name + "' is to give out what this JVM holds while its server is unavailable"
                            + " (stale), but holds nothing; set " + CacheSetting.NEAR.propertyName(name) + " to on, or "
                            + CacheSetting.ON_UNAVAILABLE.propertyName(name) + " to miss");
        }
        if (own == null) {
            own = settings.onUnavailable() == null ? otherwise : settings.onUnavailable();
        }
        if (own == OnUnavailable.STALE && (near == null || near.freshness() == Freshness.FENCED)) {
            own = OnUnavailable.MISS;
        }
        return withOnUnavailable(own).withStaleAge(staleAge == null ? settings.staleAge() : staleAge);
    }
}
