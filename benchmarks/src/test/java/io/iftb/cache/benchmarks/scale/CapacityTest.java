package io.iftb.cache.benchmarks.scale;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.withinPercentage;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Holds the calculation against the simulation, request by request, of one primary. */
class CapacityTest {

    private static final ServerCosts COSTS = ServerCosts.MEASURED;
    private static final Duration TIME = Duration.ofSeconds(3);
    private static final long SEED = 20_261_130;
    private static final double LONG_MICROS = 10_000;

    private static Fleet fleet(int bots, double reads, Reading reading) {
        return new Fleet(bots, 500, 20, reads, 1, 10_000, reading);
    }

    private static ServerLoop.Result run(Fleet fleet, Moments moments) {
        return ServerLoop.run(COSTS, fleet, moments, TIME, SEED);
    }

    /** With how many bots 99 of 100 simulated reads take less than 10 ms. */
    private static int simulatedMost(Fleet fleet, int above) {
        int fits = 0;
        int most = above;
        while (most - fits > above / 1_000) {
            int bots = (fits + most) / 2;
            if (run(fleet.withBots(bots), Moments.SPREAD).most99() <= LONG_MICROS) {
                fits = bots;
            } else {
                most = bots;
            }
        }
        return fits;
    }

    @ParameterizedTest
    @CsvSource({"1, SERVER", "10, SERVER", "10, NEAR", "0.5, NEAR"})
    void mostBots_untilReadsTakeLong_isThatOfTheSimulation(double reads, Reading reading) {
        Fleet fleet = fleet(0, reads, reading);
        int calculated = Limit.DELAY.mostBots(new Capacity(COSTS, fleet, 1));

        int simulated = simulatedMost(fleet, 3 * calculated);

        System.out.println("saturation, " + fleet.reading() + ", " + reads + " reads a second of each series: "
                + calculated + " bots calculated, " + simulated + " simulated");
        assertThat(calculated).isCloseTo(simulated, withinPercentage(10));
    }

    @ParameterizedTest
    @CsvSource({"200, 1, SERVER", "2000, 1, SERVER", "10, 10, NEAR", "100, 10, NEAR", "300, 0.5, NEAR"})
    void figures_ofAFleetThatFits_areThoseOfTheSimulation(int bots, double reads, Reading reading) {
        Capacity capacity = new Capacity(COSTS, fleet(bots, reads, reading), 1);

        ServerLoop.Result run = run(capacity.fleet(), Moments.SPREAD);

        System.out.println(capacity.fleet() + " calculated: busy " + capacity.utilization() + ", reads "
                + capacity.reads() + ", told " + capacity.tellingTurns() + ", 99% " + capacity.delayMicros() + "; "
                + run);
        assertThat(run.writes()).isCloseTo(capacity.writes(), withinPercentage(2));
        assertThat(run.reads()).isCloseTo(capacity.reads(), withinPercentage(5));
        assertThat(run.utilization()).isCloseTo(capacity.utilization(), withinPercentage(10));
        assertThat(run.most99()).isBetween(0.35 * capacity.delayMicros(), 1.1 * capacity.delayMicros());
    }

    /** Bars of one timeframe close together: who reads then waits for the writes of all series. */
    @Test
    void longestRead_allSeriesWrittenAtOnce_waitsForAllWrites() {
        Fleet fleet = fleet(500, 1, Reading.SERVER);
        double calculated = fleet.series() * COSTS.writeMicros() / (1 - 500 * 20 * COSTS.readMicros() / 1e6);

        ServerLoop.Result run = run(fleet, Moments.TOGETHER);

        assertThat(run.longest()).isCloseTo(calculated, withinPercentage(15));
        assertThat(run.median()).isLessThan(100);
    }

    @Test
    void run_sameSeed_isTheSame() {
        Fleet fleet = fleet(50, 2, Reading.NEAR);
        assertThat(run(fleet, Moments.SPREAD)).isEqualTo(run(fleet, Moments.SPREAD));
    }

    /** The costs were measured one by one and with 20 writes at once; the model must give both. */
    @ParameterizedTest
    @ValueSource(ints = {0, 1, 10, 50})
    void costOfAWrite_asMeasured_isThatOfTheModel(int clients) throws IOException {
        String measured = Files.readString(Path.of("results", "near.txt"));
        double command = 1.7; // a SET of 70 bytes

        assertThat(COSTS.roundTrip() + command + clients * COSTS.message())
                .isCloseTo(micros(measured, clients, 1), withinPercentage(50));
        assertThat((COSTS.roundTrip() + clients * COSTS.message()) / 20 + command)
                .isCloseTo(micros(measured, clients, 20), withinPercentage(50));
    }

    private static double micros(String measured, int clients, int together) {
        String who = switch (clients) {
            case 0 -> "nobody tracks";
            case 1 -> "1 JVM tracks it";
            default -> clients + " JVMs track it";
        };
        int section = measured.indexOf("server CPU for a write, 10,000 writes a second, " + together + " at once");
        Matcher line = Pattern.compile("(?m)^ +" + who + " +([0-9.]+) µs").matcher(measured);
        assertThat(line.find(section)).isTrue();
        return Double.parseDouble(line.group(1));
    }

    @Test
    void first_severalPrimaries_isAsTheFleetNeeds() {
        Fleet small = fleet(1, 1, Reading.SERVER);
        Fleet history = new Fleet(1, 100_000, 20, 1, 0.01, 525_600, Reading.SERVER);

        assertThat(new Capacity(COSTS, small, 1).first()).isEqualTo(Limit.PROCESSOR);
        assertThat(new Capacity(COSTS, small, 100).first()).isEqualTo(Limit.CONNECTIONS);
        assertThat(new Capacity(COSTS, history, 1).first()).isEqualTo(Limit.MEMORY);
        assertThat(Limit.MEMORY.mostBots(new Capacity(COSTS, history, 1))).isZero();
    }

    @Test
    void fleet_thatMakesNoSense_isRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Fleet(1, 5, 6, 1, 1, 1, Reading.NEAR))
                .withMessageContaining("6 of 5 series");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Fleet(1, 5, 5, 0, 1, 1, Reading.NEAR))
                .withMessageContaining("must be positive");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Capacity(COSTS, fleet(1, 1, Reading.NEAR), 0))
                .withMessageContaining("at least one");
    }
}
