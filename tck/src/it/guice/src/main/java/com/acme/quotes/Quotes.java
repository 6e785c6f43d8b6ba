package com.acme.quotes;

import javax.cache.annotation.CacheDefaults;
import javax.cache.annotation.CachePut;
import javax.cache.annotation.CacheRemove;
import javax.cache.annotation.CacheRemoveAll;
import javax.cache.annotation.CacheResult;
import javax.cache.annotation.CacheValue;
import javax.inject.Singleton;

/** Quotes of two venues, cached with JSR-107 annotations. */
@Singleton
@CacheDefaults(cacheName = "quotes")
public class Quotes {

    private int calls;

    @CacheResult(exceptionCacheName = "quote-failures", cachedExceptions = UnknownSymbol.class)
    public Quote quote(String symbol, Venue venue) {
        calls++;
        if (symbol.startsWith("?")) {
            throw new UnknownSymbol(symbol);
        }
        return new Quote(symbol, venue, 100);
    }

    @CachePut
    public void update(String symbol, Venue venue, @CacheValue Quote quote) {}

    @CacheRemove
    public void forget(String symbol, Venue venue) {}

    @CacheRemoveAll
    public void forgetAll() {}

    /** The number of requests for a quote to its venue. */
    public int calls() {
        return calls;
    }

    public record Quote(String symbol, Venue venue, double price) {}

    public enum Venue {
        SPOT,
        FUTURES
    }

    public static class UnknownSymbol extends RuntimeException {
        private static final long serialVersionUID = 1L;

        public UnknownSymbol(String symbol) {
            super(symbol);
        }
    }
}
