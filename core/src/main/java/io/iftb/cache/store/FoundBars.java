package io.iftb.cache.store;

import io.iftb.cache.codec.BarRow;
import io.iftb.cache.codec.page.PageHeader;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What {@code read_bars.lua} found.
 *
 * @param now epoch milliseconds of the server
 * @param revision of the pages
 * @param hole the open time before which bars were lost; {@link Long#MIN_VALUE} for none
 * @param more whether the limit left out what is older
 * @param head rows of the head
 * @param pages the newest first
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
record FoundBars(long now, byte[] revision, long hole, boolean more, byte[] head, List<Part> pages) {

    private static final byte[] NOTHING = {};

    /** What there is without a series. */
    static final FoundBars NONE = new FoundBars(0, NOTHING, Long.MIN_VALUE, false, NOTHING, List.of());

    private static final int PAGES_AT = 5;
    private static final int PARTS = 4;

    /**
     * What was found of a page.
     *
     * @param entry null for rows of an earlier layout
     * @param first its header, or rows; empty if the page has to be read; null if it is not there
     * @param blocks its blocks, from {@code firstBlock} on
     */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    record Part(@Nullable PageEntry entry, byte @Nullable [] first, byte[] blocks, int firstBlock) {

        boolean isToBeRead() {
            return entry != null && first != null && first.length == 0;
        }

        /** The open time of its oldest row that was read. */
        long opens() {
            if (entry == null) {
                return BarRow.openTime(ByteBuffer.wrap(Objects.requireNonNull(first)), 0);
            }
            return firstBlock <= 0 || first == null
                    ? entry.first()
                    : PageHeader.read(ByteBuffer.wrap(first)).firstOpenTime(firstBlock);
        }

        /** About how many rows there are. */
        int estimatedRows() {
            if (entry == null) {
                return Objects.requireNonNull(first).length / BarRow.ROW_BYTES;
            }
            if (!entry.isPlausible()) {
                return 0;
            }
            return firstBlock < 0 || blocks.length == 0
                    ? entry.rows()
                    : Math.min(entry.rows(), (int) ((long) entry.rows() * blocks.length / entry.bytes()) + 128);
        }
    }

    static FoundBars read(List<Object> reply) {
        if (reply.isEmpty()) {
            return NONE;
        }
        long now = FoundPages.number((byte[]) reply.get(0));
        byte[] revision = (byte[]) reply.get(1);
        if (reply.size() < PAGES_AT) {
            return new FoundBars(now, revision, Long.MIN_VALUE, false, NOTHING, List.of());
        }
        byte[] hole = (byte[]) reply.get(2);
        List<Part> pages = new ArrayList<>();
        for (int i = PAGES_AT; i < reply.size(); i += PARTS) {
            byte[] entry = (byte[]) reply.get(i);
            byte[] first = (byte[]) reply.get(i + 1);
            if (entry.length > 0 || (first != null && first.length > 0)) {
                pages.add(new Part(
                        entry.length == 0 ? null : PageEntry.read(entry), first, (byte[]) reply.get(i + 2), (int)
                                (long) (Long) reply.get(i + 3)));
            }
        }
        return new FoundBars(
                now,
                revision,
                hole.length == 0 ? Long.MIN_VALUE : FoundPages.number(hole),
                (Long) reply.get(3) == 1,
                (byte[]) reply.get(4),
                pages);
    }

    /** Whether there is no series. */
    boolean isNone() {
        return now == 0;
    }

    /** Whether the series had no page, and no change of pages. */
    boolean hasNoPages() {
        return revision.length == 0 && pages.isEmpty();
    }

    /** The same, without what is older than a hole. */
    FoundBars endingAt(long newHole) {
        return new FoundBars(now, revision, newHole, false, head, pages);
    }

    boolean isOf(byte[] other) {
        return Arrays.equals(revision, other);
    }
}
