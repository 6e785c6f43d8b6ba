package io.iftb.cache.benchmarks.contender;

import io.iftb.cache.MarketCaches;
import io.iftb.cache.OhlcvCache;
import io.iftb.cache.market.BarSeries;
import io.iftb.cache.market.OhlcvBar;
import io.iftb.cache.market.SeriesKey;
import io.iftb.cache.settings.CacheSettings;
import java.util.List;
import java.util.Map;
import org.redisson.api.RBucket;
import org.redisson.api.RedissonClient;

/** Ours, as users get it. */
final class IftbBars implements BarContender {

    private final MarketCaches caches;
    private final OhlcvCache ohlcv;

    IftbBars(String uri, String namespace) {
        caches = MarketCaches.open(
                CacheSettings.builder().redisUri(uri).namespace(namespace).build());
        ohlcv = caches.ohlcv();
    }

    /** A command that does nothing, on the same connections. */
    Runnable smallCommand() {
        RBucket<Object> nothing =
                caches.client(RedissonClient.class).orElseThrow().getBucket("nothing");
        return nothing::isExists;
    }

    @Override
    public void put(SeriesKey series, List<OhlcvBar> bars) {
        ohlcv.put(series, bars, OhlcvCache.NEVER);
    }

    @Override
    public void remove(SeriesKey series) {
        ohlcv.invalidate(series);
    }

    @Override
    public Object latest(SeriesKey series, int limit) {
        return ohlcv.latest(series, limit);
    }

    @Override
    public Object latest(List<SeriesKey> universe, int limit) {
        return ohlcv.latest(universe, limit);
    }

    @Override
    public Object range(SeriesKey series, long from, long to) {
        return ohlcv.range(series, from, to);
    }

    @Override
    public void upsert(SeriesKey series, OhlcvBar bar) {
        ohlcv.put(series, List.of(bar), OhlcvCache.NEVER);
    }

    @Override
    public BarSeries bars(Object answer) {
        return (BarSeries) answer;
    }

    @Override
    public List<BarSeries> universe(Object answer) {
        return ((Map<?, ?>) answer).values().stream().map(this::bars).toList();
    }

    @Override
    public void close() {
        caches.close();
    }
}
