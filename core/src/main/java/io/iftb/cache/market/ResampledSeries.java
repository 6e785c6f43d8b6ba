package io.iftb.cache.market;

import java.util.Arrays;
import java.util.BitSet;
import java.util.Objects;

/**
 * Longer bars that were made of the bars of a series, and of which source bars each was made.
 *
 * <p>A source bar belongs to the bar in which it opens. A longer bar has the open of the first, the highest high, the lowest
 * low, the close of the last, and the sum of the volumes, added from the oldest on. It opens at the start of its
 * {@linkplain TimeBuckets bucket}, even if the first source bar is missing. Where no source bar is, there is no bar.
 *
 * <p>A bar is <em>complete</em> if its source bars fill it without a gap: the first opens when it opens, each other one when
 * the one before it ends, and the last ends when it ends; where sessions close, a source bar ends with its session. So a
 * bar is incomplete if source bars are missing, also at the edges of the series or in a week-end, if they reach over its
 * end, or if it has not ended yet. The last source bar may be complete in this sense while it is still open: give the
 * time to {@link #closed} to leave out what is.
 *
 * <p>Immutable. Made without an object for each bar.
 */
public final class ResampledSeries {

    private final TimeBuckets buckets;
    private final BarSeries bars;
    private final long[] endTimes;
    private final int[] sourceBars;
    private final BitSet complete;
    private final int leftOut;

    ResampledSeries(
            TimeBuckets buckets, BarSeries bars, long[] endTimes, int[] sourceBars, BitSet complete, int leftOut) {
        this.buckets = buckets;
        this.bars = bars;
        this.endTimes = endTimes;
        this.sourceBars = sourceBars;
        this.complete = complete;
        this.leftOut = leftOut;
    }

    /** The longer bars. */
    public BarSeries bars() {
        return bars;
    }

    /** How many longer bars there are. */
    public int size() {
        return bars.size();
    }

    /** How time was divided into them. */
    public TimeBuckets buckets() {
        return buckets;
    }

    /** When bar {@code index} ends, epoch milliseconds. */
    public long endTime(int index) {
        return endTimes[Objects.checkIndex(index, size())];
    }

    /** Of how many source bars bar {@code index} was made, 1 or more. */
    public int sourceBars(int index) {
        return sourceBars[Objects.checkIndex(index, size())];
    }

    /** Whether its source bars fill bar {@code index}, as defined above. */
    public boolean isComplete(int index) {
        return complete.get(Objects.checkIndex(index, size()));
    }

    /** How many source bars belong to no bar, since they open between two sessions. */
    public int leftOut() {
        return leftOut;
    }

    /**
     * The bars that have ended, without a copy.
     *
     * @param now epoch milliseconds
     */
    public ResampledSeries closed(long now) {
        int found = Arrays.binarySearch(endTimes, 0, size(), now);
        BarSeries ended = bars.slice(0, found < 0 ? -found - 1 : found + 1);
        return new ResampledSeries(buckets, ended, endTimes, sourceBars, complete, leftOut);
    }

    @Override
    public String toString() {
        return "ResampledSeries[" + buckets + ", " + bars + "]";
    }
}
