package io.iftb.cache.benchmarks.measure;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.iftb.cache.benchmarks.contender.Contender;
import io.iftb.cache.benchmarks.result.Costs;
import io.iftb.cache.benchmarks.workload.Load;
import io.iftb.cache.benchmarks.workload.Workload;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class HandicapTest {

    private static final Load LOAD = SmallLoads.of(Workload.LATEST);

    @Test
    void costs_handicap_areHigher() {
        try (Harness harness = new Harness()) {
            Costs plain = costs(harness);
            System.setProperty("iftb.benchmarks.handicap.commands", "2");
            System.setProperty("iftb.benchmarks.handicap.allocation", "100");
            Costs worse = costs(harness);

            assertThat(plain.commands()).isEqualTo(1);
            assertThat(worse.commands()).isEqualTo(3);
            assertThat(worse.allocatedBytes()).isGreaterThan(requireNonNull(plain.allocatedBytes()) + 8_000);
        } finally {
            System.clearProperty("iftb.benchmarks.handicap.commands");
            System.clearProperty("iftb.benchmarks.handicap.allocation");
        }
    }

    private static Costs costs(Harness harness) {
        return harness.costs(LOAD, Contender.IFTB_TCP, Duration.ofMillis(20));
    }
}
