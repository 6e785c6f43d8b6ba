package io.iftb.cache.benchmarks.statistics;

import java.util.ArrayList;
import java.util.List;

/**
 * The median of as many draws with replacement from some figures, as a distribution. For an odd number of draws it is one
 * of the figures, for an even number the mean of two of them, so the distribution has few values and needs no random
 * numbers.
 */
final class ResampledMedian {

    private ResampledMedian() {}

    /** The values that the median may have, for figures in ascending order. */
    static List<Weighted> of(double[] sorted) {
        return sorted.length % 2 == 1 ? odd(sorted) : even(sorted);
    }

    private static List<Weighted> odd(double[] sorted) {
        int n = sorted.length;
        int middle = n / 2 + 1;
        List<Weighted> medians = new ArrayList<>();
        for (int rank = 1; rank <= n; rank++) {
            medians.add(new Weighted(sorted[rank - 1], atRank(n, middle, rank)));
        }
        return medians;
    }

    private static List<Weighted> even(double[] sorted) {
        int n = sorted.length;
        int half = n / 2;
        List<Weighted> medians = new ArrayList<>();
        for (int lower = 1; lower <= n; lower++) {
            double left = atRank(n, half, lower);
            for (int upper = lower + 1; upper <= n; upper++) {
                double weight = choose(n, half)
                        * (power(lower, n, half) - power(lower - 1, n, half))
                        * (power(n - upper + 1, n, half) - power(n - upper, n, half));
                left -= weight;
                medians.add(new Weighted((sorted[lower - 1] + sorted[upper - 1]) / 2, weight));
            }
            medians.add(new Weighted(sorted[lower - 1], Math.max(left, 0)));
        }
        return medians;
    }

    /** How probable it is that the k-th smallest of n draws is the figure of that rank. */
    private static double atRank(int n, int k, int rank) {
        return atMost(n, k, rank) - atMost(n, k, rank - 1);
    }

    /** How probable it is that at least k of n draws have at most that rank. */
    private static double atMost(int n, int k, int rank) {
        double sum = 0;
        for (int draws = k; draws <= n; draws++) {
            sum += choose(n, draws) * power(rank, n, draws) * power(n - rank, n, n - draws);
        }
        return sum;
    }

    private static double power(int part, int whole, int exponent) {
        return Math.pow((double) part / whole, exponent);
    }

    private static double choose(int n, int k) {
        double ways = 1;
        for (int i = 1; i <= k; i++) {
            ways = ways * (n - k + i) / i;
        }
        return ways;
    }
}
