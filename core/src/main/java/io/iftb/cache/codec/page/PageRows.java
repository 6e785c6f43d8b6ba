package io.iftb.cache.codec.page;

import io.iftb.cache.codec.BarRow;
import io.iftb.cache.market.BarSeries;
import io.iftb.cache.market.BarSeriesBuilder;
import io.iftb.cache.market.OpenTime;
import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * Bars with their expiries as columns, sorted by open time: what a page is made of, and what one is read into. Not safe for
 * use by several threads.
 */
public final class PageRows implements BarRow.Sink {

    /** Expiries are below this, as open times are, or {@link BarRow#NEVER}. */
    static final long EXPIRY_END = OpenTime.MAX + 1;

    private static final int MIN_GROWTH = 128;

    long[] openTimes;
    long[] expiries;
    double[] opens;
    double[] highs;
    double[] lows;
    double[] closes;
    double[] volumes;
    private int size;

    /** @param capacity how many rows are expected; more may come */
    public PageRows(int capacity) {
        openTimes = new long[capacity];
        expiries = new long[capacity];
        opens = new double[capacity];
        highs = new double[capacity];
        lows = new double[capacity];
        closes = new double[capacity];
        volumes = new double[capacity];
    }

    /** How many rows there are. */
    public int size() {
        return size;
    }

    /** The open time of a row, epoch milliseconds. */
    public long openTime(int row) {
        return openTimes[row];
    }

    /** When a row expires, epoch milliseconds, or {@link BarRow#NEVER}. */
    public long expiry(int row) {
        return expiries[row];
    }

    /** The open of a row. */
    public double open(int row) {
        return opens[row];
    }

    /** The high of a row. */
    public double high(int row) {
        return highs[row];
    }

    /** The low of a row. */
    public double low(int row) {
        return lows[row];
    }

    /** The close of a row. */
    public double close(int row) {
        return closes[row];
    }

    /** The volume of a row. */
    public double volume(int row) {
        return volumes[row];
    }

    /** Adds a row; {@link PagePacker} checks it. */
    @Override
    public void add(long openTime, long expiry, double open, double high, double low, double close, double volume) {
        int row = size;
        if (row == openTimes.length) {
            grow(Math.max(MIN_GROWTH, row + (row >> 1)));
        }
        openTimes[row] = openTime;
        expiries[row] = expiry;
        opens[row] = open;
        highs[row] = high;
        lows[row] = low;
        closes[row] = close;
        volumes[row] = volume;
        size = row + 1;
    }

    /**
     * Adds rows in the form of {@link BarRow}.
     *
     * @param rows the buffer; its position and limit stay
     * @throws io.iftb.cache.codec.CorruptValueException if the bytes are not whole rows
     */
    public void addAll(ByteBuffer rows) {
        BarRow.readAll(rows, this);
    }

    /** Adds the bars {@code from..to} of a series, which expire at one time. */
    public void addAll(BarSeries bars, int from, int to, long expiry) {
        for (int i = from; i < to; i++) {
            add(bars.openTime(i), expiry, bars.open(i), bars.high(i), bars.low(i), bars.close(i), bars.volume(i));
        }
    }

    /** Adds the rows {@code from..to} of others. */
    public void addAll(PageRows rows, int from, int to) {
        int count = to - from;
        if (size + count > openTimes.length) {
            grow(Math.max(size + count, size + (size >> 1)));
        }
        System.arraycopy(rows.openTimes, from, openTimes, size, count);
        System.arraycopy(rows.expiries, from, expiries, size, count);
        System.arraycopy(rows.opens, from, opens, size, count);
        System.arraycopy(rows.highs, from, highs, size, count);
        System.arraycopy(rows.lows, from, lows, size, count);
        System.arraycopy(rows.closes, from, closes, size, count);
        System.arraycopy(rows.volumes, from, volumes, size, count);
        size += count;
    }

    /** Removes the last row. */
    public void removeLast() {
        size--;
    }

    /** Removes all rows. */
    public void clear() {
        size = 0;
    }

    /** Tells how many rows the arrays hold, after they were written to directly. */
    void size(int rows) {
        size = rows;
    }

    /** The value of a row, in the form of {@link BarRow}. */
    public byte[] value(int row) {
        return ByteBuffer.allocate(BarRow.VALUE_BYTES)
                .putLong(openTimes[row])
                .putDouble(opens[row])
                .putDouble(highs[row])
                .putDouble(lows[row])
                .putDouble(closes[row])
                .putDouble(volumes[row])
                .array();
    }

    /** The rows that have not expired: these, or a copy without the others. */
    public PageRows live(long now) {
        int expired = 0;
        for (int i = 0; i < size; i++) {
            expired += expiries[i] <= now ? 1 : 0;
        }
        if (expired == 0) {
            return this;
        }
        PageRows live = new PageRows(size - expired);
        for (int i = 0; i < size; i++) {
            if (expiries[i] > now) {
                live.addAll(this, i, i + 1);
            }
        }
        return live;
    }

