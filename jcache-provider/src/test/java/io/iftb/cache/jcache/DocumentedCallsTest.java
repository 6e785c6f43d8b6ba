package io.iftb.cache.jcache;

import static org.assertj.core.api.Assertions.assertThat;

import io.iftb.cache.MarketCaches;
import io.iftb.cache.embedded.EmbeddedServer;
import io.iftb.cache.market.Ticker;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationHandler;
import io.micrometer.observation.ObservationRegistry;
import java.util.Properties;
import java.util.concurrent.atomic.AtomicInteger;
import javax.cache.Cache;
import javax.cache.CacheManager;
import javax.cache.configuration.MutableConfiguration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.redisson.Redisson;
import org.redisson.api.RedissonClient;
import org.redisson.config.Config;
import org.redisson.jcache.JCachingProvider;
import org.redisson.jcache.configuration.RedissonConfiguration;

/** What the documents show does what they say. */
class DocumentedCallsTest {

    private static EmbeddedServer server;

    @BeforeAll
    static void start() {
        server = EmbeddedServer.start();
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    private static CacheManager manager() {
        Properties settings = new Properties();
        settings.setProperty("iftb.cache.redis.uri", server.uri());
        return new IftbCachingProvider().getCacheManager(null, null, settings);
    }

    @Test
    void ages_ofAnEntry_areRead() {
        try (CacheManager manager = manager()) {
            Cache<String, DocumentedCalls.Quote> quotes =
                    manager.createCache("quotes", new MutableConfiguration<String, DocumentedCalls.Quote>());
            quotes.put("BTCUSDT", new DocumentedCalls.Quote(1.5));

            DocumentedCalls.ages(quotes);
        }
    }

    @Test
    void metrics_ofARegistry_areBound() {
        MeterRegistry registry = new SimpleMeterRegistry();
        try (MarketCaches caches = MarketCaches.open(server.uri())) {
            DocumentedCalls.metrics(caches, registry);

            assertThat(registry.find("iftb.cache.calls").gauge()).isNotNull();
        }
    }

    @Test
    void observations_ofARegistry_seeCalls() {
        ObservationRegistry registry = ObservationRegistry.create();
        AtomicInteger seen = new AtomicInteger();
        registry.observationConfig().observationHandler(new ObservationHandler<>() {

            @Override
            public void onStop(Observation.Context context) {
                seen.incrementAndGet();
            }

            @Override
            public boolean supportsContext(Observation.Context context) {
                return true;
            }
        });
        try (MarketCaches caches = MarketCaches.open(server.uri())) {
            DocumentedCalls.observations(caches, registry);
            caches.market().putTicker("BTCUSDT", new Ticker(1, 2, 1.5, 100, 3, 1, 0.5, 0));
        }

        assertThat(seen).hasPositiveValue();
    }

    @Test
    void inATest_withAServerOfItsOwn_opensAndCloses() {
        DocumentedCalls.inATest();
    }

    @Test
    void fromRedisson_ofACache_copiesItsEntries() {
        Config config = new Config();
        config.useSingleServer().setAddress(server.uri());
        RedissonClient redisson = Redisson.create(config);
        try (CacheManager old = new JCachingProvider().getCacheManager();
                CacheManager manager = manager()) {
            old.createCache(
                            "orders",
                            RedissonConfiguration.fromInstance(
                                    redisson, new MutableConfiguration<String, DocumentedCalls.Order>()))
                    .put("42", new DocumentedCalls.Order("a"));
            Cache<String, DocumentedCalls.Order> orders =
                    manager.createCache("orders-now", new MutableConfiguration<String, DocumentedCalls.Order>());

            DocumentedCalls.fromRedisson(redisson, orders);

            assertThat(orders.get("42")).isEqualTo(new DocumentedCalls.Order("a"));
        } finally {
            redisson.shutdown();
        }
    }
}
