package io.iftb.cache.codec.page;

import io.iftb.cache.codec.CorruptValueException;
import io.iftb.cache.market.OpenTime;
import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * Reads the blocks of a page. A block is decoded by itself, and has four parts; the columns are those of
 * {@link ColumnReader}, and a varint has 7 bits a byte, the lowest first:
 *
 * <pre>
 * times     (of two rows or more) varint unit, in ms; varint step, in units, times 2, + 1: zigzag;
 *           column: (open time - previous open time) / unit - step, from the second row on
 * prices    byte scale: decimals, or 31; byte flags, bits 0 to 3: open, close, high, low are zigzag; bits 4 to 7: they have
 *           residuals
 *           scale 0 to 22: varint tick; varint first open in ticks, zigzag
 *           scale 31:      8 bytes, the first open
 *           columns: open - previous close, from the second row on; close - open; high - max(open, close);
 *           min(open, close) - low
 *           columns of residuals, as flagged
 * volumes   byte scale: decimals, or 31; + 128: residuals
 *           scale 0 to 22: varint tick; column: volume; column of residuals if there are
 *           scale 31:      8 bytes, the first volume; column: volume - previous volume, zigzag, from the second row on
 * expiries  (only of a page where they differ) see {@link ExpiryColumn}
 * </pre>
 *
 * With decimals, a double is {@code integer * tick / 10^decimals}, and its bits are changed where those of the residual are
 * set. With scale 31, a double is its bits, as an integer that is ordered as doubles are, and differences wrap around.
 * Zigzag is 0, -1, 1, -2 … as 0, 1, 2, 3 …
 */
final class BlockReader {

    static final int PRICE_COLUMNS = 4;
    static final int VOLUME_RESIDUALS = 0x80;

    /** Differences of so many bits, from an integer up to {@link #MAX_SAFE} on, add up to at most 2^53 in a block. */
    private static final int SAFE_BITS = 43;

    private static final long MAX_SAFE = 1L << 52;

    private final BlockInput in = new BlockInput();
    private final ColumnReader columns = new ColumnReader();
    private final ExpiryColumn expiries = new ExpiryColumn();
    private final long[] opens = new long[PageHeader.BLOCK_ROWS];
    private final long[] closes = new long[PageHeader.BLOCK_ROWS];
    private final long[] highs = new long[PageHeader.BLOCK_ROWS];
    private final long[] lows = new long[PageHeader.BLOCK_ROWS];
    private final long[] integers = new long[PageHeader.BLOCK_ROWS];
    private final PageRows rows = new PageRows(PageHeader.BLOCK_ROWS);

    /**
     * Reads a block.
     *
     * @param at where the block is in the buffer, whose position and limit stay
     * @return its rows, until the next call
     * @throws CorruptValueException if the bytes are not this block, or not of bars in ascending order
     */
    PageRows read(PageHeader header, int block, ByteBuffer bytes, int at) {
        int length = header.end(block) - header.start(block);
        in.open(bytes, at, length);
        if (PageHeader.crc(in.bytes(), length) != header.crc(block)) {
            throw new CorruptValueException("block " + block + " of a page was changed: its checksum is another");
        }
        int count = header.rows(block);
        rows.size(count);
        readTimes(header.firstOpenTime(block), count);
        long last = rows.openTimes[count - 1];
        boolean isLast = block == header.blocks() - 1;
        if (isLast ? last != header.lastOpenTime() : last >= header.firstOpenTime(block + 1)) {
            throw new CorruptValueException(
                    "block " + block + " of a page ends at " + last + ", which contradicts the header");
        }
        boolean prices = readPrices(count);
        boolean volumes = readVolumes(count);
        if (!prices || !volumes) {
            throw new CorruptValueException("block " + block + " of a page holds numbers that are not those of a bar");
        }
        if (header.earliestExpiry() == header.latestExpiry()) {
            Arrays.fill(rows.expiries, 0, count, header.latestExpiry());
        } else {
            expiries.read(in, columns, header, rows);
        }
        in.requireEnd();
        return rows;
    }

    private void readTimes(long first, int count) {
        long[] times = rows.openTimes;
        times[0] = first;
        if (count == 1) {
            return;
        }
        long unit = in.readVarint();
        long step = in.readVarint();
        int bits = columns.read(in, integers, 1, count);
        long regular = unit * (step >>> 1);
        long time = first;
        boolean ascending = true;
        if (bits == 0) {
            for (int i = 1; i < count; i++) {
                time += regular;
                ascending &= time > times[i - 1];
                times[i] = time;
            }
        } else {
            integers[0] = 0;
            unzigzag(integers, count, (step & 1) != 0);
            for (int i = 1; i < count; i++) {
                time += regular + unit * integers[i];
                ascending &= time > times[i - 1];
                times[i] = time;
            }
        }
        if (!ascending || time > OpenTime.MAX) {
            throw new CorruptValueException("a block of a page, from " + first + " on, is not in ascending order");
        }
    }

