package io.iftb.cache;

import io.iftb.cache.market.FearGreed;
import io.iftb.cache.market.FundingRate;
import io.iftb.cache.market.Ticker;
import java.util.Optional;

/** Tickers and funding rates by symbol, and the fear and greed index, for their default lifetimes. */
public final class MarketDataCache {

    MarketDataCache() {}

    /** Stores the ticker of a symbol. */
    public void putTicker(String symbol, Ticker ticker) {
        throw new UnsupportedOperationException();
    }

    /** The ticker of a symbol, if it is there. */
    public Optional<Ticker> ticker(String symbol) {
        throw new UnsupportedOperationException();
    }

    /** Stores the funding rate of a symbol. */
    public void putFundingRate(String symbol, FundingRate rate) {
        throw new UnsupportedOperationException();
    }

    /** The funding rate of a symbol, if it is there. */
    public Optional<FundingRate> fundingRate(String symbol) {
        throw new UnsupportedOperationException();
    }

    /** Stores the fear and greed index. */
    public void putFearGreed(FearGreed fearGreed) {
        throw new UnsupportedOperationException();
    }

    /** The fear and greed index, if it is there. */
    public Optional<FearGreed> fearGreed() {
        throw new UnsupportedOperationException();
    }
}
