package io.iftb.cache.jcache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.sun.management.ThreadMXBean;
import io.iftb.cache.MarketCaches;
import io.iftb.cache.OperationsLog;
import io.iftb.cache.metrics.MarketCachesMetrics;
import io.iftb.cache.observe.CallOutcome;
import io.iftb.cache.observe.ObservedCall;
import io.iftb.cache.settings.CacheSetting;
import io.iftb.cache.settings.Setting;
import io.iftb.cache.settings.SettingSources;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.binder.cache.JCacheMetrics;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.lang.management.ManagementFactory;
import java.util.Map;
import java.util.Objects;
import java.util.Properties;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import javax.cache.Cache;
import javax.cache.CacheException;
import javax.cache.configuration.Factory;
import javax.cache.configuration.MutableConfiguration;
import javax.cache.expiry.CreatedExpiryPolicy;
import javax.cache.expiry.Duration;
import javax.cache.expiry.EternalExpiryPolicy;
import javax.cache.expiry.ExpiryPolicy;
import javax.cache.expiry.TouchedExpiryPolicy;
import javax.cache.integration.CacheLoader;
import javax.cache.processor.EntryProcessorException;
import javax.cache.spi.CachingProvider;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What caches of the standard API tell of their calls, and their metrics. */
class ObservedCacheTest {

    private static @Nullable Object sink = "";

    @Test
    void log_eachOperation_tellsItsEnd() {
        try (JCacheFixture fixture = JCacheFixture.open();
                OperationsLog log = new OperationsLog()) {
            Cache<String, String> cache = fixture.cache("orders", String.class, String.class);
            cache.put("a", "secret");
            cache.get("a");
            cache.get("b");
            cache.putIfAbsent("a", "secret");
            cache.getAll(Set.of("a"));
            cache.replace("a", "secret", "secret2");
            cache.invoke("a", (entry, none) -> entry.getValue());
            cache.putAll(Map.of("c", "secret"));
            async(cache).remove("c").toCompletableFuture().join();
            cache.clear();

            assertThat(log.lines())
                    .extracting(line -> line.replaceAll(" micros=\\d+", ""))
                    .containsExactly(
                            "cache=orders operation=put key=a outcome=done origin=server call",
                            "cache=orders operation=get key=a outcome=hit origin=server call",
                            "cache=orders operation=get key=b outcome=miss origin=server call",
                            "cache=orders operation=putIfAbsent key=a outcome=unchanged origin=server call",
                            "cache=orders operation=getAll key=a outcome=hit origin=server call",
                            "cache=orders operation=replace key=a outcome=done origin=server call",
                            "cache=orders operation=invoke key=a outcome=done origin=server call",
                            "cache=orders operation=putAll key=c outcome=done origin=server call",
                            "cache=orders operation=remove key=c outcome=done origin=server call",
                            "cache=orders operation=clear key= outcome=done origin=server call");
        }
    }

    @SuppressWarnings("unchecked") // has the types of the cache
    private static AsyncCache<String, String> async(Cache<String, String> cache) {
        return cache.unwrap(AsyncCache.class);
    }

    @Test
    void log_loaderAndProcessor_tellSourceAndFailure() {
        try (JCacheFixture fixture = JCacheFixture.open();
                OperationsLog log = new OperationsLog()) {
            Cache<String, String> cache = fixture.manager()
                    .createCache(
                            "loaded",
                            new MutableConfiguration<String, String>()
                                    .setTypes(String.class, String.class)
                                    .setReadThrough(true)
                                    .setCacheLoaderFactory(Loader::new));
            cache.get("a");
            assertThatThrownBy(() -> cache.invoke("a", (entry, none) -> {
                        throw new IllegalStateException("secret");
                    }))
                    .isInstanceOf(EntryProcessorException.class);

            assertThat(log.lines())
                    .anySatisfy(line -> assertThat(line)
                            .contains("cache=loaded operation=load key=a outcome=done", "origin=source"))
                    .anySatisfy(line -> assertThat(line)
                            .contains(
                                    "operation=invoke key=a outcome=failed",
                                    "failure=javax.cache.processor.EntryProcessorException"))
                    .noneSatisfy(line -> assertThat(line).contains("secret"));
        }
    }

