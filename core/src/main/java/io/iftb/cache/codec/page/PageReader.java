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
        if (isOutside(page, from, to)) {
            return 0;
        }
        int first = page.header().blockOf(from);
        int end = page.header().blockOf(to - 1) + 1;
        requireOpened(page, first, end, from, to);
        int given = 0;
        for (int block = first; block < end; block++) {
            PageRows rows = read(page, block);
            given += give(page, rows, rows.indexOf(from), rows.indexOf(to), now, bars);
        }
        return given;
    }

    /**
     * Reads the bars of a range of time that have not expired, {@code from <= openTime < to}, the newest block first, and adds
     * them in front of others. It ends with the block with which there are enough.
     *
     * @param page the page
     * @param from epoch milliseconds
     * @param to epoch milliseconds
     * @param now epoch milliseconds of the server
     * @param limit how many bars are enough, those included that are there
     * @param bars takes the bars; a few more than the limit are possible
     * @throws CorruptValueException if a block was changed; those behind it have been given
     * @throws IllegalArgumentException if a block that may hold some is not among the blocks that were opened
     */
    public void before(SealedPage page, long from, long to, long now, int limit, BarSeriesBuilder bars) {
        if (isOutside(page, from, to)) {
            return;
        }
        int first = page.header().blockOf(from);
        int end = page.header().blockOf(to - 1) + 1;
        requireOpened(page, first, end, from, to);
        boolean allLive = page.header().earliestExpiry() > now;
        for (int block = end - 1; block >= first && bars.size() < limit; block--) {
            PageRows rows = read(page, block);
            int firstRow = rows.indexOf(from);
            int endRow = rows.indexOf(to);
            if (allLive) {
                giveBefore(rows, Math.max(firstRow, endRow - (limit - bars.size())), endRow, bars);
            } else {
                giveLiveBefore(rows, firstRow, endRow, now, bars);
            }
        }
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

    private static void giveBefore(PageRows rows, int from, int to, BarSeriesBuilder bars) {
        bars.addAllBefore(rows.openTimes, rows.opens, rows.highs, rows.lows, rows.closes, rows.volumes, from, to);
    }

    private static void giveLiveBefore(PageRows rows, int from, int to, long now, BarSeriesBuilder bars) {
        int row = to;
        while (row > from) {
            int end = row;
            while (row > from && rows.expiries[row - 1] > now) {
                row--;
            }
            giveBefore(rows, row, end, bars);
            row--;
        }
    }

    private static boolean isOutside(SealedPage page, long from, long to) {
        return from >= to
                || to <= page.header().firstOpenTime()
                || from > page.header().lastOpenTime();
    }

    private static void requireOpened(SealedPage page, int first, int end, long from, long to) {
        if (first < page.firstBlock() || end > page.endBlock()) {
            throw new IllegalArgumentException("times " + from + " to " + to + " are in blocks " + first + " to " + end
                    + " of the page; " + page.firstBlock() + " to " + page.endBlock() + " were opened");
        }
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
