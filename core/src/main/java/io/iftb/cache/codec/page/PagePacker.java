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
    private byte[] page = new byte[1 << 14];

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
        requireRows(rows, from, to);
        PageRows.Expiries expiries = rows.expiries(from, to);
        int end = PageHeader.bytesFor(to - from);
        ensure(end);
        for (int block = 0, first = from; first < to; block++) {
            int after = Math.min(first + PageHeader.BLOCK_ROWS, to);
            int length = writer.write(rows, first, after, expiries);
            ensure(end + length);
            System.arraycopy(writer.bytes(), 0, page, end, length);
            end += length;
            PageHeader.putBlock(page, block, rows.openTimes[first], end, PageHeader.crc(writer.bytes(), length));
            first = after;
        }
        PageHeader.put(page, rows, from, to, expiries, series);
        byte[] packed = Arrays.copyOf(page, end);
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
                return endOfFitting(rows, end, after, maxBytes - bytes - PageHeader.bytesFor(after - from), expiries);
            }
            bytes += length;
            end = after;
        }
        return end;
    }

    /** How many rows of a block fit, by halving. */
    private int endOfFitting(PageRows rows, int from, int to, int maxBytes, PageRows.Expiries expiries) {
        int fits = from;
        int tooMany = to;
        while (tooMany - fits > 1) {
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
        if (to == from || to - from > PageHeader.MAX_ROWS) {
            throw new IllegalArgumentException(
                    "a page of " + (to - from) + " rows; it holds 1 to " + PageHeader.MAX_ROWS + " rows");
        }
        rows.requireLegal(from, to);
    }

    private void ensure(int bytes) {
        if (bytes > page.length) {
            page = Arrays.copyOf(page, Math.max(bytes, 2 * page.length));
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
