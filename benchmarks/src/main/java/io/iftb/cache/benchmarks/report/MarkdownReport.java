package io.iftb.cache.benchmarks.report;

import io.iftb.cache.benchmarks.against.PairedTimes;
import io.iftb.cache.benchmarks.result.CaseResult;
import io.iftb.cache.benchmarks.result.ForkTime;
import io.iftb.cache.benchmarks.result.Machine;
import io.iftb.cache.benchmarks.result.Results;
import io.iftb.cache.benchmarks.statistics.Cost;
import io.iftb.cache.benchmarks.statistics.ForkSample;
import io.iftb.cache.benchmarks.statistics.Reference;
import io.iftb.cache.benchmarks.workload.Workload;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The report as GitHub Markdown: machine, overview, goals, and all figures of each workload. */
final class MarkdownReport {

    private static final String OURS = "iftb-tcp";

    private final Results results;
    private final @Nullable Results other;
    private final List<WorkloadResults> workloads;
    private final Function<WorkloadResults, String> plots;
    private final StringBuilder text = new StringBuilder();

    private MarkdownReport(Results results, @Nullable Results other, Function<WorkloadResults, String> plots) {
        this.results = results;
        this.other = other;
        this.workloads = WorkloadResults.of(results);
        this.plots = plots;
    }

    /**
     * The report of a run.
     *
     * @param other the results of the other build that took turns in the run; null if there was none
     * @param plots the drawings of a workload as an HTML block, or an empty text
     */
    static String of(Results results, @Nullable Results other, Function<WorkloadResults, String> plots) {
        return new MarkdownReport(results, other, plots).write();
    }

    private String write() {
        Machine machine = results.machine();
        text.append("# Benchmarks\n\n");
        paragraph(String.format(
                Locale.ROOT,
                "Suite %s of commit %s, %s, on %d × %s with %.1f GiB, %s, Java %s, server %s.",
                results.suite(),
                machine.commit(),
                machine.date(),
                machine.processors(),
                machine.processor(),
                machine.memory() / (double) (1L << 30),
                machine.system(),
                machine.java(),
                machine.redis()));
        if (workloads.isEmpty()) {
            paragraph("This run has no results.");
            return text.toString();
        }
        if (other != null) {
            turns(other);
        }
        overview();
        goals();
        workloads.forEach(this::workload);
        return text.toString();
    }

    private void turns(Results theirs) {
        List<List<String>> rows = new ArrayList<>();
        for (CaseResult mine : results.measured()) {
            theirs.find(mine.of())
                    .filter(each -> !Reference.isOne(each.of().contender()))
                    .ifPresent(each -> PairedTimes.of(each, mine)
                            .ifPresent(times -> rows.add(List.of(
                                    mine.of().toString(),
                                    Figures.median(Reference.microseconds(each)),
                                    Figures.median(Reference.microseconds(mine)),
                                    Figures.times(Optional.of(times.factor())),
                                    Figures.bounds(times.bounds()),
                                    times.pairs(),
                                    times.isSlower() ? "slower" : ""))));
        }
        String name = theirs.machine().commit();
        paragraph(
                "Times of this build and of " + name + ", whose forks took turns, and the change with its 95% bounds.");
        table(List.of("", name + ", µs", "this build, µs", "change", "bounds", "measured", ""), rows);
    }

    private void overview() {
        List<String> peers = peers();
        List<String> head = new ArrayList<>(List.of("", OURS + ", µs"));
        for (Reference reference : Reference.values()) {
            head.add("÷ " + reference.title());
        }
        head.addAll(peers);
        List<List<String>> rows = new ArrayList<>();
        for (WorkloadResults workload : workloads) {
            for (CaseComparison comparison : workload.standalone()) {
                comparison.of(OURS).ifPresent(ours -> {
                    List<String> row = new ArrayList<>();
                    row.add(workload.title(comparison));
                    row.add(Figures.median(Reference.microseconds(ours)));
                    for (Reference reference : Reference.values()) {
                        row.add(Figures.times(reference.of(ours).map(ForkSample::median)));
                    }
                    peers.forEach(peer -> row.add(
                            Figures.times(comparison.of(peer).flatMap(theirs -> Reference.ratio(theirs, ours)))));
                    rows.add(row);
                });
            }
        }
        if (!rows.isEmpty()) {
            paragraph(
                    "Time of an operation, its ratio to the two references of the same run, and the time of each other"
                            + " contender divided by ours: below 1 it is faster.");
            table(head, rows);
        }
    }

