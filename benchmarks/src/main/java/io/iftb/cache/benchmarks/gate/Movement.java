package io.iftb.cache.benchmarks.gate;

import io.iftb.cache.benchmarks.result.Case;
import io.iftb.cache.benchmarks.statistics.Interval;
import org.jspecify.annotations.Nullable;

/**
 * A figure of a case that is not as in the baseline.
 *
 * @param of the case
 * @param figure what was measured, such as {@code commands}
 * @param before the figure in the baseline, null if it has none
 * @param now the figure now, null if there is none
 * @param bounds bounds of now over before, null where forks do not count
 * @param outcome what to think of it
 * @param remark what else to know, or empty
 */
record Movement(
        Case of,
        String figure,
        @Nullable Double before,
        @Nullable Double now,
        @Nullable Interval bounds,
        Outcome outcome,
        String remark) {

    static Movement of(
            Case of, String figure, @Nullable Double before, @Nullable Double now, Outcome outcome, String remark) {
        return new Movement(of, figure, before, now, null, outcome, remark);
    }

    /** Now over before; infinite for what is missing, or was nothing before. */
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
