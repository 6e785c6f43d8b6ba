package io.iftb.cache;

import io.iftb.cache.market.FearGreed;
import io.iftb.cache.market.FundingRate;
import io.iftb.cache.market.Ticker;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/**
 * Tickers and funding rates by symbol, and the fear and greed index. The lifetimes below are the defaults; the settings
 * {@code iftb.cache.caches.ticker.expiry} and so on change them.
 */
public final class MarketDataCache {

    private final TypedEntries<String, Ticker> tickers;
    private final TypedEntries<String, FundingRate> fundingRates;
    private final TypedEntries<String, FearGreed> fearGreed;

    MarketDataCache(
            TypedEntries<String, Ticker> tickers,
            TypedEntries<String, FundingRate> fundingRates,
            TypedEntries<String, FearGreed> fearGreed) {
        this.tickers = tickers;
        this.fundingRates = fundingRates;
        this.fearGreed = fearGreed;
    }

    /** Stores the ticker of a symbol for 10 s. */
    public void putTicker(String symbol, Ticker ticker) {
        tickers.put(symbol, ticker);
    }

    /** Like {@link #putTicker}. */
    public CompletionStage<Void> putTickerAsync(String symbol, Ticker ticker) {
        return tickers.putAsync(symbol, ticker);
    }

    /** The ticker of a symbol, if it is cached. */
    public Optional<Ticker> ticker(String symbol) {
        return tickers.get(symbol);
    }

    /** Like {@link #ticker}. */
    public CompletionStage<Optional<Ticker>> tickerAsync(String symbol) {
        return tickers.getAsync(symbol);
    }

    /** Stores the funding rate of a symbol for 60 s. */
    public void putFundingRate(String symbol, FundingRate rate) {
        fundingRates.put(symbol, rate);
    }

    /** Like {@link #putFundingRate}. */
    public CompletionStage<Void> putFundingRateAsync(String symbol, FundingRate rate) {
        return fundingRates.putAsync(symbol, rate);
    }

    /** The funding rate of a symbol, if it is cached. */
    public Optional<FundingRate> fundingRate(String symbol) {
        return fundingRates.get(symbol);
    }

    /** Like {@link #fundingRate}. */
    public CompletionStage<Optional<FundingRate>> fundingRateAsync(String symbol) {
        return fundingRates.getAsync(symbol);
    }

    /** Stores the fear and greed index for 300 s. */
    public void putFearGreed(FearGreed index) {
        fearGreed.put(FearGreed.KEY, index);
    }

    /** Like {@link #putFearGreed}. */
    public CompletionStage<Void> putFearGreedAsync(FearGreed index) {
        return fearGreed.putAsync(FearGreed.KEY, index);
    }

    /** The fear and greed index, if it is cached. */
    public Optional<FearGreed> fearGreed() {
        return fearGreed.get(FearGreed.KEY);
    }

    /** Like {@link #fearGreed}. */
    public CompletionStage<Optional<FearGreed>> fearGreedAsync() {
        return fearGreed.getAsync(FearGreed.KEY);
    }
}
