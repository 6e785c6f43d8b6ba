package io.iftb.cache.store;

import io.iftb.cache.codec.BarRow;
import io.iftb.cache.codec.CorruptValueException;
import io.iftb.cache.codec.page.PageReader;
import io.iftb.cache.codec.page.PageRows;
import io.iftb.cache.codec.page.SealedPage;
import io.iftb.cache.market.SeriesKey;
import io.iftb.cache.redis.WrongTypeException;
import io.iftb.cache.store.FoundPages.Found;
import io.iftb.cache.store.PageMaker.NewPage;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Changes bars of pages in memory, and makes the pages that take the place of those. Not safe for use by several threads.
 */
final class PageEdit {

    /** Rows beside a page, in time, that become pages of their own; fewer join that page. */
    static final int OWN_PAGE_ROWS = 512;

    /** A page that is missing, and would end within this time, may have ended since its entry was read. */
    private static final long LATE_MILLIS = 10_000;

    private final Keys keys;
    private final SeriesKey series;
    private final long now;
    private final List<Found> pages;
    private final List<@Nullable PageRows> decoded = new ArrayList<>();
    private final PageRows changes = new PageRows(16);

    /**
     * @param found pages that have been read, see {@link FoundPages#load}
     * @throws WrongTypeException if the index was changed
     */
    PageEdit(Keys keys, SeriesKey series, FoundPages found) {
        this.keys = keys;
        this.series = series;
        this.now = found.now();
        this.pages = found.pages();
        for (Found page : pages) {
            if (!page.entry().isPlausible()) { // else it would stand in the way of every try
                throw new WrongTypeException(
                        "key '" + keys.index(series) + "' has an entry that is none of a page of candles;"
                                + " rename or delete that key",
                        null);
            }
            decoded.add(null);
        }
    }

    /** When a row that is written now expires. */
    long expiry(long lifetime) {
        return expiry(now, lifetime);
    }

    static long expiry(long now, long lifetime) {
        return lifetime == Lifetimes.ETERNAL ? BarRow.NEVER : now + lifetime;
    }

    /**
     * The live row that opens at a time: its rows and its index there; null if there is none.
     *
     * @throws WrongTypeException if the page cannot be read
     */
    @Nullable
    Row row(long openTime) {
        int page = pageOf(openTime);
        if (page < 0) {
            return null;
        }
        PageRows rows = rows(page);
        int at = rows.indexOf(openTime);
        return at < rows.size() && rows.openTime(at) == openTime ? new Row(rows, at) : null;
    }

    /** A row of some rows. */
    record Row(PageRows rows, int index) {

        long expiry() {
            return rows.expiry(index);
        }

        /** In the form of {@link BarRow}. */
        byte[] value() {
            return rows.value(index);
        }
    }

    /** Writes a bar; give bars in ascending order, one several times if it changes again. */
    void put(byte[] value, long expiry) {
        ByteBuffer bar = ByteBuffer.wrap(value);
        add(bar.getLong(), expiry, bar.getDouble(), bar.getDouble(), bar.getDouble(), bar.getDouble(), bar.getDouble());
    }

    /** Writes the rows {@code from..to} of others; give bars in ascending order. */
    void putAll(PageRows rows, int from, int to) {
        changes.addAll(rows, from, to);
    }

    /** Removes a bar; give bars in ascending order. */
    void remove(long openTime) {
        add(openTime, 0, 0, 0, 0, 0, 0);
    }

    private void add(long openTime, long expiry, double open, double high, double low, double close, double volume) {
        if (changes.size() > 0 && changes.openTime(changes.size() - 1) == openTime) {
            changes.removeLast();
        }
        changes.add(openTime, expiry, open, high, low, close, volume);
    }

    boolean isChanged() {
        return changes.size() > 0;
    }

    /** The page that covers a time: the last one that does not begin after it, else the first one; -1 without pages. */
    private int pageOf(long openTime) {
        int page = pages.size() - 1;
        while (page > 0 && pages.get(page).entry().first() > openTime) {
            page--;
        }
        return page;
    }

    private PageRows rows(int page) {
        PageRows rows = decoded.get(page);
        if (rows == null) {
            rows = read(keys, series, pages.get(page), now);
            decoded.set(page, rows);
        }
        return rows;
    }

