package io.iftb.cache.store;

import io.iftb.cache.codec.BarRow;
import io.iftb.cache.codec.CorruptValueException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * What stands in front of the rows of a head if there are older ones in pages, as {@code series.lua} describes it. No row
 * begins as it does, and a head with it has no multiple of {@link BarRow#ROW_BYTES}, so programs that know rows only, refuse
 * the head.
 *
 * @param revision a later one after each change of the pages, by the clock of the server, so that no change that a failover has lost
 *     had the same
 * @param begins the open time from which on bars belong to the head, epoch milliseconds
 * @param pagesExpire when the last page does, epoch milliseconds; {@link BarRow#NEVER}; 0 without pages
 * @param hole open time of the first of the bars that were lost, epoch milliseconds
 * @param holeEnd the open time after the last of them; not after {@code hole} if none were
 */
record HeadMark(long revision, long begins, long pagesExpire, long hole, long holeEnd) {

    /** Bytes of a mark. */
    static final int BYTES = 48;

    private static final int START = 0xFC01_0000;

    /** Whether bytes are a head with a mark, as their number tells. */
    static boolean isIn(ByteBuffer head) {
        return head.remaining() % BarRow.ROW_BYTES == BYTES;
    }

    /** Whether bars were lost. */
    boolean hasHole() {
        return holeEnd > hole;
    }

    /** Whether a bar that is in no page may have been lost. */
    boolean mayHaveLost(long openTime) {
        return hole <= openTime && openTime < holeEnd;
    }

    /** Whether bytes begin as a mark, as no row does. */
    static boolean begins(ByteBuffer head) {
        return head.remaining() >= BYTES && head.getInt(head.position()) == START;
    }

    /**
     * The mark after pages were exchanged, if that changes nothing else that it says.
     *
     * @param newRevision if it is a later one
     */
    HeadMark next(long newRevision) {
        return new HeadMark(Math.max(revision + 1, newRevision), begins, pagesExpire, hole, holeEnd);
    }

    byte[] toBytes() {
        return ByteBuffer.allocate(BYTES)
                .putInt(START)
                .putInt(0) // what stands there concerns scripts, while there is a hole
                .putLong(revision)
                .putLong(begins)
                .putLong(pagesExpire)
                .putLong(hole)
                .putLong(holeEnd)
                .array();
    }

    /**
     * The mark at the start of a head; null if there are no bytes, since the head is gone.
     *
     * @throws CorruptValueException if the bytes do not begin as a mark
     */
    static @Nullable HeadMark of(byte[] start) {
        return start.length == 0 ? null : read(ByteBuffer.wrap(start));
    }

    /** @throws CorruptValueException if the bytes do not begin as a mark */
    static HeadMark read(ByteBuffer head) {
        if (!begins(head)) {
            throw new CorruptValueException("the " + head.remaining() + " bytes of a head do not begin with a mark");
        }
        int at = head.position() + 8;
        return new HeadMark(
                head.getLong(at),
                head.getLong(at + 8),
                head.getLong(at + 16),
                head.getLong(at + 24),
                head.getLong(at + 32));
    }
}
