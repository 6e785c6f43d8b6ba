package io.iftb.cache.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.iftb.cache.market.OhlcvBar;
import java.util.List;
import org.junit.jupiter.api.Test;

class RandomWalkTest {

    @Test
    void hours_sameSeed_isTheSameWalk() {
        assertThat(RandomWalk.hours(500, 7)).isEqualTo(RandomWalk.hours(500, 7)).isNotEqualTo(RandomWalk.hours(500, 8));
    }

    /** Pinned, so that a change of it, or of a JDK's random numbers, fails this test. */
    @Test
    void hours_seedOfTheDemo_startsAndEndsLikeThis() {
        List<OhlcvBar> year = RandomWalk.hours(RandomWalk.YEAR, 107);
        assertThat(year.get(0)).isEqualTo(new OhlcvBar(1735689600000L, 93500, 93757.4, 93402.36, 93725.55, 679.73616));
        assertThat(year.get(8759))
                .extracting(OhlcvBar::high, OhlcvBar::low, OhlcvBar::close)
                .containsExactly(109361.98, 107642.52, 109347.96);
    }

    @Test
    void hours_aYear_isHourlyWithoutGapsAndPlausible() {
        List<OhlcvBar> year = RandomWalk.hours(RandomWalk.YEAR, 107);
        for (int i = 0; i < year.size(); i++) {
            OhlcvBar bar = year.get(i).requireConsistent();
            assertThat(bar.openTime()).isEqualTo(1735689600000L + i * 3_600_000L);
            assertThat(bar.close()).isBetween(20_000.0, 400_000.0);
            assertThat(bar.volume()).isPositive();
            assertThat(i == 0 ? bar.open() : year.get(i - 1).close()).isEqualTo(bar.open());
        }
    }
}
