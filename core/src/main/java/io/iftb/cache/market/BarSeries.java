package io.iftb.cache.market;

import java.util.AbstractList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.RandomAccess;

/**
 * Bars of one series as columns, sorted by open time, oldest first, each open time once.
 *
 * <p>Immutable. The columns are returned as copies; {@link #bars()} and the accessors by index do not copy.
 */
public final class BarSeries {

    /** No bars. */
    public static final BarSeries EMPTY = new Builder(0).build();

    private static final int OPEN = 0;
    private static final int HIGH = 1;
    private static final int LOW = 2;
    private static final int CLOSE = 3;
    private static final int VOLUME = 4;

    private final long[] openTimes;
    private final double[][] columns;

    private BarSeries(long[] openTimes, double[][] columns) {
        this.openTimes = openTimes;
        this.columns = columns;
    }

    /**
     * Bars of a collection in any order; of bars with the same open time the last one counts.
     *
     * @param bars the bars
     * @throws NullPointerException if a bar is null
     */
    public static BarSeries of(Collection<OhlcvBar> bars) {
        OhlcvBar[] sorted = bars.toArray(new OhlcvBar[0]);
        for (int i = 0; i < sorted.length; i++) {
            if (sorted[i] == null) {
                throw new NullPointerException("bar " + i + " of " + sorted.length + " is null");
            }
        }
        Arrays.sort(sorted, (a, b) -> Long.compare(a.openTime(), b.openTime()));
        Builder builder = new Builder(sorted.length);
        for (int i = 0; i < sorted.length; i++) {
            if (i + 1 == sorted.length || sorted[i + 1].openTime() != sorted[i].openTime()) {
                builder.add(sorted[i]);
            }
        }
        return builder.build();
    }

    /** How many bars there are. */
    public int size() {
        return openTimes.length;
    }

    /** Whether there is no bar. */
    public boolean isEmpty() {
        return openTimes.length == 0;
    }

    /** The open time of bar {@code index}, epoch milliseconds. */
    public long openTime(int index) {
        return openTimes[index];
    }

    /** The open of bar {@code index}. */
    public double open(int index) {
        return columns[OPEN][index];
    }

    /** The high of bar {@code index}. */
    public double high(int index) {
        return columns[HIGH][index];
    }

    /** The low of bar {@code index}. */
    public double low(int index) {
        return columns[LOW][index];
    }

    /** The close of bar {@code index}. */
    public double close(int index) {
        return columns[CLOSE][index];
    }

    /** The volume of bar {@code index}. */
    public double volume(int index) {
        return columns[VOLUME][index];
    }

    /** Bar {@code index}; 0 is the oldest. */
    public OhlcvBar bar(int index) {
        return new OhlcvBar(
                openTimes[index],
                columns[OPEN][index],
                columns[HIGH][index],
                columns[LOW][index],
                columns[CLOSE][index],
                columns[VOLUME][index]);
    }

    /** The open times, epoch milliseconds, ascending; a copy. */
    public long[] openTimes() {
        return openTimes.clone();
    }

    /** The opens; a copy. */
    public double[] opens() {
        return columns[OPEN].clone();
    }

    /** The highs; a copy. */
    public double[] highs() {
        return columns[HIGH].clone();
    }

    /** The lows; a copy. */
    public double[] lows() {
        return columns[LOW].clone();
    }

    /** The closes; a copy. */
    public double[] closes() {
        return columns[CLOSE].clone();
    }

    /** The volumes; a copy. */
    public double[] volumes() {
        return columns[VOLUME].clone();
    }

    /** The bars, oldest first; a view that makes each bar when it is asked for. */
    public List<OhlcvBar> bars() {
        return new View();
    }

    /**
     * The newest bars of this series.
     *
     * @param limit how many at most, zero or more
     */
    public BarSeries last(int limit) {
        return limit >= size() ? this : slice(size() - limit, size());
    }

    /**
     * The bars {@code from..to}.
     *
     * @param from index of the first
     * @param to index after the last
     * @throws IndexOutOfBoundsException if that is not a range of this series
     */
    public BarSeries slice(int from, int to) {
        Objects.checkFromToIndex(from, to, size());
        double[][] cut = Arrays.stream(columns)
                .map(column -> Arrays.copyOfRange(column, from, to))
                .toArray(double[][]::new);
        return new BarSeries(Arrays.copyOfRange(openTimes, from, to), cut);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof BarSeries that
                && Arrays.equals(openTimes, that.openTimes)
                && Arrays.deepEquals(columns, that.columns);
    }

