package io.iftb.cache.benchmarks.measure;

import java.util.Arrays;
import java.util.List;

/** Measurements in ascending order. */
final class Percentiles {

    private final double[] sorted;

    private Percentiles(double[] sorted) {
        this.sorted = sorted;
    }

    static Percentiles of(List<double[]> parts) {
        double[] all = parts.stream().flatMapToDouble(Arrays::stream).toArray();
        Arrays.sort(all);
        return new Percentiles(all);
    }

    double median() {
        return at(0.5);
    }

    /** The measurement that a share of all are no larger than, between its two neighbours. */
    double at(double share) {
        double place = share * (sorted.length - 1);
        int below = (int) place;
        int above = Math.min(sorted.length - 1, below + 1);
        return sorted[below] + (place - below) * (sorted[above] - sorted[below]);
    }
}
