package io.iftb.cache.benchmarks.gate;

import static org.assertj.core.api.Assertions.assertThat;

import io.iftb.cache.benchmarks.result.Case;
import io.iftb.cache.benchmarks.result.CaseResult;
import io.iftb.cache.benchmarks.result.Costs;
import io.iftb.cache.benchmarks.result.ForkTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The error rates of the rule, by simulation. The ratio of a fork has 3% noise; half of it comes from the contender and is
 * the same for both references. In 30% of the runs of a case one fork is an outlier of 20%.
 */
class TimeRuleTest {

    private static final Case SCAN = Case.of("iftb-tcp", "latest", Map.of("limit", 100));
    private static final int CASES = 20;
    private static final double NOISE = 0.03;

    @ParameterizedTest
    @ValueSource(ints = {7, 8})
    void judge_sameBuild_failsLessThanOneOfAThousandRuns(int forks) {
        Random random = new Random(1);
        int runs = 1_000;
        int alarms = 0;
        for (int i = 0; i < runs * CASES; i++) {
            alarms += TimeRule.isSlower(simulated(random, forks, 1), simulated(random, forks, 1)) ? 1 : 0;
        }

        assertThat(alarms).as("alarms in %s runs", runs).isZero();
    }

    @ParameterizedTest
    @ValueSource(ints = {7, 8})
    void judge_slowerBy15Percent_isSeenIn999Of1000(int forks) {
        Random random = new Random(2);
        int runs = 2_000;
        int missed = 0;
        for (int i = 0; i < runs; i++) {
            missed += TimeRule.isSlower(simulated(random, forks, 1), simulated(random, forks, 1.15)) ? 0 : 1;
        }

        assertThat(missed).as("missed of %s", runs).isLessThanOrEqualTo(runs / 1_000);
    }

    @Test
    void judge_slowerAgainstOneReferenceOnly_isNoRegression() {
        CaseResult before = of(8, 1.0, 1.0);
        CaseResult slowBucket = of(8, 1.3, 1.0);

        assertThat(TimeRule.judge(before, slowBucket)).isEmpty();
    }

    @Test
    void judge_oneReference_decidesAlone() {
        Optional<FigureChange> moved = TimeRule.judge(of(8, 1.0, null), of(8, 1.2, null));

        assertThat(moved).hasValueSatisfying(each -> {
            assertThat(each.kind()).isEqualTo(ChangeKind.REGRESSION);
            assertThat(each.figure()).isEqualTo("time / bare socket");
            assertThat(each.factor()).isBetween(1.19, 1.21);
        });
    }

    @Test
    void judge_tenTimesItsReferences_isSlowerBy15PercentOnly() {
        assertThat(TimeRule.isSlower(of(8, 25.0, 20.0), of(8, 27.5, 22.0))).isFalse();
        assertThat(TimeRule.isSlower(of(8, 25.0, 20.0), of(8, 29.5, 23.5))).isTrue();
        assertThat(TimeRule.isSlower(of(8, 9.0, 5.0), of(8, 9.9, 5.5))).isTrue();
    }

    @Test
    void judge_noReference_reportsNothing() {
        assertThat(TimeRule.judge(of(8, null, null), of(8, null, null))).isEmpty();
    }

    @Test
    void judge_referencesLost_isMissing() {
        assertThat(TimeRule.judge(of(8, 1.0, 1.0), of(8, null, null)))
                .hasValueSatisfying(each -> assertThat(each.kind()).isEqualTo(ChangeKind.MISSING));
    }

    @Test
    void judge_fasterAgainstBoth_isAnImprovement() {
        assertThat(TimeRule.judge(of(8, 1.0, 1.0), of(8, 0.8, 0.85)))
                .hasValueSatisfying(each -> assertThat(each.kind()).isEqualTo(ChangeKind.IMPROVEMENT));
    }

    @Test
    void judge_fewForks_showsChangesWithoutJudging() {
        assertThat(TimeRule.judge(of(8, 1.0, 1.0), of(2, 1.3, 1.3)))
                .hasValueSatisfying(each -> assertThat(each.kind()).isEqualTo(ChangeKind.SHOWN));
        assertThat(TimeRule.judge(of(8, 1.0, 1.0), of(2, 1.0, 1.0))).isEmpty();
    }

    @Test
    void judge_forksDifferTooMuch_isTooNoisy() {
        CaseResult wild = measured(List.of(
                fork(0.7, 0.7),
                fork(1.4, 1.4),
                fork(0.8, 0.8),
                fork(1.3, 1.3),
                fork(1.0, 1.0),
                fork(0.9, 0.9),
                fork(1.2, 1.2)));

        assertThat(TimeRule.judge(of(8, 1.0, 1.0), wild))
                .hasValueSatisfying(each -> assertThat(each.kind()).isEqualTo(ChangeKind.NOISY));
    }

    private static CaseResult simulated(Random random, int forks, double slower) {
        int odd = random.nextDouble() < 0.3 ? random.nextInt(forks) : -1;
        List<ForkTime> times = new ArrayList<>();
        for (int i = 0; i < forks; i++) {
            double own = slower * noise(random) * (i == odd ? 1.2 : 1);
            times.add(fork(own / noise(random), own / noise(random)));
        }
        return measured(times);
    }

    private static double noise(Random random) {
        return Math.exp(random.nextGaussian() * NOISE / Math.sqrt(2));
    }

    private static CaseResult of(int forks, @Nullable Double socket, @Nullable Double bucket) {
        List<ForkTime> times = new ArrayList<>();
        for (int i = 0; i < forks; i++) {
            double noise = 1 + 0.002 * i;
            times.add(fork(socket == null ? null : socket * noise, bucket == null ? null : bucket * noise));
        }
        return measured(times);
    }

    private static ForkTime fork(@Nullable Double socket, @Nullable Double bucket) {
        return new ForkTime(30, 60, socket, bucket);
    }

    private static CaseResult measured(List<ForkTime> times) {
        return new CaseResult(SCAN, times, Costs.NONE);
    }
}
