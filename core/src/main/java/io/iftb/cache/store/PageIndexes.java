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
     * @param after what marks the head then; null if its lifetime has ended meanwhile
     */
    synchronized void exchanged(SeriesKey series, PageEdit.Link link, @Nullable HeadMark after, boolean madePage) {
        PageIndex before = indexes.get(series);
        if (before != null && after != null && !madePage && isNext(before, link, after)) {
            put(series, before.with(link, after));
        } else {
            remove(series);
        }
    }

    private static boolean isNext(PageIndex before, PageEdit.Link link, HeadMark after) {
        return before.mark().revision() + link.revisionStep() == after.revision();
    }

    synchronized void remove(SeriesKey series) {
        PageIndex before = indexes.remove(series);
        entries -= before == null ? 0 : before.size() + 1;
    }
}
