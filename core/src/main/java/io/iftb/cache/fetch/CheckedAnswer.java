package io.iftb.cache.fetch;

import io.iftb.cache.market.BarSeries;
import io.iftb.cache.market.Coverage;
import io.iftb.cache.market.Coverage.Interval;
import io.iftb.cache.market.Coverage.Range;
import io.iftb.cache.market.Coverage.Reason;
import io.iftb.cache.market.OhlcvBar;
import io.iftb.cache.market.SeriesKey;
import io.iftb.cache.market.Timeframe;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What an answer of a source is worth: the bars that are good, what is wrong with the others, and what may be said to be
 * covered. Of an answer with a fault, only the bars that came are covered; nothing follows from those that did not.
 *
 * @param bars the good ones
 * @param covered what is known now, sorted
 * @param fault what is wrong; null for nothing
 */
record CheckedAnswer(
        BarSeries bars, List<Interval> covered, @Nullable String fault) {

    private static final String UNSORTED = "the bars are not sorted by open time";

    /**
     * A request, and the times that decide what its answer says.
     *
     * @param limit how many bars were asked for
     * @param now of the source, epoch milliseconds
     * @param closedBefore bars that open before it have closed at that time
     * @param settledMillis how long after its close a bar is final, even if no later one came
     * @param completeBefore bars that open before it have come if they ever do
     * @param until when what is covered ends, by the clock of the server
     * @param serverNow the time of the server
     */
    record Request(
            SeriesKey series,
            Range range,
            int limit,
            long now,
            long closedBefore,
            long settledMillis,
            long completeBefore,
            long until,
            long serverNow) {}

    /** The time of which an answer without a fault has all bars: only an empty one says that there are none after the last. */
    Range known(Request request) {
        Range range = request.range;
        return bars.isEmpty()
                ? range
                : new Range(
                        bars.size() >= request.limit ? bars.openTime(0) : range.from(),
                        Math.min(range.to(), request.series.timeframe().end(bars.openTime(bars.size() - 1))));
    }

    /** Looks at an answer. */
    static CheckedAnswer of(Request request, @Nullable Collection<? extends @Nullable OhlcvBar> answer) {
        if (answer == null) {
            return new CheckedAnswer(BarSeries.EMPTY, List.of(), "the answer was null");
        }
        Map<Long, OhlcvBar> good = new TreeMap<>();
        String fault = null;
        OhlcvBar before = null;
        long step = step(request.series.timeframe());
        for (OhlcvBar bar : answer) {
            String wrong = fault(request, before, bar, step, good);
            if (wrong == null || wrong.equals(UNSORTED)) {
                good.put(bar.openTime(), bar);
                before = bar;
            }
            fault = fault == null ? wrong : fault;
        }
        if (fault == null && good.size() > request.limit) {
            fault = "it gave " + good.size() + " bars, " + request.limit + " were asked for";
        }
        BarSeries bars = BarSeries.of(good.values());
        return new CheckedAnswer(bars, new Claims(request, bars).all(fault == null), fault);
    }

    /** From one bar to the next, for timeframes whose bars have no other distances; else 1. */
    private static long step(Timeframe timeframe) {
        return switch (timeframe.unit()) {
            case SECOND, MINUTE, HOUR -> timeframe.length().toMillis();
            case DAY, WEEK, MONTH -> 1;
        };
    }

    private static @Nullable String fault(
            Request request, @Nullable OhlcvBar before, @Nullable OhlcvBar bar, long step, Map<Long, OhlcvBar> good) {
        if (bar == null) {
            return "a bar was null";
        }
        if (bar.openTime() < request.range.from() || bar.openTime() >= request.range.to()) {
            return "bar " + bar.openTime() + " lies outside of what was asked for";
        }
        if (good.containsKey(bar.openTime())) {
            return "bar " + bar.openTime() + " came twice";
        }
        if (before != null && Math.floorMod(bar.openTime() - before.openTime(), step) != 0) {
            return "bar " + bar.openTime() + " does not follow " + before.openTime() + " by whole bars of "
                    + request.series.timeframe();
        }
        return before != null && bar.openTime() < before.openTime() ? UNSORTED : null;
    }

    /** What may be said to be covered. */
    private record Claims(Request request, BarSeries bars, List<Interval> found) {

        private static final long MIN_PAUSE = 500;

        Claims(Request request, BarSeries bars) {
            this(request, bars, new ArrayList<>());
        }

        List<Interval> all(boolean isClean) {
            if (isClean) {
                addClean();
            } else {
                for (int i = 0; i < bars.size(); i++) {
                    addBar(i);
                }
            }
            return found;
        }

        /**
         * The time between the first and the last bar is covered, and before the first if there is room for more bars in the
         * answer. What follows the last one is asked for by itself: a source may give fewer bars than it says, and only an
         * empty answer says that there are none.
         */
        private void addClean() {
            Range range = request.range;
            boolean isFull = bars.size() >= request.limit;
            long from = isFull ? bars.openTime(0) : range.from();
            long end = bars.isEmpty() ? range.to() : Math.min(range.to(), end(bars.size() - 1));
            long old = Math.max(from, Math.min(end, request.completeBefore));
            int newer = indexOf(old);
            addOld(from, old, newer);
            long next = old;
            for (int i = newer; i < bars.size(); i++) {
                addAwaited(next, Math.min(bars.openTime(i), request.closedBefore));
                addBar(i);
                next = end(i);
            }
            if (!isFull) {
                addAwaited(Math.max(next, request.completeBefore), Math.min(range.to(), request.closedBefore));
            }
        }

        /** A time that has passed so long ago that no bar of it is late; the server knows whether older bars are known. */
        private void addOld(long from, long to, int count) {
            long first = count == 0 ? to : Math.min(to, bars.openTime(0));
            add(from, first, Reason.NOT_LISTED, request.until);
            add(first, to, Reason.DATA, request.until);
        }

        /** A bar that came: it is final if it closed some time ago, or a later one came too. */
        private void addBar(int i) {
            long end = end(i);
            boolean isFinal = i < bars.size() - 1 || end + request.settledMillis <= request.now;
            if (isFinal) {
                add(bars.openTime(i), Math.min(end, request.range.to()), Reason.DATA, request.until);
            } else if (bars.openTime(i) < request.closedBefore) {
                addAwaited(bars.openTime(i), Math.min(end, request.closedBefore));
            }
        }

        /** Closed bars that may still come, or change: they are asked for again, after longer and longer pauses. */
        private void addAwaited(long from, long to) {
            if (from < to) {
                long age = Math.max(request.now - to, MIN_PAUSE);
                add(from, to, Reason.NOT_YET, request.serverNow + age);
            }
        }

        private void add(long from, long to, Reason reason, long until) {
            if (from >= to) {
                return;
            }
            Interval last = found.isEmpty() ? null : found.get(found.size() - 1);
            if (last != null && last.to() == from && last.reason() == reason && last.until() == until) {
                found.set(found.size() - 1, new Interval(last.from(), to, reason, until));
            } else {
                found.add(new Interval(from, to, reason, until));
            }
        }

        private long end(int i) {
            long end = request.series.timeframe().end(bars.openTime(i));
            return i + 1 < bars.size() ? Math.min(end, bars.openTime(i + 1)) : end;
        }

        private int indexOf(long time) {
            int at = 0;
            while (at < bars.size() && bars.openTime(at) < time) {
                at++;
            }
            return at;
        }
    }

    /** The parts of a range that are closed, and still not covered. */
    List<Range> missing(Range range, long closedBefore) {
        return Coverage.of(covered, 0, 0, 0).missing(range.from(), Math.min(range.to(), closedBefore));
    }
}
