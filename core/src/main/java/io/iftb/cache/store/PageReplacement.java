package io.iftb.cache.store;

import io.iftb.cache.codec.BarRow;
import io.iftb.cache.store.PageEdit.Link;
import io.iftb.cache.store.PageMaker.NewPage;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An exchange of one page for one, after which the mark of the head differs only in its revision: the most common one, which
 * {@code replace_page.lua} makes in the least time.
 *
 * @param before the mark of the head
 * @param packedEntry the entry of the page that goes, as it is in the index
 * @param gone the page that goes
 * @param page the page that comes
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
record PageReplacement(HeadMark before, byte[] packedEntry, PageEntry gone, NewPage page) {

    private static final byte[] NEVER = {};

    /** What an exchange is if it is one of these; else null. */
    static @Nullable PageReplacement of(Link link, HeadMark before) {
        if (link.removed.size() != 1 || link.added.size() != 1 || link.lostEnd > link.lostFirst || before.hasHole()) {
            return null;
        }
        PageEntry gone = PageEntry.read(link.removed.get(0));
        NewPage page = link.added.get(0);
        PageEntry next = page.entry();
        boolean staysWithin = next.first() >= gone.first() && next.last() <= gone.last();
        boolean isOld = next.last() < before.begins();
        return staysWithin && isOld && pagesExpireAsBefore(before.pagesExpire(), gone, next)
                ? new PageReplacement(before, link.removed.get(0), gone, page)
                : null;
    }

    private static boolean pagesExpireAsBefore(long pagesExpire, PageEntry gone, PageEntry next) {
        return next.latest() == pagesExpire || (next.latest() < pagesExpire && gone.latest() < pagesExpire);
    }

    /** The mark after it. */
    HeadMark after() {
        return before.next(PageEdit.Link.revisionStep(page.entry()));
    }

    /** Those of the script; it makes no text of a number, since that costs the server more. */
    Object[] arguments(Object channel, Object event) {
        PageEntry next = page.entry();
        List<Object> arguments = new ArrayList<>(Arrays.asList(
                before.toBytes(),
                after().toBytes(),
                packedEntry,
                next.toBytes(),
                next.first(),
                next.latest() == BarRow.NEVER ? NEVER : next.latest()));
        if (!(channel instanceof byte[] bytes) || bytes.length > 0) {
            arguments.add(channel);
            arguments.add(event);
        }
        return arguments.toArray();
    }
}
