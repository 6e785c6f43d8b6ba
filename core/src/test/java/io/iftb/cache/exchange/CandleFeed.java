package io.iftb.cache.exchange;

import io.iftb.cache.market.BarSeries;
import io.iftb.cache.market.SeriesKey;

/**
 * Where the bots of a JVM get their bars from. A class of a feed has a constructor with the address of the exchange and its
 * clock, {@code (URI, LongSupplier)}. Safe for use by several threads.
 */
interface CandleFeed extends AutoCloseable {

    /**
     * The newest bars, the open one too.
     *
     * @throws io.iftb.cache.fetch.RateLimitedException if the exchange refuses
     */
    BarSeries latest(SeriesKey series, int limit);

    /**
     * All bars with {@code from <= openTime < to}.
     *
     * @throws io.iftb.cache.fetch.RateLimitedException if the exchange refuses
     */
    BarSeries range(SeriesKey series, long from, long to);

    @Override
    void close();
}
