package io.iftb.cache.benchmarks.report;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class LayoutTest {

    @Test
    void apart_crowdedLabels_keepTheirDistanceAndStayInside() {
        double[] places = Labels.apart(new double[] {5, 290, 292, 294, 296, 298, 300}, 15, 300);

        for (int i = 1; i < places.length; i++) {
            assertThat(places[i] - places[i - 1]).isGreaterThanOrEqualTo(15);
        }
        assertThat(places[0]).isEqualTo(5);
        assertThat(places[6]).isLessThanOrEqualTo(300);
    }

    @Test
    void apart_labelsWithRoom_stayWhereTheyAreWanted() {
        assertThat(Labels.apart(new double[] {10, 50, 200}, 15, 300)).containsExactly(10, 50, 200);
    }

    @Test
    void fitting_nearValues_isLinearWithRoundTicks() {
        Scale scale = Scale.fitting(1, 2);

        assertThat(scale.ticks()).containsExactly(1.0, 1.2, 1.4, 1.6, 1.8, 2.0);
        assertThat(scale.share(1.5)).isEqualTo(0.5);
    }

    @Test
    void fitting_ordersOfMagnitude_isLogarithmic() {
        Scale scale = Scale.fitting(1, 10_000);

        assertThat(scale.ticks()).containsExactly(1.0, 10.0, 100.0, 1_000.0, 10_000.0);
        assertThat(scale.share(100)).isEqualTo(0.5);
    }

    @Test
    void fitting_oneValue_standsInTheMiddle() {
        assertThat(Scale.fitting(1, 1).share(1)).isEqualTo(0.5);
    }

    @Test
    void number_anySize_hasAboutThreeDigits() {
        assertThat(Figures.number(1.034)).isEqualTo("1.03");
        assertThat(Figures.number(27.44)).isEqualTo("27.4");
        assertThat(Figures.number(1932.4)).isEqualTo("1,932");
        assertThat(Figures.number(0.0123)).isEqualTo("0.012");
        assertThat(Figures.number(null)).isEqualTo("–");
        assertThat(Figures.tick(200_000)).isEqualTo("200k");
    }
}
