package io.iftb.cache.benchmarks.gate;

import io.iftb.cache.benchmarks.result.Machine;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** What a trial of the gate found, as Markdown. */
final class TrialTable {

    private final Machine machine;
    private final int forks;
    private final List<Run> runs = new ArrayList<>();

    private record Run(Trial trial, String name, Verdict verdict) {}

    TrialTable(Machine machine, int forks) {
        this.machine = machine;
        this.forks = forks;
    }

    void add(Trial trial, String name, Verdict verdict) {
        runs.add(new Run(trial, name, verdict));
    }

    /** Whether the gate did what it is for in every run. */
    boolean isPassed() {
        return runs.stream().allMatch(run -> run.trial().isPassed(run.verdict()));
    }

    String text() {
        StringBuilder text = new StringBuilder("# Trial of the gate\n\n");
        text.append(String.format(
                Locale.ROOT,
                "Commit %s, %s, %d × %s, Java %s, server %s, %d forks. Each run is compared with `baseline.json`, or with"
                        + " `baseline-scan.json` where only the scan ran.%n%n",
                machine.commit(),
                machine.date(),
                machine.processors(),
                machine.processor(),
                machine.java(),
                machine.redis(),
                forks));
        text.append("| runs | expected | as expected |\n|---|---|---:|\n");
        for (Trial trial : Trial.ALL) {
            List<Run> mine =
                    runs.stream().filter(run -> run.trial().equals(trial)).toList();
            long passed =
                    mine.stream().filter(run -> trial.isPassed(run.verdict())).count();
            text.append(String.format(
                    Locale.ROOT, "| %s | %s | %d of %d |%n", trial.name(), trial.expected(), passed, mine.size()));
        }
        text.append("\n| run | as expected | the gate said |\n|---|---|---|\n");
        for (Run run : runs) {
            text.append(String.format(
                    Locale.ROOT,
                    "| %s | %s | %s |%n",
                    run.name(),
                    run.trial().isPassed(run.verdict()) ? "yes" : "**no**",
                    said(run.verdict())));
        }
        return text.toString();
    }

    private static String said(Verdict verdict) {
        return verdict.failed() ? verdict.reason() : verdict.summary();
    }
}
