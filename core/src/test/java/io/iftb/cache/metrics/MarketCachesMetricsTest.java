package io.iftb.cache.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.iftb.cache.MarketCaches;
import io.iftb.cache.OhlcvCache;
import io.iftb.cache.TestServer;
import io.iftb.cache.embedded.RespConnection;
import io.iftb.cache.fetch.FetchOptions;
import io.iftb.cache.fetch.Priority;
import io.iftb.cache.fetch.RequestBudget;
import io.iftb.cache.fetch.RequestLimits;
import io.iftb.cache.market.Analysis;
import io.iftb.cache.market.AnalysisKey;
import io.iftb.cache.market.DomainCache;
import io.iftb.cache.market.FearGreed;
import io.iftb.cache.market.SeriesKey;
import io.iftb.cache.market.Ticker;
import io.iftb.cache.settings.CacheOptions;
import io.iftb.cache.settings.CacheSettings;
import io.iftb.cache.settings.NearOptions;
import io.iftb.cache.store.CacheBackend;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.io.IOException;
import java.lang.ref.WeakReference;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The metrics of typed caches in real registries. */
class MarketCachesMetricsTest {

    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
    private MarketCaches caches;
    private MarketCachesMetrics metrics;

    @BeforeEach
    void open() {
        TestServer.flush();
        caches = MarketCaches.open(CacheSettings.builder()
                .redisUri(TestServer.uri())
                .cache(CacheOptions.of(DomainCache.TICKER.cacheName(), String.class, Ticker.class)
                        .withNear(NearOptions.DEFAULT))
                .build());
        metrics = new MarketCachesMetrics(caches);
        metrics.bindTo(registry);
    }

    @AfterEach
    void close() {
        metrics.close();
        caches.close();
    }

    private double count(String name, String... tags) {
        return registry.get(name).tags(tags).functionCounter().count();
    }

    private double value(String name, String... tags) {
        return registry.get(name).tags(tags).gauge().value();
    }

    @Test
    void bindTo_readsAndWrites_areCounted() {
        caches.market().putFearGreed(new FearGreed(50, "Neutral", 1));
        caches.market().fearGreed();
        caches.market().fundingRate("BTC");

        assertThat(count("cache.gets", "cache", "fear_greed", "result", "hit")).isEqualTo(1);
        assertThat(count("cache.puts", "cache", "fear_greed")).isEqualTo(1);
        assertThat(count("cache.gets", "cache", "funding", "result", "miss")).isEqualTo(1);
        assertThat(value("iftb.cache.lifetime", "cache", "funding")).isEqualTo(60);
        assertThat(value("iftb.cache.breaker.open", "server", caches.server())).isZero();
        assertThat(value("iftb.cache.connections", "server", caches.server())).isPositive();
    }

    @Test
    void bindTo_nearCache_isCounted() {
        caches.market().putTicker("BTC", new Ticker(1, 2, 1.5, 0, 0, 0, 0, 1));

        await().untilAsserted(() -> {
            caches.market().ticker("BTC");
            assertThat(count("iftb.cache.near.hits", "cache", "ticker")).isPositive();
        });
        assertThat(count("iftb.cache.near.reads", "cache", "ticker")).isPositive();
        assertThat(value("iftb.cache.near.size", "cache", "ticker")).isEqualTo(1);
        assertThat(value("iftb.cache.near.bytes", "cache", "ticker")).isBetween(200.0, 1_000.0);
        assertThat(value("iftb.cache.near.bytes.max", "cache", "ticker")).isEqualTo(64 << 20);
        assertThat(value("iftb.cache.near.bound", "cache", "ticker")).isEqualTo(2);
        assertThat(value("iftb.cache.near.hearing")).isEqualTo(1);
    }

    @Test
    void bindTo_noNearCache_hasNoValueOfOne() {
        SimpleMeterRegistry own = new SimpleMeterRegistry();
        try (MarketCaches others = MarketCaches.open(TestServer.uri());
                MarketCachesMetrics without = new MarketCachesMetrics(others)) {
            without.bindTo(own);

            assertThat(own.get("iftb.cache.near.hearing").gauge().value()).isNaN();
            assertThat(own.get("iftb.cache.near.fence").gauge().value()).isNaN();
        }
    }

    @Test
    void bindTo_unreadableEntry_isCounted() throws IOException {
        try (RespConnection raw = TestServer.raw()) {
            raw.call("SET", "funding:BTC", "broken");
        }
        caches.market().fundingRate("BTC");

        assertThat(count("iftb.cache.unreadable", "cache", "funding")).isEqualTo(1);
    }

