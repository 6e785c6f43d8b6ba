package io.iftb.cache.benchmarks.contender;

import io.iftb.cache.MarketCaches;
import io.iftb.cache.OhlcvCache;
import io.iftb.cache.market.BarSeries;
import io.iftb.cache.market.OhlcvBar;
import io.iftb.cache.market.SeriesKey;
import io.iftb.cache.settings.CacheSettings;
import java.util.List;
import java.util.Map;

/** Our candle store with default settings. */
final class IftbBars implements BarContender {

    private final MarketCaches caches;
    private final OhlcvCache ohlcv;

    IftbBars(String uri, String namespace) {
        caches = MarketCaches.open(
                CacheSettings.builder().redisUri(uri).namespace(namespace).build());
        ohlcv = caches.ohlcv();
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
    public List<BarSeries> universe(Object answer) {
        return ((Map<?, ?>) answer).values().stream().map(this::bars).toList();
    }

    @Override
    public void close() {
        caches.close();
    }
}
