package io.iftb.cache.benchmarks.gate;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;

/**
 * What the gate found.
 *
 * @param movements figures that are not as in the baseline
 * @param notes what to know of the comparison as a whole, in sentences
 * @param cases how many cases were compared
 */
public record Verdict(List<Movement> movements, List<String> notes, int cases) {

    /** Copies the lists; what is worst comes first. */
    public Verdict {
        List<Movement> ordered = new ArrayList<>(movements);
        ordered.sort(Comparator.comparing(Movement::outcome)
                .thenComparing(Comparator.comparingDouble(Movement::factor).reversed()));
        movements = List.copyOf(ordered);
        notes = List.copyOf(notes);
    }

    /** Whether the build must fail. */
    public boolean failed() {
        return count(Outcome.REGRESSION) + count(Outcome.MISSING) > 0;
    }

    /** Whether a figure became worse, such as {@code commands} or {@code time}. */
    boolean blames(String figure) {
        return movements.stream()
                .anyMatch(each ->
                        each.outcome() == Outcome.REGRESSION && each.figure().startsWith(figure));
    }

    private long count(Outcome outcome) {
        return movements.stream().filter(each -> each.outcome() == outcome).count();
    }

    /** All in one line, such as {@code gate: 20 cases, 1 regression, 2 better, 1 new}. */
    public String summary() {
        StringBuilder line = new StringBuilder("gate: ").append(plural(cases, "case"));
        long regressions = count(Outcome.REGRESSION);
        line.append(", ").append(regressions == 0 ? "no regression" : plural(regressions, "regression"));
        append(line, count(Outcome.MISSING), "missing");
        append(line, count(Outcome.IMPROVEMENT), "better");
        append(line, count(Outcome.NEW), "new");
        append(line, count(Outcome.NOISY), "too noisy to judge");
        if (!failed() && count(Outcome.IMPROVEMENT) + count(Outcome.NEW) > 0) {
            line.append("; -Dbaseline.update takes them over");
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
    public String sentence() {
        return reason() + "; if that is intended, run again with -Dbaseline.update and commit the new baseline.";
    }

    /** What is worst, without the remedy. */
    String reason() {
        Movement worst = movements.stream()
                .filter(each -> each.outcome().fails())
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("nothing failed"));
        return worst.outcome() == Outcome.MISSING ? missing(worst) : worse(worst);
    }

    private String worse(Movement worst) {
        long count = count(Outcome.REGRESSION);
        String start = count == 1 ? "One figure became worse, " : count + " figures became worse, the worst ";
        return String.format(
                Locale.ROOT,
                "%s%s of %s: %s, in the baseline %s (%s)",
                start,
                worst.figure(),
                worst.of(),
                VerdictTable.number(worst.now()),
                VerdictTable.number(worst.before()),
                VerdictTable.change(worst));
    }

    private String missing(Movement worst) {
        long more = count(Outcome.MISSING) - 1;
        return worst.figure() + " of " + worst.of() + (more == 0 ? "" : " and " + plural(more, "more figure"))
                + (more == 0 ? " is" : " are") + " in the baseline but was not measured";
    }
}
