package io.iftb.cache.benchmarks.report;

import io.iftb.cache.benchmarks.result.CaseResult;
import io.iftb.cache.benchmarks.result.Results;
import io.iftb.cache.benchmarks.statistics.ForkSample;
import io.iftb.cache.benchmarks.statistics.Reference;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * A ratio that the project wants to reach, beside the ratio of a run.
 *
 * @param ratio which ratio
 * @param wanted its bound, such as {@code ≤ 1.05}
 * @param actual its value in the run
 * @param isReached whether the value is within the bound
 */
record Goal(String ratio, String wanted, double actual, boolean isReached) {

    private static final String OURS = "iftb-tcp";

    /** The goals for which a run has results. */
    static List<Goal> of(Results results) {
        List<WorkloadResults> workloads = WorkloadResults.of(results);
        Function<CaseComparison, Optional<Double>> overBucket = over(Reference.BUCKET);
        Function<CaseComparison, Optional<Double>> overSocket = over(Reference.SOCKET);
        List<Goal> goals = new ArrayList<>();
        find(workloads, "latest", "limit", "100")
                .flatMap(overBucket)
                .ifPresent(ratio -> goals.add(atMost("latest(100) over a plain RBucket.get", 1.05, ratio)));
        find(workloads, "get", "", "")
                .flatMap(overBucket)
                .ifPresent(ratio -> goals.add(atMost("JCache get over a plain RBucket.get", 1.05, ratio)));
        find(workloads, "put", "", "")
                .flatMap(overBucket)
                .ifPresent(ratio -> goals.add(atMost("JCache put over a plain RBucket.set", 1.10, ratio)));
        find(workloads, "get-all", "", "")
                .flatMap(each -> overOurs(each, "redisson-jcache"))
                .ifPresent(ratio -> goals.add(atLeast("Redisson's JCache getAll over ours", 5, ratio)));
        find(workloads, "latest", "foreignKeys", "100000")
                .flatMap(each -> overOurs(each, "json-scan"))
                .ifPresent(
                        ratio -> goals.add(atLeast("1,000 JSON keys among 100,000 others, over ours", 1_000, ratio)));
        find(workloads, "latest", "limit", "5000")
                .flatMap(overBucket)
                .ifPresent(ratio -> goals.add(atMost("latest(5,000) over a plain RBucket.get", 1.0, ratio)));
        find(workloads, "range", "bars", "1000000")
                .flatMap(overBucket)
                .ifPresent(ratio ->
                        goals.add(atMost("range of 1,000 in 1,000,000 bars over a plain RBucket.get", 1.3, ratio)));
        find(workloads, "upsert", "", "")
                .flatMap(overSocket)
                .ifPresent(ratio -> goals.add(atMost("the open bar over a bare socket", 1.9, ratio)));
        find(workloads, "ingest", "bars", "525600")
                .flatMap(overSocket)
                .ifPresent(ratio -> goals.add(atMost("a year of one-minute bars over a bare socket", 6, ratio)));
        find(workloads, "backfill", "limit", "1000")
                .flatMap(each -> each.of(OURS))
                .flatMap(ours -> Optional.ofNullable(ours.costs().roundTrips()))
                .ifPresent(trips -> goals.add(atMost("round trips of 1,000 missing bars over one", 1, trips)));
        goals.addAll(NearGoals.of(workloads));
        for (WorkloadResults workload : workloads) {
            for (ScalingCurve curve : workload.curves()) {
                String what = "our " + workload.name() + " with most " + Params.words(curve.param()) + " over fewest";
                curve.growth(OURS).ifPresent(ratio -> goals.add(atMost(what, 1.15, ratio)));
            }
        }
        return goals;
    }

    private static Function<CaseComparison, Optional<Double>> over(Reference reference) {
        return each -> each.of(OURS).flatMap(reference::of).map(ForkSample::median);
    }

    /** The comparison with the fewest parameters among those that have a value, or any if the name is empty. */
    static Optional<CaseComparison> find(List<WorkloadResults> workloads, String name, String param, String value) {
        return workloads.stream()
                .filter(each -> each.name().equals(name))
                .flatMap(each -> each.comparisons().stream())
                .filter(CaseComparison::isSingleThreaded)
                .filter(each -> value.equals(each.params().getOrDefault(param, "")))
                .min(Comparator.comparingInt(each -> each.params().size()));
    }

    private static Optional<Double> overOurs(CaseComparison comparison, String contender) {
        Optional<CaseResult> ours = comparison.of(OURS);
        return comparison.of(contender).flatMap(theirs -> ours.flatMap(mine -> Reference.ratio(theirs, mine)));
    }

    static Goal atMost(String ratio, double bound, double actual) {
        return new Goal(ratio, "≤ " + Figures.number(bound), actual, actual <= bound);
    }

    static Goal atLeast(String ratio, double bound, double actual) {
        return new Goal(ratio, "≥ " + Figures.number(bound), actual, actual >= bound);
    }
}