    /** Returns whether they are legal. */
    private boolean readPrices(int count) {
        int scale = in.readByte();
        int flags = in.readByte();
        long tick = scale == Scale.BITS ? 1 : readTick(scale);
        long open = scale == Scale.BITS ? Scale.ordered(in.readLong()) : Scale.unzigzag(in.readVarint());
        opens[0] = 0;
        int bits = readPriceColumn(opens, 1, count, flags & 1);
        bits = Math.max(bits, readPriceColumn(closes, 0, count, flags & 2));
        bits = Math.max(bits, readPriceColumn(highs, 0, count, flags & 4));
        bits = Math.max(bits, readPriceColumn(lows, 0, count, flags & 8));
        if (scale == Scale.BITS) {
            addOrdered(open, count);
        } else {
            addIntegers(open, count);
            Scale.divide(rows.opens, count, scale, tick);
            Scale.divide(rows.closes, count, scale, tick);
            Scale.divide(rows.highs, count, scale, tick);
            Scale.divide(rows.lows, count, scale, tick);
            // nothing overflows, no high is below what it is compared with, no low above, and nothing will be patched
            boolean inRange = bits <= SAFE_BITS && open >= -MAX_SAFE && open <= MAX_SAFE && tick == 1;
            if (inRange && (flags & ~3) == 0) {
                return true;
            }
        }
        patch(rows.opens, count, (flags & 16) != 0);
        patch(rows.closes, count, (flags & 32) != 0);
        patch(rows.highs, count, (flags & 64) != 0);
        patch(rows.lows, count, (flags & 128) != 0);
        return arePrices(count);
    }

    private int readPriceColumn(long[] differences, int from, int count, int zigzag) {
        int bits = columns.read(in, differences, from, count);
        unzigzag(differences, count, zigzag != 0);
        return bits;
    }

    /** Adds up differences of prices. */
    private void addIntegers(long first, int count) {
        double[] toOpens = rows.opens;
        double[] toCloses = rows.closes;
        double[] toHighs = rows.highs;
        double[] toLows = rows.lows;
        long close = first;
        for (int i = 0; i < count; i++) {
            long open = close + opens[i];
            close = open + closes[i];
            toOpens[i] = (double) open;
            toCloses[i] = (double) close;
            toHighs[i] = (double) (Math.max(open, close) + highs[i]);
            toLows[i] = (double) (Math.min(open, close) - lows[i]);
        }
    }

    /** Adds up differences of prices as bits. */
    private void addOrdered(long first, int count) {
        long close = first;
        for (int i = 0; i < count; i++) {
            long open = close + opens[i];
            close = open + closes[i];
            rows.opens[i] = ordered(open);
            rows.closes[i] = ordered(close);
            rows.highs[i] = ordered(Math.max(open, close) + highs[i]);
            rows.lows[i] = ordered(Math.min(open, close) - lows[i]);
        }
    }

    private static double ordered(long integer) {
        return Double.longBitsToDouble(Scale.ordered(integer));
    }

    private boolean arePrices(int count) {
        double zero = 0;
        boolean legal = true;
        for (int i = 0; i < count; i++) {
            zero += 0 * rows.opens[i] + 0 * rows.closes[i] + 0 * rows.highs[i] + 0 * rows.lows[i];
            legal &= rows.highs[i] >= rows.lows[i];
        }
        return legal && zero == 0;
    }

    /** Returns whether they are legal. */
    private boolean readVolumes(int count) {
        int flags = in.readByte();
        int scale = flags & ~VOLUME_RESIDUALS;
        double[] volumes = rows.volumes;
        boolean residuals = scale != flags;
        if (scale == Scale.BITS) {
            long volume = Scale.ordered(in.readLong());
            columns.read(in, integers, 1, count);
            integers[0] = 0;
            for (int i = 0; i < count; i++) {
                volume += Scale.unzigzag(integers[i]);
                volumes[i] = ordered(volume);
            }
        } else {
            long tick = readTick(scale);
            columns.read(in, integers, 0, count);
            long all = 0;
            for (int i = 0; i < count; i++) {
                all |= integers[i];
                volumes[i] = (double) integers[i];
            }
            Scale.divide(volumes, count, scale, tick);
            if (!residuals || all < 0) {
                return all >= 0;
            }
        }
        patch(volumes, count, residuals);
        boolean legal = true;
        for (int i = 0; i < count; i++) {
            legal &= volumes[i] >= 0 && volumes[i] < Double.POSITIVE_INFINITY;
        }
        return legal;
    }

    private long readTick(int decimals) {
        if (decimals > Scale.MAX_DECIMALS) {
            throw new CorruptValueException("a block of a page has the scale " + decimals + ", which is unknown");
        }
        long tick = in.readVarint();
        if (tick < 1) {
            throw new CorruptValueException("a block of a page has the tick " + tick + "; it must be positive");
        }
        return tick;
    }

    private void patch(double[] values, int count, boolean flagged) {
        if (flagged) {
            columns.read(in, integers, 0, count);
            for (int i = 0; i < count; i++) {
                values[i] = Double.longBitsToDouble(Double.doubleToRawLongBits(values[i]) ^ integers[i]);
            }
        }
    }

    private static void unzigzag(long[] values, int count, boolean flagged) {
        if (flagged) {
            for (int i = 0; i < count; i++) {
                values[i] = Scale.unzigzag(values[i]);
            }
        }
    }
}
