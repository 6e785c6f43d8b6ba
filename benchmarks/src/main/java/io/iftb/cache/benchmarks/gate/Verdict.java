package io.iftb.cache.benchmarks.gate;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * The result of the gate.
 *
 * @param changes the figures that differ from the baseline, the worst first
 * @param notes sentences about the comparison as a whole
 * @param cases the number of compared cases
 * @param against the other build that took turns in the run; null if there was none
 */
record Verdict(
        List<FigureChange> changes,
        List<String> notes,
        int cases,
        @Nullable String against) {

    /** The figure that compares the times of two builds. */
    static final String TIME_IN_TURNS = "time in turns";

    /** All figures of a case. */
    static final String CASE = "the case";

    /** Copies the lists and sorts the changes. */
    public Verdict {
        List<FigureChange> ordered = new ArrayList<>(changes);
        ordered.sort(Comparator.comparing(FigureChange::kind)
                .thenComparing(Comparator.comparingDouble(FigureChange::factor).reversed()));
        changes = List.copyOf(ordered);
        notes = List.copyOf(notes);
    }

    /** Whether the build must fail. */
    boolean failed() {
        return count(ChangeKind.REGRESSION) + count(ChangeKind.MISSING) > 0;
    }

    /** Whether a figure is worse, such as {@code commands} or {@code time}. */
    boolean hasRegression(String figure) {
        return changes.stream()
                .anyMatch(each ->
                        each.kind() == ChangeKind.REGRESSION && each.figure().startsWith(figure));
    }

    private long count(ChangeKind kind) {
        return changes.stream().filter(each -> each.kind() == kind).count();
    }

    /** One line, such as {@code gate: 20 cases, 1 regression, 2 better, 1 new}. */
    String summary() {
        StringBuilder line = new StringBuilder("gate: ").append(plural(cases, "case"));
        long regressions = count(ChangeKind.REGRESSION);
        line.append(", ").append(regressions == 0 ? "no regression" : plural(regressions, "regression"));
        append(line, count(ChangeKind.MISSING), "missing");
        append(line, count(ChangeKind.IMPROVEMENT), "better");
        append(line, count(ChangeKind.NEW), "new");
        append(line, count(ChangeKind.NOISY), "too noisy to judge");
        if (!failed() && count(ChangeKind.IMPROVEMENT) + count(ChangeKind.NEW) > 0) {
            line.append("; run with -Dbaseline.update to accept");
        }
        return line.toString();
    }

    private static void append(StringBuilder line, long count, String what) {
        if (count > 0) {
            line.append(", ").append(count).append(' ').append(what);
        }
    }

    private static String plural(long count, String what) {
        return count + " " + what + (count == 1 ? "" : "s");
    }

    /**
     * Why the build fails and what to do, in one sentence.
     *
     * @throws IllegalStateException if it does not fail
     */
    String sentence() {
        FigureChange worst = changes.stream()
                .filter(each -> each.kind().fails())
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("The gate did not fail."));
        if (worst.figure().equals(TIME_IN_TURNS)) {
            return slower(worst) + "; if this is intended, compare with a newer revision.";
        }
        boolean isCase = worst.figure().equals(CASE);
        return (worst.kind() == ChangeKind.MISSING ? missing(worst) : worse(worst)) + "; if this is intended, "
                + (isCase ? "delete the baseline, " : "")
                + "run again with -Dbaseline.update and commit the new baseline.";
    }

    private String start() {
        long count = count(ChangeKind.REGRESSION);
        return count == 1 ? "One figure is worse: " : count + " figures are worse, first ";
    }

    private String slower(FigureChange worst) {
        return start() + "the time of " + worst.of() + " is " + VerdictTable.number(worst.now()) + " times that of "
                + against + " (" + VerdictTable.percent(worst) + ")";
    }

    private String worse(FigureChange worst) {
        return String.format(
                Locale.ROOT,
                "%s%s of %s is %s, in the baseline %s (%s)",
                start(),
                worst.figure(),
                worst.of(),
                VerdictTable.number(worst.now()),
                VerdictTable.number(worst.before()),
                VerdictTable.percent(worst));
    }

    private String missing(FigureChange worst) {
        long more = count(ChangeKind.MISSING) - 1;
        return worst.figure() + " of " + worst.of()
                + (more == 0 ? " is" : " and " + plural(more, "more figure") + " are")
                + " in the baseline but not in the run";
    }
}
