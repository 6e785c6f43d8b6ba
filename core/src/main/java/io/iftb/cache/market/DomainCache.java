package io.iftb.cache.market;

import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;

/** The caches that exist by name: their types, and the default lifetime of an entry. */
public enum DomainCache {
    /** Candles, {@code BarKey → OhlcvBar}, 300 s. */
    OHLCV("ohlcv", BarKey.class, OhlcvBar.class, Duration.ofMinutes(5)),
    /** Tickers by symbol, {@code String → Ticker}, 10 s. */
    TICKER("ticker", String.class, Ticker.class, Duration.ofSeconds(10)),
    /** Funding rates by symbol, {@code String → FundingRate}, 60 s. */
    FUNDING("funding", String.class, FundingRate.class, Duration.ofMinutes(1)),
    /** The fear and greed index, {@code String → FearGreed} with the key {@link FearGreed#KEY}, 300 s. */
    FEAR_GREED("fear_greed", String.class, FearGreed.class, Duration.ofMinutes(5)),
    /** Results of LLM analyses, {@code AnalysisKey → Analysis}, 300 s. */
    LLM("llm", AnalysisKey.class, Analysis.class, Duration.ofMinutes(5));

    private final String cacheName;
    private final Class<?> keyType;
    private final Class<?> valueType;
    private final Duration lifetime;

    DomainCache(String cacheName, Class<?> keyType, Class<?> valueType, Duration lifetime) {
        this.cacheName = cacheName;
        this.keyType = keyType;
        this.valueType = valueType;
        this.lifetime = lifetime;
    }

    /** The name of the cache. */
    public String cacheName() {
        return cacheName;
    }

    /** The type of its keys. */
    public Class<?> keyType() {
        return keyType;
    }

    /** The type of its values. */
    public Class<?> valueType() {
        return valueType;
    }

    /** The lifetime of an entry after each write. */
    public Duration lifetime() {
        return lifetime;
    }

    /** The domain cache of a name. */
    public static Optional<DomainCache> named(String cacheName) {
        return Arrays.stream(values())
                .filter(cache -> cache.cacheName.equals(cacheName))
                .findFirst();
    }
}
