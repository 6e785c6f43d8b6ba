package io.iftb.cache.benchmarks.contender;

import io.iftb.cache.market.BarSeries;
import io.iftb.cache.market.OhlcvBar;
import io.iftb.cache.market.SeriesKey;
import java.util.Collection;
import java.util.List;

/**
 * A contender that stores bars. Thread-safe. Answers have the types that a user of the contender receives; {@link #bars}
 * and {@link #universe} convert them for verification, which is not timed.
 *
 * <p>{@link Contender#does} says which operations a contender supports.
 */
public interface BarContender extends AutoCloseable {

    /** Stores new bars, which are sorted by open time. */
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
