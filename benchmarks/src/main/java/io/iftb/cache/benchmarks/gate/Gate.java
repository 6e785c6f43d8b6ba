package io.iftb.cache.benchmarks.gate;

import io.iftb.cache.benchmarks.result.Measured;
import io.iftb.cache.benchmarks.result.Results;
import io.iftb.cache.benchmarks.statistics.Reference;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The comparison of a run with the baseline: costs as they are, time only over references of the same run. */
public final class Gate {

    private final Results baseline;
    private final Results now;
    private final List<Movement> movements = new ArrayList<>();
    private final List<String> notes = new ArrayList<>();
    private final boolean sameMachine;
    private final boolean sameJava;

    private Gate(Results baseline, Results now) {
        this.baseline = baseline;
        this.now = now;
        this.sameMachine = baseline.machine().isLike(now.machine());
        this.sameJava = baseline.machine().java().equals(now.machine().java());
    }

    /** Judges every case of both. */
    public static Verdict judge(Results baseline, Results now) {
        return new Gate(baseline, now).judge();
    }

    private Verdict judge() {
        noteMachine();
        int compared = 0;
        for (Measured before : baseline.measured()) {
            Optional<Measured> found = now.find(before.of());
            if (found.isPresent()) {
                // a reference is there to be compared with; what it costs is nobody's fault here
                if (!Reference.isOne(before.of().contender())) {
                    compare(before, found.get());
                    compared++;
                }
            } else {
                movements.add(Movement.of(before.of(), "the case", null, null, Outcome.MISSING, ""));
            }
        }
        for (Measured found : now.measured()) {
            if (baseline.find(found.of()).isEmpty()) {
                movements.add(Movement.of(found.of(), "the case", null, null, Outcome.NEW, "not in the baseline"));
            }
        }
        return new Verdict(movements, notes, compared);
    }

    private void noteMachine() {
        if (!sameMachine) {
            notes.add("gate: not the machine of the baseline: "
                    + String.join(", ", MachineChange.between(baseline.machine(), now.machine()))
                    + "; times are shown but not judged, counts and bytes are.");
        }
        if (!sameJava) {
            notes.add("gate: not the Java of the baseline; allocation is shown but not judged.");
        }
    }

    private void compare(Measured before, Measured found) {
        for (CostRule rule : CostRule.values()) {
            rule.judge(before.of(), before.costs(), found.costs())
                    .map(moved -> rule == CostRule.ALLOCATED_BYTES && !sameJava ? unjudged(moved) : moved)
                    .ifPresent(movements::add);
        }
        Optional<Movement> time = sameMachine ? TimeRule.judge(before, found) : TimeRule.show(before, found);
        time.ifPresent(movements::add);
    }

    private static Movement unjudged(Movement moved) {
        return Movement.of(moved.of(), moved.figure(), moved.before(), moved.now(), Outcome.SHOWN, "another Java");
    }
}
