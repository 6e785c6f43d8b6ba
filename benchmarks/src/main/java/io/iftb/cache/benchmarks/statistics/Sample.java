package io.iftb.cache.benchmarks.statistics;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/**
 * A figure as several forks saw it. It is summed up by its median, so that one odd fork does not move it; how sure the
 * median is comes from the bootstrap: the forks are drawn again, with replacement, in every possible way. That
 * distribution is computed, not drawn, so the same forks give the same bounds in every run.
 */
public final class Sample {

    /** The confidence of the intervals that we show and judge by. */
    public static final double CONFIDENCE = 0.95;

    private final double[] sorted;

    private Sample(double[] sorted) {
        this.sorted = sorted;
    }

    /**
     * The figures of the forks, in any order.
     *
     * @throws IllegalArgumentException if there is none
     */
    public static Sample of(Collection<Double> figures) {
        if (figures.isEmpty()) {
            throw new IllegalArgumentException("a sample needs at least one figure");
        }
        return new Sample(
                figures.stream().mapToDouble(Double::doubleValue).sorted().toArray());
    }

    /** How many forks there are. */
    public int size() {
        return sorted.length;
    }

    /** The figure in the middle, or the mean of the two there. */
    public double median() {
        int middle = sorted.length / 2;
        return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }

    /** Bounds of the median. */
    public Interval interval() {
        return Quantiles.interval(medians(), CONFIDENCE);
    }

    /** This median over the other. */
    public double over(Sample other) {
        return median() / other.median();
    }

    /** Bounds of {@link #over}, with the forks of both drawn again. */
    public Interval intervalOver(Sample other) {
        List<Weighted> ratios = new ArrayList<>();
        List<Weighted> others = other.medians();
        for (Weighted mine : medians()) {
            for (Weighted theirs : others) {
                ratios.add(new Weighted(mine.value() / theirs.value(), mine.weight() * theirs.weight()));
            }
        }
        return Quantiles.interval(ratios, CONFIDENCE);
    }

    private List<Weighted> medians() {
        return ResampledMedian.of(sorted);
    }
}
