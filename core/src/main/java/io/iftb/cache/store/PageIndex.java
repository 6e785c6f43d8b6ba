package io.iftb.cache.store;

import io.iftb.cache.codec.page.PageHeader;
import io.iftb.cache.store.SeriesReader.Range;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/**
 * What the pages of one series hold, at one revision. As long as the mark of the head has that revision, it is how things
 * are. Safe for use by several threads.
 */
final class PageIndex {

    /** That of a head without a mark. */
    static final PageIndex NONE = new PageIndex(new HeadMark(0, Long.MIN_VALUE, 0, 0, 0), List.of());

    private final HeadMark mark;
    private final List<byte[]> packed;
    private final List<PageEntry> entries;
    private final AtomicReferenceArray<@Nullable PageHeader> headers;
    private final long damagedBefore;
    private final int leftOut;

    /** @param packed the entries as the server sorts them */
    PageIndex(HeadMark mark, List<byte[]> packed) {
        this.mark = mark;
        int oldest = packed.size();
        long next = mark.begins();
        List<PageEntry> plausible = new ArrayList<>(packed.size());
        while (oldest > 0) {
            PageEntry entry = PageEntry.readPlausible(packed.get(oldest - 1));
            if (entry == null || entry.last() >= next) {
                break;
            }
            plausible.add(entry);
            next = entry.first();
            oldest--;
        }
        Collections.reverse(plausible);
        this.damagedBefore = oldest == 0 ? Long.MIN_VALUE : next;
        this.packed = packed.subList(oldest, packed.size());
        this.entries = plausible;
        this.headers = new AtomicReferenceArray<>(plausible.size());
        this.leftOut = oldest;
    }

    /** One that {@link #with} fills. */
    private PageIndex(HeadMark mark, int mostPages, long damagedBefore) {
        this.mark = mark;
        this.packed = new ArrayList<>(mostPages);
        this.entries = new ArrayList<>(mostPages);
        this.headers = new AtomicReferenceArray<>(mostPages);
        this.damagedBefore = damagedBefore;
        this.leftOut = 0;
    }

    /** How many of the entries that it was made of were left out: one that is damaged, and all before it. */
    int leftOut() {
        return leftOut;
    }

    /** Whether nothing of it was lost: all pages of the series are in it. */
    boolean isWhole() {
        return !entries.isEmpty() && damagedBefore == Long.MIN_VALUE;
    }

    /** The index after pages were exchanged; what is known of the others stays known. */
    PageIndex with(PageEdit.Link link, HeadMark after) {
        Set<Long> removed = new HashSet<>();
        link.removed.forEach(entry -> removed.add(PageEntry.read(entry).number()));
        PageIndex index = new PageIndex(after, size() + link.added.size(), damagedBefore);
        int page = 0;
        for (PageMaker.NewPage next : link.added) {
            page = index.take(this, page, next.entry().first(), removed);
            index.add(next.entry().toBytes(), next.entry(), next.header());
        }
        index.take(this, page, Long.MAX_VALUE, removed);
        return index;
    }

    /** Adds pages of another index that begin before a time; returns the first that does not. */
    private int take(PageIndex others, int from, long before, Set<Long> removed) {
        int page = from;
        for (; page < others.size() && others.entry(page).first() < before; page++) {
            if (!removed.contains(others.entry(page).number())) {
                add(others.packed.get(page), others.entry(page), others.header(page));
            }
        }
        return page;
    }

    private void add(byte[] packedEntry, PageEntry entry, @Nullable PageHeader header) {
        headers.set(entries.size(), header);
        packed.add(packedEntry);
        entries.add(entry);
    }

    /** The page that has all bars between two times, if there are any; null if it is not certain that one page does. */
    FoundPages.@Nullable Found pageOf(long first, long last) {
        int page = floor(first);
        return page >= 0 && entries.get(page).last() >= last
                ? new FoundPages.Found(packed.get(page), FoundPages.TO_READ)
                : null;
    }

    /** The page that has a bar, if there is that bar; -1 if none has. */
    int pageWith(long openTime) {
        int page = floor(openTime);
        return page >= 0 && entries.get(page).last() >= openTime ? page : -1;
    }

    HeadMark mark() {
        return mark;
    }

    boolean isNone() {
        return this == NONE;
    }

    /** Whether it is that of a head with a mark. */
    boolean isOf(HeadMark other) {
        return mark.revision() == other.revision();
    }

    int size() {
        return entries.size();
    }

    PageEntry entry(int page) {
        return entries.get(page);
    }

    /** The header of a page, if it is known. */
    @Nullable
    PageHeader header(int page) {
        return headers.get(page);
    }

    /** Keeps the header of a page, so that blocks of it can be read. */
    void learn(PageEntry entry, @Nullable PageHeader header) {
        if (header != null) {
            headers.set(floor(entry.first()), header);
        }
    }

    /** Keeps the header of a page that was read at this revision. */
    void learn(PageHeader header) {
        int page = floor(header.firstOpenTime());
        if (page >= 0 && entries.get(page).describes(header)) {
            headers.set(page, header);
        }
    }

    /** The last page that does not begin after a time; -1 if all begin after it. */
    int floor(long time) {
        int low = 0;
        int high = entries.size();
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (entries.get(middle).first() <= time) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low - 1;
    }

    /**
     * The time before which bars were lost: none of them is to be read by a range; {@link Long#MIN_VALUE} if none were.
     *
     * @param now epoch milliseconds
     */
    long hole(long now) {
        if (entries.isEmpty() && mark.pagesExpire() > now) {
            return mark.begins(); // the index itself was lost
        }
        return Math.max(damagedBefore, mark.hasHole() ? mark.holeEnd() : Long.MIN_VALUE);
    }

    /**
     * The pages of a range, the newest first.
     *
     * @param pages their places in this index
     * @param more whether the limit left out older ones
     */
    record Selection(List<Integer> pages, boolean more) {}

    /**
     * Which pages a range needs; pages of which rows have expired do not count for the limit.
     *
     * @param limit how many bars are wanted
     * @param now epoch milliseconds
     */
    Selection select(Range range, long limit, long now) {
        List<Integer> pages = new ArrayList<>();
        long hole = hole(now);
        long left = limit;
        for (int page = floor(range.to() == Long.MIN_VALUE ? range.to() : range.to() - 1); page >= 0; page--) {
            PageEntry entry = entries.get(page);
            if (entry.last() < range.from() || entry.last() < hole) {
                break;
            }
            if (left <= 0) {
                return new Selection(pages, true);
            }
            if (!entry.hasExpired(now)) {
                pages.add(page);
                left -= entry.earliest() > now && range.to() > entry.last() ? entry.rows() : 0;
            }
        }
        return new Selection(pages, left <= 0);
    }
}
