package io.iftb.cache.metrics;

import static io.opentelemetry.api.common.AttributeKey.stringKey;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.iftb.cache.LlmCache;
import io.iftb.cache.MarketCaches;
import io.iftb.cache.TestServer;
import io.iftb.cache.market.AnalysisKey;
import io.iftb.cache.market.SeriesKey;
import io.iftb.cache.market.Ticker;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.observation.DefaultMeterObservationHandler;
import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationRegistry;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.micrometer.tracing.handler.DefaultTracingObservationHandler;
import io.micrometer.tracing.otel.bridge.OtelCurrentTraceContext;
import io.micrometer.tracing.otel.bridge.OtelTracer;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.sdk.testing.exporter.InMemorySpanExporter;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.export.SimpleSpanProcessor;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Calls as spans of OpenTelemetry and as timers, with the handlers that programs use. */
class MarketCachesObservationsTest {

    private static final Ticker TICKER = new Ticker(1, 2, 4_711.25, 0, 0, 0, 0, 1);

    private final InMemorySpanExporter spans = InMemorySpanExporter.create();
    private final SdkTracerProvider tracers = SdkTracerProvider.builder()
            .addSpanProcessor(SimpleSpanProcessor.create(spans))
            .build();
    private final PrometheusMeterRegistry meters = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    private final ObservationRegistry registry = ObservationRegistry.create();
    private MarketCaches caches;
    private MarketCachesObservations observations;

    @BeforeEach
    void open() {
        TestServer.flush();
        registry.observationConfig()
                .observationHandler(new DefaultTracingObservationHandler(
                        new OtelTracer(tracers.get("test"), new OtelCurrentTraceContext(), event -> {})))
                .observationHandler(new DefaultMeterObservationHandler(meters));
        caches = MarketCaches.open(TestServer.uri());
        observations = new MarketCachesObservations(caches);
        observations.bindTo(registry);
    }

    @AfterEach
    void close() {
        observations.close();
        caches.close();
        tracers.close();
    }

    @Test
    void calls_inAnObservationOfTheProgram_areSpansBelowItsSpan() {
        Observation.createNotStarted("decide", registry).observe(() -> {
            caches.market().putTicker("BTC", TICKER);
            caches.market().tickerAsync("BTC").toCompletableFuture().join();
            caches.ohlcv().latest(List.of(SeriesKey.of("BTC", "1h"), SeriesKey.of("ETH", "1h")), 10);
        });

        List<SpanData> all = ended(4);
        SpanData parent = named(all, "decide");
        assertThat(all).filteredOn(span -> span != parent).allSatisfy(span -> {
            assertThat(span.getParentSpanId()).isEqualTo(parent.getSpanId());
            assertThat(span.getTraceId()).isEqualTo(parent.getTraceId());
            assertThat(span.toString()).doesNotContain("4711");
        });
        SpanData read = named(all, "get ticker");
        assertThat(read.getAttributes().get(stringKey("cache"))).isEqualTo("ticker");
        assertThat(read.getAttributes().get(stringKey("operation"))).isEqualTo("get");
        assertThat(read.getAttributes().get(stringKey("key"))).isEqualTo("BTC");
        assertThat(read.getAttributes().get(stringKey("outcome"))).isEqualTo("hit");
        assertThat(read.getAttributes().get(stringKey("origin"))).isEqualTo("server");
        assertThat(named(all, "put ticker").getAttributes().get(stringKey("outcome")))
                .isEqualTo("done");
        assertThat(named(all, "latest ohlcv").getAttributes().get(stringKey("key")))
                .isEqualTo("BTC:1h and 1 more");
    }

    @Test
    void failedCall_isAnErrorWithItsClassAndNotItsMessage() {
        assertThatThrownBy(() -> caches.llm().computeIfAbsent(new AnalysisKey("mood", LlmCache.hash("?")), () -> {
                    throw new IllegalStateException("password");
                }))
                .isInstanceOf(IllegalStateException.class);

        SpanData failed = named(ended(2), "computeIfAbsent llm");
        assertThat(failed.getStatus().getStatusCode()).isEqualTo(StatusCode.ERROR);
        assertThat(failed.getAttributes().get(stringKey("outcome"))).isEqualTo("failed");
        assertThat(failed.getAttributes().get(stringKey("failure"))).isEqualTo("java.lang.IllegalStateException");
        assertThat(failed.toString() + failed.getEvents()).doesNotContain("password");
    }

    /** Prometheus refuses a timer whose labels have other names than the one before. */
    @Test
    void timers_ofCallsThatEndInAnyWay_haveTheSameLabels() {
        caches.market().ticker("BTC");
        caches.market().putTicker("BTC", TICKER);
        assertThatThrownBy(() -> caches.llm().computeIfAbsent(new AnalysisKey("mood", LlmCache.hash("?")), () -> {
                    throw new IllegalStateException("!");
                }))
                .isInstanceOf(IllegalStateException.class);
        ended(4); // a computation reads first

        Timer missed = meters.get(MarketCachesObservations.NAME)
                .tags("cache", "ticker", "operation", "get", "outcome", "miss", "origin", "server", "failure", "none")
                .timer();
        assertThat(missed.count()).isOne();
        assertThat(missed.totalTime(TimeUnit.NANOSECONDS)).isPositive();
        assertThat(meters.get(MarketCachesObservations.NAME).timers()).hasSize(4);
        assertThat(meters.scrape()).contains("iftb_cache_call_seconds_count{").doesNotContain("BTC");
    }

    @Test
    void close_laterCalls_areNotObserved() {
        caches.market().ticker("BTC");
        ended(1);
        observations.close();
        observations.close();
        caches.market().ticker("BTC");

        assertThat(spans.getFinishedSpanItems()).hasSize(1);
    }

    private List<SpanData> ended(int count) {
        await().until(() -> spans.getFinishedSpanItems().size() >= count);
        assertThat(spans.getFinishedSpanItems()).hasSize(count);
        return spans.getFinishedSpanItems();
    }

    private static SpanData named(List<SpanData> spans, String name) {
        return spans.stream()
                .filter(span -> span.getName().equals(name))
                .findFirst()
                .orElseThrow(() -> new AssertionError(name + " is not in " + spans));
    }
}
