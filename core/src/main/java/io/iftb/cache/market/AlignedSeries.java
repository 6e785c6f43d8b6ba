package io.iftb.cache.market;

import java.util.Arrays;
import java.util.BitSet;
import java.util.Collection;
import java.util.List;
import java.util.NoSuchElementException;

/**
 * Several series on one axis of open times: a row for each time, and a mark for each series and row whether the series has
 * a bar there. Nothing stands for a bar that is missing: no NaN and no zero, unless you choose a number for it.
 *
 * <p>Bars are in one row if they open at the same millisecond; {@linkplain BarSeries#resample resample} series whose bars
 * open at other times before. The series are numbered from 0, in the order in which they were given.
 *
 * <p>Methods that take the number of a series and a row throw an {@link IndexOutOfBoundsException} if there is none.
 *
 * <p>Immutable. It shares the columns of the series, and needs 8 bytes for a row and 4 more for each series in it.
 */
public final class AlignedSeries {

    private final List<BarSeries> series;
    private final long[] openTimes;

    /** By series and row: the index of the bar, or {@code -2 - index} of the newest one before the row, or -1. */
    private final int[][] indices;

    AlignedSeries(List<BarSeries> series, long[] openTimes, int[][] indices) {
        this.series = series;
        this.openTimes = openTimes;
        this.indices = indices;
    }

    /**
     * Rows for the times at which all series have a bar.
     *
     * @throws IllegalArgumentException if there is no series
     */
    public static AlignedSeries inner(Collection<BarSeries> series) {
        return new Alignment(series).inner();
    }

    /**
     * Rows for the times at which any series has a bar.
     *
     * @throws IllegalArgumentException if there is no series
     */
    public static AlignedSeries outer(Collection<BarSeries> series) {
        return new Alignment(series).outer();
    }

    /** How many rows there are. */
    public int rows() {
        return openTimes.length;
    }

    /** How many series there are. */
    public int count() {
        return series.size();
    }

    /** A series as it was given. */
    public BarSeries series(int number) {
        return series.get(number);
    }

    /** The open time of a row, epoch milliseconds. */
    public long openTime(int row) {
        return openTimes[row];
    }

    /** The open times of all rows, epoch milliseconds, ascending; a copy. */
    public long[] openTimes() {
        return openTimes.clone();
    }

    /** Whether a series has a bar in a row. */
    public boolean has(int number, int row) {
        return indices[number][row] >= 0;
    }

    /** The rows in which a series has a bar; a copy. */
    public BitSet rowsOf(int number) {
        BitSet rows = new BitSet(rows());
        for (int row = 0; row < rows(); row++) {
            rows.set(row, has(number, row));
        }
        return rows;
    }

    /** The index, in its series, of the bar in a row; -1 if there is none. */
    public int indexAt(int number, int row) {
        return Math.max(-1, indices[number][row]);
    }

    /** The index, in its series, of the bar in a row or of the newest one before it; -1 if there is none. */
    public int latestIndexAt(int number, int row) {
        int index = indices[number][row];
        return index >= -1 ? index : -2 - index;
    }

    /**
     * A field of the bar in a row.
     *
     * @throws NoSuchElementException if the series has no bar there
     */
    public double value(int number, BarField field, int row) {
        int index = indices[number][row];
        if (index < 0) {
            throw new NoSuchElementException("series " + number + " has no bar at " + openTimes[row] + ", row " + row
                    + "; ask has(number, row) before");
        }
        return series.get(number).value(field, index);
    }

    /**
     * A field of a series in all rows; a new array.
     *
     * @param missing the number for the rows in which it has no bar
     */
    public double[] column(int number, BarField field, double missing) {
        BarSeries bars = series.get(number);
        double[] column = new double[rows()];
        for (int row = 0; row < column.length; row++) {
            int index = indices[number][row];
            column[row] = index >= 0 ? bars.value(field, index) : missing;
        }
        return column;
    }

    /**
     * A field of a series in all rows, where a row without a bar has that of the newest bar before it; a new array. It is
     * meant for the close: the last price, however old.
     *
     * @param before the number for the rows before the first bar
     */
    public double[] filledColumn(int number, BarField field, double before) {
        BarSeries bars = series.get(number);
        double[] column = new double[rows()];
        for (int row = 0; row < column.length; row++) {
            int index = latestIndexAt(number, row);
            column[row] = index >= 0 ? bars.value(field, index) : before;
        }
        return column;
    }

    /** The bars of a series that are in the rows; without a copy if no other ones lie between them. */
    public BarSeries bars(int number) {
        BarSeries bars = series.get(number);
        int[] found = Arrays.stream(indices[number]).filter(index -> index >= 0).toArray();
        int count = found.length;
        if (count == 0) {
            return BarSeries.EMPTY;
        }
        if (found[count - 1] - found[0] == count - 1) {
            return bars.slice(found[0], found[0] + count);
        }
        BarSeriesBuilder kept = new BarSeriesBuilder(count);
        for (int index : found) {
            kept.add(bars, index);
        }
        return kept.build();
    }

    @Override
    public String toString() {
        return "AlignedSeries[" + count() + " series, " + rows() + " rows]";
    }
}
