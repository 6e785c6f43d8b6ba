package io.iftb.cache.exchange;

import io.iftb.cache.market.BarKey;
import io.iftb.cache.market.OhlcvBar;
import io.iftb.cache.market.OpenTime;
import io.iftb.cache.market.SeriesKey;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** All series of an exchange, as they look at any time. */
final class Market {

    private final long seed;
    private final MarketConditions conditions;
    private final Map<SeriesKey, SeriesHistory> histories;

    /** @param recorded histories that are not generated */
    Market(long seed, MarketConditions conditions, Map<SeriesKey, ? extends SeriesHistory> recorded) {
        this.seed = seed;
        this.conditions = conditions;
        this.histories = new ConcurrentHashMap<>(recorded);
    }

    /** The oldest bars with {@code from <= openTime <= last}. */
    List<OhlcvBar> oldest(SeriesKey series, long from, long last, int limit, long asOf) {
        SeriesHistory history = history(series);
        List<OhlcvBar> bars = new ArrayList<>();
        long until = Math.min(last, asOf);
        if (from > until) {
            return bars;
        }
        long openTime = history.atOrAfter(Math.max(from, listing(series)));
        while (openTime <= until && bars.size() < limit) {
            OhlcvBar bar = visible(series, history, openTime, asOf);
            if (bar != null) {
                bars.add(bar);
            }
            openTime = history.atOrAfter(openTime + 1);
        }
        return bars;
    }

    /** The newest bars with {@code openTime <= last}. */
    List<OhlcvBar> newest(SeriesKey series, long last, int limit, long asOf) {
        SeriesHistory history = history(series);
        ArrayDeque<OhlcvBar> bars = new ArrayDeque<>();
        long listing = listing(series);
        if (last < listing) {
            return List.of();
        }
        long openTime = history.before(Math.min(last, asOf) + 1);
        while (openTime >= listing && bars.size() < limit) {
            OhlcvBar bar = visible(series, history, openTime, asOf);
            if (bar != null) {
                bars.addFirst(bar);
            }
            openTime = history.before(openTime);
        }
        return List.copyOf(bars);
    }

    private SeriesHistory history(SeriesKey series) {
        return histories.computeIfAbsent(series, generated -> new GeneratedHistory(seed, generated));
    }

    /** The bar in which the symbol is listed belongs to the series, too. */
    private long listing(SeriesKey series) {
        SeriesHistory history = history(series);
        return history instanceof RecordedHistory
                ? history.atOrAfter(OpenTime.MIN)
                : history.before(conditions.listing(series.symbol()) + 1);
    }

    private @Nullable OhlcvBar visible(SeriesKey series, SeriesHistory history, long openTime, long asOf) {
        long end = series.timeframe().end(openTime);
        if (conditions.isSilent(seed, series.symbol(), openTime, Math.min(end, asOf + 1))) {
            return null;
        }
        if (conditions.areOrderly()) {
            return history.bar(openTime, Math.min(asOf, end));
        }
        BarKey key = new BarKey(series.symbol(), series.timeframe(), openTime);
        long lateness = conditions.lateness(seed, key).toMillis();
        if (lateness > 0 && asOf < end + lateness) {
            return null;
        }
        OhlcvBar bar = history.bar(openTime, Math.min(asOf, end));
        long correction = conditions.correction(seed, key).toMillis();
        return correction > 0 && asOf >= end + correction ? corrected(bar) : bar;
    }

    private static OhlcvBar corrected(OhlcvBar bar) {
        return new OhlcvBar(
                bar.openTime(), bar.open(), bar.high(), bar.low(), (bar.high() + bar.low()) / 2, bar.volume() + 1);
    }
}
