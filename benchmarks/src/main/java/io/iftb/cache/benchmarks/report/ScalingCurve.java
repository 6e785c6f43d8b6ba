package io.iftb.cache.benchmarks.report;

import io.iftb.cache.benchmarks.result.CaseResult;
import io.iftb.cache.benchmarks.statistics.ForkSample;
import io.iftb.cache.benchmarks.statistics.Reference;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;

/**
 * The results of a workload while one parameter grows and all others stay the same.
 *
 * @param param the name of the growing parameter
 * @param others the parameters that stay the same
 * @param points one comparison for each value of the parameter, in ascending order
 */
record ScalingCurve(String param, SortedMap<String, String> others, List<CaseComparison> points) {

    /** The value of the growing parameter at a point. */
    double value(CaseComparison point) {
        return Params.number(point.params(), param);
    }

    /** The median time of a contender at a point, in microseconds. */
    static Optional<Double> microseconds(CaseComparison point, String contender) {
        return point.of(contender).flatMap(Reference::microseconds).map(ForkSample::median);
    }

    /** The time of a contender at the last point divided by that at the first, if it took part in both. */
    Optional<Double> growth(String contender) {
        Optional<CaseResult> first = points.get(0).of(contender);
        Optional<CaseResult> last = points.get(points.size() - 1).of(contender);
        return last.flatMap(most -> first.flatMap(fewest -> Reference.ratio(most, fewest)));
    }

    /** The contenders that took part at any point, in the order of the suite. */
    List<String> contenders() {
        return points.stream()
                .flatMap(point -> point.results().stream())
                .map(result -> result.of().contender())
                .distinct()
                .toList();
    }
}
