package io.iftb.cache.benchmarks.statistics;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.apache.commons.math3.distribution.BinomialDistribution;
import org.apache.commons.math3.util.CombinatoricsUtils;

/**
 * The bootstrap distribution of a median, computed exactly. The median of n draws with replacement is one of the n
 * figures if n is odd, and the mean of two of them if n is even. The distribution therefore has few values and needs no
 * random numbers.
 *
 * @param values the possible values with their probabilities
 */
record BootstrapDistribution(List<Weighted> values) {

    /** Tolerance for sums of probabilities. */
    private static final double ROUNDING = 1e-9;

    record Weighted(double value, double probability) {}

    /** The distribution of the median of figures, which are in ascending order. */
    static BootstrapDistribution ofMedian(double[] sorted) {
        return new BootstrapDistribution(sorted.length % 2 == 1 ? odd(sorted) : even(sorted));
    }

    private static List<Weighted> odd(double[] sorted) {
        int middle = sorted.length / 2 + 1;
        List<Weighted> medians = new ArrayList<>();
        for (int rank = 1; rank <= sorted.length; rank++) {
            medians.add(new Weighted(sorted[rank - 1], orderStatistic(sorted.length, middle, rank)));
        }
        return medians;
    }

    private static List<Weighted> even(double[] sorted) {
        int n = sorted.length;
        int half = n / 2;
        double ways = CombinatoricsUtils.binomialCoefficientDouble(n, half);
        List<Weighted> medians = new ArrayList<>();
        for (int lower = 1; lower <= n; lower++) {
            double both = orderStatistic(n, half, lower);
            for (int upper = lower + 1; upper <= n; upper++) {
                double probability = ways * powers(lower, n, half) * powers(n - upper + 1, n, half);
                both -= probability;
                medians.add(new Weighted((sorted[lower - 1] + sorted[upper - 1]) / 2, probability));
            }
            medians.add(new Weighted(sorted[lower - 1], Math.max(both, 0)));
        }
        return medians;
    }

    /** The probability that the k-th smallest of n draws has a rank. */
    private static double orderStatistic(int n, int k, int rank) {
        return atMost(n, k, rank) - atMost(n, k, rank - 1);
    }

    /** The probability that at least k of n draws have at most a rank. */
    private static double atMost(int n, int k, int rank) {
        return 1 - new BinomialDistribution(null, n, (double) rank / n).cumulativeProbability(k - 1);
    }

    private static double powers(int rank, int n, int exponent) {
        return Math.pow((double) rank / n, exponent) - Math.pow((rank - 1.0) / n, exponent);
    }

    /** The distribution of this median divided by another, independent one. */
    BootstrapDistribution over(BootstrapDistribution other) {
        List<Weighted> ratios = new ArrayList<>();
        for (Weighted mine : values) {
            for (Weighted theirs : other.values) {
                ratios.add(new Weighted(mine.value / theirs.value, mine.probability * theirs.probability));
            }
        }
        return new BootstrapDistribution(ratios);
    }

    /** The central interval with a probability. */
    Interval interval(double confidence) {
        List<Weighted> ordered = new ArrayList<>(values);
        ordered.sort(Comparator.comparingDouble(Weighted::value));
        double tail = (1 - confidence) / 2;
        return new Interval(quantile(ordered, tail), quantile(ordered, 1 - tail));
    }

    private static double quantile(List<Weighted> ordered, double share) {
        double sum = 0;
        for (Weighted each : ordered) {
            sum += each.probability;
            if (sum >= share - ROUNDING) {
                return each.value;
            }
        }
        return ordered.get(ordered.size() - 1).value;
    }
}
