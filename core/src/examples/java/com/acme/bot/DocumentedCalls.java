package com.acme.bot;

import io.iftb.cache.LlmRequest;
import io.iftb.cache.MarketCaches;
import io.iftb.cache.OhlcvCache;
import io.iftb.cache.fetch.BarSource;
import io.iftb.cache.fetch.FetchOptions;
import io.iftb.cache.fetch.Priority;
import io.iftb.cache.fetch.RequestBudget;
import io.iftb.cache.fetch.RequestLimits;
import io.iftb.cache.market.Analysis;
import io.iftb.cache.market.AnalysisKey;
import io.iftb.cache.market.BarSeries;
import io.iftb.cache.market.FearGreed;
import io.iftb.cache.market.OhlcvBar;
import io.iftb.cache.market.SeriesKey;
import io.iftb.cache.market.Ticker;
import io.iftb.cache.store.DatedValue;
import io.iftb.cache.store.FreshnessCounts;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;

/** The calls that the documents show; tests compare and run them. */
@SuppressWarnings({"unused", "FutureReturnValueIgnored", "CheckReturnValue"})
abstract class DocumentedCalls {

    void fetchOnce(MarketCaches caches, URI address, SeriesKey series, List<SeriesKey> universe, long from, long to) {
        BarSource exchange = new HttpBarSource(address, Duration.ofSeconds(10)); // a source of yours
        OhlcvCache candles = caches.ohlcv()
                .withSource(
                        exchange,
                        FetchOptions.of("exchange")
                                .withBudget(
                                        caches.budget("exchange", RequestLimits.ofWeight(6_000, Duration.ofMinutes(1))),
                                        2));

        BarSeries newest = candles.latest(series, 500); // the same calls as without a source
        BarSeries month = candles.range(series, from, to);
        BarSeries now = candles.fetching().fresh(series, 500); // before an order
        candles.fetching().warm(universe, from, progress -> {}); // at start-up
        candles.fetching().repair(series, from, to); // the exchange has corrected its bars
    }

    abstract <T> CompletionStage<T> ask(Function<String, T> exchange);

    abstract int weightOf(String answer);

    abstract Duration retryAfter(String answer);

    <T> void budget(MarketCaches caches, Function<String, T> exchange, String answer) {
        RequestBudget binance = caches.budget("binance", RequestLimits.ofWeight(6_000, Duration.ofMinutes(1)));

        binance.acquire(2, Priority.READ, Duration.ofSeconds(10)).thenCompose(granted -> ask(exchange));
        binance.reportUsedWeight(weightOf(answer)); // the header X-MBX-USED-WEIGHT-1M
        binance.stopFor(retryAfter(answer)); // if the status is 429 or 418
    }

    abstract Analysis askTheModel(LlmRequest request);

    void analysis(MarketCaches caches, String headline) {
        LlmRequest request = LlmRequest.builder("sentiment")
                .provider("acme")
                .model("acme-1")
                .temperature(0)
                .seed(7)
                .system("Answer with one number from -1 to 1.")
                .message("user", headline)
                .parameter("max_tokens", 5)
                .cost(0.004)
                .build();
        Analysis sentiment = caches.llm().computeIfAbsent(request, () -> askTheModel(request));
    }

    void ages(MarketCaches caches, AnalysisKey key) {
        Optional<DatedValue<Analysis>> analysis = caches.llm().getDated(key); // also past its end
        FreshnessCounts counts = caches.llm().freshness(); // what was refreshed, stale, failed
    }

    void fromPython(MarketCaches caches, SeriesKey series, List<OhlcvBar> bars, Ticker ticker, AnalysisKey key) {
        caches.ohlcv().put(series, bars); // OHLCVCache.set_candles
        BarSeries newest = caches.ohlcv().latest(series, 100); // get_candles(limit=100), oldest first
        caches.ohlcv().invalidate(series); // invalidate
        caches.market().putTicker("BTCUSDT", ticker); // MarketDataCache.set_ticker
        Optional<FearGreed> mood = caches.market().fearGreed(); // get_fear_greed
        Optional<Analysis> analysis = caches.llm().get(key); // LLMCache.get_analysis
    }
}