    /**
     * The live rows of a page; none if it is not there.
     *
     * @throws WrongTypeException if the page cannot be read
     */
    static PageRows read(Keys keys, SeriesKey series, Found page, long now) {
        try {
            return read(series, page, now);
        } catch (CorruptValueException e) {
            throw new WrongTypeException(
                    "key '" + keys.page(series, page.entry().number()) + "' cannot be read (" + e.getMessage()
                            + "); update this program if a later version of it wrote that key, else rename or"
                            + " delete the key",
                    e);
        }
    }

    private static PageRows read(SeriesKey series, Found page, long now) {
        byte[] bytes = page.bytes();
        if (bytes == null) {
            return new PageRows(0);
        }
        if (!page.entry().isPlausible()) {
            throw new CorruptValueException("the entry of a page in the index was changed");
        }
        PageRows all = new PageRows(page.entry().rows());
        if (page.entry().packed()) {
            SealedPage sealed = SealedPage.open(ByteBuffer.wrap(bytes));
            requireOf(series, page.entry(), sealed);
            new PageReader().rows(sealed, all);
        } else {
            all.addAll(rowsOf(bytes));
        }
        return all.live(now);
    }

    /** The rows of a page of rows, which may have been a head with a mark. */
    static ByteBuffer rowsOf(byte[] bytes) {
        ByteBuffer rows = ByteBuffer.wrap(bytes);
        return HeadMark.isIn(rows) ? rows.position(HeadMark.BYTES) : rows;
    }

    /** @throws CorruptValueException if a page is of another series, or not the one of the entry */
    static void requireOf(SeriesKey series, PageEntry entry, SealedPage page) {
        if (page.header().series() != Keys.mark(series)) {
            throw new CorruptValueException("the page is one of another series");
        }
        if (!entry.describes(page.header())) {
            throw new CorruptValueException("the page is another one than the index says");
        }
    }

    /** The pages that go and those that come. */
    Link link() {
        Link link = new Link();
        PageMaker maker = new PageMaker(series);
        int from = 0;
        for (int page = 0; page < pages.size(); page++) {
            int to = page == pages.size() - 1
                    ? changes.size()
                    : changes.indexOf(pages.get(page + 1).entry().first());
            if (to > from) {
                changePage(page, from, to, maker, link);
                from = to;
            }
        }
        if (pages.isEmpty() && changes.size() > 0) {
            PageRows live = changes.live(now);
            link.addAll(maker.fullPages(live, 0, live.size()));
        }
        link.uncovered = CoverageChange.without(changes);
        return link;
    }

    private void changePage(int page, int from, int to, PageMaker maker, Link link) {
        Found found = pages.get(page);
        int inner = changes.indexOf(found.entry().first());
        int tail = changes.indexOf(found.entry().last() + 1);
        int first = inner - from >= OWN_PAGE_ROWS ? inner : from;
        int last = to - tail >= OWN_PAGE_ROWS ? tail : to;
        addLive(changes, from, first, maker, link);
        if (last > first) {
            PageRows merged = rows(page).with(changes, first, last, now);
            boolean grewBackwards = changes.openTime(last - 1) < found.entry().first();
            if (found.bytes() == null && !found.entry().hasExpired(now + LATE_MILLIS)) {
                link.lost(found.entry().first(), found.entry().last() + 1);
            }
            link.remove(found.packedEntry());
            if (merged.size() > 0) {
                link.addAll(grewBackwards ? maker.fullPagesFromTheEnd(merged) : maker.equalPages(merged));
            }
        }
        addLive(changes, last, to, maker, link);
    }

    private void addLive(PageRows rows, int from, int to, PageMaker maker, Link link) {
        if (to > from) {
            PageRows live = new PageRows(to - from);
            live.addAll(rows, from, to);
            live = live.live(now);
            link.addAll(maker.fullPages(live, 0, live.size()));
        }
    }

    /** Pages to exchange, see {@code link_pages.lua}. */
    static final class Link {

        final List<byte[]> removed = new ArrayList<>();
        final List<NewPage> added = new ArrayList<>();
        long lostFirst = Long.MAX_VALUE;
        long lostEnd = Long.MIN_VALUE;
        CoverageChange uncovered = CoverageChange.NONE;

        static Link of(List<NewPage> pages) {
            Link link = new Link();
            link.addAll(pages);
            return link;
        }

        void remove(byte[] packedEntry) {
            removed.add(packedEntry);
        }

        void addAll(List<NewPage> pages) {
            added.addAll(pages);
        }

        private void lost(long first, long end) {
            lostFirst = Math.min(lostFirst, first);
            lostEnd = Math.max(lostEnd, end);
        }
    }
}
