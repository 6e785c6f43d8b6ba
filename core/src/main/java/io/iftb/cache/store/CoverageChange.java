package io.iftb.cache.store;

import io.iftb.cache.codec.BarRow;
import io.iftb.cache.codec.page.PageRows;
import io.iftb.cache.market.Coverage;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * A change of the coverage of a series, in the form of {@code coverage.lua}, which scripts make in one step with a write.
 *
 * @param bytes empty if nothing changes
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
record CoverageChange(byte[] bytes) {

    /** What a script returns first, if the lease of a change is another's by now. */
    static final long LEASE_LOST = 2;

    static final CoverageChange NONE = new CoverageChange(new byte[0]);

    static final int HEADER_BYTES = 24;
    static final int INTERVAL_BYTES = 25;
    private static final byte CUT = '-';
    private static final byte[] NO_TOKEN = new byte[Long.BYTES];

    /** Rows that are cut one by one; of more, all of the time between the first and the last. */
    private static final int MOST_SINGLE = 64;

    private record Part(long from, long to, long until, byte reason) {}

    /** A range that is not covered any more. */
    static CoverageChange without(long from, long to) {
        return of(NO_TOKEN, OpenRead.NONE, List.of(new Part(from, to, 0, CUT)));
    }

    /** What changed rows end: those with an expiry are not covered any more. */
    static CoverageChange without(PageRows changes) {
        List<Part> parts = new ArrayList<>();
        for (int i = 0; i < changes.size(); i++) {
            if (changes.expiry(i) != BarRow.NEVER) {
                parts.add(new Part(changes.openTime(i), changes.openTime(i) + 1, 0, CUT));
            }
        }
        if (parts.isEmpty()) {
            return NONE;
        }
        return parts.size() <= MOST_SINGLE
                ? of(NO_TOKEN, OpenRead.NONE, parts)
                : without(parts.get(0).from, parts.get(parts.size() - 1).to);
    }

    /** What a fetch covers; it ends its lease. */
    static CoverageChange fetched(byte[] token, List<Coverage.Interval> intervals, OpenRead open) {
        List<Part> parts = new ArrayList<>();
        intervals.forEach(
                each -> parts.add(new Part(each.from(), each.to(), each.until(), CoverageBytes.letter(each.reason()))));
        return of(token, open, parts);
    }

    private static CoverageChange of(byte[] token, OpenRead open, List<Part> parts) {
        ByteBuffer bytes = ByteBuffer.allocate(HEADER_BYTES + parts.size() * INTERVAL_BYTES)
                .put(token)
                .putLong(open.openTime())
                .putLong(open.readAt());
        parts.forEach(part ->
                bytes.putLong(part.from).putLong(part.to).putLong(part.until).put(part.reason));
        return new CoverageChange(bytes.array());
    }

    boolean isNone() {
        return bytes.length == 0;
    }

    /** Whether it covers something, or ends a lease, so that the coverage changes in any case. */
    boolean isFetched() {
        return !isNone() && (bytes[bytes.length - 1] != CUT || hasToken());
    }

    private boolean hasToken() {
        return ByteBuffer.wrap(bytes).getLong() != 0;
    }

    @Override
    public String toString() {
        return new String(bytes, StandardCharsets.ISO_8859_1);
    }
}
