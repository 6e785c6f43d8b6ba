package io.iftb.cache.codec;

import io.iftb.cache.market.BarSeries;
import io.iftb.cache.market.BarSeriesBuilder;
import io.iftb.cache.market.OhlcvBar;
import io.iftb.cache.market.OpenTime;
import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * The layout of a bar on the server, big-endian:
 *
 * <pre>
 *   row     0         8        16     24     32    40     48      56
 *           +---------+---------+------+------+-----+-------+--------+
 *           |open time| expiry  | open | high | low | close | volume |
 *           +---------+---------+------+------+-----+-------+--------+
 *   value   the same without the expiry, 48 bytes
 * </pre>
 *
 * Times are epoch milliseconds, an expiry of {@link #NEVER} means that the bar does not expire; prices and volume are IEEE 754 doubles, bit
 * for bit.
 */
public final class BarRow {

    /** Bytes of a row. */
    public static final int ROW_BYTES = 56;

    /** Bytes of a value. */
    public static final int VALUE_BYTES = 48;

    /** The expiry of a bar that does not expire. */
    public static final long NEVER = Long.MAX_VALUE;

    private static final int OPEN_TIME = 0;
    private static final int EXPIRY = 8;
    private static final int OPEN = 16;
    private static final int HIGH = 24;
    private static final int LOW = 32;
    private static final int CLOSE = 40;
    private static final int VOLUME = 48;

    private BarRow() {}

    /** Takes rows, one after the other. */
    public interface Sink {

        /** Takes a row as it is stored, expired or not; nothing is checked. */
        void add(long openTime, long expiry, double open, double high, double low, double close, double volume);
    }

    /** The values of bars, one after the other. */
    public static byte[] values(BarSeries bars, int from, int to) {
        ByteBuffer buffer = ByteBuffer.allocate((to - from) * VALUE_BYTES);
        for (int i = from; i < to; i++) {
            buffer.putLong(bars.openTime(i))
                    .putDouble(bars.open(i))
                    .putDouble(bars.high(i))
                    .putDouble(bars.low(i))
                    .putDouble(bars.close(i))
                    .putDouble(bars.volume(i));
        }
        return buffer.array();
    }

    /** The value of a bar. */
    public static byte[] value(OhlcvBar bar) {
        return ByteBuffer.allocate(VALUE_BYTES)
                .putLong(bar.openTime())
                .putDouble(bar.open())
                .putDouble(bar.high())
                .putDouble(bar.low())
                .putDouble(bar.close())
                .putDouble(bar.volume())
                .array();
    }

    /**
     * The bar of a value.
     *
     * @throws CorruptValueException if the bytes are not the value of a bar
     */
    public static OhlcvBar bar(byte[] value) {
        if (value.length != VALUE_BYTES) {
            throw new CorruptValueException("a bar has " + VALUE_BYTES + " bytes, these are " + value.length);
        }
        ByteBuffer buffer = ByteBuffer.wrap(value);
        try {
            return new OhlcvBar(
                    buffer.getLong(),
                    buffer.getDouble(),
                    buffer.getDouble(),
                    buffer.getDouble(),
                    buffer.getDouble(),
                    buffer.getDouble());
        } catch (IllegalArgumentException e) {
            throw new CorruptValueException("not a bar: " + e.getMessage(), e);
        }
    }

    /**
     * The bars of values, one after the other.
     *
     * @throws CorruptValueException if the bytes are not values of bars
     */
    public static BarSeries bars(byte[] values) {
        BarSeriesBuilder bars = new BarSeriesBuilder(values.length / VALUE_BYTES);
        for (int at = 0; at < values.length; at += VALUE_BYTES) {
            bars.add(bar(Arrays.copyOfRange(values, at, Math.min(at + VALUE_BYTES, values.length))));
        }
        return bars.build();
    }

    /** The open time of a value. */
    public static long openTime(byte[] value) {
        return ByteBuffer.wrap(value).getLong();
    }

    /** The earliest expiry of rows that have not expired, epoch milliseconds or {@link #NEVER}. */
    public static long earliestExpiry(ByteBuffer rows, long now) {
        long earliest = NEVER;
        for (int at = rows.position(); at + ROW_BYTES <= rows.limit(); at += ROW_BYTES) {
            long expiry = rows.getLong(at + EXPIRY);
            earliest = expiry > now ? Math.min(earliest, expiry) : earliest;
        }
        return earliest;
    }

    /** The value of row {@code row} of a buffer. */
    public static byte[] value(ByteBuffer rows, int row) {
        byte[] value = new byte[VALUE_BYTES];
        int at = rows.position() + row * ROW_BYTES;
        rows.get(at + OPEN_TIME, value, 0, Long.BYTES);
        rows.get(at + OPEN, value, Long.BYTES, VALUE_BYTES - Long.BYTES);
        return value;
    }

    /**
     * Reads rows into columns, without those that have expired.
     *
     * @param rows the buffer; its position and limit stay
     * @param now epoch milliseconds of the server
     * @param bars takes the bars
     * @return the number of rows, including those that have expired
     * @throws CorruptValueException if the bytes are not rows of bars, sorted
     */
    public static int read(ByteBuffer rows, long now, BarSeriesBuilder bars) {
        if (rows.remaining() % ROW_BYTES != 0) {
            throw new CorruptValueException(rows.remaining() + " bytes are not rows of " + ROW_BYTES);
        }
        int end = rows.limit();
        long last = Long.MIN_VALUE;
        for (int at = rows.position(); at < end; at += ROW_BYTES) {
            if (rows.getLong(at + EXPIRY) <= now) {
                continue;
            }
            long openTime = rows.getLong(at + OPEN_TIME);
            double open = rows.getDouble(at + OPEN);
            double high = rows.getDouble(at + HIGH);
            double low = rows.getDouble(at + LOW);
            double close = rows.getDouble(at + CLOSE);
            double volume = rows.getDouble(at + VOLUME);
            // 0 times x is 0 if x is finite, otherwise NaN: one comparison instead of five
            boolean finite = 0 * open + 0 * high + 0 * low + 0 * close + 0 * volume == 0;
            boolean inTime = openTime > last && openTime >= OpenTime.MIN && openTime <= OpenTime.MAX;
            if (!inTime || !finite || high < low || volume < 0) {
                throw new CorruptValueException("a row at byte " + at + " is not a bar after the one before it");
            }
            bars.add(openTime, open, high, low, close, volume);
            last = openTime;
        }
        return rows.remaining() / ROW_BYTES;
    }

    /**
     * Reads rows with their expiries, as they are.
     *
     * @param rows the buffer; its position and limit stay
     * @throws CorruptValueException if the bytes are not whole rows
     */
    public static void readAll(ByteBuffer rows, Sink sink) {
        if (rows.remaining() % ROW_BYTES != 0) {
            throw new CorruptValueException(rows.remaining() + " bytes are not rows of " + ROW_BYTES);
        }
        int end = rows.limit();
        for (int at = rows.position(); at < end; at += ROW_BYTES) {
            sink.add(
                    rows.getLong(at + OPEN_TIME),
                    rows.getLong(at + EXPIRY),
                    rows.getDouble(at + OPEN),
                    rows.getDouble(at + HIGH),
                    rows.getDouble(at + LOW),
                    rows.getDouble(at + CLOSE),
                    rows.getDouble(at + VOLUME));
        }
    }

    /** The open time of row {@code row} of a buffer. */
    public static long openTime(ByteBuffer rows, int row) {
        return rows.getLong(rows.position() + row * ROW_BYTES + OPEN_TIME);
    }

    /** When row {@code row} of a buffer expires. */
    public static long expiry(ByteBuffer rows, int row) {
        return rows.getLong(rows.position() + row * ROW_BYTES + EXPIRY);
    }
}