    @Test
    void bindTo_analysisAskedTwice_isSavedOnce() {
        AnalysisKey key = new AnalysisKey("mood", "a".repeat(64));
        caches.llm().computeIfAbsent(key, () -> new Analysis("{}"));
        caches.llm().computeIfAbsent(key, () -> new Analysis("{}"));

        assertThat(count("iftb.cache.llm.calls", "cache", "llm")).isEqualTo(1);
        assertThat(count("iftb.cache.llm.saved.calls", "cache", "llm")).isEqualTo(1);
        assertThat(count("iftb.cache.flight.computed", "cache", "llm")).isEqualTo(1);
    }

    @Test
    void bindTo_sourceAndBudgetThatComeLater_areCounted() {
        OhlcvCache bars = caches.ohlcv()
                .withSource(
                        (series, from, to, limit) -> CompletableFuture.completedFuture(List.of()),
                        FetchOptions.of("acme"));
        bars.range(SeriesKey.of("BTCUSDT", "1h"), 0, 3_600_000);
        RequestBudget budget = caches.budget("acme", RequestLimits.ofWeight(6_000, Duration.ofMinutes(1)));
        await().until(() -> {
            try {
                budget.acquire(Priority.ORDER, Duration.ofSeconds(5)).join();
                return true;
            } catch (RuntimeException notYet) {
                return false;
            }
        });

        assertThat(count("iftb.cache.source.requests", "source", "acme")).isEqualTo(1);
        assertThat(count("iftb.cache.budget.granted", "source", "acme")).isEqualTo(1);
        assertThat(value("iftb.cache.budget.waiting", "source", "acme")).isZero();
    }

    @Test
    void bindTo_cacheThatOpensAndCloses_comesAndGoes() {
        CacheBackend<String, Long> orders = caches.backend(
                CacheOptions.of("orders", String.class, Long.class).withSingleFlight(true));
        assertThat(count("iftb.cache.flight.shared", "cache", "orders")).isZero();
        assertThat(registry.find("cache.gets").tag("cache", "orders").functionCounter())
                .as("is counted by JCacheMetrics")
                .isNull();

        caches.release(orders);
        assertThat(registry.find("iftb.cache.flight.shared")
                        .tag("cache", "orders")
                        .functionCounter())
                .isNull();
    }

    /** As when the standard API opens a domain cache with settings of its own, and closes it. */
    @Test
    void bindTo_otherViewOfACacheThatCloses_leavesItsMeters() {
        CacheBackend<AnalysisKey, Analysis> view =
                caches.backend(CacheOptions.of(DomainCache.LLM.cacheName(), AnalysisKey.class, Analysis.class)
                        .withSingleFlight(true));
        caches.release(view);
        caches.llm().get(new AnalysisKey("mood", "a".repeat(64)));

        assertThat(count("cache.gets", "cache", "llm", "result", "miss")).isEqualTo(1);
    }

    @Test
    void close_ofTheCachesOrOfTheMetrics_leavesNothing() {
        SimpleMeterRegistry other = new SimpleMeterRegistry();
        metrics.bindTo(other);
        assertThat(other.getMeters()).isNotEmpty();
        metrics.close();
        assertThat(other.getMeters()).isEmpty();
        assertThat(registry.getMeters()).isEmpty();

        metrics.bindTo(other);
        caches.close();
        assertThat(other.getMeters()).isEmpty();
    }

    @Test
    void bindTo_registryThatOutlivesTheCaches_doesNotKeepThem() {
        WeakReference<MarketCaches> forgotten = boundAndForgotten();

        await().untilAsserted(() -> {
            System.gc();
            assertThat(forgotten.refersTo(null)).isTrue();
        });
    }

    private WeakReference<MarketCaches> boundAndForgotten() {
        MarketCaches others = MarketCaches.open(TestServer.uri());
        new MarketCachesMetrics(others).bindTo(registry);
        others.close();
        return new WeakReference<>(others);
    }

    @Test
    void names_ofAllMeters_haveOneSetOfTagsEach() {
        PrometheusMeterRegistry prometheus = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
        Set<Meter.Id> refused = new HashSet<>();
        prometheus.config().onMeterRegistrationFailed((id, why) -> refused.add(id));
        metrics.bindTo(prometheus);

        assertThat(refused).isEmpty();
        assertThat(prometheus.scrape())
                .contains("cache_gets_total{cache=\"ticker\",result=\"hit\"}", "iftb_cache_breaker_open{server=");
    }
}
