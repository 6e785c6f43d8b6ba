package io.iftb.cache.benchmarks.statistics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.iftb.cache.benchmarks.statistics.BootstrapDistribution.Weighted;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ForkSampleTest {

    @Test
    void median_oddAndEven_isTheMiddle() {
        assertThat(ForkSample.of(List.of(3.0, 1.0, 9.0)).median()).isEqualTo(3);
        assertThat(ForkSample.of(List.of(3.0, 1.0, 9.0, 5.0)).median()).isEqualTo(4);
    }

    @Test
    void of_nothing_isRefused() {
        assertThatThrownBy(() -> ForkSample.of(List.of())).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void interval_oneFork_isItsFigure() {
        assertThat(ForkSample.of(List.of(2.0)).interval()).isEqualTo(new Interval(2, 2));
    }

    @Test
    void interval_oneOutlierOfEightForks_excludesIt() {
        ForkSample sample = ForkSample.of(List.of(1.0, 1.01, 1.02, 1.03, 1.04, 1.05, 1.06, 1.3));

        assertThat(sample.interval().high()).isLessThan(1.07);
        assertThat(sample.median()).isCloseTo(1.035, within(1e-9));
    }

    @ParameterizedTest
    @ValueSource(ints = {2, 3, 6, 7, 8, 15})
    void ofMedian_anyNumberOfForks_equalsARandomBootstrap(int forks) {
        Random random = new Random(forks);
        double[] sorted = random.doubles(forks, 1, 2).sorted().toArray();
        List<Weighted> exact = BootstrapDistribution.ofMedian(sorted).values();

        assertThat(exact.stream().mapToDouble(Weighted::probability).sum()).isCloseTo(1, within(1e-9));
        int draws = 50_000;
        double[] drawn = new double[draws];
        for (int i = 0; i < draws; i++) {
            drawn[i] = ForkSample.of(Arrays.stream(random.ints(forks, 0, forks).toArray())
                            .mapToObj(index -> sorted[index])
                            .toList())
                    .median();
        }
        for (double share : new double[] {0.2, 0.5, 0.8}) {
            double value = sorted[(int) (share * forks)];
            double expected = Arrays.stream(drawn).filter(each -> each <= value).count() / (double) draws;
            double found = exact.stream()
                    .filter(each -> each.value() <= value)
                    .mapToDouble(Weighted::probability)
                    .sum();
            assertThat(found).isCloseTo(expected, within(0.01));
        }
    }

    @Test
    void intervalOver_sameFigures_containsOne() {
        ForkSample sample = ForkSample.of(List.of(1.0, 1.1, 1.2, 1.3, 1.4, 1.5, 1.6));

        Interval ratio = sample.intervalOver(sample);

        assertThat(ratio.low()).isLessThan(1);
        assertThat(ratio.high()).isGreaterThan(1);
    }
}
