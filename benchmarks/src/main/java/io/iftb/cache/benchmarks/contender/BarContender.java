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

    /** Writes a bar again that is there, such as the newest one. */
    default void upsert(SeriesKey series, OhlcvBar bar) {
        throw new UnsupportedOperationException("upsert");
    }

    /**
     * Writes bars that are missing in a series that may have newer and older ones.
     *
     * @param bars sorted by open time, without a gap
     */
    default void fill(SeriesKey series, List<OhlcvBar> bars) {
        throw new UnsupportedOperationException("fill");
    }

    /** Removes bars that {@link #fill} wrote; the same ones in each call. */
    default void remove(SeriesKey series, List<OhlcvBar> bars) {
        throw new UnsupportedOperationException("remove");
    }

    /**
     * Single bars.
     *
     * @param openTimes their open times, sorted; all of them are there
     */
    default Object single(SeriesKey series, List<Long> openTimes) {
        throw new UnsupportedOperationException("single");
    }

    /** Packs history that can be packed, instead of later in the background. */
    default void seal(SeriesKey series) {
        throw new UnsupportedOperationException("seal");
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
