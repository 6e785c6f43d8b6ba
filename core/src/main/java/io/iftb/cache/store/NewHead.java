package io.iftb.cache.store;

import io.iftb.cache.codec.BarRow;
import io.iftb.cache.codec.page.PageRows;
import io.iftb.cache.market.SeriesKey;
import io.iftb.cache.store.PageMaker.NewPage;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Rows of a series as a head of its newest ones, and pages of the others.
 *
 * @param pages the older rows
 * @param rows the head, with room for a mark, which the server fills in; null if all rows are in pages
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
record NewHead(List<NewPage> pages, byte @Nullable [] rows) {

    /**
     * Divides rows.
     *
     * @param more whether newer ones follow, so that no head is needed
     */
    static NewHead of(SeriesKey series, PageRows rows, boolean more) {
        PageMaker maker = new PageMaker(series);
        if (more) {
            return new NewHead(maker.fullPages(rows, 0, rows.size()), null);
        }
        List<NewPage> pages = new ArrayList<>();
        int at = 0;
        while (rows.size() - at > SeriesReader.HEAD_MAX_ROWS) {
            NewPage page = maker.fullPage(rows, at, rows.size() - SeriesReader.HEAD_MIN_ROWS);
            pages.add(page);
            at += page.entry().rows();
        }
        ByteBuffer head = ByteBuffer.allocate(HeadMark.BYTES + (rows.size() - at) * BarRow.ROW_BYTES);
        head.position(HeadMark.BYTES);
        for (int i = at; i < rows.size(); i++) {
            byte[] value = rows.value(i);
            head.put(value, 0, Long.BYTES).putLong(rows.expiry(i)).put(value, Long.BYTES, value.length - Long.BYTES);
        }
        return new NewHead(pages, head.array());
    }
}
