package io.iftb.cache.market;

import java.util.BitSet;

/** One run of making longer bars of a series: counts them, then fills columns of just that size. */
final class Resampling {

    private final TimeBuckets buckets;
    private final BucketCursor cursor;
    private final BarSeries source;
    private final int leftOut;

    Resampling(BarSeries bars, Timeframe timeframe, TimeBuckets buckets) {
        buckets.requireMultipleOf(timeframe);
        if (!bars.isEmpty()) {
            OpenTime.require(bars.openTime(0));
            OpenTime.require(bars.openTime(bars.size() - 1));
        }
        this.buckets = buckets;
        this.cursor = buckets.cursor(timeframe);
        this.source = buckets.coverAllTimes() ? bars : inSessions(bars);
        this.leftOut = bars.size() - source.size();
    }

    private BarSeries inSessions(BarSeries bars) {
        BitSet inside = new BitSet(bars.size());
        for (int i = 0; i < bars.size(); i++) {
            inside.set(i, cursor.moveTo(bars.openTime(i)));
        }
        int count = inside.cardinality();
        if (count == bars.size()) {
            return bars;
        }
        BarSeriesBuilder kept = new BarSeriesBuilder(count);
        for (int i = inside.nextSetBit(0); i >= 0; i = inside.nextSetBit(i + 1)) {
            kept.add(bars, i);
        }
        return kept.build();
    }

    ResampledSeries result() {
        int size = count();
        SeriesColumns columns = SeriesColumns.withLength(size);
        long[] endTimes = new long[size];
        int[] sourceBars = new int[size];
        BitSet complete = new BitSet(size);
        int from = 0;
        for (int row = 0; row < size; row++) {
            int to = endOfBucket(from);
            fill(columns, row, from, to);
            endTimes[row] = cursor.end();
            sourceBars[row] = to - from;
            complete.set(row, isComplete(from, to));
            from = to;
        }
        return new ResampledSeries(buckets, new BarSeries(columns), endTimes, sourceBars, complete, leftOut);
    }

    private int count() {
        int size = 0;
        for (int from = 0; from < source.size(); from = endOfBucket(from)) {
            size++;
        }
        return size;
    }

    /** Moves to the bucket of a bar, and returns the index after its last one. */
    private int endOfBucket(int from) {
        cursor.moveTo(source.openTime(from));
        int to = from + 1;
        while (to < source.size() && source.openTime(to) < cursor.end()) {
            to++;
        }
        return to;
    }

    private void fill(SeriesColumns columns, int row, int from, int to) {
        double high = source.high(from);
        double low = source.low(from);
        double volume = source.volume(from);
        for (int i = from + 1; i < to; i++) {
            high = Math.max(high, source.high(i));
            low = Math.min(low, source.low(i));
            volume += source.volume(i);
        }
        columns.openTimes[row] = cursor.start();
        columns.opens[row] = source.open(from);
        columns.highs[row] = high;
        columns.lows[row] = low;
        columns.closes[row] = source.close(to - 1);
        columns.volumes[row] = volume;
    }

    /** Whether the first bar opens with the bucket, each one where the one before ends, and the last ends with it. */
    private boolean isComplete(int from, int to) {
        long expected = cursor.start();
        for (int i = from; i < to; i++) {
            if (source.openTime(i) != expected) {
                return false;
            }
            expected = cursor.afterSourceBar(expected);
        }
        return expected == cursor.next();
    }
}
