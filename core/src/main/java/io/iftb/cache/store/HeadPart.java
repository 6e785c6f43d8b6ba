package io.iftb.cache.store;

import io.iftb.cache.codec.BarRow;
import io.iftb.cache.market.BarSeriesBuilder;
import java.nio.ByteBuffer;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Rows of a head, and of pages in the former layout, that were read at one time.
 *
 * @param bars the bars of rows that have not expired; only one reader adds older ones
 * @param rows the number of rows, expired ones included
 * @param oldest the open time of the first row, expired or not; {@link Long#MAX_VALUE} without rows
 * @param mark of the head; null if it has none, or was not read
 * @param revision of the pages in the former layout
 * @param more whether the limit left out older rows
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
record HeadPart(
        BarSeriesBuilder bars,
        int rows,
        long oldest,
        @Nullable HeadMark mark,
        byte[] revision,
        boolean more) {

    private static final byte[] NOTHING = {};

    /** What there is without a series. */
    static final HeadPart NONE = new HeadPart(new BarSeriesBuilder(0), 0, Long.MAX_VALUE, null, NOTHING, false);

    private static final int ROWS_AT = 4;

    /** Only a mark. */
    static HeadPart of(@Nullable HeadMark mark) {
        return new HeadPart(new BarSeriesBuilder(0), 0, Long.MAX_VALUE, mark, NOTHING, false);
    }

    /**
     * Reads the newest bytes of a head: rows, and the mark if all of them were read.
     *
     * @param wanted how many bars there will be, if older ones come in front of these; 0 if none come
     */
    static HeadPart read(ByteBuffer bytes, long now, int wanted) {
        HeadMark mark = null;
        ByteBuffer rows = bytes;
        if (HeadMark.isIn(bytes)) {
            mark = HeadMark.read(bytes);
            rows = bytes.position(bytes.position() + HeadMark.BYTES).slice();
        }
        int capacity = rows.remaining() / BarRow.ROW_BYTES;
        BarSeriesBuilder bars = new BarSeriesBuilder(Math.max(0, wanted - capacity), capacity);
        int count = SeriesReader.readRows(rows, now, bars);
        return new HeadPart(bars, count, count == 0 ? Long.MAX_VALUE : BarRow.openTime(rows, 0), mark, NOTHING, false);
    }

    /** Reads a reply of {@code read_bars.lua}. */
    static HeadPart read(List<Object> reply) {
        if (reply.isEmpty()) {
            return NONE;
        }
        long now = FoundPages.number((byte[]) reply.get(0));
        byte[] mark = (byte[]) reply.get(1);
        int bytes = 0;
        for (int i = ROWS_AT; i < reply.size(); i++) {
            bytes += ((byte[]) reply.get(i)).length;
        }
        BarSeriesBuilder bars = new BarSeriesBuilder(bytes / BarRow.ROW_BYTES);
        int rows = 0;
        long oldest = Long.MAX_VALUE;
        for (int i = reply.size() - 1; i >= ROWS_AT; i--) {
            ByteBuffer part = ByteBuffer.wrap((byte[]) reply.get(i));
            oldest = i == reply.size() - 1 ? BarRow.openTime(part, 0) : oldest;
            rows += SeriesReader.readRows(part, now, bars);
        }
        return new HeadPart(
                bars,
                rows,
                oldest,
                HeadMark.of(mark),
                (byte[]) reply.get(2),
                reply.size() >= ROWS_AT && (Long) reply.get(3) == 1);
    }

    /** Whether the newest rows, of which this many were asked for, are all rows of the series. */
    boolean isWhole(int limit) {
        return rows < limit && mark == null && rows < SeriesReader.HEAD_MIN_ROWS;
    }

    /** Whether the server has no head, and so no series. */
    @SuppressWarnings("ReferenceEquality") // the only one of its kind
    boolean isMissing() {
        return this == NONE;
    }

    /** Whether nothing of a series was read. */
    boolean isNothing() {
        return rows == 0 && mark == null;
    }
}
