package io.iftb.cache.store;

import io.iftb.cache.codec.page.PageHeader;
import io.iftb.cache.codec.page.PagePacker;
import io.iftb.cache.codec.page.PageRows;
import io.iftb.cache.market.SeriesKey;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;

/** Packs rows of one series into pages whose sizes fill classes of the server's allocator. Not safe for several threads. */
final class PageMaker {

    /** Rows of a page, though more would fit: the real series have half of it. */
    private static final int MOST_ROWS = 4_096;

    /** The smallest class that is filled; smaller pages are as they come. */
    private static final int SMALLEST_CLASS = 1_024;

    /** All numbers have 16 digits, so that the same work takes the same bytes; a script reads them exactly. */
    private static final long LOWEST_NUMBER = 1_000_000_000_000_000L;

    /** What the server adds to the bytes of a page. */
    private static final int OVERHEAD = 6;

    private final int mark;
    private final PagePacker packer = new PagePacker();

    PageMaker(SeriesKey series) {
        this.mark = Keys.mark(series);
    }

    /**
     * A page that is not on the server yet.
     *
     * @param bytes the page
     */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    record NewPage(PageEntry entry, PageHeader header, byte[] bytes) {}

    /** A number for a key of a series, which no other key has. */
    static long newNumber() {
        return ThreadLocalRandom.current().nextLong(LOWEST_NUMBER, 9 * LOWEST_NUMBER);
    }

    /** Packs the rows {@code from..to} into one page of any size. */
    NewPage page(PageRows rows, int from, int to) {
        return page(packer.pack(rows, from, to, mark));
    }

    private static NewPage page(byte[] bytes) {
        PageHeader header = PageHeader.read(ByteBuffer.wrap(bytes));
        return new NewPage(PageEntry.of(header, newNumber()), header, bytes);
    }

    /** Packs the first of the rows {@code from..to}: as many as fit in a page of full size. */
    NewPage fullPage(PageRows rows, int from, int to) {
        return page(packer.packFitting(rows, from, Math.min(to, from + MOST_ROWS), PagePacker.CLASS_BYTES, mark));
    }

    private int endOfFull(PageRows rows, int from, int to) {
        return packer.endOfFitting(rows, from, Math.min(to, from + MOST_ROWS), PagePacker.CLASS_BYTES);
    }

    /** Packs the first of the rows: most of them, so many that they fill a class of the allocator. */
    NewPage fillingPage(PageRows rows) {
        NewPage all = fullPage(rows, 0, rows.size());
        int bytes = all.bytes.length + OVERHEAD;
        int step = Integer.highestOneBit(bytes) / 4;
        int filled = bytes / Math.max(1, step) * step - OVERHEAD;
        if (bytes < SMALLEST_CLASS || filled == all.bytes.length) {
            return all;
        }
        return page(packer.packFitting(rows, 0, all.entry.rows(), filled, mark));
    }

    /** Packs all rows, into pages of full size but for the last one. */
    List<NewPage> fullPages(PageRows rows, int from, int to) {
        List<NewPage> pages = new ArrayList<>();
        for (int at = from; at < to; at += pages.get(pages.size() - 1).entry.rows()) {
            pages.add(fullPage(rows, at, to));
        }
        return pages;
    }

    /** Packs all rows, into pages of full size but for the first one: older rows will come. */
    List<NewPage> fullPagesFromTheEnd(PageRows rows) {
        List<NewPage> pages = new ArrayList<>();
        for (int to = rows.size(); to > 0; ) {
            int from = Math.max(0, to - Math.min(MOST_ROWS, endOfFull(rows, 0, to)));
            while (from < to - 1 && endOfFull(rows, from, to) < to) {
                from = Math.min(to - 1, from + PageHeader.BLOCK_ROWS);
            }
            pages.add(page(rows, from, to));
            to = from;
        }
        Collections.reverse(pages);
        return pages;
    }

    /** Packs all rows, into pages of equal size, so that each can take more. */
    List<NewPage> equalPages(PageRows rows) {
        int size = rows.size();
        NewPage full = fullPage(rows, 0, size);
        int fitting = full.entry.rows();
        if (fitting == size) {
            return List.of(full);
        }
        int count = (size + fitting - 1) / fitting;
        int share = (size + count - 1) / count;
        List<NewPage> pages = new ArrayList<>();
        for (int at = 0; at < size; at += pages.get(pages.size() - 1).entry.rows()) {
            pages.add(fullPage(rows, at, Math.min(size, at + share)));
        }
        return pages;
    }
}