    /** The contenders of at least one comparison with ours, without the references. */
    private List<String> peers() {
        return workloads.stream()
                .flatMap(workload -> workload.standalone().stream())
                .filter(comparison -> comparison.of(OURS).isPresent())
                .flatMap(comparison -> comparison.results().stream())
                .map(result -> result.of().contender())
                .distinct()
                .filter(contender -> !contender.equals(OURS) && !Reference.isOne(contender))
                .toList();
    }

    private void goals() {
        List<List<String>> rows = Goal.of(results).stream()
                .map(goal -> List.of(
                        goal.ratio(),
                        goal.wanted(),
                        Figures.times(Optional.of(goal.actual())),
                        goal.isReached() ? "reached" : "not reached"))
                .toList();
        if (!rows.isEmpty()) {
            table(List.of("ratio in this run", "goal", "actual", ""), rows);
        }
    }

    private void workload(WorkloadResults workload) {
        text.append("## ").append(Figures.escaped(workload.name())).append("\n\n");
        Workload.labelled(workload.name()).ifPresent(known -> paragraph(known.description()));
        text.append(plots.apply(workload));
        workload.curves().forEach(this::curve);
        figures(workload);
    }

    private void curve(ScalingCurve curve) {
        List<String> head = new ArrayList<>(List.of("µs, " + Params.text(curve.others())));
        for (CaseComparison point : curve.points()) {
            head.add(Params.words(curve.param()) + " "
                    + Params.value(point.params().getOrDefault(curve.param(), "")));
        }
        List<List<String>> rows = new ArrayList<>();
        for (String contender : curve.contenders()) {
            List<String> row = new ArrayList<>(List.of(contender));
            for (CaseComparison point : curve.points()) {
                row.add(Figures.number(
                        ScalingCurve.microseconds(point, contender).orElse(Double.NaN)));
            }
            rows.add(row);
        }
        table(head, rows);
    }

    private void figures(WorkloadResults workload) {
        Map<String, Function<CaseResult, String>> columns = new LinkedHashMap<>();
        columns.put("contender", each -> each.of().contender());
        columns.put("parameters", each -> Params.text(each.of().params()));
        columns.put("µs", each -> Figures.median(Reference.microseconds(each)));
        columns.put("µs, 99%", each -> Figures.median(ForkSample.of(each, ForkTime::microseconds99)));
        for (Reference reference : Reference.values()) {
            columns.put(
                    "÷ " + reference.title(),
                    each -> Figures.times(reference.of(each).map(ForkSample::median)));
        }
        for (Cost cost : Cost.values()) {
            columns.put(cost.title(), each -> Figures.number(cost.of(each.costs())));
        }
        List<List<String>> rows = workload.comparisons().stream()
                .flatMap(comparison -> comparison.results().stream()
                        .sorted(Comparator.comparingDouble(each -> Reference.microseconds(each)
                                .map(ForkSample::median)
                                .orElse(Double.MAX_VALUE))))
                .map(each -> columns.values().stream()
                        .map(column -> column.apply(each))
                        .toList())
                .toList();
        table(List.copyOf(columns.keySet()), rows);
    }

    private void paragraph(String sentence) {
        text.append(Figures.escaped(sentence)).append("\n\n");
    }

    private void table(List<String> head, List<List<String>> rows) {
        List<String> alignment = new ArrayList<>(Collections.nCopies(head.size(), "---:"));
        alignment.set(0, "---");
        row(head);
        row(alignment);
        rows.forEach(this::row);
        text.append('\n');
    }

    private void row(List<String> cells) {
        text.append(cells.stream().map(Figures::escaped).collect(Collectors.joining(" | ", "| ", " |\n")));
    }
}
