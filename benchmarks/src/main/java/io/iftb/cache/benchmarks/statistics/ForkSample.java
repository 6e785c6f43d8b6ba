package io.iftb.cache.benchmarks.statistics;

import io.iftb.cache.benchmarks.result.CaseResult;
import io.iftb.cache.benchmarks.result.ForkTime;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import org.apache.commons.math3.stat.descriptive.rank.Median;
import org.jspecify.annotations.Nullable;

/**
 * A figure as several forks measured it. Its summary is the median, which one outlier does not move, with a 95%
 * bootstrap interval that is the same in every run.
 */
public final class ForkSample {

    private static final double CONFIDENCE = 0.95;

    private final double[] sorted;

    private ForkSample(double[] sorted) {
        this.sorted = sorted;
    }

    /**
     * A sample of figures in any order.
     *
     * @throws IllegalArgumentException if there are none
     */
    public static ForkSample of(Collection<Double> figures) {
        if (figures.isEmpty()) {
            throw new IllegalArgumentException("A sample needs at least one figure.");
        }
        return new ForkSample(
                figures.stream().mapToDouble(Double::doubleValue).sorted().toArray());
    }

    /** A figure of all forks of a case that measured it; empty if none did. */
    public static Optional<ForkSample> of(CaseResult result, Function<ForkTime, @Nullable Double> figure) {
        List<Double> figures =
                result.forks().stream().map(figure).filter(Objects::nonNull).toList();
        return figures.isEmpty() ? Optional.empty() : Optional.of(of(figures));
    }

    /** The number of forks. */
    public int size() {
        return sorted.length;
    }

    /** The median. */
    public double median() {
        return new Median().evaluate(sorted);
    }

    /** The 95% interval of the median. */
    public Interval interval() {
        return BootstrapDistribution.ofMedian(sorted).interval(CONFIDENCE);
    }

    /** This median divided by the other. */
    public double over(ForkSample other) {
        return median() / other.median();
    }

    /** The 95% interval of {@link #over}. */
    public Interval intervalOver(ForkSample other) {
        return BootstrapDistribution.ofMedian(sorted)
                .over(BootstrapDistribution.ofMedian(other.sorted))
                .interval(CONFIDENCE);
    }
}
