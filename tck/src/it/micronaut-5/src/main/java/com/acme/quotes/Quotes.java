package com.acme.quotes;

import io.micronaut.cache.annotation.CacheConfig;
import io.micronaut.cache.annotation.CacheInvalidate;
import io.micronaut.cache.annotation.CachePut;
import io.micronaut.cache.annotation.Cacheable;
import io.micronaut.core.annotation.Nullable;
import jakarta.inject.Singleton;

/** Quotes of two venues, cached with Micronaut's annotations. */
@Singleton
@CacheConfig("quotes")
public class Quotes {

    private int calls;

    @Cacheable
    public Quote quote(String symbol, Venue venue, Depth depth) {
        calls++;
        if (symbol.startsWith("?")) {
            throw new UnknownSymbol(symbol);
        }
        return new Quote(symbol, venue, depth, 100);
    }

    @Cacheable
    @Nullable
    public Quote lastQuote(Venue venue, Depth depth) {
        calls++;
        return null;
    }

    @Cacheable
    public Double price(String symbol, Venue venue) {
        calls++;
        return venue == Venue.SPOT ? 100.0 : 101.0;
    }

    @CachePut(parameters = {"symbol", "venue", "depth"})
    public Quote update(String symbol, Venue venue, Depth depth, double price) {
        return new Quote(symbol, venue, depth, price);
    }

    @CacheInvalidate
    public void forget(String symbol, Venue venue, Depth depth) {}

    @CacheInvalidate(all = true)
    public void forgetAll() {}

    /** The number of requests for a quote to its venue. */
    public int calls() {
        return calls;
    }

    public record Quote(String symbol, Venue venue, Depth depth, double price) {}

    public record Depth(int levels) {}

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
