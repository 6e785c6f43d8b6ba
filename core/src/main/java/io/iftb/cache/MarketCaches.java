package io.iftb.cache;

import io.iftb.cache.market.Analysis;
import io.iftb.cache.market.AnalysisKey;
import io.iftb.cache.market.BarKey;
import io.iftb.cache.market.FearGreed;
import io.iftb.cache.market.FundingRate;
import io.iftb.cache.market.OhlcvBar;
import io.iftb.cache.market.Ticker;
import io.iftb.cache.redis.ConnectionSettings;
import io.iftb.cache.redis.RedisConnection;
import io.iftb.cache.store.CacheCounters;
import io.iftb.cache.store.CacheStores;
import io.iftb.cache.store.StoredCache;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The door to all caches of one server. Safe for use by several threads; one for a program is enough.
 *
 * <pre>{@code
 * try (MarketCaches caches = MarketCaches.open("redis://127.0.0.1:6379")) {
 *     BarSeries bars = caches.ohlcv().latest(SeriesKey.of("BTCUSDT", "1h"), 100);
 * }
 * }</pre>
 *
 * <p>Methods that ask the server throw {@link io.iftb.cache.redis.RedisServerException} when it fails, in the async form
 * the stage completes with it. A value on the server that cannot be read counts as a miss, and is logged.
 */
