package com.acme.quotes;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import javax.cache.annotation.CacheDefaults;
import javax.cache.annotation.CachePut;
import javax.cache.annotation.CacheRemove;
import javax.cache.annotation.CacheRemoveAll;
import javax.cache.annotation.CacheResult;
import javax.cache.annotation.CacheValue;
import org.springframework.cache.annotation.Cacheable;
import org.springframework.stereotype.Service;

/** Quotes of two venues, cached with JSR-107 annotations. */
@Service
@CacheDefaults(cacheName = "quotes")
public class Quotes {

    private final AtomicInteger sharedCalls = new AtomicInteger();
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

    /** A quote of the spot venue, loaded once for all concurrent callers. */
    @Cacheable(cacheNames = "quotes", key = "#p0", sync = true)
    public Quote sharedQuote(String symbol, CountDownLatch callers) throws InterruptedException {
        sharedCalls.incrementAndGet();
        callers.await();
        return new Quote(symbol, Venue.SPOT, 100);
    }

    /** The number of requests for a shared quote to its venue. */
    public int sharedCalls() {
        return sharedCalls.get();
    }

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
