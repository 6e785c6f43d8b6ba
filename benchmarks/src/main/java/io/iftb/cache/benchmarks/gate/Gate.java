package io.iftb.cache.benchmarks.gate;

import io.iftb.cache.benchmarks.against.PairedTimes;
import io.iftb.cache.benchmarks.result.Case;
import io.iftb.cache.benchmarks.result.CaseResult;
import io.iftb.cache.benchmarks.result.Results;
import io.iftb.cache.benchmarks.statistics.Reference;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Compares a run with the baseline: costs directly, times by their ratios to the references of the same run. If forks of
 * another build took turns in the run, times are compared with those, on any machine.
 */
final class Gate {

    private final Results baseline;
    private final Results now;
    private final @Nullable Results other;
    private final List<FigureChange> changes = new ArrayList<>();
    private final List<String> notes = new ArrayList<>();
    private final boolean sameMachine;
    private final boolean sameJava;

    private Gate(Results baseline, Results now, @Nullable Results other) {
        this.baseline = baseline;
        this.now = now;
        this.other = other;
        this.sameMachine = now.machine().differences(baseline.machine()).isEmpty();
        this.sameJava = baseline.machine().java().equals(now.machine().java());
    }

    /** Judges all cases of both. */
    static Verdict judge(Results baseline, Results now) {
        return judge(baseline, now, null);
    }

    /**
     * Judges all cases of both.
     *
     * @param other the results of the other build that took turns in the run; null if there was none
     */
    static Verdict judge(Results baseline, Results now, @Nullable Results other) {
        return new Gate(baseline, now, other).judge();
    }

    private Verdict judge() {
        noteMachine();
        int compared = 0;
        for (CaseResult before : baseline.measured()) {
            Optional<CaseResult> current = now.find(before.of());
            if (current.isPresent()) {
                if (!Reference.isOne(before.of().contender())) {
                    compare(before, current.get());
                    compared++;
                }
            } else {
                changes.add(FigureChange.of(before.of(), Verdict.CASE, null, null, ChangeKind.MISSING, ""));
            }
        }
        for (CaseResult current : now.measured()) {
            if (baseline.find(current.of()).isEmpty()) {
                changes.add(
                        FigureChange.of(current.of(), Verdict.CASE, null, null, ChangeKind.NEW, "not in the baseline"));
            }
        }
        if (other != null) {
            compareTimes(other);
        }
        return new Verdict(
                changes, notes, compared, other == null ? null : other.machine().commit());
    }

    private void noteMachine() {
        if (other != null) {
            notes.add("gate: Times are compared with those of "
                    + other.machine().commit() + ", in turns; counts and bytes with the baseline.");
        } else if (!sameMachine) {
            notes.add("gate: The machine differs from that of the baseline: "
                    + String.join(", ", now.machine().differences(baseline.machine()))
                    + ". Times are shown but not judged; -Dagainst=REVISION judges them.");
        }
        if (!sameJava) {
            notes.add("gate: The Java version differs from that of the baseline. Allocation is shown but not judged.");
        }
    }

    private void compare(CaseResult before, CaseResult current) {
        for (CostRule rule : CostRule.values()) {
            rule.judge(before.of(), before.costs(), current.costs())
                    .map(change -> rule == CostRule.ALLOCATED_BYTES && !sameJava ? unjudged(change) : change)
                    .ifPresent(changes::add);
        }
        if (other == null) {
            (sameMachine ? TimeRule.judge(before, current) : TimeRule.show(before, current)).ifPresent(changes::add);
        }
    }

    private void compareTimes(Results theirs) {
        for (CaseResult mine : now.measured()) {
            if (!Reference.isOne(mine.of().contender())) {
                changes.add(theirs.find(mine.of())
                        .flatMap(each -> PairedTimes.of(each, mine))
                        .map(times -> paired(mine.of(), times))
                        .orElseGet(() -> FigureChange.of(
                                mine.of(), "time", null, null, ChangeKind.SHOWN, "not in the other build")));
            }
        }
    }

    private FigureChange paired(Case of, PairedTimes times) {
        ChangeKind kind;
        if (times.isOpen()) {
            kind = ChangeKind.SHOWN;
        } else if (times.isSlower()) {
            kind = ChangeKind.REGRESSION;
        } else {
            kind = times.isNoisy() ? ChangeKind.NOISY : ChangeKind.NOT_SLOWER;
        }
        return new FigureChange(of, Verdict.TIME_IN_TURNS, 1.0, times.factor(), times.bounds(), kind, times.pairs());
    }

    private static FigureChange unjudged(FigureChange change) {
        return FigureChange.of(
                change.of(), change.figure(), change.before(), change.now(), ChangeKind.SHOWN, "other Java");
    }
}
