package io.iftb.cache.market;

import java.nio.DoubleBuffer;
import java.nio.LongBuffer;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Objects;

/**
 * Bars of one series as columns, sorted by open time, oldest first, each open time once.
 *
 * <p>Immutable. What it costs to look at {@code n} bars:
 *
 * <ul>
 *   <li>The accessors by index, such as {@link #close(int)}, cost nothing but the check of the index.
 *   <li>{@link #view} and {@link #openTimesView} are read-only buffers over the columns, without a copy.
 *   <li>{@link #closes()} and the other arrays are copies, 8 bytes a bar.
 *   <li>{@link #slice}, {@link #last} and {@link #between} share the columns, whatever their size. So a small slice keeps
 *       the columns of the whole series in memory, 48 bytes for each of its bars; {@link #copy()} lets go of them.
 *   <li>{@link #bars()} makes each bar when it is asked for.
 * </ul>
 */
public final class BarSeries {

    /** No bars. */
    public static final BarSeries EMPTY = new BarSeriesBuilder(0).build();

    private final SeriesColumns columns;
    private final int start;
    private final int size;

    private BarSeries(SeriesColumns columns, int start, int size) {
        this.columns = columns;
        this.start = start;
        this.size = size;
    }

    /** @param columns all rows of which are bars, in ascending order of open time; not copied */
    BarSeries(SeriesColumns columns) {
        this(columns, 0, columns.length());
    }

    /**
     * Bars of a collection in any order; of bars with the same open time the last one counts.
     *
     * @param bars the bars
     * @throws NullPointerException if a bar is null
     */
    public static BarSeries of(Collection<OhlcvBar> bars) {
        return new BarSeries(SeriesColumns.sorted(bars));
    }

    /** How many bars there are. */
    public int size() {
        return size;
    }

    /** Whether there is no bar. */
    public boolean isEmpty() {
        return size == 0;
    }

    /** The open time of bar {@code index}, epoch milliseconds. */
    public long openTime(int index) {
        return columns.openTimes[start + Objects.checkIndex(index, size)];
    }

    /** The open of bar {@code index}. */
    public double open(int index) {
        return columns.opens[start + Objects.checkIndex(index, size)];
    }

    /** The high of bar {@code index}. */
    public double high(int index) {
        return columns.highs[start + Objects.checkIndex(index, size)];
    }

    /** The low of bar {@code index}. */
    public double low(int index) {
        return columns.lows[start + Objects.checkIndex(index, size)];
    }

    /** The close of bar {@code index}. */
    public double close(int index) {
        return columns.closes[start + Objects.checkIndex(index, size)];
    }

    /** The volume of bar {@code index}. */
    public double volume(int index) {
        return columns.volumes[start + Objects.checkIndex(index, size)];
    }

    /** A field of bar {@code index}. */
    public double value(BarField field, int index) {
        return columns.of(field)[start + Objects.checkIndex(index, size)];
    }

    /** Bar {@code index}; 0 is the oldest. */
    public OhlcvBar bar(int index) {
        return new OhlcvBar(openTime(index), open(index), high(index), low(index), close(index), volume(index));
    }

    /** The open times, epoch milliseconds, ascending; a copy. */
    public long[] openTimes() {
        return Arrays.copyOfRange(columns.openTimes, start, start + size);
    }

    /** The opens; a copy. */
    public double[] opens() {
        return Arrays.copyOfRange(columns.opens, start, start + size);
    }

    /** The highs; a copy. */
    public double[] highs() {
        return Arrays.copyOfRange(columns.highs, start, start + size);
    }

    /** The lows; a copy. */
    public double[] lows() {
        return Arrays.copyOfRange(columns.lows, start, start + size);
    }

    /** The closes; a copy. */
    public double[] closes() {
        return Arrays.copyOfRange(columns.closes, start, start + size);
    }

    /** The volumes; a copy. */
    public double[] volumes() {
        return Arrays.copyOfRange(columns.volumes, start, start + size);
    }

