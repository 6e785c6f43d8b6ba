package io.iftb.cache.codec.page;

import io.iftb.cache.codec.BarRow;
import io.iftb.cache.codec.CorruptValueException;
import io.iftb.cache.market.OpenTime;
import java.nio.ByteBuffer;
import java.util.zip.CRC32C;

/**
 * The header of a page, which says what the page holds and where its blocks are. Big-endian, as rows are:
 *
 * <pre>
 *   0       1        2      4     8           16         24        32        40      44
 *   +-------+--------+------+-----+-----------+----------+---------+---------+-------+--
 *   |format |version |0, 0  |rows |first open |last open |earliest |latest   |series |
 *   |0xFC   |1       |      |     |time       |time      |expiry   |expiry   |mark   |
 *   +-------+--------+------+-----+-----------+----------+---------+---------+-------+--
 *
 *   for each block of 128 rows (the last one may have fewer), from 44 on:
 *   0                 8              12       16
 *   +-----------------+--------------+--------+
 *   |first open time  |end in page   |CRC-32C |
 *   +-----------------+--------------+--------+
 *
 *   then the CRC-32C of all of this, 4 bytes; then the blocks, one after the other, see {@link BlockReader}
 * </pre>
 *
 * Times are epoch milliseconds. The first eight bytes, read as the open time of a {@link BarRow}, lie outside {@link OpenTime}, so a reader or
 * script that expects rows refuses a page. The layout is permanent: what differs gets another version.
 */
public final class PageHeader {

    /** Rows of a block, if it is not the last one. */
    public static final int BLOCK_ROWS = 128;

    /** Rows of a page, at most. */
    public static final int MAX_ROWS = 1 << 16;

    /** The first byte of a page; no row and no text in UTF-8 begins with it. */
    static final int FORMAT = 0xFC;

    static final int VERSION = 1;

    /** Bytes of a block, at most: twelve columns of 64 bits, their descriptors and a few numbers. */
    static final int MAX_BLOCK_BYTES = 1 << 14;

    private static final int FORMAT_AT = 0;
    private static final int VERSION_AT = 1;
    private static final int ZERO_AT = 2;
    private static final int ROWS_AT = 4;
    private static final int FIRST_TIME_AT = 8;
    private static final int LAST_TIME_AT = 16;
    private static final int EARLIEST_EXPIRY_AT = 24;
    private static final int LATEST_EXPIRY_AT = 32;
    private static final int SERIES_AT = 40;
    private static final int BLOCKS_AT = 44;

    private static final int BLOCK_END_AT = 8;
    private static final int BLOCK_CRC_AT = 12;
    private static final int BLOCK_ENTRY_BYTES = 16;

    private final ByteBuffer bytes;
    private final int rows;

    private PageHeader(ByteBuffer bytes, int rows) {
        this.bytes = bytes;
        this.rows = rows;
    }

    /** Whether bytes begin as a page does, of this version or another. */
    public static boolean begins(ByteBuffer bytes) {
        return bytes.hasRemaining() && (bytes.get(bytes.position()) & 0xFF) == FORMAT;
    }

    /** Bytes of the header of a page with a number of rows. */
    public static int bytesFor(int rows) {
        return BLOCKS_AT + blocksFor(rows) * BLOCK_ENTRY_BYTES + Integer.BYTES;
    }

    /**
     * Reads the header of a page.
     *
     * @param bytes begin with the header; what follows is not looked at. Its position and limit stay
     * @throws CorruptValueException if it is no header of this version, or was changed
     */
    public static PageHeader read(ByteBuffer bytes) {
        ByteBuffer page = bytes.duplicate();
        if (!begins(page) || page.remaining() < BLOCKS_AT) {
            throw new CorruptValueException("the " + page.remaining() + " bytes do not begin as a page of candles");
        }
        int start = page.position();
        int version = page.get(start + VERSION_AT) & 0xFF;
        if (version != VERSION || page.getShort(start + ZERO_AT) != 0) {
            throw new CorruptValueException("a page of candles has version " + version + " and flags "
                    + page.getShort(start + ZERO_AT) + "; this program reads version " + VERSION + " with flags 0");
        }
        int rows = page.getInt(start + ROWS_AT);
        if (rows < 1 || rows > MAX_ROWS || page.remaining() < bytesFor(rows)) {
            throw new CorruptValueException(
                    "a page claims " + rows + " rows; its header is cut off, or the number is not 1.." + MAX_ROWS);
        }
        byte[] copy = new byte[bytesFor(rows)];
        page.get(start, copy);
        PageHeader header = new PageHeader(ByteBuffer.wrap(copy), rows);
        int crcAt = copy.length - Integer.BYTES;
        if (header.bytes.getInt(crcAt) != crc(copy, crcAt)) {
            throw new CorruptValueException("the header of a page was changed: its checksum is another");
        }
        header.check();
        return header;
    }

