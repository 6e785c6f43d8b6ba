package io.iftb.cache.store;

import io.iftb.cache.codec.CorruptValueException;
import io.iftb.cache.codec.page.PageHeader;
import io.iftb.cache.codec.page.PageReader;
import io.iftb.cache.codec.page.SealedPage;
import io.iftb.cache.market.BarSeriesBuilder;
import io.iftb.cache.store.SeriesReader.Range;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Which blocks of a page to read: all, or some if its header is known.
 *
 * @param entry what the index says of the page
 * @param header null if it is not known
 * @param first the first block
 * @param end the block after the last
 */
record PageBlocks(PageEntry entry, @Nullable PageHeader header, int first, int end) {

    /** Bytes of a row in a page; only rows that hardly differ take fewer, and room for those is made when they are read. */
    private static final int USUAL_ROW_BYTES = 4;

    /**
     * The blocks of a page that a range needs.
     *
     * @param newestRows how many of the newest rows at most, if that is certain
     */
    static PageBlocks of(PageEntry entry, @Nullable PageHeader header, Range range, long newestRows) {
        if (header == null) {
            return new PageBlocks(entry, null, 0, 0);
        }
        int first = header.blockOf(range.from());
        int end = range.to() > entry.last() ? header.blocks() : header.blockOf(range.to() - 1) + 1;
        if (end == header.blocks() && newestRows < entry.rows()) {
            first = Math.max(first, (int) (entry.rows() - newestRows) / PageHeader.BLOCK_ROWS);
        }
        return new PageBlocks(entry, header, first, end);
    }

    boolean isWhole() {
        return header == null;
    }

    /** Where the first block begins, in bytes. */
    int firstByte() {
        return header == null ? 0 : header.start(first);
    }

    /** The last byte of the last block. */
    int lastByte() {
        return header == null ? entry.bytes() - 1 : header.end(end - 1) - 1;
    }

    int bytes() {
        return lastByte() - firstByte() + 1;
    }

    /** About how many rows there are in some bytes of these blocks, whatever an index claims that was changed. */
    int rowsIn(int bytes) {
        int rows = header == null ? entry.rows() : Math.min(entry.rows(), (end - first) * PageHeader.BLOCK_ROWS);
        return Math.min(rows, bytes / USUAL_ROW_BYTES);
    }

    /** The open time of the oldest row. */
    long opens() {
        return header == null ? entry.first() : header.firstOpenTime(first);
    }

    /**
     * Reads bars of the range that have not expired, and adds them in front of others, until there are enough.
     *
     * @param bytes as they were read
     * @param range whose limit says how many bars are enough, those included that are there
     * @return the header of the page; null for a page of rows
     * @throws CorruptValueException if they are not these blocks; some bars have been added
     */
    @Nullable
    PageHeader read(byte[] bytes, PageReader reader, Range range, long now, BarSeriesBuilder bars) {
        if (!entry.packed()) {
            BarSeriesBuilder all = new BarSeriesBuilder(entry.rows());
            SeriesReader.readRows(PageEdit.rowsOf(bytes), now, all);
            bars.addAllBefore(all.build().between(range.from(), range.to()));
            return null;
        }
        SealedPage page = header == null
                ? SealedPage.open(ByteBuffer.wrap(bytes))
                : SealedPage.open(header, ByteBuffer.wrap(bytes), first, end);
        PageEdit.requireOf(range.series(), entry, page);
        reader.before(page, Math.max(range.from(), opens()), range.to(), now, range.limit(), bars);
        return page.header();
    }
}
