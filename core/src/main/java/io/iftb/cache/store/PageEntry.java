package io.iftb.cache.store;

import io.iftb.cache.codec.BarRow;
import io.iftb.cache.codec.CorruptValueException;
import io.iftb.cache.codec.page.PageHeader;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * What the index of a series says of one page. Big-endian, as {@code series.lua} describes it:
 *
 * <pre>
 *   0          8         16        24       32      40    44     48      49
 *   +----------+---------+---------+--------+-------+-----+------+-------+
 *   |first open|last open|earliest |latest  |number |rows |bytes |format |
 *   |time      |time     |expiry   |expiry  |       |     |      |R or P |
 *   +----------+---------+---------+--------+-------+-----+------+-------+
 * </pre>
 *
 * @param first open time of the first row, epoch milliseconds
 * @param last open time of the last row, epoch milliseconds
 * @param earliest when the first row to expire does, epoch milliseconds or {@link BarRow#NEVER}; 0 if not known
 * @param latest when the page expires, epoch milliseconds or {@link BarRow#NEVER}
 * @param number what the key of the page ends with, see {@link Keys#page}
 * @param rows how many rows the page has
 * @param bytes how many bytes the page has
 * @param packed whether it is packed ({@link PageHeader}); otherwise it holds rows ({@link BarRow})
 */
record PageEntry(long first, long last, long earliest, long latest, long number, int rows, int bytes, boolean packed) {

    private static final int BYTES = 49;
    private static final byte PACKED = 'P';
    private static final byte ROWS = 'R';

    /** The entry of a page that was packed. */
    static PageEntry of(PageHeader header, long number) {
        return new PageEntry(
                header.firstOpenTime(),
                header.lastOpenTime(),
                header.earliestExpiry(),
                header.latestExpiry(),
                number,
                header.rows(),
                header.pageBytes(),
                true);
    }

    /** @throws CorruptValueException if it is no entry */
    static PageEntry read(byte[] entry) {
        if (entry.length != BYTES) {
            throw new CorruptValueException(
                    "an entry in the index of a series has " + entry.length + " bytes instead of " + BYTES);
        }
        ByteBuffer buffer = ByteBuffer.wrap(entry);
        return new PageEntry(
                buffer.getLong(),
                buffer.getLong(),
                buffer.getLong(),
                buffer.getLong(),
                buffer.getLong(),
                buffer.getInt(),
                buffer.getInt(),
                buffer.get() == PACKED);
    }

    /** The entry that bytes are; null if they are none, or one that no page can be of. */
    static @Nullable PageEntry readPlausible(byte[] entry) {
        PageEntry read = entry.length == BYTES ? read(entry) : null;
        return read == null || !read.isPlausible() ? null : read;
    }

    byte[] toBytes() {
        return ByteBuffer.allocate(BYTES)
                .putLong(first)
                .putLong(last)
                .putLong(earliest)
                .putLong(latest)
                .putLong(number)
                .putInt(rows)
                .putInt(bytes)
                .put(packed ? PACKED : ROWS)
                .array();
    }

    /** Whether the server has removed the page because its time was over. */
    boolean hasExpired(long now) {
        return latest <= now;
    }

    /** Whether a page can be as this says; otherwise the entry was changed. */
    boolean isPlausible() {
        return rows > 0 && rows <= PageHeader.MAX_ROWS && bytes > 0 && first <= last;
    }

    /** Whether a page is the one of this entry. */
    boolean describes(PageHeader header) {
        return equals(of(header, number));
    }
}