    /** A field of all bars, oldest first; a copy. */
    public double[] column(BarField field) {
        return Arrays.copyOfRange(columns.of(field), start, start + size);
    }

    /** A field of all bars, oldest first; a read-only view without a copy. */
    public DoubleBuffer view(BarField field) {
        return DoubleBuffer.wrap(columns.of(field), start, size).slice().asReadOnlyBuffer();
    }

    /** The open times, epoch milliseconds, ascending; a read-only view without a copy. */
    public LongBuffer openTimesView() {
        return LongBuffer.wrap(columns.openTimes, start, size).slice().asReadOnlyBuffer();
    }

    /** The bars, oldest first; a view that makes each bar when it is asked for. */
    public List<OhlcvBar> bars() {
        return new BarList(this);
    }

    /**
     * The newest bars of this series, without a copy.
     *
     * @param limit how many at most, zero or more
     */
    public BarSeries last(int limit) {
        return limit >= size ? this : slice(size - limit, size);
    }

    /**
     * The bars {@code from..to}, without a copy.
     *
     * @param from index of the first
     * @param to index after the last
     * @throws IndexOutOfBoundsException if that is not a range of this series
     */
    public BarSeries slice(int from, int to) {
        Objects.checkFromToIndex(from, to, size);
        return to - from == size ? this : new BarSeries(columns, start + from, to - from);
    }

    /**
     * The bars of a range of time, {@code from <= openTime < to}, without a copy; found by a binary search.
     *
     * @param from epoch milliseconds; {@link Long#MIN_VALUE} for no bound
     * @param to epoch milliseconds; {@link Long#MAX_VALUE} for no bound
     * @throws IllegalArgumentException if {@code from} is after {@code to}
     */
    public BarSeries between(long from, long to) {
        if (from > to) {
            throw new IllegalArgumentException(
                    "the range of time starts at " + from + ", after its end " + to + "; swap them");
        }
        return slice(firstFrom(from, 0), to == Long.MAX_VALUE ? size : firstFrom(to, 0));
    }

    /** The index of the bar that opens at {@code openTime}; -1 if there is none. Found by a binary search. */
    public int indexOf(long openTime) {
        int found = Arrays.binarySearch(columns.openTimes, start, start + size, openTime);
        return found < 0 ? -1 : found - start;
    }

    /** The index of the first bar from {@code from} on that opens at {@code time} or later, or else {@link #size()}. */
    int firstFrom(long time, int from) {
        return columns.firstFrom(time, start + from, start + size) - start;
    }

    /** The same bars with columns of their own; this series if it is no slice of a longer one. */
    public BarSeries copy() {
        return size == columns.length() ? this : new BarSeries(columns.copyOf(start, start + size));
    }

    /**
     * Longer bars made of these.
     *
     * @param source the timeframe of these bars
     * @param buckets how time is divided into the longer bars
     * @throws IllegalArgumentException if the timeframe of {@code buckets} is no multiple of {@code source}
     * @see ResampledSeries
     */
    public ResampledSeries resample(Timeframe source, TimeBuckets buckets) {
        return new Resampling(this, source, buckets).result();
    }

    /** Like {@link #resample(Timeframe, TimeBuckets)}, with bars that are aligned to UTC. */
    public ResampledSeries resample(Timeframe source, Timeframe target) {
        return resample(source, TimeBuckets.utc(target));
    }

    SeriesColumns columns() {
        return columns;
    }

    /** The row of the first bar in the columns. */
    int start() {
        return start;
    }

    /** Whether the other one has the same bars, bit for bit; a slice equals its copy. */
    @Override
    public boolean equals(Object other) {
        return other instanceof BarSeries that
                && size == that.size
                && columns.equals(start, that.columns, that.start, size);
    }

    @Override
    public int hashCode() {
        return columns.hash(start, size);
    }

    @Override
    public String toString() {
        return isEmpty()
                ? "BarSeries[0 bars]"
                : "BarSeries[" + size + " bars, " + openTime(0) + ".." + openTime(size - 1) + "]";
    }
}
