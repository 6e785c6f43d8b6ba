package io.iftb.cache.market;

/** Collects bars in ascending order of open time. Not safe for use by several threads. */
public final class BarSeriesBuilder {

    private SeriesColumns columns;
    private int size;

    /** @param capacity how many bars are expected; more may come */
    public BarSeriesBuilder(int capacity) {
        columns = SeriesColumns.withLength(capacity);
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
        if (size > 0 && openTime <= columns.openTimes[size - 1]) {
            throw new IllegalArgumentException(
                    "bar at " + openTime + " does not open after the one before it, at " + columns.openTimes[size - 1]);
        }
        if (size == columns.length()) {
            columns = columns.copyOf(0, Math.max(16, size + (size >> 1)));
        }
        columns.set(size++, openTime, open, high, low, close, volume);
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
        boolean follows = count == 0 || size == 0 || others.openTimes[from] > columns.openTimes[size - 1];
        if (!follows || !others.ascend(from, to)) {
            throw new IllegalArgumentException(
                    "bars from " + others.openTimes[from] + " on are not in ascending order");
        }
        if (size + count > columns.length()) {
            columns = columns.copyOf(0, Math.max(size + count, size + (size >> 1)));
        }
        columns.copyIn(size, others, from, count);
        size += count;
        return this;
    }

    BarSeriesBuilder add(BarSeries bars, int i) {
        return add(bars.openTime(i), bars.open(i), bars.high(i), bars.low(i), bars.close(i), bars.volume(i));
    }

    /** The bars added. Do not use the builder after this. */
    public BarSeries build() {
        int unused = columns.length() - size;
        if (unused > size >> 2) {
            columns = columns.copyOf(0, size);
        }
        BarSeries all = new BarSeries(columns);
        return size == columns.length() ? all : all.slice(0, size); // some room is cheaper than a copy
    }
}
