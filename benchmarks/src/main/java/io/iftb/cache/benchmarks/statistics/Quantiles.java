package io.iftb.cache.benchmarks.statistics;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** The quantiles of a discrete distribution. */
final class Quantiles {

    /** Sums of weights are off by that much. */
    private static final double ROUNDING = 1e-9;

    private Quantiles() {}

    /** The range that leaves the same weight out on both sides. */
    static Interval interval(List<Weighted> distribution, double confidence) {
        List<Weighted> ordered = new ArrayList<>(distribution);
        ordered.sort(Comparator.comparingDouble(Weighted::value));
        double outside = (1 - confidence) / 2;
        return new Interval(quantile(ordered, outside), quantile(ordered, 1 - outside));
    }

    private static double quantile(List<Weighted> ordered, double share) {
        double sum = 0;
        for (Weighted each : ordered) {
            sum += each.weight();
            if (sum >= share - ROUNDING) {
                return each.value();
            }
        }
        return ordered.get(ordered.size() - 1).value();
    }
}
