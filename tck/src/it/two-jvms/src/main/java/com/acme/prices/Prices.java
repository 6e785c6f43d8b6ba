package com.acme.prices;

import java.util.Map;
import java.util.Set;
import javax.cache.annotation.CacheResult;
import javax.inject.Singleton;
import org.springframework.cache.annotation.Cacheable;

/** Prices, cached by parameters whose hash codes differ between JVMs: an enum, and arrays. */
@Singleton
public class Prices {

    private int calls;

    @Cacheable("prices")
    public Double price(Side side, String[] symbols) {
        calls++;
        return symbols.length * 100.0;
    }

    @Cacheable("prices")
    public Double priceOfNothing(Side side, long... times) {
        calls++;
        return null;
    }

    @Cacheable("prices")
    public Double price(Side side) {
        calls++;
        return 7.0;
    }

    @Cacheable("prices")
    public Double spread(Map<Side, Set<Side>> sides, Side[][] legs) {
        calls++;
        return legs.length * 1.0;
    }

    @CacheResult(cacheName = "levels", exceptionCacheName = "failures")
    public Double levelOf(Side side, String[] symbols) {
        calls++;
        throw new IllegalArgumentException(side + " of " + symbols[0]);
    }

    @CacheResult(cacheName = "levels")
    public Double level(Side side, int[] levels) {
        calls++;
        return levels.length * 10.0;
    }

    /** The number of prices that were not in the cache. */
    public int calls() {
        return calls;
    }

    public enum Side {
        BUY,
        SELL
    }
}