    /** These rows and the changes {@code from..to}, which replace rows that open at the same time, or remove them if expired. */
    public PageRows with(PageRows changes, int from, int to, long now) {
        PageRows all = new PageRows(size + to - from);
        int row = 0;
        for (int change = from; change < to; change++) {
            int at = indexOf(changes.openTimes[change]);
            all.addAll(this, row, at);
            row = at < size && openTimes[at] == changes.openTimes[change] ? at + 1 : at;
            if (changes.expiries[change] > now) {
                all.addAll(changes, change, change + 1);
            }
        }
        all.addAll(this, row, size);
        return all;
    }

    /** The first row that does not open before a time. */
    public int indexOf(long time) {
        int at = Arrays.binarySearch(openTimes, 0, size, time);
        return at < 0 ? -at - 1 : at;
    }

    /** Gives the bars of the rows {@code from..to} that have not expired, and returns how many these are. */
    int give(int from, int to, long now, BarSeriesBuilder bars) {
        int given = 0;
        int row = from;
        while (row < to) {
            int first = row;
            while (row < to && expiries[row] > now) {
                row++;
            }
            given += giveAll(first, row, bars);
            row++;
        }
        return given;
    }

    /** Gives the bars of the rows {@code from..to}, and returns how many these are. */
    int giveAll(int from, int to, BarSeriesBuilder bars) {
        bars.addAll(openTimes, opens, highs, lows, closes, volumes, from, to);
        return to - from;
    }

    /** The expiries of the rows {@code from..to}. */
    Expiries expiries(int from, int to) {
        long earliest = Long.MAX_VALUE;
        long latest = 0;
        for (int i = from; i < to; i++) {
            earliest = Math.min(earliest, expiries[i]);
            latest = Math.max(latest, expiries[i]);
        }
        return new Expiries(earliest, latest);
    }

    /**
     * The first and the last expiry of rows.
     *
     * @param earliest epoch milliseconds or {@link BarRow#NEVER}
     * @param latest epoch milliseconds or {@link BarRow#NEVER}
     */
    record Expiries(long earliest, long latest) {

        /** Whether not all are the same. */
        boolean differ() {
            return earliest != latest;
        }
    }

    /** @throws IllegalArgumentException naming the row, if the rows {@code from..to} are not bars in ascending order */
    void requireLegal(int from, int to) {
        for (int i = from; i < to; i++) {
            OpenTime.require(openTimes[i]);
            if (i > from && openTimes[i] <= openTimes[i - 1]) {
                throw new IllegalArgumentException("row " + i + " opens at " + openTimes[i]
                        + ", not after the row before it, at " + openTimes[i - 1] + "; sort the rows first");
            }
            if (!isBar(i)) {
                throw new IllegalArgumentException("row " + i + ", at " + openTimes[i] + ", is not a bar: open "
                        + opens[i] + ", high " + highs[i] + ", low " + lows[i] + ", close " + closes[i] + ", volume "
                        + volumes[i]);
            }
            if (expiries[i] != BarRow.NEVER && (expiries[i] < 0 || expiries[i] >= EXPIRY_END)) {
                throw new IllegalArgumentException("row " + i + ", at " + openTimes[i] + ", expires at " + expiries[i]
                        + "; give epoch milliseconds or NEVER");
            }
        }
    }

    /** Whether the numbers of a row are those of a bar. */
    boolean isBar(int row) {
        // 0 times x is 0 if x is finite, otherwise NaN: one comparison instead of five
        double zero = 0 * opens[row] + 0 * highs[row] + 0 * lows[row] + 0 * closes[row] + 0 * volumes[row];
        return zero == 0 && highs[row] >= lows[row] && volumes[row] >= 0;
    }

    /** Whether a row equals a row of others, bit for bit. */
    boolean sameRow(int row, PageRows others, int other) {
        return openTimes[row] == others.openTimes[other]
                && expiries[row] == others.expiries[other]
                && same(opens[row], others.opens[other])
                && same(highs[row], others.highs[other])
                && same(lows[row], others.lows[other])
                && same(closes[row], others.closes[other])
                && same(volumes[row], others.volumes[other]);
    }

    private static boolean same(double a, double b) {
        return Double.doubleToRawLongBits(a) == Double.doubleToRawLongBits(b);
    }

    private void grow(int capacity) {
        openTimes = Arrays.copyOf(openTimes, capacity);
        expiries = Arrays.copyOf(expiries, capacity);
        opens = Arrays.copyOf(opens, capacity);
        highs = Arrays.copyOf(highs, capacity);
        lows = Arrays.copyOf(lows, capacity);
        closes = Arrays.copyOf(closes, capacity);
        volumes = Arrays.copyOf(volumes, capacity);
    }
}
