package io.iftb.cache.benchmarks.report;

import io.iftb.cache.benchmarks.result.CaseResult;
import io.iftb.cache.benchmarks.statistics.ForkSample;
import io.iftb.cache.benchmarks.statistics.Reference;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The goals of near caches. */
final class NearGoals {

    private static final String OURS = "iftb-near";
    private static final String CEILING = "caffeine";

    private NearGoals() {}

    /** The goals for which a run has results. */
    static List<Goal> of(List<WorkloadResults> workloads) {
        List<Goal> goals = new ArrayList<>();
        Goal.find(workloads, "near-get", "", "").ifPresent(get -> get(get, goals));
        Goal.find(workloads, "near-latest", "limit", "100").ifPresent(latest -> {
            over(latest, OURS, CEILING)
                    .ifPresent(ratio -> goals.add(Goal.atMost("near latest(100) over Caffeine", 5, ratio)));
            allocated(latest).ifPresent(bytes -> goals.add(Goal.atMost("bytes of a near latest(100)", 64, bytes)));
        });
        Goal.find(workloads, "near-universe", "limit", "100")
                .flatMap(NearGoals::millionBars)
                .ifPresent(bars -> goals.add(Goal.atLeast("million bars a second of a near universe", 100, bars)));
        return goals;
    }

    private static void get(CaseComparison get, List<Goal> goals) {
        over(get, OURS, CEILING).ifPresent(ratio -> goals.add(Goal.atMost("near get over Caffeine", 2, ratio)));
        over(get, "iftb-near-counted", CEILING)
                .ifPresent(ratio -> goals.add(Goal.atMost("near get with statistics over Caffeine", 4, ratio)));
        over(get, "redisson-local-map", OURS)
                .ifPresent(ratio -> goals.add(Goal.atLeast("Redisson's RLocalCachedMap over near get", 20, ratio)));
        over(get, "jedis-near", OURS)
                .ifPresent(ratio -> goals.add(Goal.atLeast("Jedis' client-side caching over near get", 60, ratio)));
        allocated(get).ifPresent(bytes -> goals.add(Goal.atMost("bytes of a near get", 0, bytes)));
    }

    private static Optional<Double> over(CaseComparison comparison, String one, String other) {
        return comparison
                .of(one)
                .flatMap(upper -> comparison.of(other).flatMap(lower -> Reference.ratio(upper, lower)));
    }

    /** Whole bytes: what other threads allocate meanwhile is less than one for each operation. */
    private static Optional<Double> allocated(CaseComparison comparison) {
        return comparison
                .of(OURS)
                .flatMap(ours -> Optional.ofNullable(ours.costs().allocatedBytes()))
                .map(Math::rint);
    }

    private static Optional<Double> millionBars(CaseComparison comparison) {
        double bars = Params.number(comparison.params(), "series") * Params.number(comparison.params(), "limit");
        Optional<CaseResult> ours = comparison.of(OURS);
        return ours.flatMap(Reference::microseconds).map(ForkSample::median).map(micros -> bars / micros);
    }
}
