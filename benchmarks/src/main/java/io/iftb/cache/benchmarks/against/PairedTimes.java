package io.iftb.cache.benchmarks.against;

import io.iftb.cache.benchmarks.result.CaseResult;
import io.iftb.cache.benchmarks.result.ForkTime;
import io.iftb.cache.benchmarks.statistics.ForkSample;
import io.iftb.cache.benchmarks.statistics.Interval;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The times of a case in two builds, pair by pair of the forks that took turns, and the rule that judges them.
 *
 * <p>Every case is measured by a <em>look</em> of 3 pairs. If the median change of the look is above 3%, the case is
 * measured again by up to 10 pairs, the <em>proof</em>. It is slower if the median of the proof is above 5%, and all pairs
 * of the proof except for at most one are slower. On a logarithmic scale 5% is half of 10%. The proof alone decides: the
 * look has selected the case, so it is biased.
 */
public final class PairedTimes {

    /** The pairs of the look. */
    public static final int LOOK = 3;

    /** The pairs of the proof. */
    public static final int PROOF = 10;

    /** The change of the look that needs a proof. */
    private static final double SUSPICIOUS = 1.03;

    /** The change of the proof that is an alarm. */
    private static final double THRESHOLD = 1.05;

    /** The change that must be detected. */
    private static final double DETECTABLE = 1.1;

    /** The pairs of the proof that may be not slower. */
    private static final int EXCEPTIONS = 1;

    private final List<Double> look;
    private final List<Double> proof;

    private PairedTimes(List<Double> changes) {
        int first = Math.min(LOOK, changes.size());
        this.look = List.copyOf(changes.subList(0, first));
        this.proof = List.copyOf(changes.subList(first, changes.size()));
    }

    /**
     * The times of a case; empty if one of the builds did not measure them.
     *
     * @param before the case in the other build
     * @param now the case in this build; its forks have the order of those of the other
     */
    public static Optional<PairedTimes> of(CaseResult before, CaseResult now) {
        int pairs = Math.min(before.forks().size(), now.forks().size());
        List<Double> changes = new ArrayList<>();
        for (int i = 0; i < pairs; i++) {
            changes.add(change(before.forks().get(i), now.forks().get(i)));
        }
        return changes.isEmpty() ? Optional.empty() : Optional.of(new PairedTimes(changes));
    }

    /**
     * The change in one pair: the geometric mean of the changes of the time, and of its ratios to the references. The
     * machine moves the time, the compilation of a reference moves a ratio; the mean has less noise than each of them.
     */
    private static double change(ForkTime before, ForkTime now) {
        List<Double> logarithms = new ArrayList<>();
        add(logarithms, before.microseconds(), now.microseconds());
        add(logarithms, before.ratioToSocket(), now.ratioToSocket());
        add(logarithms, before.ratioToBucket(), now.ratioToBucket());
        add(logarithms, before.ratioToCaffeine(), now.ratioToCaffeine());
        return Math.exp(
                logarithms.stream().mapToDouble(Double::doubleValue).average().orElse(0));
    }

    private static void add(List<Double> logarithms, @Nullable Double before, @Nullable Double now) {
        if (before != null && now != null) {
            logarithms.add(Math.log(now / before));
        }
    }

    /** Whether one more pair may decide. */
    public boolean isOpen() {
        return look.size() < LOOK || (isSuspicious() && proof.size() < PROOF && exceptions() <= EXCEPTIONS);
    }

    /** Whether this build is slower. */
    public boolean isSlower() {
        return isSuspicious() && proof.size() >= PROOF && exceptions() <= EXCEPTIONS && factor() > THRESHOLD;
    }

    /**
     * Whether the pairs differ too much: their interval would hide 10%, or the median of the proof is an alarm although too
     * many pairs are not slower.
     */
    public boolean isNoisy() {
        return !isOpen() && !isSlower() && (bounds().high() >= DETECTABLE || factor() > THRESHOLD);
    }

    private boolean isSuspicious() {
        return look.size() == LOOK && ForkSample.of(look).median() > SUSPICIOUS;
    }

    private long exceptions() {
        return proof.stream().filter(change -> change <= 1).count();
    }

    /** The time of this build divided by that of the other: the median over the pairs of the proof, else of the look. */
    public double factor() {
        return sample().median();
    }

    /** The 95% interval of {@link #factor}. */
    public Interval bounds() {
        return sample().interval();
    }

    private ForkSample sample() {
        return ForkSample.of(proof.isEmpty() ? look : proof);
    }

    /** Which pairs were measured, such as {@code 3 + 10 pairs}. */
    public String pairs() {
        return look.size() + (proof.isEmpty() ? "" : " + " + proof.size()) + " pairs";
    }
}
