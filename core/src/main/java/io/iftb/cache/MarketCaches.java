package io.iftb.cache;

import io.iftb.cache.store.CacheCounters;
import io.iftb.cache.store.StoredCache;

/**
 * The door to all caches of one server. Safe for use by several threads; one for a program is enough.
 *
 * <pre>{@code
 * try (MarketCaches caches = MarketCaches.open("redis://127.0.0.1:6379")) {
 *     BarSeries bars = caches.ohlcv().latest(SeriesKey.of("BTCUSDT", "1h"), 100);
 * }
 * }</pre>
 */
public final class MarketCaches implements AutoCloseable {

    private MarketCaches() {}

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
        throw new UnsupportedOperationException();
    }

    /** The candles. */
    public OhlcvCache ohlcv() {
        throw new UnsupportedOperationException();
    }

    /** Tickers, funding rates, the fear and greed index. */
    public MarketDataCache market() {
        throw new UnsupportedOperationException();
    }

    /** Results of LLM analyses. */
    public LlmCache llm() {
        throw new UnsupportedOperationException();
    }

    /** How the server is; does not throw if it is not well. */
    public Health health() {
        throw new UnsupportedOperationException();
    }

    /** Hits and misses of a domain cache in this JVM. */
    public CacheCounters counters(DomainCache cache) {
        throw new UnsupportedOperationException();
    }

    /**
     * The store under a cache: for the name of a domain cache the one its typed cache uses, for any other name one key
     * for each entry.
     *
     * @throws IllegalArgumentException if the name is that of a domain cache with other types
     */
    public <K, V> StoredCache<K, V> stored(String cacheName, Class<K> keyType, Class<V> valueType) {
        throw new UnsupportedOperationException();
    }

    /** Removes the entries of all caches in the namespace, and logs a warning that says so. */
    public void clearAll() {
        throw new UnsupportedOperationException();
    }

    /** The address of the server, without user and password. */
    public String server() {
        throw new UnsupportedOperationException();
    }

    /** Closes the connection, and stops the server if it is an embedded one. Data stay. Closing twice is fine. */
    @Override
    public void close() {
        throw new UnsupportedOperationException();
    }
}
