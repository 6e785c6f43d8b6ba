package io.iftb.cache.redis;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class TrafficTest {

    @Test
    void connectDelay_aStormOfConnections_isStretchedAfterABurst() {
        Traffic traffic = new Traffic();
        for (int i = 0; i < 60; i++) {
            assertThat(traffic.connectDelayNanos()).isNotPositive();
        }
        long last = 0;
        for (int i = 0; i < 100; i++) {
            last = traffic.connectDelayNanos();
        }
        assertThat(last).isGreaterThan(TimeUnit.MILLISECONDS.toNanos(1_000));
    }
}
