package io.iftb.cache.jcache.boot;

import static org.assertj.core.api.Assertions.assertThat;

import io.iftb.cache.MarketCaches;
import io.iftb.cache.embedded.EmbeddedServer;
import io.iftb.cache.jcache.IftbCachingProvider;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Properties;
import java.util.UUID;
import javax.cache.CacheManager;
import javax.cache.annotation.CacheResult;
import javax.cache.configuration.MutableConfiguration;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.support.DefaultListableBeanFactory;
import org.springframework.boot.actuate.health.Health;
import org.springframework.boot.actuate.health.HealthIndicator;
import org.springframework.boot.autoconfigure.cache.JCachePropertiesCustomizer;
import org.springframework.cache.annotation.Cacheable;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.MapPropertySource;

/** The auto-configuration in small contexts; that of real applications is tested in module tck. */
class IftbCacheAutoConfigurationTest {

    private static final EmbeddedServer SERVER = EmbeddedServer.start(); // ends with this JVM

    private final Map<String, Object> yaml = new HashMap<>(Map.of(
            "iftb.cache.redis.uri",
            SERVER.uri(),
            "iftb.cache.namespace",
            UUID.randomUUID().toString()));

    private AnnotationConfigApplicationContext started(Class<?>... others) {
        AnnotationConfigApplicationContext context = new AnnotationConfigApplicationContext();
        context.getEnvironment().getPropertySources().addLast(new MapPropertySource("application.yaml", yaml));
        if (others.length > 0) {
            context.register(others); // first, as Spring Boot does
        }
        context.register(IftbCacheAutoConfiguration.class);
        context.refresh();
        return context;
    }

    /** Makes a cache manager as Spring Boot does. */
    @Configuration(proxyBeanMethods = false)
    static class WithCacheManager {

        @Bean
        CacheManager jCacheCacheManager(JCachePropertiesCustomizer customizer) {
            Properties properties = new Properties();
            customizer.customize(properties);
            CacheManager manager = new IftbCachingProvider().getCacheManager(null, null, properties);
            manager.createCache("orders", new MutableConfiguration<>());
            return manager;
        }
    }

    @Configuration(proxyBeanMethods = false)
    static class WithRegistry {

        @Bean(destroyMethod = "") // the test looks at it afterwards
        SimpleMeterRegistry registry() {
            return new SimpleMeterRegistry();
        }
    }

    record Order(String symbol, double amount) {}

    /** Its first method names a cache that has other types. */
    static class Orders {

        @Cacheable("ticker")
        @Nullable
        Order ticker(String symbol) {
            return null;
        }

        @CacheResult(cacheName = "orders")
        @Nullable
        Order order(String number) {
            return null;
        }
    }

    /** The proxies of annotations are made by other configurations; here their cache is asked. */
    @Test
    void declaredTypes_valueThatAnotherProgramHasStored_isReadAtOnce() {
        Order order = new Order("BTC", 0.5);
        try (AnnotationConfigApplicationContext writing = started(WithCacheManager.class)) {
            writing.getBean(CacheManager.class).getCache("orders").put("42", order);
        }
        try (AnnotationConfigApplicationContext without = started(WithCacheManager.class);
                AnnotationConfigApplicationContext with = started(WithCacheManager.class, Orders.class)) {
            assertThat(without.getBean(CacheManager.class).getCache("orders").get("42"))
                    .isNull();
            assertThat(with.getBean(CacheManager.class).getCache("orders").get("42"))
                    .isEqualTo(order);
        }
    }

    @Test
    void marketCaches_noCacheManager_areOpenUntilTheContextEnds() {
        MarketCaches caches;
        try (AnnotationConfigApplicationContext context = started()) {
            caches = context.getBean(MarketCaches.class);
            assertThat(caches.health().reachable()).isTrue();
        }
        assertThat(caches.health().reachable()).isFalse();
    }

    @Test
    void marketCaches_nobodyAsks_needsNoServer() {
        yaml.put("iftb.cache.redis.uri", "redis://127.0.0.1:1");
        try (AnnotationConfigApplicationContext context = started(WithRegistry.class)) {
            assertThat(context.getBean(SimpleMeterRegistry.class).getMeters()).isEmpty();
        }
    }

    @Test
    void marketCaches_withCacheManager_shareItsConnectionAndSettings() {
        try (AnnotationConfigApplicationContext context = started(WithCacheManager.class)) {
            CacheManager manager = context.getBean(CacheManager.class);

            assertThat(context.getBean(MarketCaches.class)).isSameAs(manager.unwrap(MarketCaches.class));
            assertThat(manager.getProperties()).containsEntry("iftb.cache.namespace", yaml.get("iftb.cache.namespace"));
        }
    }

