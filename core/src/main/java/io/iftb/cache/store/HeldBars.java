package io.iftb.cache.store;

import io.iftb.cache.codec.BarRow;
import io.iftb.cache.market.BarSeries;
import io.iftb.cache.market.Coverage;
import io.iftb.cache.near.Held;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** The newest bars of a series that this JVM holds as columns, until the first of them expires. */
final class HeldBars extends Held {

    private final BarSeries bars;
    private final boolean isWhole;
    private volatile @Nullable Coverage coverage;

    /**
     * @param bars without a gap: all bars from the first one on
     * @param isWhole whether the series has no older bars
     */
    HeldBars(long untilNanos, BarSeries bars, boolean isWhole) {
        super(untilNanos, bars.size() * BarRow.VALUE_BYTES);
        this.bars = bars;
        this.isWhole = isWhole;
    }

    /** All of them. */
    BarSeries bars() {
        return bars;
    }

    /** The coverage that was true with them; null if none is known. */
    @Nullable
    Coverage coverage() {
        return coverage;
    }

    /** From now on they have a coverage, which goes where they go. */
    void cover(Coverage known) {
        coverage = known;
    }

    /** The newest bars, sharing the columns; null if more would be needed. */
    @Nullable
    BarSeries latest(int limit) {
        return limit <= bars.size() ? bars.last(limit) : isWhole ? bars : null;
    }

    /** The newest bars of a range, sharing the columns; null if there are none, or more would be needed. */
    @Nullable
    BarSeries range(long from, long to, int limit) {
        if (bars.isEmpty()) {
            return null;
        }
        long oldest = bars.openTime(0);
        BarSeries inRange =
                bars.between(Math.max(from, oldest), Math.max(to, oldest)).last(limit);
        boolean isAll = isWhole || from >= oldest || inRange.size() == limit;
        return isAll && !inRange.isEmpty() ? inRange : null;
    }

    /** Whether it has the same newest bars as a read of them, as far as both go. */
    boolean agreesWithLatest(int limit, BarSeries read) {
        int both = Math.min(bars.size(), read.size());
        return (read.size() == limit || bars.size() <= read.size())
                && !isOlder(read)
                && (both > 0 ? bars.last(both).equals(read.last(both)) : bars.isEmpty() && read.isEmpty());
    }

    /** Whether it has the same newest bars as a read of as many rows, of which some may have expired. */
    boolean agreesWithNewest(BarSeries read) {
        return read.isEmpty() == bars.isEmpty() && bars.last(read.size()).equals(read);
    }

    /** Whether it has the same bars as a read of the newest ones of a range, as far as both go. */
    boolean agreesWithRange(long from, long to, int limit, BarSeries read) {
        if (bars.isEmpty()) {
            return false;
        }
        long oldest = bars.openTime(0);
        BarSeries here = bars.between(Math.max(from, oldest), Math.max(to, oldest));
        BarSeries there = read.between(Math.max(from, oldest), Math.max(to, oldest));
        return here.last(limit).equals(there) && !isOlder(read);
    }

    /** Whether a read has a bar before all that there are. */
    private boolean isOlder(BarSeries read) {
        return isWhole && !read.isEmpty() && !bars.isEmpty() && read.openTime(0) < bars.openTime(0);
    }

    /** Whether it has the same bar as a read of it; or does not know that time. */
    boolean agreesWithBar(long openTime, byte @Nullable [] read) {
        int index = bars.indexOf(openTime);
        if (index >= 0) {
            return Arrays.equals(BarRow.value(bars.bar(index)), read);
        }
        return !knows(openTime) || read == null;
    }

    /** Whether it has a bar of a time, or does not know that time. */
    boolean mayHave(long openTime) {
        return bars.indexOf(openTime) >= 0 || !knows(openTime);
    }

    private boolean knows(long openTime) {
        return isWhole || (!bars.isEmpty() && openTime >= bars.openTime(0));
    }

    /**
     * Reads the newest rows of a head.
     *
     * @param limit how many were asked for
     * @param now epoch milliseconds of the server
     * @param beganNanos when the read began
     * @param maxAgeNanos how long it may be held at most
     */
    static @Nullable HeldBars read(ByteBuffer bytes, int limit, long now, long beganNanos, long maxAgeNanos) {
        HeadPart head = HeadPart.read(bytes, now, 0);
        if (head.isNothing()) {
            return null;
        }
        long earliest = BarRow.earliestExpiry(bytes, now);
        long left = earliest == BarRow.NEVER ? maxAgeNanos : TimeUnit.MILLISECONDS.toNanos(earliest - now);
        return new HeldBars(
                beganNanos + Math.min(left, maxAgeNanos), head.bars().build(), head.isWhole(limit));
    }
}
