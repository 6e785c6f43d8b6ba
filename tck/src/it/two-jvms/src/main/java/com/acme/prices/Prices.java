package com.acme.prices;

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

    @CacheResult(cacheName = "levels")
    public Double level(Side side, int[] levels) {
        calls++;
        return levels.length * 10.0;
    }

    /** How often a price was not in the cache. */
    public int calls() {
        return calls;
    }

    public enum Side {
        BUY,
        SELL
    }
}
