package com.acme.quotes;

import io.quarkus.cache.CacheInvalidate;
import io.quarkus.cache.CacheInvalidateAll;
import io.quarkus.cache.CacheResult;
import jakarta.inject.Singleton;
import java.util.concurrent.atomic.AtomicInteger;

/** Prices of two venues, cached with the annotations of Quarkus. */
@Singleton
public class Quotes {

    private final AtomicInteger calls = new AtomicInteger();

    @CacheResult(cacheName = "quotes")
    public Double price(String symbol, Venue venue) {
        calls.incrementAndGet();
        if (symbol.startsWith("?")) {
            throw new IllegalArgumentException("unknown symbol " + symbol);
        }
        return venue == Venue.SPOT ? 100.0 : 101.0;
    }

    @CacheInvalidate(cacheName = "quotes")
    public void forget(String symbol, Venue venue) {}

    @CacheInvalidateAll(cacheName = "quotes")
    public void forgetAll() {}

    /** The number of prices that were not in the cache. */
    public int calls() {
        return calls.get();
    }

    public enum Venue {
        SPOT,
        FUTURES
    }
}
