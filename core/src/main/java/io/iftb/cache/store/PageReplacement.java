package io.iftb.cache.store;

import io.iftb.cache.codec.BarRow;
import io.iftb.cache.store.PageEdit.Link;
import io.iftb.cache.store.PageMaker.NewPage;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/**
 * An exchange of one page for one, after which the mark of the head differs only in its revision: the most common one, which
 * {@code replace_page.lua} makes in the least time.
 *
 * @param before the mark of the head
 * @param after the mark after it
 * @param packedEntry the entry of the page that goes, as it is in the index
 * @param gone the page that goes
 * @param page the page that comes
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
record PageReplacement(HeadMark before, HeadMark after, byte[] packedEntry, PageEntry gone, NewPage page) {

    private static final byte[] NEVER = {};

    /**
     * What an exchange is if it is one of these; else null.
     *
     * @param serverMillis the time of the server, epoch milliseconds
     */
    static @Nullable PageReplacement of(Link link, HeadMark before, long serverMillis) {
        if (link.removed.size() != 1 || link.added.size() != 1 || link.lostEnd > link.lostFirst || before.hasHole()) {
            return null;
        }
        PageEntry gone = PageEntry.read(link.removed.get(0));
        NewPage page = link.added.get(0);
        PageEntry next = page.entry();
        boolean staysWithin = next.first() >= gone.first() && next.last() <= gone.last();
        boolean isOld = next.last() < before.begins();
        return staysWithin && isOld && pagesExpireAsBefore(before.pagesExpire(), gone, next)
                ? new PageReplacement(before, before.next(revision(serverMillis)), link.removed.get(0), gone, page)
                : null;
    }

    private static boolean pagesExpireAsBefore(long pagesExpire, PageEntry gone, PageEntry next) {
        return next.latest() == pagesExpire || (next.latest() < pagesExpire && gone.latest() < pagesExpire);
    }

    /** As scripts make one, of the time in microseconds: another exchange has another one, also after a failover. */
    private static long revision(long serverMillis) {
        return serverMillis * 1_000 + ThreadLocalRandom.current().nextInt(1_000);
    }

    /** Those of the script; it makes no text of a number, since that costs the server more. */
    Object[] arguments(Object channel, Object event) {
        PageEntry next = page.entry();
        List<Object> arguments = new ArrayList<>(Arrays.asList(
                before.toBytes(),
                after.toBytes(),
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
