package io.iftb.cache.benchmarks.contender;

import static java.util.Objects.requireNonNull;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.iftb.cache.market.BarSeries;
import io.iftb.cache.market.OhlcvBar;
import io.iftb.cache.market.SeriesKey;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Series in this JVM, limited by weight and age as a near cache is. */
final class CaffeineBars implements BarContender {

    private static final int MAX_WEIGHT = 64 << 20;
    private static final int BAR_WEIGHT = 48;

    private final Cache<SeriesKey, BarSeries> cache = Caffeine.newBuilder()
            .maximumWeight(MAX_WEIGHT)
            .weigher((SeriesKey key, BarSeries bars) -> BAR_WEIGHT * bars.size())
            .expireAfterWrite(Duration.ofHours(1))
            .build();

    @Override
    public void put(SeriesKey series, List<OhlcvBar> bars) {
        cache.put(series, BarSeries.of(bars));
    }

    @Override
    public void remove(SeriesKey series) {
        cache.invalidate(series);
    }

    @Override
    public Object latest(SeriesKey series, int limit) {
        return requireNonNull(cache.getIfPresent(series)).last(limit);
    }

    @Override
    public Object latest(List<SeriesKey> universe, int limit) {
        List<BarSeries> found = new ArrayList<>(universe.size());
        for (SeriesKey series : universe) {
            found.add(requireNonNull(cache.getIfPresent(series)).last(limit));
        }
        return found;
    }

    @Override
    public void close() {}
}
