package io.iftb.cache.codec.page;

import io.iftb.cache.codec.CorruptValueException;
import io.iftb.cache.market.BarSeriesBuilder;

/**
 * Reads bars from pages. It keeps the memory that it needs, so read many pages with one reader. Not safe for use by several
 * threads.
 *
 * <p>If a block was changed, bars of the blocks before it have been given already; discard them.
 */
public final class PageReader {

    private final BlockReader reader = new BlockReader();

    /**
     * Reads all bars that have not expired.
     *
     * @param page the page
     * @param now epoch milliseconds of the server
     * @param bars takes the bars
     * @return how many bars that were
     * @throws CorruptValueException if a block was changed
     */
    public int all(SealedPage page, long now, BarSeriesBuilder bars) {
        int given = 0;
        for (int block = page.firstBlock(); block < page.endBlock(); block++) {
            PageRows rows = read(page, block);
            given += give(page, rows, 0, rows.size(), now, bars);
        }
        return given;
    }

    /**
     * Reads the bars of a range of time that have not expired, {@code from <= openTime < to}. Only blocks that may hold
     * some are decoded.
     *
     * @param page the page
     * @param from epoch milliseconds
     * @param to epoch milliseconds
     * @param now epoch milliseconds of the server
     * @param bars takes the bars
     * @return how many bars that were
     * @throws CorruptValueException if a block was changed
     * @throws IllegalArgumentException if a block that may hold some is not among the blocks that were opened
     */
    public int range(SealedPage page, long from, long to, long now, BarSeriesBuilder bars) {
        if (from >= to
                || to <= page.header().firstOpenTime()
                || from > page.header().lastOpenTime()) {
            return 0;
        }
        int first = page.header().blockOf(from);
        int end = page.header().blockOf(to - 1) + 1;
        if (first < page.firstBlock() || end > page.endBlock()) {
            throw new IllegalArgumentException("times " + from + " to " + to + " are in blocks " + first + " to " + end
                    + " of the page; " + page.firstBlock() + " to " + page.endBlock() + " were opened");
        }
        int given = 0;
        for (int block = first; block < end; block++) {
            PageRows rows = read(page, block);
            given += give(page, rows, rows.indexOf(from), rows.indexOf(to), now, bars);
        }
        return given;
    }

    /**
     * Reads the newest bars that have not expired, oldest first. Only blocks that hold some are decoded.
     *
     * @param page the page
     * @param limit how many at most, 1 or more
     * @param now epoch milliseconds of the server
     * @param bars takes the bars
     * @return how many bars that were
     * @throws CorruptValueException if a block was changed
     */
    public int newest(SealedPage page, int limit, long now, BarSeriesBuilder bars) {
        int first = firstOfNewest(page, limit, now);
        int given = 0;
        for (int block = first / PageHeader.BLOCK_ROWS; block < page.endBlock(); block++) {
            PageRows rows = read(page, block);
            int from = Math.max(0, first - block * PageHeader.BLOCK_ROWS);
            given += give(page, rows, from, rows.size(), now, bars);
        }
        return given;
    }

    private int firstOfNewest(SealedPage page, int limit, long now) {
        int oldest = page.firstBlock() * PageHeader.BLOCK_ROWS;
        if (page.header().earliestExpiry() > now) {
            return Math.max(oldest, Math.min(page.header().rows(), page.endBlock() * PageHeader.BLOCK_ROWS) - limit);
        }
        int found = 0;
        for (int block = page.endBlock() - 1; block >= page.firstBlock(); block--) {
            PageRows rows = read(page, block);
            for (int row = rows.size() - 1; row >= 0; row--) {
                if (rows.expiry(row) > now && ++found == limit) {
                    return block * PageHeader.BLOCK_ROWS + row;
                }
            }
        }
        return oldest;
    }

    /**
     * Reads all rows with their expiries, expired ones included.
     *
     * @throws CorruptValueException if a block was changed
     */
    public void rows(SealedPage page, PageRows all) {
        for (int block = page.firstBlock(); block < page.endBlock(); block++) {
            PageRows rows = read(page, block);
            all.addAll(rows, 0, rows.size());
        }
    }

    private static int give(SealedPage page, PageRows rows, int from, int to, long now, BarSeriesBuilder bars) {
        return page.header().earliestExpiry() > now ? rows.giveAll(from, to, bars) : rows.give(from, to, now, bars);
    }

    private PageRows read(SealedPage page, int block) {
        return reader.read(page.header(), block, page.blocks(), page.start(block));
    }
}
