package io.iftb.cache.benchmarks.gate;

import io.iftb.cache.benchmarks.result.Measured;
import io.iftb.cache.benchmarks.statistics.Interval;
import io.iftb.cache.benchmarks.statistics.Reference;
import io.iftb.cache.benchmarks.statistics.Sample;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * When a case counts as slower: against each reference of the same run, the median over forks must be 7% above that of
 * the baseline, and the lower bound of the change above nothing. Half of 15% on a logarithmic scale is 7%, so a slowdown
 * of 15% is as far from the threshold as none at all. A slower reference alone, or an odd fork, does not count. A case that
 * takes more than ten times its reference does another kind of work, which a machine may speed up or slow down by itself;
 * there the median must be 15% above.
 */
final class TimeRule {

    /** What the median of a case must move by. */
    static final double CLEAR = 1.07;

    /** So many times its reference, and a case does another kind of work. */
    static final double FAR = 10;

    /** What the median of such a case must move by. */
    static final double CLEAR_WHEN_FAR = 1.15;

    /** What the gate must see. */
    static final double MUST_BE_SEEN = 1.15;

    /** With fewer forks the bounds say nothing. */
    static final int FEWEST_FORKS = 5;

    private TimeRule() {}

    /** A case over one reference, now and before. */
    private record Change(Reference reference, Sample before, Sample now) {

        double factor() {
            return now.over(before);
        }

        Interval bounds() {
            return now.intervalOver(before);
        }

        double clear() {
            return before.median() > FAR ? CLEAR_WHEN_FAR : CLEAR;
        }

        boolean isSlower() {
            return factor() > clear() && bounds().low() > 1;
        }

        boolean isFaster() {
            return factor() < 1 / clear() && bounds().high() < 1;
        }

        boolean hasMoved() {
            return factor() > clear() || factor() < 1 / clear();
        }

        /** Whether a slowdown that must be seen would stay below the bounds that these forks give. */
        boolean isNoisy() {
            return bounds().low() / factor() * MUST_BE_SEEN <= 1;
        }

        boolean hasForks() {
            return Math.min(now.size(), before.size()) >= FEWEST_FORKS;
        }

        Movement as(Measured of, Outcome outcome, String remark) {
            return new Movement(
                    of.of(), "time / " + reference.title(), before.median(), now.median(), bounds(), outcome, remark);
        }
    }

    /** What to say of the time of a case, if anything. */
    static Optional<Movement> judge(Measured before, Measured now) {
        List<Change> changes = changes(before, now);
        if (changes.isEmpty()) {
            return lost(before, now);
        }
        // the reference that speaks for the case most decides
        Change least = changes.get(0);
        if (!changes.stream().allMatch(Change::hasForks)) {
            String remark = "time is judged from " + FEWEST_FORKS + " forks on";
            return least.hasMoved() ? Optional.of(least.as(now, Outcome.SHOWN, remark)) : Optional.empty();
        }
        if (isSlower(changes)) {
            return Optional.of(least.as(now, Outcome.REGRESSION, others(changes)));
        }
        if (changes.stream().allMatch(Change::isFaster)) {
            return Optional.of(least.as(now, Outcome.IMPROVEMENT, others(changes)));
        }
        return changes.stream()
                .filter(Change::isNoisy)
                .findFirst()
                .map(noisy -> noisy.as(now, Outcome.NOISY, "its forks differ too much to see +15%"));
    }

    /** Whether a case counts as slower. */
    static boolean isSlower(Measured before, Measured now) {
        return isSlower(changes(before, now));
    }

    private static boolean isSlower(List<Change> changes) {
        return !changes.isEmpty() && changes.stream().allMatch(Change::isSlower);
    }

    /** The time of a case on a machine that is not that of the baseline, if it moved. */
    static Optional<Movement> show(Measured before, Measured now) {
        return changes(before, now).stream()
                .findFirst()
                .filter(Change::hasMoved)
                .map(change -> change.as(now, Outcome.SHOWN, "another machine"));
    }

    private static Optional<Movement> lost(Measured before, Measured now) {
        for (Reference reference : Reference.values()) {
            Optional<Sample> old = reference.of(before);
            if (old.isPresent() && reference.of(now).isEmpty()) {
                String figure = "time / " + reference.title();
                return Optional.of(Movement.of(now.of(), figure, old.get().median(), null, Outcome.MISSING, ""));
            }
        }
        return Optional.empty();
    }

    /** The changes against every reference that both have, the smallest first. */
    private static List<Change> changes(Measured before, Measured now) {
        List<Change> changes = new ArrayList<>();
        for (Reference reference : Reference.values()) {
            Optional<Sample> old = reference.of(before);
            Optional<Sample> found = reference.of(now);
            if (old.isPresent() && found.isPresent()) {
                changes.add(new Change(reference, old.get(), found.get()));
            }
        }
        changes.sort(Comparator.comparingDouble(Change::factor));
        return changes;
    }

    private static String others(List<Change> changes) {
        StringBuilder text = new StringBuilder();
        for (Change change : changes.subList(1, changes.size())) {
            double percent = (change.factor() - 1) * 100;
            text.append(String.format(
                    Locale.ROOT,
                    "%+.1f%% over the %s",
                    percent,
                    change.reference().title()));
        }
        return text.toString();
    }
}
