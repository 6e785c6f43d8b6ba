package io.iftb.cache.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;

class LatestBarsBenchmarkTest {

    @Test
    void latest_asMeasured_givesTheNewestBars() {
        LatestBarsBenchmark benchmark = new LatestBarsBenchmark();
        benchmark.open();
        try {
            assertThat(benchmark.latest().bars())
                    .isEqualTo(LatestBarsBenchmark.bars().subList(900, 1_000));
            assertThat(benchmark.bucket()).hasSize(5_600);
        } finally {
            benchmark.close();
        }
    }

    @Test
    void allBenchmarks_oneShortIteration_run() throws Exception {
        var results = new Runner(new OptionsBuilder()
                        .include(LatestBarsBenchmark.class.getName())
                        .forks(0)
                        .warmupIterations(0)
                        .measurementIterations(1)
                        .measurementTime(TimeValue.milliseconds(100))
                        .shouldFailOnError(true)
                        .build())
                .run();

        assertThat(results).hasSize(2);
    }
}
