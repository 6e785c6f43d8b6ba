package io.iftb.cache.benchmarks.contender;

import io.iftb.cache.market.BarSeries;
import io.iftb.cache.market.OhlcvBar;
import io.iftb.cache.market.SeriesKey;
import java.util.Collection;
import java.util.List;

/**
 * Somebody who keeps candles. Safe for use by several threads. Answers are what a user of the contender would hold in
 * hand; {@link #bars} and {@link #universe} turn them into bars to be checked, outside of what is timed.
 *
 * <p>Which operations one has is said by {@link Contender#does}; others are not called.
 */
public interface BarContender extends AutoCloseable {

    /** Stores bars, sorted by open time, that are not there. */
    void put(SeriesKey series, List<OhlcvBar> bars);

    /** Removes a series. */
    void remove(SeriesKey series);

    /** The newest bars. */
    Object latest(SeriesKey series, int limit);

    /** The newest bars of many series. */
    default Object latest(List<SeriesKey> universe, int limit) {
        throw new UnsupportedOperationException("universe");
    }

    /** The bars with {@code from <= openTime < to}. */
    default Object range(SeriesKey series, long from, long to) {
        throw new UnsupportedOperationException("range");
    }

    /** Writes the newest bar again. */
    default void upsert(SeriesKey series, OhlcvBar bar) {
        throw new UnsupportedOperationException("upsert");
    }

    /** The bars of an answer about one series. */
    default BarSeries bars(Object answer) {
        return (BarSeries) answer;
    }

    /** The bars of an answer about many series, in their order. */
    default List<BarSeries> universe(Object answer) {
        return ((Collection<?>) answer).stream().map(this::bars).toList();
    }

    @Override
    void close();
}
