package io.iftb.cache.benchmarks.statistics;

/**
 * A confidence interval.
 *
 * @param low the lower bound
 * @param high the upper bound, at least the lower one
 */
public record Interval(double low, double high) {

    /** Checks that the bounds are in order. */
    public Interval {
        if (!(low <= high)) {
            throw new IllegalArgumentException(
                    "The lower bound " + low + " of an interval is above its upper bound " + high + ".");
        }
    }
}
