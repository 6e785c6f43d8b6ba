package io.iftb.cache.market;

/**
 * Collects bars in ascending order of open time, at the end or in front of those that are there. Not safe for use by several
 * threads.
 */
public final class BarSeriesBuilder {

    private SeriesColumns columns;
    private int start;
    private int end;

    /** @param capacity how many bars are expected; more may come */
    public BarSeriesBuilder(int capacity) {
        this(0, capacity);
    }

    /**
     * Makes room for bars that come in front of others.
     *
     * @param before how many bars are expected in front of the first one that is added; more may come
     * @param capacity how many bars are expected from that one on; more may come
     */
    public BarSeriesBuilder(int before, int capacity) {
        columns = SeriesColumns.withLength(before + capacity);
        start = before;
        end = before;
    }

    /** How many bars there are. */
    public int size() {
        return end - start;
    }

    /** Adds a bar. */
    public BarSeriesBuilder add(OhlcvBar bar) {
        return add(bar.openTime(), bar.open(), bar.high(), bar.low(), bar.close(), bar.volume());
    }

    /**
     * Adds a bar by its fields, which are taken as they are.
     *
     * @throws IllegalArgumentException if it does not open after the bar added before it
     */
    public BarSeriesBuilder add(long openTime, double open, double high, double low, double close, double volume) {
        if (end > start && openTime <= columns.openTimes[end - 1]) {
            throw new IllegalArgumentException(
                    "bar at " + openTime + " does not open after the one before it, at " + columns.openTimes[end - 1]);
        }
        if (end == columns.length()) {
            columns = columns.copyOf(0, Math.max(16, end + (end >> 1)));
        }
        columns.set(end++, openTime, open, high, low, close, volume);
        return this;
    }

    /** Adds bars, all of which open after those added before. */
    public BarSeriesBuilder addAll(BarSeries bars) {
        return addAll(bars.columns(), bars.start(), bars.start() + bars.size());
    }

    /**
     * Adds the bars {@code from..to} of columns, which are copied as they are.
     *
     * @throws IllegalArgumentException if a bar does not open after the one before it
     */
    public BarSeriesBuilder addAll(
            long[] openTimes,
            double[] opens,
            double[] highs,
            double[] lows,
            double[] closes,
            double[] volumes,
            int from,
            int to) {
        return addAll(new SeriesColumns(openTimes, opens, highs, lows, closes, volumes), from, to);
    }

    private BarSeriesBuilder addAll(SeriesColumns others, int from, int to) {
        int count = to - from;
        boolean follows = count == 0 || end == start || others.openTimes[from] > columns.openTimes[end - 1];
        requireAscending(follows, others, from, to);
        if (end + count > columns.length()) {
            columns = columns.copyOf(0, Math.max(end + count, end + (end >> 1)));
        }
        columns.copyIn(end, others, from, count);
        end += count;
        return this;
    }

    /** Adds bars in front of the others, all of which open after them. */
    public BarSeriesBuilder addAllBefore(BarSeries bars) {
        return addAllBefore(bars.columns(), bars.start(), bars.start() + bars.size());
    }

    /**
     * Adds the bars {@code from..to} of columns in front of the others; they are copied as they are.
     *
     * @throws IllegalArgumentException if a bar does not open before the one after it
     */
    public BarSeriesBuilder addAllBefore(
            long[] openTimes,
            double[] opens,
            double[] highs,
            double[] lows,
            double[] closes,
            double[] volumes,
            int from,
            int to) {
        return addAllBefore(new SeriesColumns(openTimes, opens, highs, lows, closes, volumes), from, to);
    }

    private BarSeriesBuilder addAllBefore(SeriesColumns others, int from, int to) {
        int count = to - from;
        boolean precedes = count == 0 || end == start || others.openTimes[to - 1] < columns.openTimes[start];
        requireAscending(precedes, others, from, to);
        reserveBefore(count);
        start -= count;
        columns.copyIn(start, others, from, count);
        return this;
    }

    private static void requireAscending(boolean fits, SeriesColumns others, int from, int to) {
        if (!fits || !others.ascend(from, to)) {
            throw new IllegalArgumentException(
                    "bars from " + others.openTimes[from] + " on are not in ascending order");
        }
    }

    /** Makes room in front of the bars. */
    public void reserveBefore(int count) {
        if (count > start) {
            int size = end - start;
            int before = Math.max(count, size >> 1);
            SeriesColumns wider = SeriesColumns.withLength(before + size);
            wider.copyIn(before, columns, start, size);
            columns = wider;
            start = before;
            end = before + size;
        }
    }

    /** Removes all bars but the newest. */
    public void keepNewest(int count) {
        start = Math.max(start, end - count);
    }

    BarSeriesBuilder add(BarSeries bars, int i) {
        return add(bars.openTime(i), bars.open(i), bars.high(i), bars.low(i), bars.close(i), bars.volume(i));
    }

    /** The bars added. Do not use the builder after this. */
    public BarSeries build() {
        int size = end - start;
        if (columns.length() - size > size >> 2) {
            return new BarSeries(columns.copyOf(start, end));
        }
        return new BarSeries(columns).slice(start, end); // some room is cheaper than a copy
    }
}
