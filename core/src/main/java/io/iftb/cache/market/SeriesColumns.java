package io.iftb.cache.market;

import java.util.Arrays;
import java.util.Collection;

/** The arrays of a {@link BarSeries}, all of one length; shared by its slices, so they do not change once it is made. */
final class SeriesColumns {

    final long[] openTimes;
    final double[] opens;
    final double[] highs;
    final double[] lows;
    final double[] closes;
    final double[] volumes;

    SeriesColumns(long[] openTimes, double[] opens, double[] highs, double[] lows, double[] closes, double[] volumes) {
        this.openTimes = openTimes;
        this.opens = opens;
        this.highs = highs;
        this.lows = lows;
        this.closes = closes;
        this.volumes = volumes;
    }

    static SeriesColumns withLength(int length) {
        return new SeriesColumns(
                new long[length],
                new double[length],
                new double[length],
                new double[length],
                new double[length],
                new double[length]);
    }

    /** Rows of bars in any order; of bars with the same open time the last one counts. */
    static SeriesColumns sorted(Collection<OhlcvBar> bars) {
        OhlcvBar[] sorted = bars.toArray(new OhlcvBar[0]);
        for (int i = 0; i < sorted.length; i++) {
            if (sorted[i] == null) {
                throw new NullPointerException("bar " + i + " of " + sorted.length + " is null");
            }
        }
        Arrays.sort(sorted, (a, b) -> Long.compare(a.openTime(), b.openTime()));
        SeriesColumns columns = withLength(sorted.length);
        int rows = 0;
        for (int i = 0; i < sorted.length; i++) {
            if (i + 1 == sorted.length || sorted[i + 1].openTime() != sorted[i].openTime()) {
                OhlcvBar bar = sorted[i];
                columns.set(rows++, bar.openTime(), bar.open(), bar.high(), bar.low(), bar.close(), bar.volume());
            }
        }
        return rows == sorted.length ? columns : columns.copyOf(0, rows);
    }

    void set(int row, long openTime, double open, double high, double low, double close, double volume) {
        openTimes[row] = openTime;
        opens[row] = open;
        highs[row] = high;
        lows[row] = low;
        closes[row] = close;
        volumes[row] = volume;
    }

    /** The first row of {@code from..to} that opens at a time or later, or {@code to}; in few steps if it is near. */
    int firstFrom(long time, int from, int to) {
        int first = from;
        int probe = from;
        for (int step = 1; probe < to && openTimes[probe] < time; step <<= 1) {
            first = probe + 1;
            probe = to - probe > step ? probe + step : to;
        }
        int found = Arrays.binarySearch(openTimes, first, probe, time);
        return found < 0 ? -found - 1 : found;
    }

    int length() {
        return openTimes.length;
    }

    double[] of(BarField field) {
        return switch (field) {
            case OPEN -> opens;
            case HIGH -> highs;
            case LOW -> lows;
            case CLOSE -> closes;
            case VOLUME -> volumes;
        };
    }

    /** A copy of the rows {@code from..to}; what lies after the last row is zero. */
    SeriesColumns copyOf(int from, int to) {
        return new SeriesColumns(
                Arrays.copyOfRange(openTimes, from, to),
                Arrays.copyOfRange(opens, from, to),
                Arrays.copyOfRange(highs, from, to),
                Arrays.copyOfRange(lows, from, to),
                Arrays.copyOfRange(closes, from, to),
                Arrays.copyOfRange(volumes, from, to));
    }

    /** Copies rows of others, the first of them to a row. */
    void copyIn(int row, SeriesColumns others, int from, int count) {
        System.arraycopy(others.openTimes, from, openTimes, row, count);
        System.arraycopy(others.opens, from, opens, row, count);
        System.arraycopy(others.highs, from, highs, row, count);
        System.arraycopy(others.lows, from, lows, row, count);
        System.arraycopy(others.closes, from, closes, row, count);
        System.arraycopy(others.volumes, from, volumes, row, count);
    }

    /** Whether each of the rows {@code from..to} opens after the one before it. */
    boolean ascend(int from, int to) {
        boolean ascend = true;
        for (int row = from + 1; row < to; row++) {
            ascend &= openTimes[row] > openTimes[row - 1];
        }
        return ascend;
    }

    /** Whether rows are those of others, bit for bit. */
    boolean equals(int start, SeriesColumns others, int otherStart, int count) {
        int end = start + count;
        int otherEnd = otherStart + count;
        return Arrays.equals(openTimes, start, end, others.openTimes, otherStart, otherEnd)
                && Arrays.equals(opens, start, end, others.opens, otherStart, otherEnd)
                && Arrays.equals(highs, start, end, others.highs, otherStart, otherEnd)
                && Arrays.equals(lows, start, end, others.lows, otherStart, otherEnd)
                && Arrays.equals(closes, start, end, others.closes, otherStart, otherEnd)
                && Arrays.equals(volumes, start, end, others.volumes, otherStart, otherEnd);
    }

    int hash(int start, int count) {
        int hash = 1;
        for (int i = start; i < start + count; i++) {
            hash = 31 * hash + Long.hashCode(openTimes[i]);
            hash = 31 * hash + Double.hashCode(opens[i]);
            hash = 31 * hash + Double.hashCode(highs[i]);
            hash = 31 * hash + Double.hashCode(lows[i]);
            hash = 31 * hash + Double.hashCode(closes[i]);
            hash = 31 * hash + Double.hashCode(volumes[i]);
        }
        return hash;
    }
}
