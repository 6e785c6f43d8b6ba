package io.iftb.cache.jcache;

import io.iftb.cache.MarketCaches;
import io.iftb.cache.metrics.MarketCachesMetrics;
import io.iftb.cache.metrics.MarketCachesObservations;
import io.iftb.cache.store.DatedValue;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.observation.ObservationRegistry;
import java.util.Properties;
import javax.cache.Cache;
import javax.cache.CacheManager;
import javax.cache.Caching;
import javax.cache.configuration.MutableConfiguration;
import org.redisson.api.RedissonClient;
import org.redisson.jcache.JCachingProvider;
import org.redisson.jcache.configuration.RedissonConfiguration;

/** The calls of the standard API that the documents show; tests compare and run them. */
@SuppressWarnings({"unused", "CheckReturnValue", "NullAway", "try"})
final class DocumentedCalls {

    private DocumentedCalls() {}

    record Quote(double price) {}

    static void ages(Cache<String, Quote> cache) {
        @SuppressWarnings("unchecked")
        AsyncCache<String, Quote> async = cache.unwrap(AsyncCache.class);
        DatedValue<Quote> quote =
                async.getDated("BTCUSDT").toCompletableFuture().join();
        quote.origin(); // NEAR, SERVER, STALE or SOURCE
        quote.age(); // since it was stored, at most; null if the lifetime does not tell
    }

    static void metrics(MarketCaches caches, MeterRegistry registry) {
        MarketCachesMetrics metrics = new MarketCachesMetrics(caches);
        metrics.bindTo(registry); // a MeterRegistry, until you close the metrics
    }

    static void observations(MarketCaches caches, ObservationRegistry registry) {
        MarketCachesObservations observations = new MarketCachesObservations(caches);
        observations.bindTo(registry); // an ObservationRegistry, until you close the observations
    }

    static void inATest() {
        Properties settings = new Properties();
        settings.setProperty("iftb.cache.redis.uri", "embedded"); // a server of its own, on a free port
        try (CacheManager manager = Caching.getCachingProvider().getCacheManager(null, null, settings)) {
            // your test
        }
    }

    record Order(String id) {}

    static void fromRedisson(RedissonClient redisson, Cache<String, Order> orders) {
        try (CacheManager old = new JCachingProvider().getCacheManager()) {
            MutableConfiguration<String, Order> plain = new MutableConfiguration<>();
            for (Cache.Entry<String, Order> each :
                    old.createCache("orders", RedissonConfiguration.fromInstance(redisson, plain))) {
                orders.putIfAbsent(each.getKey(), each.getValue());
            }
        }
    }
}
