package io.iftb.cache.store;

import io.iftb.cache.market.SeriesKey;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The indexes of the series that were read last. Who uses one checks that the mark of the head still has its revision. Safe
 * for use by several threads.
 */
final class PageIndexes {

    /** A revision that no pages have. */
    static final long NOT_KNOWN = -1;

    /** About 10 MiB. */
    private static final int MOST_ENTRIES = 100_000;

    private final Map<SeriesKey, PageIndex> indexes = new LinkedHashMap<>(16, 0.75f, true);
    private int entries;

    synchronized @Nullable PageIndex get(SeriesKey series) {
        return indexes.get(series);
    }

    synchronized void put(SeriesKey series, PageIndex index) {
        remove(series);
        indexes.put(series, index);
        entries += index.size() + 1;
        Iterator<PageIndex> oldest = indexes.values().iterator();
        while (entries > MOST_ENTRIES && indexes.size() > 1) {
            entries -= oldest.next().size() + 1;
            oldest.remove();
        }
    }

    /**
     * Takes notice of pages that were exchanged.
     *
     * @param before the revision of the pages before; {@link #NOT_KNOWN} if there were none, or it is not known
     * @param after what marks the head then; null if its lifetime has ended meanwhile
     */
    synchronized void exchanged(SeriesKey series, PageEdit.Link link, long before, @Nullable HeadMark after) {
        PageIndex index = indexes.get(series);
        if (index != null && after != null && index.mark().revision() == before) {
            put(series, index.with(link, after));
        } else {
            remove(series);
        }
    }

    synchronized void remove(SeriesKey series) {
        PageIndex before = indexes.remove(series);
        entries -= before == null ? 0 : before.size() + 1;
    }
}
