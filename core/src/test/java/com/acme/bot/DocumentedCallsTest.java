package com.acme.bot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.iftb.cache.LlmRequest;
import io.iftb.cache.MarketCaches;
import io.iftb.cache.TestServer;
import io.iftb.cache.exchange.TestExchange;
import io.iftb.cache.market.Analysis;
import io.iftb.cache.market.AnalysisKey;
import io.iftb.cache.market.OhlcvBar;
import io.iftb.cache.market.SeriesKey;
import io.iftb.cache.market.Ticker;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What the documents show does what they say. */
class DocumentedCallsTest {

    private static final SeriesKey BTC = SeriesKey.of("BTCUSDT", "1h");
    private static final long HOUR = 3_600_000;

    private final AtomicInteger asked = new AtomicInteger();
    private final DocumentedCalls calls = new DocumentedCalls() {

        @Override
        <T> CompletionStage<T> ask(Function<String, T> exchange) {
            return CompletableFuture.completedFuture(exchange.apply("klines"));
        }

        @Override
        int weightOf(String answer) {
            return Integer.parseInt(answer);
        }

        @Override
        Duration retryAfter(String answer) {
            return Duration.ofMillis(Long.parseLong(answer));
        }

        @Override
        Analysis askTheModel(LlmRequest request) {
            return new Analysis("{\"score\": 0." + asked.incrementAndGet() + "}");
        }
    };

    private MarketCaches caches;

    @BeforeEach
    void open() {
        TestServer.flush();
        caches = MarketCaches.open(TestServer.uri());
    }

    @AfterEach
    void close() {
        caches.close();
    }

    @Test
    void fetchOnce_ofASeries_storesItsBars() {
        long now = System.currentTimeMillis();
        long to = now / HOUR * HOUR;
        long from = to - 700 * HOUR;
        try (TestExchange exchange = TestExchange.at(now)) {
            SeriesKey eth = SeriesKey.of("ETHUSDT", "1h");
            calls.fetchOnce(caches, exchange.uri(), BTC, List.of(BTC, eth), from, to);

            for (SeriesKey each : List.of(BTC, eth)) {
                assertThat(caches.ohlcv().range(each, from, to).bars())
                        .hasSize(700)
                        .isEqualTo(exchange.bars(each, from, to).bars());
            }
        }
    }

    @Test
    void budget_ofASource_letsARequestGo() {
        calls.budget(caches, request -> asked.incrementAndGet(), "10");

        await().until(() -> asked.get() == 1);
    }

    @Test
    void analysis_ofTheSameRequest_asksTheModelOnce() {
        calls.analysis(caches, "BTC hits a new high");
        calls.analysis(caches, "BTC hits a new high");
        assertThat(asked).hasValue(1);
        calls.analysis(caches, "BTC falls");
        assertThat(asked).hasValue(2);
    }

    @Test
    void ages_ofAnAnalysis_areRead() {
        AnalysisKey key = new AnalysisKey("sentiment", "42");
        caches.llm().put(key, new Analysis("{\"score\": 1}"));
        calls.ages(caches, key);
        assertThat(caches.llm().getDated(key)).isPresent();
    }

    @Test
    void fromPython_callByCall_writesAndRemoves() {
        Ticker ticker = new Ticker(1, 2, 1.5, 100, 3, 1, 0.5, 0);

        calls.fromPython(
                caches,
                BTC,
                List.of(new OhlcvBar(400_000 * HOUR, 1, 2, 0.5, 1.5, 3)),
                ticker,
                new AnalysisKey("sentiment", "42"));

        assertThat(caches.ohlcv().latest(BTC, 1).size()).as("invalidated").isZero();
        assertThat(caches.market().ticker("BTCUSDT")).contains(ticker);
    }
}
