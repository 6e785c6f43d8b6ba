package io.iftb.cache.benchmarks.report;

import io.iftb.cache.benchmarks.result.CaseResult;
import io.iftb.cache.benchmarks.result.Results;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * All results of one workload.
 *
 * @param name of the workload
 * @param comparisons its results by their parameters
 */
record WorkloadResults(String name, List<CaseComparison> comparisons) {

    /** The parameters along which a curve is drawn. */
    private static final List<String> GROWING = List.of("bars", "foreignKeys");

    /** The smallest number of points of a curve. */
    private static final int MIN_POINTS = 3;

    /** The workloads of a run, in its order. */
    static List<WorkloadResults> of(Results results) {
        Map<String, Map<SortedMap<String, String>, List<CaseResult>>> grouped = new LinkedHashMap<>();
        for (CaseResult each : results.measured()) {
            grouped.computeIfAbsent(each.of().workload(), name -> new TreeMap<>(Params.ORDER))
                    .computeIfAbsent(each.of().params(), params -> new ArrayList<>())
                    .add(each);
        }
        List<WorkloadResults> workloads = new ArrayList<>();
        grouped.forEach((name, byParams) -> workloads.add(new WorkloadResults(
                name,
                byParams.entrySet().stream()
                        .map(each -> new CaseComparison(each.getKey(), each.getValue()))
                        .toList())));
        return workloads;
    }

    /** The curves that its results form. */
    List<ScalingCurve> curves() {
        List<ScalingCurve> curves = new ArrayList<>();
        for (String param : GROWING) {
            Map<SortedMap<String, String>, List<CaseComparison>> byOthers = new LinkedHashMap<>();
            comparisons.stream()
                    .filter(each -> Params.number(each.params(), param) > 0)
                    .forEach(each -> byOthers.computeIfAbsent(
                                    Params.without(each.params(), param), others -> new ArrayList<>())
                            .add(each));
            byOthers.forEach((others, points) -> {
                if (points.size() >= MIN_POINTS) {
                    curves.add(new ScalingCurve(param, others, points));
                }
            });
        }
        return curves;
    }

    /** The comparisons that are not points of a curve; if all are, the first point of each curve. */
    List<CaseComparison> standalone() {
        List<CaseComparison> standalone = new ArrayList<>(comparisons);
        curves().forEach(curve -> standalone.removeAll(curve.points()));
        if (standalone.isEmpty()) {
            curves().forEach(curve -> standalone.add(curve.points().get(0)));
        }
        return standalone;
    }

    /** The name, and the parameters of a comparison that differ within the workload. */
    String title(CaseComparison comparison) {
        SortedMap<String, String> special = new TreeMap<>(comparison.params());
        special.entrySet()
                .removeIf(param -> comparisons.stream()
                        .allMatch(each -> param.getValue().equals(each.params().get(param.getKey()))));
        return (name + " " + Params.text(special)).strip();
    }
}
