package io.iftb.cache.benchmarks.jmh;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;

class JmhTest {

    @Test
    void benchmarks_oneShortIteration_run() throws Exception {
        var results = new Runner(new OptionsBuilder()
                        .include(JmhTest.class.getPackageName())
                        .param("contender", "IFTB_TCP", "SOCKET", "IFTB_CODEC")
                        .param("limit", "100")
                        .param("workload", "GET", "ENCODE_TICKER")
                        .forks(0)
                        .warmupIterations(0)
                        .measurementIterations(1)
                        .measurementTime(TimeValue.milliseconds(50))
                        .build())
                .run();

        // supported pairs: two contenders scan; in each of two other classes two get and one encodes; four of pages
        assertThat(results)
                .hasSize(12)
                .allSatisfy(
                        each -> assertThat(each.getPrimaryResult().getScore()).isPositive());
    }
}
