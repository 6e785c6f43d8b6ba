package io.iftb.cache.exchange;

import com.acme.bot.HttpBarSource;
import io.iftb.cache.MarketCaches;
import io.iftb.cache.OhlcvCache;
import io.iftb.cache.fetch.FetchOptions;
import io.iftb.cache.market.BarSeries;
import io.iftb.cache.market.SeriesKey;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.function.LongSupplier;

/** A feed by the cache that all bots share, on the server of the setting {@code iftb.cache.redis.uri}. */
class CachedFeed implements CandleFeed {

    private final MarketCaches caches = MarketCaches.open();
    private final OhlcvCache candles;
    private final LongSupplier clock;

    CachedFeed(URI exchange, LongSupplier clock) {
        this(exchange, clock, 4);
    }

    private CachedFeed(URI exchange, LongSupplier clock, int parallelism) {
        this.clock = clock;
        this.candles = caches.ohlcv()
                .withSource(
                        new HttpBarSource(exchange, Duration.ofSeconds(20)),
                        FetchOptions.of("exchange")
                                .withClock(() -> Instant.ofEpochMilli(clock.getAsLong()))
                                .withParallelism(parallelism)
                                .withOpenBarAge(Duration.ofHours(1)));
    }

    /** One whose JVM makes one request at a time, so that it can lose one when it is killed. */
    static final class OneByOne extends CachedFeed {

        OneByOne(URI exchange, LongSupplier clock) {
            super(exchange, clock, 1);
        }
    }

    @Override
    public BarSeries latest(SeriesKey series, int limit) {
        return candles.latest(series, limit);
    }

    @Override
    public BarSeries range(SeriesKey series, long from, long to) {
        return candles.range(series, from, Math.min(to, clock.getAsLong() + 1));
    }

    @Override
    public void close() {
        caches.close();
    }
}
