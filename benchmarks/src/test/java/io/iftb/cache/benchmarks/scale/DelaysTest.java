package io.iftb.cache.benchmarks.scale;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class DelaysTest {

    @Test
    void quantile_isTheNearestRank() {
        Delays delays = new Delays();
        assertThat(delays.quantile(0.99)).isZero();
        for (int i = 100; i >= 1; i--) {
            delays.add(i);
        }

        assertThat(delays.quantile(0.5)).isEqualTo(50);
        assertThat(delays.quantile(0.99)).isEqualTo(99);
        assertThat(delays.quantile(1)).isEqualTo(100);
        assertThat(delays.quantile(0)).isEqualTo(1);
    }
}