public final class MarketCaches implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(MarketCaches.class);

    private final RedisConnection redis;
    private final CacheStores stores;
    private final Map<DomainCache, StoredCache<?, ?>> domain = new EnumMap<>(DomainCache.class);
    private final Map<String, StoredCache<?, ?>> others = new ConcurrentHashMap<>();
    private final OhlcvCache ohlcv;
    private final MarketDataCache market;
    private final LlmCache llm;

    private MarketCaches(RedisConnection redis, CacheStores stores) {
        this.redis = redis;
        this.stores = stores;
        for (DomainCache cache : DomainCache.values()) {
            domain.put(cache, stored(cache));
        }
        this.ohlcv = new OhlcvCache(redis, stores.candles(), domain(DomainCache.OHLCV, BarKey.class, OhlcvBar.class));
        this.market = new MarketDataCache(
                new TypedEntries<>(redis, domain(DomainCache.TICKER, String.class, Ticker.class)),
                new TypedEntries<>(redis, domain(DomainCache.FUNDING, String.class, FundingRate.class)),
                new TypedEntries<>(redis, domain(DomainCache.FEAR_GREED, String.class, FearGreed.class)));
        this.llm = new LlmCache(new TypedEntries<>(redis, domain(DomainCache.LLM, AnalysisKey.class, Analysis.class)));
    }

    private StoredCache<?, ?> stored(DomainCache cache) {
        return switch (cache) {
            case OHLCV -> stores.bars(cache.cacheName(), cache.lifetime());
            case TICKER -> stores.entries(cache.cacheName(), String.class, Ticker.class, cache.lifetime());
            case FUNDING -> stores.entries(cache.cacheName(), String.class, FundingRate.class, cache.lifetime());
            case FEAR_GREED ->
                stores.single(cache.cacheName(), MarketDataCache.LATEST, FearGreed.class, cache.lifetime());
            case LLM -> stores.analyses(cache.cacheName(), cache.lifetime());
        };
    }

    /** Connects to a server by its address, see {@link CacheSettings.Builder#redisUri}. */
    public static MarketCaches open(String redisUri) {
        return open(CacheSettings.builder().redisUri(redisUri).build());
    }

    /**
     * Connects to a server.
     *
     * @throws io.iftb.cache.redis.RedisServerException if it cannot be reached or refuses the login
     * @throws IllegalArgumentException if the address is not one
     */
    public static MarketCaches open(CacheSettings settings) {
        RedisConnection redis = RedisConnection.open(connectionSettings(settings));
        try {
            return new MarketCaches(
                    redis, new CacheStores(redis, settings.namespace(), settings.classLoader(), settings.trusted()));
        } catch (RuntimeException e) {
            redis.close();
            throw e;
        }
    }

    static ConnectionSettings connectionSettings(CacheSettings settings) {
        char[] password = settings.password();
        return new ConnectionSettings(
                settings.redisUri(),
                settings.user(),
                password == null ? null : new String(password),
                settings.database(),
                settings.connectTimeout(),
                settings.operationTimeout());
    }

    /** The candles. */
    public OhlcvCache ohlcv() {
        return ohlcv;
    }

    /** Tickers, funding rates, the fear and greed index. */
    public MarketDataCache market() {
        return market;
    }

    /** Results of LLM analyses. */
    public LlmCache llm() {
        return llm;
    }

    /** How the server is; does not throw if it is not well. */
    public Health health() {
        return ServerHealth.of(redis);
    }

    /** Hits and misses of a domain cache in this JVM. */
    public CacheCounters counters(DomainCache cache) {
        return domainCache(cache).counters();
    }

    /**
     * The store under a cache: for the name of a domain cache the one its typed cache uses, for any other name one key
     * for each entry, eternal where nothing else is said. Asking again for a name gives a new view on the same entries.
     *
     * @throws IllegalArgumentException if the name is that of a domain cache with other types
     */
    public <K, V> StoredCache<K, V> stored(String cacheName, Class<K> keyType, Class<V> valueType) {
        return stored(cacheName, keyType, valueType, null, List.of());
    }

    /**
     * Like {@link #stored(String, Class, Class)}, with what is said about one cache; a domain cache keeps to the settings
     * of all.
     *
     * @param namespace what goes in front of its keys; null for the namespace of the settings
     * @param trusted names of classes that may be stored in it beside those of the settings, or packages as {@code
     *     com.acme.*}
     * @throws IllegalArgumentException if the name is that of a domain cache with other types
     */
    public <K, V> StoredCache<K, V> stored(
            String cacheName, Class<K> keyType, Class<V> valueType, @Nullable String namespace, List<String> trusted) {
        Optional<DomainCache> named = DomainCache.named(cacheName);
        if (named.isPresent()) {
            return domain(named.get(), keyType, valueType);
        }
        StoredCache<K, V> cache = stores.with(namespace, trusted).entries(cacheName, keyType, valueType, null);
        others.put(cacheName, cache);
        return cache;
    }

    @SuppressWarnings("unchecked")
    private <K, V> StoredCache<K, V> domain(DomainCache cache, Class<K> keyType, Class<V> valueType) {
        StoredCache<?, ?> stored = domainCache(cache);
        if (stored.keyType() != keyType || stored.valueType() != valueType) {
            throw new IllegalArgumentException("cache '" + cache.cacheName() + "' holds "
                    + cache.keyType().getName() + " → " + cache.valueType().getName() + ", not " + keyType.getName()
                    + " → " + valueType.getName() + "; use these types or another name");
        }
        return (StoredCache<K, V>) stored;
    }

    private StoredCache<?, ?> domainCache(DomainCache cache) {
        return Objects.requireNonNull(domain.get(cache), cache.cacheName());
    }

    /** The client underneath as {@code type}, if it is one: {@code RedissonClient} is. */
    public <T> Optional<T> client(Class<T> type) {
        return redis.client(type);
    }

    /**
     * Removes the entries of the domain caches, and of every other cache that was opened here, and logs a warning that
     * says so.
     */
    public void clearAll() {
        Set<String> names = new TreeSet<>(others.keySet());
        domain.values().forEach(cache -> names.add(cache.name()));
        LOG.warn("Clearing the caches {} on {}", names, redis.server());
        domain.values().forEach(cache -> redis.awaitAll(cache.store().clear()));
        others.values().forEach(cache -> redis.awaitAll(cache.store().clear()));
    }

    /** The address of the server, without user and password. */
    public String server() {
        return redis.server();
    }

    /** Closes the connection, and stops the server if it is an embedded one. Data stay. Closing twice is fine. */
    @Override
    public void close() {
        redis.close();
    }
}
