package io.iftb.cache.benchmarks.gate;

import io.iftb.cache.benchmarks.result.CaseResult;
import io.iftb.cache.benchmarks.statistics.ForkSample;
import io.iftb.cache.benchmarks.statistics.Interval;
import io.iftb.cache.benchmarks.statistics.Reference;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * The rule that decides whether a case is slower. Relative to each reference of the same run, the median over forks must
 * be more than 7% above the baseline, and the lower bound of the 95% interval of this change must be above zero. On a
 * logarithmic scale 7% is half of 15%: no change and a slowdown of 15% are equally far from the threshold. Neither one
 * reference that became faster nor one outlier among the forks fails a case. A case that takes more than ten times its
 * reference does other work, and the machine may change its time alone; its threshold is 15%.
 */
final class TimeRule {

    /** The threshold for the change of the median. */
    private static final double THRESHOLD = 1.07;

    /** The ratio to a reference above which a case does other work. */
    private static final double DISTANT = 10;

    /** The threshold for such a case. */
    private static final double DISTANT_THRESHOLD = 1.15;

    /** The slowdown that the gate must detect. */
    private static final double DETECTABLE = 1.15;

    /** The fewest forks that are judged. */
    static final int MIN_FORKS = 5;

    private TimeRule() {}

    /** The ratio of a case to one reference, in the baseline and in the run. */
    private record RatioChange(Reference reference, ForkSample before, ForkSample now) {

        double factor() {
            return now.over(before);
        }

        Interval bounds() {
            return now.intervalOver(before);
        }

        double threshold() {
            return before.median() > DISTANT ? DISTANT_THRESHOLD : THRESHOLD;
        }

        boolean isSlower() {
            return factor() > threshold() && bounds().low() > 1;
        }

        boolean isFaster() {
            return factor() < 1 / threshold() && bounds().high() < 1;
        }

        boolean isBeyondThreshold() {
            return factor() > threshold() || factor() < 1 / threshold();
        }

        /** Whether the interval is so wide that it would hide a slowdown of 15%. */
        boolean isNoisy() {
            return bounds().low() / factor() * DETECTABLE <= 1;
        }

        boolean hasForks() {
            return Math.min(now.size(), before.size()) >= MIN_FORKS;
        }

        FigureChange as(CaseResult result, ChangeKind kind, String remark) {
            return new FigureChange(
                    result.of(), "time / " + reference.title(), before.median(), now.median(), bounds(), kind, remark);
        }
    }

    /** The change of the time of a case, if there is one to report. */
    static Optional<FigureChange> judge(CaseResult before, CaseResult now) {
        List<RatioChange> changes = changes(before, now);
        if (changes.isEmpty()) {
            return missing(before, now);
        }
        // the reference with the smallest change decides
        RatioChange least = changes.get(0);
        if (!changes.stream().allMatch(RatioChange::hasForks)) {
            String remark = "fewer than " + MIN_FORKS + " forks";
            return least.isBeyondThreshold() ? Optional.of(least.as(now, ChangeKind.SHOWN, remark)) : Optional.empty();
        }
        if (isSlower(changes)) {
            return Optional.of(least.as(now, ChangeKind.REGRESSION, others(changes)));
        }
        if (changes.stream().allMatch(RatioChange::isFaster)) {
            return Optional.of(least.as(now, ChangeKind.IMPROVEMENT, others(changes)));
        }
        return changes.stream()
                .filter(RatioChange::isNoisy)
                .findFirst()
                .map(noisy -> noisy.as(now, ChangeKind.NOISY, "the forks differ too much to detect +15%"));
    }

    /** Whether a case is slower. */
    static boolean isSlower(CaseResult before, CaseResult now) {
        return isSlower(changes(before, now));
    }

    private static boolean isSlower(List<RatioChange> changes) {
        return !changes.isEmpty() && changes.stream().allMatch(RatioChange::isSlower);
    }

    /** The change of the time of a case on another machine than that of the baseline, which is not judged. */
    static Optional<FigureChange> show(CaseResult before, CaseResult now) {
        return changes(before, now).stream()
                .findFirst()
                .filter(RatioChange::isBeyondThreshold)
                .map(change -> change.as(now, ChangeKind.SHOWN, "other machine"));
    }

    private static Optional<FigureChange> missing(CaseResult before, CaseResult now) {
        for (Reference reference : Reference.values()) {
            Optional<ForkSample> old = reference.of(before);
            if (old.isPresent() && reference.of(now).isEmpty()) {
                String figure = "time / " + reference.title();
                return Optional.of(FigureChange.of(now.of(), figure, old.get().median(), null, ChangeKind.MISSING, ""));
            }
        }
        return Optional.empty();
    }

    /** The changes relative to each reference that both have, the smallest first. */
    private static List<RatioChange> changes(CaseResult before, CaseResult now) {
        List<RatioChange> changes = new ArrayList<>();
        for (Reference reference : Reference.values()) {
            Optional<ForkSample> old = reference.of(before);
            Optional<ForkSample> current = reference.of(now);
            if (old.isPresent() && current.isPresent()) {
                changes.add(new RatioChange(reference, old.get(), current.get()));
            }
        }
        changes.sort(Comparator.comparingDouble(RatioChange::factor));
        return changes;
    }

    private static String others(List<RatioChange> changes) {
        StringBuilder text = new StringBuilder();
        for (RatioChange change : changes.subList(1, changes.size())) {
            double percent = (change.factor() - 1) * 100;
            text.append(String.format(
                    Locale.ROOT,
                    "%+.1f%% relative to %s",
                    percent,
                    change.reference().title()));
        }
        return text.toString();
    }
}
