package io.iftb.cache.benchmarks.contender;

import static java.util.Objects.requireNonNull;

import io.iftb.cache.MarketCaches;
import io.iftb.cache.OhlcvCache;
import io.iftb.cache.market.BarKey;
import io.iftb.cache.market.BarSeries;
import io.iftb.cache.market.DomainCache;
import io.iftb.cache.market.OhlcvBar;
import io.iftb.cache.market.SeriesKey;
import io.iftb.cache.settings.CacheOptions;
import io.iftb.cache.settings.CacheSettings;
import io.iftb.cache.settings.NearOptions;
import io.iftb.cache.store.CacheBackend;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** Our candle store with default settings, or with a near cache. */
final class IftbBars implements BarContender {

    private final MarketCaches caches;
    private final OhlcvCache ohlcv;
    private final CacheBackend<BarKey, OhlcvBar> single;

    IftbBars(String uri, String namespace) {
        this(MarketCaches.open(
                CacheSettings.builder().redisUri(uri).namespace(namespace).build()));
    }

    private IftbBars(MarketCaches caches) {
        this.caches = caches;
        this.ohlcv = caches.ohlcv();
        this.single = caches.backend(DomainCache.OHLCV.cacheName(), BarKey.class, OhlcvBar.class);
    }

    /** With a near cache. */
    static IftbBars near(String uri, String namespace) {
        CacheOptions<BarKey, OhlcvBar> options = CacheOptions.of(
                        DomainCache.OHLCV.cacheName(), BarKey.class, OhlcvBar.class)
                .withNear(NearOptions.DEFAULT);
        return new IftbBars(MarketCaches.open(CacheSettings.builder()
                .redisUri(uri)
                .namespace(namespace)
                .cache(options)
                .build()));
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
    public void fill(SeriesKey series, List<OhlcvBar> bars) {
        put(series, bars);
    }

    @Override
    public void remove(SeriesKey series, List<OhlcvBar> bars) {
        single.store()
                .removeAll(keys(series, bars.stream().map(OhlcvBar::openTime)))
                .join();
    }

    /** What {@code getAll} of the standard API does. */
    @Override
    public Object single(SeriesKey series, List<Long> openTimes) {
        Map<BarKey, OhlcvBar> found = new LinkedHashMap<>();
        single.store()
                .getAll(keys(series, openTimes.stream()), single.access())
                .join()
                .forEach((key, bytes) -> found.put(key, requireNonNull(single.read(key, bytes))));
        return found;
    }

    private static List<BarKey> keys(SeriesKey series, Stream<Long> openTimes) {
        return openTimes.map(time -> BarKey.of(series, time)).toList();
    }

    @Override
    public void seal(SeriesKey series) {
        ohlcv.compact(series);
    }

    @Override
    public BarSeries bars(Object answer) {
        if (answer instanceof Map<?, ?> single) {
            return BarSeries.of(
                    single.values().stream().map(OhlcvBar.class::cast).toList());
        }
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
