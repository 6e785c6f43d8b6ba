package io.iftb.cache.benchmarks.gate;

import io.iftb.cache.benchmarks.result.CaseResult;
import io.iftb.cache.benchmarks.result.Results;
import io.iftb.cache.benchmarks.statistics.Reference;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Compares a run with the baseline: costs directly, times by their ratios to the references of the same run. */
final class Gate {

    private final Results baseline;
    private final Results now;
    private final List<FigureChange> changes = new ArrayList<>();
    private final List<String> notes = new ArrayList<>();
    private final boolean sameMachine;
    private final boolean sameJava;

    private Gate(Results baseline, Results now) {
        this.baseline = baseline;
        this.now = now;
        this.sameMachine = now.machine().differences(baseline.machine()).isEmpty();
        this.sameJava = baseline.machine().java().equals(now.machine().java());
    }

    /** Judges all cases of both. */
    static Verdict judge(Results baseline, Results now) {
        return new Gate(baseline, now).judge();
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
                changes.add(FigureChange.of(before.of(), "the case", null, null, ChangeKind.MISSING, ""));
            }
        }
        for (CaseResult current : now.measured()) {
            if (baseline.find(current.of()).isEmpty()) {
                changes.add(
                        FigureChange.of(current.of(), "the case", null, null, ChangeKind.NEW, "not in the baseline"));
            }
        }
        return new Verdict(changes, notes, compared);
    }

    private void noteMachine() {
        if (!sameMachine) {
            notes.add("gate: The machine differs from that of the baseline: "
                    + String.join(", ", now.machine().differences(baseline.machine()))
                    + ". Times are shown but not judged.");
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
        Optional<FigureChange> time = sameMachine ? TimeRule.judge(before, current) : TimeRule.show(before, current);
        time.ifPresent(changes::add);
    }

    private static FigureChange unjudged(FigureChange change) {
        return FigureChange.of(
                change.of(), change.figure(), change.before(), change.now(), ChangeKind.SHOWN, "other Java");
    }
}
