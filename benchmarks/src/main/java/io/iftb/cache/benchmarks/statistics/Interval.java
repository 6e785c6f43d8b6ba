package io.iftb.cache.benchmarks.statistics;

/**
 * A range in which a figure lies with some confidence.
 *
 * @param low the lower bound
 * @param high the upper bound, at least the lower one
 */
public record Interval(double low, double high) {

    /** Checks the order of the bounds. */
    public Interval {
        if (!(low <= high)) {
            throw new IllegalArgumentException("an interval from " + low + " to " + high + " is none");
        }
    }
}
