package io.iftb.cache.benchmarks.report;

import io.iftb.cache.benchmarks.result.Machine;
import io.iftb.cache.benchmarks.result.Measured;
import io.iftb.cache.benchmarks.result.Results;
import io.iftb.cache.benchmarks.statistics.Reference;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** {@code report.md}: where and what, and the tables that a reader asks for first. */
final class MarkdownReport {

    private static final String OURS = "iftb-tcp";

    private final Results results;
    private final List<Workload> workloads;
    private final StringBuilder text = new StringBuilder();

    private MarkdownReport(Results results) {
        this.results = results;
        this.workloads = Workload.of(results);
    }

    /** The report as text. */
    static String of(Results results) {
        return new MarkdownReport(results).write();
    }

    private String write() {
        Machine machine = results.machine();
        text.append("# Benchmarks\n\n");
        text.append(escaped(String.format(
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
                machine.redis())));
        text.append("\n\n");
        if (workloads.isEmpty()) {
            return text.append("This run measured nothing.\n").toString();
        }
        overview();
        growth();
        goals();
        figures();
        return text.toString();
    }

    private void overview() {
        List<String> peers = peers();
        List<String> head = new ArrayList<>(List.of("", OURS + ", µs", "÷ bare socket", "÷ RBucket"));
        peers.forEach(peer -> head.add(peer));
        List<List<String>> rows = new ArrayList<>();
        for (Workload workload : workloads) {
            for (Panel panel : workload.plotted()) {
                panel.of(OURS).ifPresent(ours -> rows.add(overview(workload, panel, ours, peers)));
            }
        }
        if (!rows.isEmpty()) {
            text.append(
                            "Time of an operation, its ratio to the two references of the same run, and how many times as long")
                    .append(" each other contender takes (below 1: it is faster).\n\n");
            table(head, rows);
        }
    }

    private static List<String> overview(Workload workload, Panel panel, Measured ours, List<String> peers) {
        List<String> row = new ArrayList<>();
        row.add((workload.name() + " " + Params.text(workload.special(panel))).strip());
        row.add(Figures.number(SummaryRow.median(Reference.microseconds(ours))));
        for (Reference reference : Reference.values()) {
            row.add(times(reference.of(ours).map(ratios -> ratios.median())));
        }
        for (String peer : peers) {
            row.add(times(panel.of(peer).flatMap(theirs -> Factor.of(theirs, ours))));
        }
        return row;
    }

    private void growth() {
        for (Workload workload : workloads) {
            for (Growth growth : workload.growths()) {
                List<String> head = new ArrayList<>(List.of(""));
                growth.panels()
                        .forEach(panel ->
                                head.add(Params.words(growth.param()) + " " + Params.value(growth.text(panel))));
                List<List<String>> rows = new ArrayList<>();
                for (String contender : growth.contenders()) {
                    List<String> row = new ArrayList<>(List.of(contender));
                    growth.panels()
                            .forEach(panel -> row.add(panel.of(contender)
                                    .flatMap(Reference::microseconds)
                                    .map(times -> Figures.number(times.median()))
                                    .orElse(Figures.NONE)));
                    rows.add(row);
                }
                text.append(escaped("Growth of " + workload.name() + " " + Params.text(growth.others())))
                        .append(", µs.\n\n");
                table(head, rows);
            }
        }
    }

    private void goals() {
        List<List<String>> rows = Goal.of(results).stream()
                .map(goal -> List.of(
                        goal.what(),
                        goal.wanted(),
                        Figures.times(goal.found()),
                        goal.isReached() ? "reached" : "not reached"))
                .toList();
        if (!rows.isEmpty()) {
            table(List.of("ratio in this run", "goal", "found", ""), rows);
        }
    }

    private void figures() {
        for (Workload workload : workloads) {
            CaseTable table = CaseTable.of(workload);
            List<String> head = new ArrayList<>(List.of(workload.name(), ""));
            head.addAll(table.heads());
            List<List<String>> rows = new ArrayList<>();
            for (CaseTable.Row row : table.rows()) {
                List<String> cells = new ArrayList<>();
                cells.add(row.measured().of().contender());
                cells.add(Params.text(row.measured().of().params()));
                cells.addAll(row.cells());
                rows.add(cells);
            }
            table(head, rows);
        }
    }

    /** Who did something that we did too. */
    private List<String> peers() {
        return workloads.stream()
                .flatMap(workload -> workload.plotted().stream())
                .filter(panel -> panel.of(OURS).isPresent())
                .flatMap(panel -> panel.measured().stream())
                .map(measured -> measured.of().contender())
                .distinct()
                .filter(contender -> !contender.equals(OURS) && Role.of(contender) != Role.REFERENCE)
                .toList();
    }

    private void table(List<String> head, List<List<String>> rows) {
        row(head);
        List<String> rule = new ArrayList<>(Collections.nCopies(head.size(), "---:"));
        rule.set(0, "---");
        text.append("|").append(String.join("|", rule)).append("|\n");
        rows.forEach(this::row);
        text.append('\n');
    }

    private void row(List<String> cells) {
        text.append('|');
        cells.forEach(cell ->
                text.append(cell.isEmpty() ? " " : " " + escaped(cell) + " ").append('|'));
        text.append('\n');
    }

    private static String times(Optional<Double> ratio) {
        return ratio.map(Figures::times).orElse(Figures.NONE);
    }

    /** Markdown takes HTML as it is, and a bar ends a cell. */
    private static String escaped(String cell) {
        return cell.replace("&", "&amp;").replace("<", "&lt;").replace("|", "\\|");
    }
}