    private static final class Loader implements CacheLoader<String, String> {

        @Override
        public String load(String key) {
            return "secret";
        }

        @Override
        public Map<String, String> loadAll(Iterable<? extends String> keys) {
            return Map.of();
        }
    }

    @Test
    void log_serverIsGone_tellsTheFailure() {
        MarketCaches server = MarketCaches.open("embedded");
        Properties settings = new Properties();
        settings.setProperty(Setting.REDIS_URI.propertyName(), server.server());
        settings.setProperty(Setting.OPERATION_TIMEOUT.propertyName(), "200ms");
        try (CachingProvider provider = new IftbCachingProvider(new SettingSources(Properties::new, name -> ""));
                OperationsLog log = new OperationsLog()) {
            Cache<String, String> cache = provider.getCacheManager(null, null, settings)
                    .createCache(
                            "orders", new MutableConfiguration<String, String>().setTypes(String.class, String.class));
            server.close();
            assertThatThrownBy(() -> cache.get("a")).isInstanceOf(CacheException.class);

            await().untilAsserted(() -> assertThat(log.lines())
                    .singleElement()
                    .asString()
                    .contains("cache=orders operation=get key=a outcome=failed", "failure=io.iftb.cache.redis."));
        }
    }

    @Test
    void log_allIsHeldByThisJvm_tellsNear() {
        try (JCacheFixture fixture = JCacheFixture.builder()
                        .with(CacheSetting.NEAR, "held", "on")
                        .build();
                OperationsLog log = new OperationsLog()) {
            Cache<String, String> cache = fixture.cache("held", String.class, String.class);
            cache.put("a", "b");
            await().untilAsserted(() -> {
                int before = log.lines().size();
                cache.get("a");
                cache.containsKey("a");
                cache.getAll(Set.of("a"));
                assertThat(log.lines().subList(before, before + 3))
                        .allSatisfy(line -> assertThat(line).contains("outcome=hit", "origin=near"));
            });
        }
    }

    @Test
    void log_callerOfASharedReplyIsInterrupted_tellsTheFailure() {
        try (JCacheFixture fixture = JCacheFixture.open();
                OperationsLog log = new OperationsLog()) {
            CompletableFuture<String> shared = new CompletableFuture<>();
            PendingReply<String, String> reply = pending(fixture, shared);
            Thread.currentThread().interrupt();
            assertThatThrownBy(reply::await).isInstanceOf(CacheException.class);
            assertThat(Thread.interrupted()).isTrue();
            shared.complete("b");

            assertThat(log.lines()).singleElement().asString().contains("operation=get key=a outcome=failed");
        }
    }

    @Test
    void log_poolHasEndedBeforeTheReply_tellsTheFailure() {
        try (JCacheFixture fixture = JCacheFixture.open();
                OperationsLog log = new OperationsLog()) {
            CompletableFuture<String> command = new CompletableFuture<>();
            CompletableFuture<String> result = pending(fixture, command).on(task -> {
                throw new RejectedExecutionException();
            });
            command.complete("b");

            assertThat(result).isCompletedExceptionally();
            assertThat(log.lines()).singleElement().asString().contains("operation=get key=a outcome=failed");
        }
    }

    private static PendingReply<String, String> pending(JCacheFixture fixture, CompletableFuture<String> command) {
        ObservedCall call = Objects.requireNonNull(
                fixture.manager().unwrap(MarketCaches.class).calls("orders").begin("get", "a"));
        return PendingReply.observed(
                call, () -> command, answer -> answer, CallOutcome::found, new ReplyAwaiter("orders"));
    }

