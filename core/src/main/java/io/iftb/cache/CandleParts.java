package io.iftb.cache;

import io.iftb.cache.fetch.SharedFetching;
import io.iftb.cache.market.BarKey;
import io.iftb.cache.market.OhlcvBar;
import io.iftb.cache.observe.CallObserver;
import io.iftb.cache.redis.RedisConnection;
import io.iftb.cache.store.CacheBackend;
import io.iftb.cache.store.CandleStore;
import io.iftb.cache.store.CoverageStore;
import io.iftb.cache.store.SeriesDamage;

/**
 * What the caches of candles of one connection share, with a source or without.
 *
 * @param fetching what those with a source share
 * @param calls observes the calls
 */
record CandleParts(
        RedisConnection redis,
        CandleStore store,
        CacheBackend<BarKey, OhlcvBar> cache,
        SeriesDamage damage,
        SharedFetching fetching,
        CallObserver calls) {

    /** What has been fetched of the series. */
    CoverageStore coverage() {
        return fetching.coverage();
    }
}
