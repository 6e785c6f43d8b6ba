package com.acme.limits;

import io.github.bucket4j.Bucket;
import io.github.bucket4j.BucketConfiguration;
import io.github.bucket4j.distributed.proxy.ProxyManager;
import io.github.bucket4j.grid.jcache.Bucket4jJCache;
import java.time.Duration;
import javax.cache.Cache;
import javax.cache.CacheManager;
import javax.cache.configuration.MutableConfiguration;

/** Limits for the requests to exchanges, which all programs share. */
public final class Limits {

    private final ProxyManager<String> buckets;

    public Limits(CacheManager caches) {
        Cache<String, byte[]> cache = caches.createCache(
                "limits", new MutableConfiguration<String, byte[]>().setTypes(String.class, byte[].class));
        buckets = Bucket4jJCache.entryProcessorBasedBuilder(cache).build();
    }

    /** The bucket of an exchange, full until somebody takes from it. */
    public Bucket of(String exchange, long requestsPerDay) {
        BucketConfiguration configuration = BucketConfiguration.builder()
                .addLimit(limit -> limit.capacity(requestsPerDay).refillIntervally(requestsPerDay, Duration.ofDays(1)))
                .build();
        return buckets.getProxy(exchange, () -> configuration);
    }

    public void reset(String exchange) {
        buckets.removeProxy(exchange);
    }

    /** Whether Bucket4j offers buckets with asynchronous methods on a cache. */
    public boolean areAsyncBucketsSupported() {
        return buckets.isAsyncModeSupported();
    }
}