    @Override
    public int hashCode() {
        return 31 * Arrays.hashCode(openTimes) + Arrays.deepHashCode(columns);
    }

    @Override
    public String toString() {
        String times = isEmpty() ? "" : ", " + openTimes[0] + ".." + openTimes[size() - 1];
        return "BarSeries[" + size() + " bars" + times + "]";
    }

    /** Collects bars in ascending order of open time. Not safe for use by several threads. */
    public static final class Builder {

        private long[] openTimes = {};
        private double[] opens = {};
        private double[] highs = {};
        private double[] lows = {};
        private double[] closes = {};
        private double[] volumes = {};
        private int size;

        /** @param capacity how many bars are expected; more may come */
        public Builder(int capacity) {
            resize(capacity);
        }

        /** Adds a bar. */
        public Builder add(OhlcvBar bar) {
            return add(bar.openTime(), bar.open(), bar.high(), bar.low(), bar.close(), bar.volume());
        }

        /**
         * Adds a bar by its fields, which are taken as they are.
         *
         * @throws IllegalArgumentException if it does not open after the bar added before it
         */
        public Builder add(long openTime, double open, double high, double low, double close, double volume) {
            if (size > 0 && openTime <= openTimes[size - 1]) {
                throw new IllegalArgumentException(
                        "bar at " + openTime + " does not open after the one before it, at " + openTimes[size - 1]);
            }
            if (size == openTimes.length) {
                resize(Math.max(16, size + (size >> 1)));
            }
            openTimes[size] = openTime;
            opens[size] = open;
            highs[size] = high;
            lows[size] = low;
            closes[size] = close;
            volumes[size] = volume;
            size++;
            return this;
        }

        /** Adds bars, all of which open after those added before. */
        public Builder addAll(BarSeries bars) {
            double[][] from = bars.columns;
            return addAll(bars.openTimes, from[OPEN], from[HIGH], from[LOW], from[CLOSE], from[VOLUME], 0, bars.size());
        }

        /**
         * Adds the bars {@code from..to} of columns, which are copied as they are.
         *
         * @throws IllegalArgumentException if a bar does not open after the one before it
         */
        public Builder addAll(
                long[] openTimes,
                double[] opens,
                double[] highs,
                double[] lows,
                double[] closes,
                double[] volumes,
                int from,
                int to) {
            int count = to - from;
            if (size + count > this.openTimes.length) {
                resize(Math.max(size + count, size + (size >> 1)));
            }
            System.arraycopy(openTimes, from, this.openTimes, size, count);
            System.arraycopy(opens, from, this.opens, size, count);
            System.arraycopy(highs, from, this.highs, size, count);
            System.arraycopy(lows, from, this.lows, size, count);
            System.arraycopy(closes, from, this.closes, size, count);
            System.arraycopy(volumes, from, this.volumes, size, count);
            boolean ascending = count == 0 || size == 0 || openTimes[from] > this.openTimes[size - 1];
            for (int i = from + 1; i < to; i++) {
                ascending &= openTimes[i] > openTimes[i - 1];
            }
            if (!ascending) {
                throw new IllegalArgumentException("bars from " + openTimes[from] + " on are not in ascending order");
            }
            size += count;
            return this;
        }

        /** The bars added. Do not use the builder after this. */
        public BarSeries build() {
            if (size < openTimes.length) {
                resize(size);
            }
            return new BarSeries(openTimes, new double[][] {opens, highs, lows, closes, volumes});
        }

        private void resize(int capacity) {
            openTimes = Arrays.copyOf(openTimes, capacity);
            opens = Arrays.copyOf(opens, capacity);
            highs = Arrays.copyOf(highs, capacity);
            lows = Arrays.copyOf(lows, capacity);
            closes = Arrays.copyOf(closes, capacity);
            volumes = Arrays.copyOf(volumes, capacity);
        }
    }

    private final class View extends AbstractList<OhlcvBar> implements RandomAccess {

        @Override
        public OhlcvBar get(int index) {
            return bar(Objects.checkIndex(index, BarSeries.this.size()));
        }

        @Override
        public int size() {
            return BarSeries.this.size();
        }
    }
}
