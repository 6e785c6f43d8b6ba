package io.iftb.cache.benchmarks.gate;

import io.iftb.cache.benchmarks.result.Case;
import io.iftb.cache.benchmarks.statistics.Interval;
import org.jspecify.annotations.Nullable;

/**
 * A figure of a case that differs from the baseline.
 *
 * @param of the case
 * @param figure the name of the figure, such as {@code commands}
 * @param before its value in the baseline; null if it is not there
 * @param now its value in the run; null if it was not measured
 * @param bounds the 95% interval of now divided by before; null for costs
 * @param kind how the gate judges it
 * @param remark an explanation, or empty
 */
record FigureChange(
        Case of,
        String figure,
        @Nullable Double before,
        @Nullable Double now,
        @Nullable Interval bounds,
        ChangeKind kind,
        String remark) {

    static FigureChange of(
            Case of, String figure, @Nullable Double before, @Nullable Double now, ChangeKind kind, String remark) {
        return new FigureChange(of, figure, before, now, null, kind, remark);
    }

    /** Now divided by before; infinite if one of them is missing, or if before is 0. */
    double factor() {
        if (before == null || now == null) {
            return Double.POSITIVE_INFINITY;
        }
        if (before == 0) {
            return now == 0 ? 1 : Double.POSITIVE_INFINITY;
        }
        return now / before;
    }
}
