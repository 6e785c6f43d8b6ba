package io.iftb.cache.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.iftb.cache.market.BarSeries;
import io.iftb.cache.market.OhlcvBar;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

/** When held bars are those of the server. */
class HeldBarsTest {

    private static BarSeries bars(long... openTimes) {
        return BarSeries.of(Arrays.stream(openTimes)
                .mapToObj(time -> new OhlcvBar(time, 1, 2, 1, 2, 3))
                .toList());
    }

    private static final HeldBars HELD = new HeldBars(Long.MAX_VALUE, bars(1, 2, 4, 5), true);

    @Test
    void agreesWithNewest_sameBars_does() {
        assertThat(HELD.agreesWithNewest(bars(1, 2, 4, 5))).isTrue();
    }

    /** Four rows were asked for, of which that of 3 has expired. */
    @Test
    void agreesWithNewest_expiredRowBetween_does() {
        assertThat(HELD.agreesWithNewest(bars(2, 4, 5))).isTrue();
    }

    @Test
    void agreesWithNewest_newerBarOrOneLess_doesNot() {
        assertThat(HELD.agreesWithNewest(bars(2, 4, 5, 6))).isFalse();
        assertThat(HELD.agreesWithNewest(bars(1, 2, 4))).isFalse();
        assertThat(HELD.agreesWithNewest(BarSeries.EMPTY)).isFalse();
    }

    @Test
    void agrees_readOfTheSameBars_does() {
        assertThat(HELD.agreesWithLatest(2, bars(4, 5))).isTrue();
        assertThat(HELD.agreesWithLatest(9, bars(1, 2, 4, 5))).isTrue();
        assertThat(HELD.agreesWithRange(2, 9, 9, bars(2, 4, 5))).isTrue();
        assertThat(HELD.agreesWithLatest(2, bars(2, 4))).isFalse();
    }

    /** Those that are held say that there are no older ones. */
    @Test
    void agrees_readWithAnOlderBar_doesNot() {
        assertThat(HELD.agreesWithLatest(9, bars(0, 1, 2, 4, 5))).isFalse();
        assertThat(HELD.agreesWithLatest(5, bars(0, 1, 2, 4, 5))).isFalse();
        assertThat(HELD.agreesWithRange(0, 9, 9, bars(0, 1, 2, 4, 5))).isFalse();
    }

    @Test
    void agrees_readWithAnOlderBarThanSomeOfTheNewest_does() {
        HeldBars newest = new HeldBars(Long.MAX_VALUE, bars(2, 4, 5), false);

        assertThat(newest.agreesWithLatest(4, bars(1, 2, 4, 5))).isTrue();
        assertThat(newest.agreesWithRange(0, 9, 9, bars(1, 2, 4, 5))).isTrue();
    }
}
