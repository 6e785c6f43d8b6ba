package io.iftb.cache.benchmarks.report;

import io.iftb.cache.benchmarks.result.Results;
import io.iftb.cache.benchmarks.statistics.Reference;
import io.iftb.cache.benchmarks.statistics.Sample;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.DoublePredicate;

/**
 * What the project promises itself of a ratio.
 *
 * @param what the ratio
 * @param wanted how large it may be or must be
 * @param found how large it is
 * @param isReached whether that is enough
 */
record Goal(String what, String wanted, double found, boolean isReached) {

    private static final String OURS = "iftb-tcp";

    /** The goals that a run has figures for. */
    static List<Goal> of(Results results) {
        List<Workload> workloads = Workload.of(results);
        List<Goal> goals = new ArrayList<>();
        latest(workloads, "limit", "100")
                .flatMap(panel -> overBucket(panel))
                .ifPresent(ratio -> goals.add(atMost("latest(100) over a plain RBucket.get", 1.05, ratio)));
        first(workloads, "get")
                .flatMap(panel -> overBucket(panel))
                .ifPresent(ratio -> goals.add(atMost("JCache get over a plain RBucket.get", 1.05, ratio)));
        first(workloads, "put")
                .flatMap(panel -> overBucket(panel))
                .ifPresent(ratio -> goals.add(atMost("JCache put over a plain RBucket.set", 1.10, ratio)));
        first(workloads, "getall")
                .flatMap(panel -> overOurs(panel, "redisson-jcache"))
                .ifPresent(ratio -> goals.add(atLeast("Redisson's JCache getAll over ours", 5, ratio)));
        latest(workloads, "foreignKeys", "100000")
                .flatMap(panel -> overOurs(panel, "json-scan"))
                .ifPresent(
                        ratio -> goals.add(atLeast("a JSON key for each bar, 100,000 keys, over ours", 1_000, ratio)));
        for (Workload workload : workloads) {
            workload.growths().stream()
                    .filter(growth -> growth.panels().get(0).isSingleThreaded())
                    .forEach(growth -> growth(growth)
                            .ifPresent(ratio -> goals.add(atMost(
                                    "our " + workload.name() + " with most " + Params.words(growth.param())
                                            + " over fewest",
                                    1.15,
                                    ratio))));
        }
        return goals;
    }

    private static Optional<Panel> first(List<Workload> workloads, String name) {
        return panels(workloads, name).stream().filter(Panel::isSingleThreaded).findFirst();
    }

    private static Optional<Panel> latest(List<Workload> workloads, String param, String value) {
        return panels(workloads, "latest").stream()
                .filter(Panel::isSingleThreaded)
                .filter(panel -> value.equals(panel.params().get(param)))
                // the plainest, not a point of a curve
                .min(Comparator.comparingInt(panel -> panel.params().size()));
    }

    private static List<Panel> panels(List<Workload> workloads, String name) {
        return workloads.stream()
                .filter(each -> WorkloadText.plain(each.name()).equals(name))
                .flatMap(each -> each.panels().stream())
                .toList();
    }

    private static Optional<Double> overBucket(Panel panel) {
        return panel.of(OURS).flatMap(Reference.BUCKET::of).map(Sample::median);
    }

    private static Optional<Double> overOurs(Panel panel, String contender) {
        return panel.of(OURS).flatMap(ours -> panel.of(contender).flatMap(theirs -> Factor.of(theirs, ours)));
    }

    private static Optional<Double> growth(Growth growth) {
        List<Panel> panels = growth.panels();
        return panels.get(0)
                .of(OURS)
                .flatMap(fewest -> panels.get(panels.size() - 1).of(OURS).flatMap(most -> Factor.of(most, fewest)));
    }

    private static Goal atMost(String what, double bound, double found) {
        return goal(what, "≤ " + Figures.number(bound), found, ratio -> ratio <= bound);
    }

    private static Goal atLeast(String what, double bound, double found) {
        return goal(what, "≥ " + Figures.number(bound), found, ratio -> ratio >= bound);
    }

    private static Goal goal(String what, String wanted, double found, DoublePredicate enough) {
        return new Goal(what, wanted, found, enough.test(found));
    }
}
