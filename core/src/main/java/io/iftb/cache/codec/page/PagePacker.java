package io.iftb.cache.codec.page;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Objects;

/** Packs rows into pages, and reads each page back before it returns it. Not safe for use by several threads. */
public final class PagePacker {

    /** Bytes of a page that fill a class of the server's allocator: with what it adds to a string, 16,384. */
    public static final int CLASS_BYTES = 16_378;

    private final BlockWriter writer = new BlockWriter();
    private final BlockReader reader = new BlockReader();
    private byte[] body = new byte[1 << 14];
    private int[] ends = new int[16];

    /**
     * Packs all rows.
     *
     * @param rows 1 to {@link PageHeader#MAX_ROWS} bars in ascending order
     * @param series a mark of the series, such as a hash of its name, by which a reader tells a page of another one
     * @return the page
     * @throws IllegalArgumentException naming the row, if the rows are not bars in ascending order
     */
    public byte[] pack(PageRows rows, int series) {
        return pack(rows, 0, rows.size(), series);
    }

    /** Packs the rows {@code from..to}, as {@link #pack(PageRows, int)} does. */
    public byte[] pack(PageRows rows, int from, int to, int series) {
        Objects.checkFromToIndex(from, to, rows.size());
        requireCount(from, to);
        return pack(rows, from, to, rows.expiries(from, to), Integer.MAX_VALUE, series);
    }

    /**
     * Packs the first of the rows {@code from..to}: as many as {@link #endOfFitting} finds, but at least one. The page says how
     * many these are.
     *
     * @param maxBytes the size that the page does not exceed, if one row fits
     */
    public byte[] packFitting(PageRows rows, int from, int to, int maxBytes, int series) {
        Objects.checkFromToIndex(from, to, rows.size());
        int most = Math.min(to, from + PageHeader.MAX_ROWS);
        requireCount(from, most);
        PageRows.Expiries expiries = rows.expiries(from, most);
        if (expiries.differ()) { // those that fit have others
            int end = Math.max(from + 1, endOfFitting(rows, from, most, maxBytes));
            return pack(rows, from, end, rows.expiries(from, end), Integer.MAX_VALUE, series);
        }
        return pack(rows, from, most, expiries, maxBytes, series);
    }

    private byte[] pack(PageRows rows, int from, int to, PageRows.Expiries expiries, int maxBytes, int series) {
        int bytes = 0;
        int end = from;
        int blocks = 0;
        boolean isFull = false;
        while (end < to && !isFull) {
            int after = Math.min(end + PageHeader.BLOCK_ROWS, to);
            rows.requireLegal(Math.max(from, end - 1), after);
            int length = writer.write(rows, end, after, expiries);
            int left = maxBytes - bytes - PageHeader.bytesFor(after - from);
            if (length > left) {
                isFull = true;
                after = endOfFitting(rows, end, after, left, length, expiries);
                if (after == end && end > from) {
                    break;
                }
                after = Math.max(after, end + 1);
                length = writer.write(rows, end, after, expiries);
            }
            ensure(bytes + length);
            System.arraycopy(writer.bytes(), 0, body, bytes, length);
            bytes += length;
            if (blocks == ends.length) {
                ends = Arrays.copyOf(ends, 2 * blocks);
            }
            ends[blocks++] = bytes;
            end = after;
        }
        return page(rows, from, end, expiries, bytes, series);
    }

    /** Puts the header in front of the blocks. */
    private byte[] page(PageRows rows, int from, int to, PageRows.Expiries expiries, int bytes, int series) {
        int header = PageHeader.bytesFor(to - from);
        byte[] packed = new byte[header + bytes];
        System.arraycopy(body, 0, packed, header, bytes);
        int start = 0;
        for (int block = 0, first = from; first < to; block++, first += PageHeader.BLOCK_ROWS) {
            int crc = PageHeader.crc(packed, header + start, ends[block] - start);
            PageHeader.putBlock(packed, block, rows.openTimes[first], header + ends[block], crc);
            start = ends[block];
        }
        PageHeader.put(packed, rows, from, to, expiries, series);
        requireSame(rows, from, packed);
        return packed;
    }

    /**
     * Finds how many rows fit in a page of limited size. Full blocks are counted by their bytes; of the last one, as many rows
     * as probably fit, and never too many.
     *
     * @param rows the rows, as for {@link #pack(PageRows, int, int, int)}
     * @param maxBytes the size that {@link #pack} must not exceed
     * @return the row after the last one that fits; {@code from} if not one does
     */
    public int endOfFitting(PageRows rows, int from, int to, int maxBytes) {
        int most = Math.min(to, from + PageHeader.MAX_ROWS);
        requireRows(rows, from, most);
        PageRows.Expiries expiries = rows.expiries(from, most);
        int end = from;
        int bytes = 0;
        while (end < most) {
            int after = Math.min(end + PageHeader.BLOCK_ROWS, most);
            int length = writer.write(rows, end, after, expiries);
            if (PageHeader.bytesFor(after - from) + bytes + length > maxBytes) {
                return endOfFitting(
                        rows, end, after, maxBytes - bytes - PageHeader.bytesFor(after - from), length, expiries);
            }
            bytes += length;
            end = after;
        }
        return end;
    }

    /** How many rows of a block fit: first as many as the bytes of all suggest, then some more or less, then by halving. */
    private int endOfFitting(PageRows rows, int from, int to, int maxBytes, int allBytes, PageRows.Expiries expiries) {
        int fits = from;
        int tooMany = to;
        int guess = from + (int) ((long) (to - from) * Math.max(0, maxBytes) / Math.max(1, allBytes));
        for (int step = -1; tooMany - fits > 1 && step <= 1; step++) {
            int middle = Math.max(fits + 1, Math.min(tooMany - 1, guess));
            if (writer.write(rows, from, middle, expiries) <= maxBytes) {
                fits = middle;
                guess = middle + 2;
            } else {
                tooMany = middle;
                guess = middle - 2;
            }
        }
        while (fits == from && tooMany - fits > 1) {
            int middle = (fits + tooMany) >>> 1;
            if (writer.write(rows, from, middle, expiries) <= maxBytes) {
                fits = middle;
            } else {
                tooMany = middle;
            }
        }
        return fits;
    }

    private static void requireRows(PageRows rows, int from, int to) {
        Objects.checkFromToIndex(from, to, rows.size());
        requireCount(from, to);
        rows.requireLegal(from, to);
    }

    private static void requireCount(int from, int to) {
        if (to == from || to - from > PageHeader.MAX_ROWS) {
            throw new IllegalArgumentException(
                    "a page of " + (to - from) + " rows; it holds 1 to " + PageHeader.MAX_ROWS + " rows");
        }
    }

    private void ensure(int bytes) {
        if (bytes > body.length) {
            body = Arrays.copyOf(body, Math.max(bytes, 2 * body.length));
        }
    }

    /** Reads the page, since it replaces rows that nobody has any more. */
    private void requireSame(PageRows rows, int from, byte[] packed) {
        ByteBuffer bytes = ByteBuffer.wrap(packed);
        PageHeader header = PageHeader.read(bytes);
        int row = from;
        for (int block = 0; block < header.blocks(); block++) {
            PageRows read = reader.read(header, block, bytes, header.start(block));
            for (int i = 0; i < read.size(); i++) {
                if (!read.sameRow(i, rows, row)) {
                    throw new IllegalStateException("row " + row + ", at " + rows.openTimes[row]
                            + ", is another one in its page; please report this, with the row before it");
                }
                row++;
            }
        }
    }
}
