package io.iftb.cache.benchmarks.measure;

import static org.assertj.core.api.Assertions.assertThat;

import io.iftb.cache.benchmarks.contender.BarContender;
import io.iftb.cache.benchmarks.contender.Contender;
import io.iftb.cache.benchmarks.workload.Load;
import io.iftb.cache.benchmarks.workload.Workload;
import io.iftb.cache.market.SeriesKey;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class WorkloadFixtureTest {

    /** All contenders are made ready before the first of them is measured. */
    @ParameterizedTest
    @EnumSource(names = {"UPSERT", "LATE"})
    void ready_severalContendersThatWrite_keepTheBarsOfEach(Workload workload) {
        Load load = Load.of(workload, Map.of("bars", 2_500));
        List<Contender> contenders = List.of(Contender.IFTB_TCP, Contender.SOCKET, Contender.JEDIS);
        try (BenchmarkServer server = new BenchmarkServer();
                WorkloadFixture fixture = new WorkloadFixture(server, server.address())) {
            contenders.forEach(each -> fixture.ready(load, each));

            for (Contender each : contenders) {
                assertThat(storedBars(each, server)).as(each.label()).isEqualTo(2_500);
            }
        }
    }

    private static int storedBars(Contender contender, BenchmarkServer server) {
        try (BarContender bars = contender.openBars(server.address())) {
            return bars.bars(bars.latest(SeriesKey.of("SYM0USDT", "1m"), 5_000)).size();
        }
    }

    @Test
    void ready_anotherLoadOfTheSameBars_hasThemAsTheyWere() {
        try (BenchmarkServer server = new BenchmarkServer();
                WorkloadFixture fixture = new WorkloadFixture(server, server.address())) {
            fixture.ready(Load.of(Workload.LATE, Map.of("bars", 2_500)), Contender.IFTB_TCP);

            Load range = Load.of(Workload.RANGE, Map.of("bars", 2_500, "limit", 2_000));

            assertThat(fixture.ready(range, Contender.IFTB_TCP))
                    .as("with the bars that it verifies")
                    .hasSize(1);
        }
    }
}
