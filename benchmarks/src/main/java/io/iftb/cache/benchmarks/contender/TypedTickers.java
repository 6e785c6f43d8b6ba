package io.iftb.cache.benchmarks.contender;

import io.iftb.cache.MarketCaches;
import io.iftb.cache.MarketDataCache;
import io.iftb.cache.market.DomainCache;
import io.iftb.cache.market.Ticker;
import io.iftb.cache.settings.CacheExpiry;
import io.iftb.cache.settings.CacheOptions;
import io.iftb.cache.settings.CacheSettings;
import io.iftb.cache.settings.NearOptions;

/** Our typed cache of tickers with a near cache, without the lifetime of 10 s. */
final class TypedTickers implements EntryContender {

    private final MarketCaches caches;
    private final MarketDataCache market;

    TypedTickers(String uri, String namespace) {
        CacheOptions<String, Ticker> options = CacheOptions.of(
                        DomainCache.TICKER.cacheName(), String.class, Ticker.class)
                .withExpiry(CacheExpiry.ETERNAL)
                .withNear(NearOptions.DEFAULT);
        caches = MarketCaches.open(CacheSettings.builder()
                .redisUri(uri)
                .namespace(namespace)
                .cache(options)
                .build());
        market = caches.market();
    }

    @Override
    public Object get(String key) {
        return market.ticker(key).orElseThrow();
    }

    @Override
    public void put(String key, Ticker value) {
        market.putTicker(key, value);
    }

    @Override
    public void close() {
        caches.close();
    }
}
