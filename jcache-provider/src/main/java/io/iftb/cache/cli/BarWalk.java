package io.iftb.cache.cli;

import io.iftb.cache.OhlcvCache;
import io.iftb.cache.market.BarSeries;
import io.iftb.cache.market.SeriesKey;
import io.iftb.cache.store.CandleStore.Description;

/**
 * A walk over the bars of a series, oldest first, in pieces of bounded size. Bars that are stored or end meanwhile may be in it
 * or not.
 */
final class BarWalk {

    private static final int USUAL = 8_192;
    private static final int MOST = 32_768;

    private final OhlcvCache cache;
    private final SeriesKey series;
    private final long end;

    /** From where the next bars are read: at first before all that is there, so that oldest bars that were lost are noticed. */
    private long from;

    private long at;
    private long span;

    /**
     * A walk over {@code from <= openTime < to}.
     *
     * @param described what the series has
     */
    BarWalk(OhlcvCache cache, SeriesKey series, Description described, long from, long to) {
        this.cache = cache;
        this.series = series;
        this.from = from;
        this.at = Math.max(from, described.firstOpenTime());
        this.end = Math.min(to, described.lastOpenTime() + 1);
        long time = described.lastOpenTime() - described.firstOpenTime() + 1;
        this.span = (long) Math.max(1, (double) time / Math.max(1, described.rows()) * USUAL);
    }

    /** Whether there may be more. */
    boolean hasNext() {
        return at < end;
    }

    /** The next bars, possibly none. */
    BarSeries next() {
        while (true) {
            long to = at + Math.min(span, end - at);
            BarSeries bars = cache.range(series, from, to, MOST + 1);
            if (bars.size() > MOST) {
                span = Math.max(1, span / 4); // they lie closer here
                from = at; // older ones that others have put meanwhile are not of this walk
                continue;
            }
            at = to;
            from = to;
            span = bars.size() < USUAL / 2 ? span * 2 : span;
            return bars;
        }
    }
}