    private void check() {
        boolean times = firstOpenTime() >= OpenTime.MIN
                && lastOpenTime() <= OpenTime.MAX
                && firstOpenTime(0) == firstOpenTime()
                && lastOpenTime() - firstOpenTime() >= rows - 1
                && firstOpenTime(blocks() - 1) <= lastOpenTime();
        boolean expiries = earliestExpiry() >= 0
                && earliestExpiry() <= latestExpiry()
                && (latestExpiry() < PageRows.EXPIRY_END || latestExpiry() == BarRow.NEVER);
        boolean blocks = true;
        for (int block = 0; block < blocks(); block++) {
            int length = end(block) - start(block);
            blocks &= length > 0 && length <= MAX_BLOCK_BYTES;
            blocks &= block == 0 || firstOpenTime(block) > firstOpenTime(block - 1);
        }
        if (!times || !expiries || !blocks) {
            throw new CorruptValueException("the header of a page contradicts itself: times " + firstOpenTime() + ".."
                    + lastOpenTime() + ", expiries " + earliestExpiry() + ".." + latestExpiry() + ", "
                    + blocks() + " blocks up to byte " + pageBytes());
        }
    }

    /** How many rows the page has. */
    public int rows() {
        return rows;
    }

    /** The open time of the first row, epoch milliseconds. */
    public long firstOpenTime() {
        return bytes.getLong(FIRST_TIME_AT);
    }

    /** The open time of the last row, epoch milliseconds. */
    public long lastOpenTime() {
        return bytes.getLong(LAST_TIME_AT);
    }

    /** When the first row to expire does, epoch milliseconds or {@link BarRow#NEVER}. */
    public long earliestExpiry() {
        return bytes.getLong(EARLIEST_EXPIRY_AT);
    }

    /** When the last row to expire does, epoch milliseconds or {@link BarRow#NEVER}. */
    public long latestExpiry() {
        return bytes.getLong(LATEST_EXPIRY_AT);
    }

    /** The mark of the series that the page was packed for, see {@link PagePacker#pack}. */
    public int series() {
        return bytes.getInt(SERIES_AT);
    }

    /** Bytes of the header. */
    public int size() {
        return bytesFor(rows);
    }

    /** Bytes of the whole page. */
    public int pageBytes() {
        return end(blocks() - 1);
    }

    /** How many blocks there are. */
    public int blocks() {
        return blocksFor(rows);
    }

    /** How many rows a block has. */
    int rows(int block) {
        return Math.min(BLOCK_ROWS, rows - block * BLOCK_ROWS);
    }

    /** The open time of the first row of a block. */
    public long firstOpenTime(int block) {
        return bytes.getLong(entry(block));
    }

    /** Where a block begins, in bytes from the beginning of the page. */
    public int start(int block) {
        return block == 0 ? size() : end(block - 1);
    }

    /** Where a block ends, in bytes from the beginning of the page. */
    public int end(int block) {
        return bytes.getInt(entry(block) + BLOCK_END_AT);
    }

    /**
     * The block after those of a number of bytes.
     *
     * @throws CorruptValueException if no blocks from the first on have so many bytes
     */
    public int endOf(int firstBlock, int bytes) {
        int block = firstBlock;
        while (firstBlock >= 0 && block < blocks() && end(block) - start(firstBlock) < bytes) {
            block++;
        }
        if (firstBlock < 0 || block >= blocks() || end(block) - start(firstBlock) != bytes) {
            throw new CorruptValueException("no blocks of a page from " + firstBlock + " on have " + bytes + " bytes");
        }
        return block + 1;
    }

    int crc(int block) {
        return bytes.getInt(entry(block) + BLOCK_CRC_AT);
    }

    /** The block that holds the first row that does not open before a time, or would hold it; 0 if all open after it. */
    public int blockOf(long openTime) {
        int low = 0;
        int high = blocks();
        while (high - low > 1) {
            int middle = (low + high) >>> 1;
            if (firstOpenTime(middle) <= openTime) {
                low = middle;
            } else {
                high = middle;
            }
        }
        return low;
    }

    private static int entry(int block) {
        return BLOCKS_AT + block * BLOCK_ENTRY_BYTES;
    }

    private static int blocksFor(int rows) {
        return (rows + BLOCK_ROWS - 1) / BLOCK_ROWS;
    }

    static int crc(byte[] bytes, int length) {
        return crc(bytes, 0, length);
    }

    static int crc(byte[] bytes, int from, int length) {
        CRC32C crc = new CRC32C();
        crc.update(bytes, from, length);
        return (int) crc.getValue();
    }

    /** Writes the entry of a block. */
    static void putBlock(byte[] bytes, int block, long firstOpenTime, int end, int crc) {
        ByteBuffer page = ByteBuffer.wrap(bytes);
        page.putLong(entry(block), firstOpenTime);
        page.putInt(entry(block) + BLOCK_END_AT, end);
        page.putInt(entry(block) + BLOCK_CRC_AT, crc);
    }

    /** Writes the header around the entries of the blocks, which are there already. */
    static void put(byte[] bytes, PageRows rows, int from, int to, PageRows.Expiries expiries, int series) {
        ByteBuffer page = ByteBuffer.wrap(bytes);
        page.put(FORMAT_AT, (byte) FORMAT);
        page.put(VERSION_AT, (byte) VERSION);
        page.putShort(ZERO_AT, (short) 0);
        page.putInt(ROWS_AT, to - from);
        page.putLong(FIRST_TIME_AT, rows.openTimes[from]);
        page.putLong(LAST_TIME_AT, rows.openTimes[to - 1]);
        page.putLong(EARLIEST_EXPIRY_AT, expiries.earliest());
        page.putLong(LATEST_EXPIRY_AT, expiries.latest());
        page.putInt(SERIES_AT, series);
        int crcAt = bytesFor(to - from) - Integer.BYTES;
        page.putInt(crcAt, crc(bytes, crcAt));
    }
}
