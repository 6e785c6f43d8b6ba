package io.iftb.cache;

import io.iftb.cache.market.BarSeries;
import io.iftb.cache.market.OhlcvBar;
import io.iftb.cache.market.SeriesKey;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/**
 * Candles by series: the last N bars, a range of time, a whole universe at once.
 *
 * <p>Each method has a blocking and an async form; the async form never throws what the server says, it completes with
 * it. Bars come back sorted by open time, oldest first. A bar whose lifetime is over is not there.
 */
public final class OhlcvCache {

    /** A lifetime that does not end. */
    public static final Duration NEVER = Duration.ofSeconds(Long.MAX_VALUE);

    OhlcvCache() {}

    /** Stores bars for the default lifetime of 300 s, see {@link #put(SeriesKey, Collection, Duration)}. */
    public void put(SeriesKey series, Collection<OhlcvBar> bars) {
        throw new UnsupportedOperationException();
    }

    /**
     * Stores bars, in any order; those with an open time that is there already replace it. One round trip.
     *
     * @param lifetime how long they live, rounded up to a millisecond, or {@link #NEVER}
     */
    public void put(SeriesKey series, Collection<OhlcvBar> bars, Duration lifetime) {
        throw new UnsupportedOperationException();
    }

    /** Like {@link #put(SeriesKey, Collection, Duration)}. */
    public CompletionStage<Void> putAsync(SeriesKey series, Collection<OhlcvBar> bars, Duration lifetime) {
        throw new UnsupportedOperationException();
    }

    /**
     * The newest bars. One round trip and one {@code GETRANGE} for a limit of up to 1,023.
     *
     * @param limit how many at most, 1 or more
     * @return the bars that are there, oldest first; empty if there is none
     * @throws IllegalArgumentException if the limit is not positive
     */
    public BarSeries latest(SeriesKey series, int limit) {
        throw new UnsupportedOperationException();
    }

    /** Like {@link #latest(SeriesKey, int)}. */
    public CompletionStage<BarSeries> latestAsync(SeriesKey series, int limit) {
        throw new UnsupportedOperationException();
    }

    /**
     * The newest bars of many series, in one pipelined batch.
     *
     * @param limit how many at most of each, 1 or more
     * @return one element for each series, in the order given; an empty one where there is no bar
     */
    public Map<SeriesKey, BarSeries> latest(Collection<SeriesKey> universe, int limit) {
        throw new UnsupportedOperationException();
    }

    /** Like {@link #latest(Collection, int)}. */
    public CompletionStage<Map<SeriesKey, BarSeries>> latestAsync(Collection<SeriesKey> universe, int limit) {
        throw new UnsupportedOperationException();
    }

    /** The newest bar. */
    public Optional<OhlcvBar> latestBar(SeriesKey series) {
        throw new UnsupportedOperationException();
    }

    /** Like {@link #latestBar}. */
    public CompletionStage<Optional<OhlcvBar>> latestBarAsync(SeriesKey series) {
        throw new UnsupportedOperationException();
    }

    /** The bars of a range of time, see {@link #range(SeriesKey, long, long, int)}, all of them. */
    public BarSeries range(SeriesKey series, long from, long to) {
        throw new UnsupportedOperationException();
    }

    /**
     * The newest bars of a range of time, {@code from <= openTime < to}. The server cuts: only those bars travel.
     *
     * @param from epoch milliseconds; {@link Long#MIN_VALUE} for no bound
     * @param to epoch milliseconds; {@link Long#MAX_VALUE} for no bound
     * @param limit how many at most, 1 or more
     * @throws IllegalArgumentException if {@code from} is after {@code to}, or the limit not positive
     */
    public BarSeries range(SeriesKey series, long from, long to, int limit) {
        throw new UnsupportedOperationException();
    }

    /** Like {@link #range(SeriesKey, long, long, int)}. */
    public CompletionStage<BarSeries> rangeAsync(SeriesKey series, long from, long to, int limit) {
        throw new UnsupportedOperationException();
    }

    /** Removes a series; whether there was one. */
    public boolean invalidate(SeriesKey series) {
        throw new UnsupportedOperationException();
    }

    /** Like {@link #invalidate}. */
    public CompletionStage<Boolean> invalidateAsync(SeriesKey series) {
        throw new UnsupportedOperationException();
    }

    /** What is stored, sorted by symbol and length of bar. Several round trips; for people, not for a hot path. */
    public List<SeriesInfo> series() {
        throw new UnsupportedOperationException();
    }

    /** Removes all series. */
    public void clear() {
        throw new UnsupportedOperationException();
    }
}