    @Test
    void metrics_expiryPolicyOfTheProgram_isTheLifetime() {
        try (JCacheFixture fixture = JCacheFixture.open()) {
            MarketCaches caches = fixture.manager().unwrap(MarketCaches.class);
            SimpleMeterRegistry registry = new SimpleMeterRegistry();
            try (MarketCachesMetrics metrics = new MarketCachesMetrics(caches)) {
                metrics.bindTo(registry);
                create(fixture, "created", CreatedExpiryPolicy.factoryOf(Duration.ONE_HOUR));
                create(fixture, "touched", TouchedExpiryPolicy.factoryOf(Duration.ONE_MINUTE));
                create(fixture, "eternal", EternalExpiryPolicy.factoryOf());
                create(fixture, "own", CountingPolicy::new);

                assertThat(lifetime(registry, "created")).isEqualTo(3_600);
                assertThat(lifetime(registry, "touched")).isEqualTo(60);
                assertThat(lifetime(registry, "eternal")).isNaN();
                assertThat(lifetime(registry, "own")).isNaN();
            }
        }
    }

    private static void create(JCacheFixture fixture, String name, Factory<? extends ExpiryPolicy> expiry) {
        fixture.manager().createCache(name, new MutableConfiguration<String, String>().setExpiryPolicyFactory(expiry));
    }

    private static double lifetime(SimpleMeterRegistry registry, String cache) {
        return registry.get("iftb.cache.lifetime").tag("cache", cache).gauge().value();
    }

    @Test
    void get_heldValueAndNobodyAsks_allocatesNothing() {
        try (JCacheFixture fixture =
                JCacheFixture.builder().with(CacheSetting.NEAR, "held", "on").build()) {
            Cache<String, String> cache = fixture.cache("held", String.class, String.class);
            cache.put("a", "b");
            await().untilAsserted(() -> assertThat(allocatedByGet(cache)).isZero());
            assertThat(sink).isEqualTo("b");

            try (OperationsLog log = new OperationsLog()) {
                cache.get("a");
                assertThat(log.lines())
                        .singleElement()
                        .asString()
                        .contains("cache=held operation=get key=a outcome=hit", "origin=near");
            }
        }
    }

    private static double allocatedByGet(Cache<String, String> cache) {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        int calls = 5_000;
        long least = Long.MAX_VALUE;
        for (int run = 0; run < 5; run++) {
            long before = threads.getCurrentThreadAllocatedBytes();
            for (int i = 0; i < calls; i++) {
                sink = cache.get("a");
            }
            least = Math.min(least, threads.getCurrentThreadAllocatedBytes() - before);
        }
        return Math.rint(10.0 * least / calls) / 10;
    }

    @Test
    void metrics_ofMicrometerAndOurs_countTheSameCache() {
        try (JCacheFixture fixture = JCacheFixture.builder()
                .with(CacheSetting.SINGLE_FLIGHT, "orders", "on")
                .build()) {
            Cache<String, String> cache = fixture.cache("orders", String.class, String.class);
            fixture.manager().enableStatistics("orders", true);
            SimpleMeterRegistry registry = new SimpleMeterRegistry();
            JCacheMetrics.monitor(registry, cache, Tags.of("cache.manager", "jcache"));
            try (MarketCachesMetrics ours = new MarketCachesMetrics(
                    fixture.manager().unwrap(MarketCaches.class), Tags.of("cache.manager", "typed"))) {
                ours.bindTo(registry);
                cache.invoke("a", (entry, none) -> {
                    entry.setValue("b");
                    return null;
                });
                cache.get("a");
                cache.put("a", "b");

                assertThat(registry.get("cache.gets")
                                .tags("cache", "orders", "cache.manager", "jcache", "result", "hit")
                                .functionCounter()
                                .count())
                        .isEqualTo(1);
                assertThat(registry.get("cache.puts")
                                .tags("cache", "orders")
                                .functionCounter()
                                .count())
                        .isEqualTo(2);
                assertThat(registry.get("iftb.cache.flight.computed")
                                .tags("cache", "orders", "cache.manager", "typed")
                                .functionCounter()
                                .count())
                        .isEqualTo(1);
                cache.close();
                assertThat(registry.find("iftb.cache.flight.computed")
                                .tag("cache", "orders")
                                .functionCounter())
                        .isNull();
            }
        }
    }
}