    @Test
    void settings_enabledIsFalse_leavesNothing() {
        yaml.put("iftb.cache.enabled", "false");
        try (AnnotationConfigApplicationContext context = started()) {
            assertThat(context.getBeansOfType(MarketCaches.class)).isEmpty();
            assertThat(context.getBeansOfType(JCachePropertiesCustomizer.class)).isEmpty();
        }
    }

    @Test
    void settings_asYamlIsFlattened_haveTheirOwnNames() {
        yaml.put("iftb.cache.enabled", "true");
        yaml.put("iftb.cache.trusted[0]", "com.acme.*");
        yaml.put("iftb.cache.trusted[1]", "org.acme.Order");
        yaml.put("iftb.cache.caches[com.acme.Quotes].near", true); // "on" in YAML
        yaml.put("iftb.cache.caches.*.expiry", "created 5m");
        yaml.put("iftb.cache.redis.operation-timeout", "${timeout:2s}");
        try (AnnotationConfigApplicationContext context = started()) {
            Properties properties = new Properties();
            context.getBean(BootSettings.class).addTo(properties);

            assertThat(properties)
                    .containsEntry("iftb.cache.trusted", "com.acme.*,org.acme.Order")
                    .containsEntry("iftb.cache.caches.com.acme.Quotes.near", "true")
                    .containsEntry("iftb.cache.caches.*.expiry", "created 5m")
                    .containsEntry("iftb.cache.redis.operation-timeout", "2s")
                    .doesNotContainKey("iftb.cache.enabled");
            assertThat(context.getBean(BootSettings.class)
                            .resolve()
                            .caches()
                            .options("com.acme.Quotes", String.class, String.class)
                            .near())
                    .isNotNull();
        }
    }

    @Test
    void health_serverAnswersOrNot_isUpOrDownWithTheRemedy() {
        try (AnnotationConfigApplicationContext context = started()) {
            var provider = context.getBeanProvider(MarketCaches.class);
            var up3 = new IftbCacheAutoConfiguration.Health3()
                    .iftbCacheHealthIndicator(provider)
                    .health();
            var up4 = Objects.requireNonNull(new IftbCacheAutoConfiguration.Health4()
                    .iftbCacheHealthIndicator(provider)
                    .health());
            assertThat(String.valueOf(up3.getStatus())).isEqualTo("UP");
            assertThat(String.valueOf(up4.getStatus())).isEqualTo("UP");
            assertThat(up3.getDetails())
                    .containsKeys("server", "version", "pingMicros")
                    .containsEntry("breaker", "closed");
        }
        yaml.put("iftb.cache.redis.uri", "redis://user:secret@127.0.0.1:1");
        try (AnnotationConfigApplicationContext context = started()) {
            var provider = context.getBeanProvider(MarketCaches.class);
            var down = Objects.requireNonNull(new IftbCacheAutoConfiguration.Health4()
                    .iftbCacheHealthIndicator(provider)
                    .health());
            assertThat(String.valueOf(down.getStatus())).isEqualTo("DOWN");
            assertThat(down.getDetails().toString())
                    .contains("no Redis server answers at redis://127.0.0.1:1")
                    .doesNotContain("secret");
        }
    }

    @Test
    void health_defaultsAreOff_isThereOnlyIfItIsSwitchedOn() {
        yaml.put("management.health.defaults.enabled", "false");
        try (AnnotationConfigApplicationContext context = started()) {
            assertThat(context.containsBean("iftbCacheHealthIndicator")).isFalse();
        }
        yaml.put("management.health.iftb-cache.enabled", "true");
        try (AnnotationConfigApplicationContext context = started()) {
            assertThat(context.containsBean("iftbCacheHealthIndicator")).isTrue();
        }
        yaml.remove("management.health.defaults.enabled");
        yaml.put("management.health.iftb-cache.enabled", "false");
        try (AnnotationConfigApplicationContext context = started()) {
            assertThat(context.containsBean("iftbCacheHealthIndicator")).isFalse();
        }
    }

    /** Its own health, under the name of ours. */
    @Configuration(proxyBeanMethods = false)
    static class WithHealth {

        @Bean
        HealthIndicator iftbCacheHealthIndicator() {
            return () -> Health.up().withDetail("of", "the application").build();
        }
    }

