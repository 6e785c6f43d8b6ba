package io.iftb.cache.store;

import java.util.ArrayList;
import java.util.List;

/**
 * Ranges of open times, sorted and disjoint. Immutable.
 *
 * @param ranges at most {@link #MOST}; more become one range of all times
 */
record TimeRanges(List<Range> ranges) {

    static final int MOST = 64;

    /** All times. */
    static final TimeRanges ALL = of(Long.MIN_VALUE, Long.MAX_VALUE);

    /** A range, both ends included. */
    record Range(long first, long last) {}

    static TimeRanges of(long first, long last) {
        return new TimeRanges(List.of(new Range(first, last)));
    }

    boolean isAll() {
        return equals(ALL);
    }

    /** The ranges of both, joined where they overlap. */
    TimeRanges with(TimeRanges other) {
        List<Range> sorted = new ArrayList<>(ranges);
        sorted.addAll(other.ranges);
        sorted.sort((one, two) -> Long.compare(one.first, two.first));
        List<Range> joined = new ArrayList<>();
        for (Range range : sorted) {
            Range before = joined.isEmpty() ? null : joined.get(joined.size() - 1);
            if (before != null && range.first <= before.last) {
                joined.set(joined.size() - 1, new Range(before.first, Math.max(before.last, range.last)));
            } else {
                joined.add(range);
            }
        }
        return joined.size() > MOST ? ALL : new TimeRanges(List.copyOf(joined));
    }
}
