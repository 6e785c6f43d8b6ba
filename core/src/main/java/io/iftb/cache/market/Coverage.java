package io.iftb.cache.market;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What has been fetched of a series: disjoint intervals of open times, sorted, each with the reason why nobody needs to fetch
 * it. A bar that is not there means nothing by itself; what no interval covers has to be asked for. Immutable.
 */
public final class Coverage {

    /** Nothing has been fetched. */
    public static final Coverage NONE = new Coverage(List.of(), 0, 0, 0);

    /** An interval that never ends. */
    public static final long FOREVER = Long.MAX_VALUE;

    private final List<Interval> intervals;
    private final long revision;
    private final long openTime;
    private final long openReadAt;

    /** Why an interval needs not be fetched. */
    public enum Reason {
        /** Its bars have been stored. Times without a bar had no trades. */
        DATA,
        /** The source had no bars in it, and older ones are known. */
        NO_TRADES,
        /** The source had no bars in it, and none before are known. */
        NOT_LISTED,
        /** The source did not have its bars yet; it is asked again after {@link Interval#until}. */
        NOT_YET,
        /** Fetching it failed; it is tried again after {@link Interval#until}. */
        FAILED
    }

    /**
     * A part of a series' time.
     *
     * @param from the first open time, epoch milliseconds
     * @param to the end, which is not part of it, epoch milliseconds
     * @param reason why it needs not be fetched
     * @param until when that ends, by the clock of the server, epoch milliseconds; {@link #FOREVER} for never
     */
    public record Interval(long from, long to, Reason reason, long until) {

        /** @throws IllegalArgumentException if it is empty */
        public Interval {
            Objects.requireNonNull(reason, "reason");
            if (from >= to) {
                throw new IllegalArgumentException("the interval ends at " + to + ", not after it begins at " + from);
            }
        }
    }

    /** A part of time, {@code from <= openTime < to}. */
    public record Range(long from, long to) {

        /** @throws IllegalArgumentException if it is empty */
        public Range {
            if (from >= to) {
                throw new IllegalArgumentException("the range ends at " + to + ", not after it begins at " + from);
            }
        }
    }

    private Coverage(List<Interval> intervals, long revision, long openTime, long openReadAt) {
        this.intervals = intervals;
        this.revision = revision;
        this.openTime = openTime;
        this.openReadAt = openReadAt;
    }

    /**
     * Coverage of intervals.
     *
     * @param revision another number after each change
     * @param openTime of the newest bar that was fetched before it closed
     * @param openReadAt when that was, by the clock of the server, epoch milliseconds
     * @throws IllegalArgumentException if the intervals are not sorted, or not disjoint
     */
    public static Coverage of(List<Interval> intervals, long revision, long openTime, long openReadAt) {
        for (int i = 1; i < intervals.size(); i++) {
            if (intervals.get(i).from() < intervals.get(i - 1).to()) {
                throw new IllegalArgumentException(
                        intervals.get(i) + " does not begin after " + intervals.get(i - 1) + " has ended");
            }
        }
        return new Coverage(List.copyOf(intervals), revision, openTime, openReadAt);
    }

    /** The intervals, the oldest first. */
    public List<Interval> intervals() {
        return intervals;
    }

    /** Another number after each change. */
    public long revision() {
        return revision;
    }

    /** Whether the bar that opened at a time was fetched at another one, or later, by the clock of the server. */
    public boolean hasOpenBar(long time, long readAt) {
        return openTime == time && openReadAt >= readAt;
    }

    /** Whether it says of any time that its bars have been stored. */
    public boolean hasData() {
        for (Interval each : intervals) {
            if (each.reason() == Reason.DATA) {
                return true;
            }
        }
        return false;
    }

    /** Without the intervals that have ended at a time of the server. */
    public Coverage at(long now) {
        for (Interval each : intervals) { // without a stream, since each read asks this
            if (each.until() <= now) {
                return new Coverage(
                        intervals.stream().filter(one -> one.until() > now).toList(), revision, openTime, openReadAt);
            }
        }
        return this;
    }

    /** Whether it covers the whole of a range. */
    public boolean covers(long from, long to) {
        return from >= to || missing(from, to).isEmpty();
    }

    /** The parts of a range that it does not cover, the oldest first; none if the range is empty. */
    public List<Range> missing(long from, long to) {
        List<Range> missing = new ArrayList<>();
        long next = from;
        for (int i = firstEndingAfter(from); i < intervals.size() && next < to; i++) {
            Interval each = intervals.get(i);
            if (each.from() > next) {
                missing.add(new Range(next, Math.min(each.from(), to)));
            }
            next = Math.max(next, each.to());
        }
        if (next < to) {
            missing.add(new Range(next, to));
        }
        return missing;
    }

    private int firstEndingAfter(long time) {
        int low = 0;
        int high = intervals.size();
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (intervals.get(middle).to() <= time) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low;
    }

    /** The intervals that have a time in common with a range, the oldest first. */
    public List<Interval> within(long from, long to) {
        int first = firstEndingAfter(from);
        int end = first;
        while (end < intervals.size() && intervals.get(end).from() < to) {
            end++;
        }
        return intervals.subList(first, end);
    }

    /** The reason why a time needs not be fetched; null if it has to be. */
    public @Nullable Reason reasonAt(long time) {
        int at = firstEndingAfter(time);
        return at < intervals.size() && intervals.get(at).from() <= time
                ? intervals.get(at).reason()
                : null;
    }

    @Override
    public String toString() {
        return intervals.toString();
    }
}