    @Test
    void health_beanOfTheSameName_replacesIt() {
        try (AnnotationConfigApplicationContext context = started(WithHealth.class)) {
            assertThat(context.getBean("iftbCacheHealthIndicator", HealthIndicator.class)
                            .health()
                            .getDetails())
                    .containsOnlyKeys("of");
        }
    }

    /** It is told before all others. */
    @Configuration(proxyBeanMethods = false)
    static class WithFailingWatcher {

        @Bean
        CachesWatcher failingWatcher() {
            return (name, caches) -> {
                throw new IllegalStateException("cannot be bound");
            };
        }
    }

    @Test
    void watcher_thatFails_isLoggedAndKeepsNothingFromWorking() {
        PrintStream before = System.err;
        ByteArrayOutputStream log = new ByteArrayOutputStream();
        System.setErr(new PrintStream(log, true, StandardCharsets.UTF_8));
        try (AnnotationConfigApplicationContext context =
                started(WithFailingWatcher.class, WithCacheManager.class, WithRegistry.class)) {
            assertThat(context.getBean(SimpleMeterRegistry.class)
                            .find("iftb.cache.holes")
                            .functionCounters())
                    .hasSize(1);
        } finally {
            System.setErr(before);
        }
        assertThat(log.toString(StandardCharsets.UTF_8))
                .containsOnlyOnce("failed for the MarketCaches 'marketCaches', which go on without it")
                .contains("IllegalStateException: cannot be bound");
    }

    @Test
    void metrics_ofCachesThatAreOpen_areThereUntilTheContextEnds() {
        SimpleMeterRegistry registry;
        try (AnnotationConfigApplicationContext context = started(WithCacheManager.class, WithRegistry.class)) {
            registry = context.getBean(SimpleMeterRegistry.class);

            assertThat(registry.find("iftb.cache.unreadable")
                            .tag("cache", "orders")
                            .functionCounter())
                    .isNotNull();
            assertThat(registry.find("cache.gets").tag("cache", "ohlcv").functionCounters())
                    .hasSize(2);
        }
        assertThat(registry.getMeters()).isEmpty();
    }

    /** Its own caches, on two servers as far as these know. */
    @Configuration(proxyBeanMethods = false)
    static class WithCachesOfItsOwn {

        @Bean
        MarketCaches marketCaches() {
            return MarketCaches.open(SERVER.uri());
        }

        @Bean
        MarketCaches history() {
            return MarketCaches.open(SERVER.uri().replace("127.0.0.1", "localhost"));
        }
    }

    @Test
    void health_severalMarketCaches_isUpWithEachServer() {
        try (AnnotationConfigApplicationContext context = started(WithCachesOfItsOwn.class)) {
            HealthDetails health = HealthDetails.of(context.getBeanProvider(MarketCaches.class));

            assertThat(health.isUp()).isTrue();
            assertThat(health.details())
                    .containsOnlyKeys(
                            context.getBean("marketCaches", MarketCaches.class).server(),
                            context.getBean("history", MarketCaches.class).server());
        }
    }

    @Test
    void health_severalMarketCachesOfOneServer_tellsOfEach() {
        DefaultListableBeanFactory beans = new DefaultListableBeanFactory();
        try (EmbeddedServer server = EmbeddedServer.start();
                MarketCaches serving = MarketCaches.open(server.uri())) {
            MarketCaches closed = MarketCaches.open(server.uri());
            closed.close();
            beans.registerSingleton("closed", closed);
            beans.registerSingleton("serving", serving);

            HealthDetails health = HealthDetails.of(beans.getBeanProvider(MarketCaches.class));

            assertThat(health.isUp()).isFalse();
            assertThat(health.details()).containsOnlyKeys(server.uri(), server.uri() + " (2)");
            assertThat(String.valueOf(health.details().get(server.uri()))).contains("problem");
        }
    }

    @Test
    void metrics_ofMarketCachesThatAreBeans_areThereUntilTheContextEnds() {
        SimpleMeterRegistry registry;
        try (AnnotationConfigApplicationContext context =
                started(WithCachesOfItsOwn.class, WithCacheManager.class, WithRegistry.class)) {
            registry = context.getBean(SimpleMeterRegistry.class);

            assertThat(registry.find("iftb.cache.holes").functionCounters())
                    .extracting(each -> each.getId().getTag("cache.manager"))
                    .containsExactlyInAnyOrder("marketCaches", "history", "marketCaches2");
        }
        assertThat(registry.getMeters()).isEmpty();
    }
}
