package io.iftb.cache.benchmarks.measure;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.iftb.cache.benchmarks.contender.Contender;
import io.iftb.cache.benchmarks.result.Costs;
import io.iftb.cache.benchmarks.result.ForkTime;
import io.iftb.cache.benchmarks.workload.Load;
import io.iftb.cache.benchmarks.workload.Workload;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class HarnessTest {

    private static final Harness HARNESS = new Harness();
    private static final InterleavedTiming SHORT =
            new InterleavedTiming(Duration.ofMillis(20), 1, Duration.ofMillis(50), 5);
    private static final Duration WARM_UP = Duration.ofMillis(20);

    @AfterAll
    static void close() {
        HARNESS.close();
    }

    @ParameterizedTest
    @EnumSource(names = {"LATEST", "INGEST", "GET", "ENCODE_BARS"})
    void times_supportingContenders_haveTimesAndRatios(Workload workload) {
        Load load = SmallLoads.of(workload);
        List<Contender> contenders = Arrays.stream(Contender.values())
                .filter(each -> each.does(load) && each != Contender.HAZELCAST_JCACHE)
                .toList();

        Map<Contender, ForkTime> times = HARNESS.times(SHORT, load, contenders, 1);

        assertThat(times).containsOnlyKeys(contenders);
        times.forEach((contender, time) -> {
            assertThat(time.microseconds()).isPositive();
            assertThat(time.microseconds99()).isGreaterThanOrEqualTo(time.microseconds());
            ForkTime socket = times.get(Contender.SOCKET);
            if (socket == null) {
                assertThat(time.ratioToSocket()).isNull();
            } else {
                assertThat(time.ratioToSocket()).isCloseTo(time.microseconds() / socket.microseconds(), within(1e-9));
            }
        });
    }

    @Test
    void times_fourThreads_haveRatios() {
        Map<Contender, ForkTime> times = HARNESS.times(
                SHORT, SmallLoads.of(Workload.GET).threads(4), List.of(Contender.IFTB_TCP, Contender.SOCKET), 1);

        assertThat(times.get(Contender.IFTB_TCP))
                .extracting(ForkTime::ratioToSocket, InstanceOfAssertFactories.DOUBLE)
                .isPositive();
    }

    @Test
    void times_whatIsHeldInThisJvm_haveRatiosToCaffeine() {
        Map<Contender, ForkTime> times = HARNESS.times(
                SHORT, SmallLoads.of(Workload.NEAR_GET), List.of(Contender.IFTB_NEAR, Contender.CAFFEINE), 1);

        assertThat(times.get(Contender.IFTB_NEAR))
                .extracting(ForkTime::ratioToCaffeine, InstanceOfAssertFactories.DOUBLE)
                .isPositive();
        assertThat(times.get(Contender.CAFFEINE))
                .extracting(ForkTime::ratioToCaffeine, InstanceOfAssertFactories.DOUBLE)
                .isEqualTo(1);
    }

    @Test
    void costs_latest_areOneCommandAndTheRows() {
        Costs costs = HARNESS.costs(SmallLoads.of(Workload.LATEST), Contender.IFTB_TCP, WARM_UP);

        assertThat(costs.commands()).isEqualTo(1);
        assertThat(costs.roundTrips()).isEqualTo(1);
        assertThat(costs.wireBytes()).isBetween(5_600.0, 5_750.0);
        assertThat(costs.allocatedBytes()).isGreaterThan(4_800);
        assertThat(costs.serverMicroseconds()).isBetween(0.1, 1_000.0);
        assertThat(costs.bytesPerBar()).isBetween(56.0, 60.0);
    }

    @Test
    void costs_range_areThoseOfPlainCommands() {
        Load load = Load.of(Workload.RANGE, Map.of("limit", 500, "bars", 8_000));

        Costs costs = HARNESS.costs(load, Contender.IFTB_TCP, WARM_UP);

        assertThat(costs.roundTrips()).isEqualTo(1);
        assertThat(costs.serverMicroseconds()).isPositive();
        assertThat(costs.bytesPerBar()).isBetween(10.0, 40.0);
    }

    @Test
    void costs_lateBar_areAPageReadAndExchanged() {
        Load load = Load.of(Workload.LATE, Map.of("bars", 8_000));

        Costs costs = HARNESS.costs(load, Contender.IFTB_TCP, WARM_UP);

        assertThat(costs.commands()).isEqualTo(3);
        assertThat(costs.roundTrips()).isEqualTo(2);
        assertThat(costs.serverMicroseconds()).isPositive();
    }

    @Test
    void costs_backfillAndSingleBars_areOneRoundTrip() {
        Load backfill = Load.of(Workload.BACKFILL, Map.of("bars", 8_000, "limit", 1_000));
        Load single = Load.of(Workload.BARS, Map.of("bars", 8_000, "limit", 100, "step", 70));

        Costs written = HARNESS.costs(backfill, Contender.IFTB_TCP, WARM_UP);
        assertThat(written.commands()).isEqualTo(2);
        assertThat(written.roundTrips()).isEqualTo(1);
        assertThat(HARNESS.costs(single, Contender.IFTB_TCP, WARM_UP).roundTrips())
                .isEqualTo(1);
        assertThat(HARNESS.costs(single, Contender.JEDIS, WARM_UP).roundTrips()).isEqualTo(1);
    }

    @Test
    void costs_unixSocket_equalThoseOfTcp() {
        Load load = SmallLoads.of(Workload.UPSERT);
        Costs tcp = HARNESS.costs(load, Contender.IFTB_TCP, WARM_UP);
        Costs unix = HARNESS.costs(load, Contender.IFTB_UNIX, WARM_UP);

        assertThat(unix.commands()).isEqualTo(tcp.commands());
        // its namespace is one letter longer, in three keys and the prefix of pages
        assertThat(unix.wireBytes()).isEqualTo(requireNonNull(tcp.wireBytes()) + 4);
    }

    @Test
    void costs_batch_areManyCommandsInOneRoundTrip() {
        for (Contender contender : List.of(Contender.IFTB_TCP, Contender.JEDIS, Contender.LETTUCE)) {
            Costs costs = HARNESS.costs(SmallLoads.of(Workload.UNIVERSE), contender, WARM_UP);

            assertThat(costs.commands()).isEqualTo(5);
            assertThat(costs.roundTrips()).isEqualTo(1);
        }
    }

    @Test
    void costs_scanOverKeys_areOneRoundTripForEachBar() {
        Load load = Load.of(Workload.LATEST, Map.of("limit", 10, "bars", 100));

        Costs costs = HARNESS.costs(load, Contender.JSON_SCAN, WARM_UP);

        assertThat(costs.commands()).isEqualTo(101);
        assertThat(costs.roundTrips()).isEqualTo(101);
    }

    @Test
    void costs_readThenWrite_areTwoRoundTrips() {
        Costs costs = HARNESS.costs(SmallLoads.of(Workload.INVOKE), Contender.SOCKET, WARM_UP);

        assertThat(costs.commands()).isEqualTo(2);
        assertThat(costs.roundTrips()).isEqualTo(2);
    }

    @Test
    void costs_whatIsHeldInThisJvm_areNoCommandAndNoBytes() {
        Costs get = HARNESS.costs(SmallLoads.of(Workload.NEAR_GET), Contender.IFTB_NEAR, WARM_UP);
        Costs counted = HARNESS.costs(SmallLoads.of(Workload.NEAR_GET), Contender.IFTB_NEAR_COUNTED, WARM_UP);
        Costs latest = HARNESS.costs(SmallLoads.of(Workload.NEAR_LATEST), Contender.IFTB_NEAR, WARM_UP);

        assertThat(List.of(get, counted, latest)).allSatisfy(each -> {
            assertThat(each.commands()).isZero();
            assertThat(each.roundTrips()).isZero();
        });
        assertThat(get.allocatedBytes()).isLessThan(1);
        assertThat(counted.allocatedBytes()).isLessThan(1);
        assertThat(latest.allocatedBytes()).isLessThan(64);
    }

    @ParameterizedTest
    @EnumSource(names = {"LATEST", "INGEST", "PUT_ALL", "INVOKE"})
    void costs_countedAgain_areTheSame(Workload workload) {
        Costs first = HARNESS.costs(SmallLoads.of(workload), Contender.IFTB_TCP, WARM_UP);
        Costs second = HARNESS.costs(SmallLoads.of(workload), Contender.IFTB_TCP, WARM_UP);

        assertThat(second.commands()).isEqualTo(first.commands());
        assertThat(second.roundTrips()).isEqualTo(first.roundTrips());
        assertThat(second.wireBytes()).isEqualTo(first.wireBytes());
        assertThat(second.bytesPerBar()).isEqualTo(first.bytesPerBar());
    }
}
