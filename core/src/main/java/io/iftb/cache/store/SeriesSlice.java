package io.iftb.cache.store;

import io.iftb.cache.codec.BarRow;
import io.iftb.cache.codec.page.PageRows;
import io.iftb.cache.market.BarSeries;
import io.iftb.cache.market.BarSeriesBuilder;
import io.iftb.cache.market.SeriesKey;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * Bars of one series to write, sorted, each open time once.
 *
 * @param from the first one
 * @param to the one after the last
 * @param spanFrom the open time from which on no bar was left out
 * @param more whether newer bars follow
 * @param complete whether no bar between them was left out
 * @param place where all bars of the call probably belong; what is learnt counts for its other slices too
 * @param fetched what they cover; null if they were not fetched from a source
 */
record SeriesSlice(
        SeriesKey series,
        BarSeries bars,
        int from,
        int to,
        long spanFrom,
        boolean more,
        boolean complete,
        long lifetime,
        AtomicReference<@Nullable Place> place,
        @Nullable Fetched fetched) {

    /** Where bars belong. */
    enum Place {
        /** before the head: between or before its pages */
        HISTORY,
        /** behind all others */
        NEWEST
    }

    /** All bars of a call, or those {@code from..to} of them. */
    static SeriesSlice of(
            SeriesKey series, BarSeries bars, int from, int to, long lifetime, AtomicReference<@Nullable Place> place) {
        long spanFrom = from == 0 ? bars.openTime(0) : bars.openTime(from - 1) + 1;
        return new SeriesSlice(series, bars, from, to, spanFrom, to < bars.size(), true, lifetime, place, null);
    }

    /** Bars in the form of {@link BarRow}, sorted, of which some may have been left out. */
    static SeriesSlice of(SeriesKey series, List<byte[]> values, long lifetime) {
        BarSeriesBuilder bars = new BarSeriesBuilder(values.size());
        values.forEach(value -> bars.add(BarRow.bar(value)));
        return of(series, bars.build(), lifetime);
    }

    static SeriesSlice of(SeriesKey series, BarSeries bars, long lifetime) {
        return new SeriesSlice(
                series,
                bars,
                0,
                bars.size(),
                bars.openTime(0),
                false,
                bars.size() == 1,
                lifetime,
                new AtomicReference<>(),
                null);
    }

    /** The same bars, which were fetched. */
    SeriesSlice fetched(Fetched what) {
        return new SeriesSlice(series, bars, from, to, spanFrom, more, complete, lifetime, place, what);
    }

    /** What becomes of the coverage: bars that end are not covered, unless they were fetched so. */
    CoverageChange coverage() {
        Fetched source = fetched;
        if (source != null) {
            return source.change();
        }
        return lifetime == Lifetimes.ETERNAL ? CoverageChange.NONE : CoverageChange.without(first(), last() + 1);
    }

    /** Milliseconds from one bar to the next; 0 if bars between them may have been left out. */
    long step() {
        return complete ? series.timeframe().length().toMillis() : 0;
    }

    int size() {
        return to - from;
    }

    long first() {
        return bars.openTime(from);
    }

    long last() {
        return bars.openTime(to - 1);
    }

    /** Where the bars probably belong: bars that are older than those of a full head, to history. */
    Place place(long now) {
        Place known = place.get();
        if (known != null) {
            return known;
        }
        return bars.openTime(bars.size() - 1) < headProbablyBegins(series, now) ? Place.HISTORY : Place.NEWEST;
    }

    /** The open time of the first bar of a head whose last bar is open now. */
    static long headProbablyBegins(SeriesKey series, long now) {
        return now - SeriesReader.HEAD_MIN_ROWS * series.timeframe().length().toMillis();
    }

    /** Learns from which time on bars belong to the head. */
    void headBegins(long time) {
        place.set(first() < time ? Place.HISTORY : Place.NEWEST);
    }

    /** The first bar that does not open before a time. */
    int indexOf(long time) {
        int low = from;
        int high = to;
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (bars.openTime(middle) < time) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low;
    }

    PageRows rows(int first, int end, long now) {
        PageRows rows = new PageRows(end - first);
        rows.addAll(bars, first, end, PageEdit.expiry(now, lifetime));
        return rows;
    }
}
