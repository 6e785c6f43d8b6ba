package io.iftb.cache.benchmarks.against;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.iftb.cache.benchmarks.result.Case;
import io.iftb.cache.benchmarks.result.CaseResult;
import io.iftb.cache.benchmarks.result.Costs;
import io.iftb.cache.benchmarks.result.ForkTime;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

/**
 * The rule, and its error rates by simulation: in a pair the change of a case has 3% noise, and one pair in twenty is an
 * outlier of 15% up or down.
 */
class PairedTimesTest {

    private static final Case SCAN = Case.of("iftb-tcp", "latest", Map.of("limit", 100));
    private static final double NOISE = 0.03;

    @Test
    void measure_sameBuild_failsLessThanOneCaseOf5000() {
        Random random = new Random(1);
        int cases = 20_000;
        int alarms = 0;
        int pairs = 0;
        for (int i = 0; i < cases; i++) {
            List<Double> changes = measured(random, 1);
            alarms += times(changes).isSlower() ? 1 : 0;
            pairs += changes.size();
        }

        assertThat(alarms).as("alarms in %s cases", cases).isLessThanOrEqualTo(cases / 5_000);
        assertThat((double) pairs / cases).as("pairs for a case").isLessThan(3.6);
    }

    @Test
    void measure_slowerBy10Percent_isSeenIn97Of100() {
        Random random = new Random(2);
        int cases = 5_000;
        int missed = 0;
        for (int i = 0; i < cases; i++) {
            missed += times(measured(random, 1.1)).isSlower() ? 0 : 1;
        }

        assertThat(missed).as("missed of %s", cases).isLessThan(cases * 3 / 100);
    }

    @Test
    void isOpen_lookIsAbove3Percent_untilTheProofIsComplete() {
        assertThat(times(List.of(1.1, 1.1)).isOpen()).isTrue();
        assertThat(times(List.of(1.1, 1.02, 1.02)).isOpen()).isFalse();
        assertThat(times(List.of(0.9, 1.04, 1.04)).isOpen()).isTrue();
        assertThat(times(followedBy(9, 1.1)).isOpen()).isTrue();
        assertThat(times(followedBy(9, 1.1)).isSlower()).isFalse();
        assertThat(times(followedBy(10, 1.1)).isOpen()).isFalse();
        assertThat(times(followedBy(10, 1.1)).isSlower()).isTrue();
    }

    @Test
    void isOpen_twoPairsOfTheProofAreNotSlower_isFalse() {
        assertThat(times(followedBy(0, 1, 0.99)).isOpen()).isTrue();
        assertThat(times(followedBy(0, 1, 0.99, 1.0)).isOpen()).isFalse();
        assertThat(times(followedBy(0, 1, 0.99, 1.0)).isSlower()).isFalse();
    }

    @Test
    void isSlower_proofIsBelow5Percent_isFalse() {
        assertThat(times(followedBy(10, 1.04)).isSlower()).isFalse();
        assertThat(times(followedBy(9, 1.06, 0.8)).isSlower()).isTrue();
        assertThat(times(followedBy(8, 1.06, 0.8, 0.9)).isSlower()).isFalse();
        assertThat(times(followedBy(8, 1.06, 0.8, 0.9)).isNoisy()).isTrue();
    }

    @Test
    void isNoisy_pairsWouldHide10Percent_isTrue() {
        assertThat(times(followedBy(1, 1.15, 0.95, 0.9)).isNoisy()).isTrue();
        assertThat(times(followedBy(1, 1.05, 0.95, 0.9)).isNoisy()).isFalse();
        assertThat(times(List.of(0.95, 1.0, 1.05)).isNoisy()).isFalse();
        assertThat(times(List.of(0.95, 1.0, 1.12)).isNoisy()).isTrue();
        assertThat(times(List.of(0.95, 1.0, 1.12)).isOpen()).isFalse();
    }

    @Test
    void factor_timeAndRatios_isTheirGeometricMean() {
        CaseResult before = of(List.of(new ForkTime(100, 200, 2.0, 1.0)));
        CaseResult now = of(List.of(new ForkTime(200, 200, 2.0, 4.0)));

        assertThat(PairedTimes.of(before, now))
                .hasValueSatisfying(each -> assertThat(each.factor()).isCloseTo(2, within(1e-9)));
    }

    @Test
    void of_noReference_comparesTheTimes() {
        CaseResult before = of(List.of(new ForkTime(100, 200, null, null)));
        CaseResult now = of(List.of(new ForkTime(110, 200, null, null)));

        assertThat(PairedTimes.of(before, now))
                .hasValueSatisfying(each -> assertThat(each.factor()).isCloseTo(1.1, within(1e-9)));
    }

    @Test
    void of_noTimes_isEmpty() {
        assertThat(PairedTimes.of(of(List.of()), of(List.of()))).isEmpty();
    }

    /** The pairs of a case until none may decide. */
    private static List<Double> measured(Random random, double change) {
        List<Double> changes = new ArrayList<>();
        do {
            boolean outlier = random.nextInt(20) == 0;
            double odd = outlier ? (random.nextBoolean() ? 1.15 : 1 / 1.15) : 1;
            changes.add(change * odd * Math.exp(random.nextGaussian() * NOISE));
        } while (times(changes).isOpen());
        return changes;
    }

    /** A look that needs a proof, and the proof: a change several times, and others. */
    private static List<Double> followedBy(int times, double change, Double... more) {
        List<Double> changes = new ArrayList<>(List.of(1.1, 1.1, 1.1));
        changes.addAll(Collections.nCopies(times, change));
        changes.addAll(List.of(more));
        return changes;
    }

    private static PairedTimes times(List<Double> changes) {
        CaseResult before = of(Collections.nCopies(changes.size(), new ForkTime(50, 90, 2.0, 1.0)));
        CaseResult now = of(changes.stream()
                .map(each -> new ForkTime(50 * each, 90, 2 * each, each))
                .toList());
        return PairedTimes.of(before, now).orElseThrow();
    }

    private static CaseResult of(List<ForkTime> forks) {
        return new CaseResult(SCAN, forks, Costs.NONE);
    }
}
