package io.iftb.cache.benchmarks.measure;

import static io.iftb.cache.benchmarks.measure.NearCosts.atLeast;
import static io.iftb.cache.benchmarks.measure.WrongAnswerException.requireEqual;

import io.iftb.cache.benchmarks.contender.BarContender;
import io.iftb.cache.benchmarks.contender.Contender;
import io.iftb.cache.benchmarks.contender.Endpoint;
import io.iftb.cache.benchmarks.workload.Dataset;
import io.iftb.cache.benchmarks.workload.SyntheticData;
import io.iftb.cache.market.BarSeries;
import io.iftb.cache.market.OhlcvBar;
import io.iftb.cache.market.SeriesKey;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * The newest 100 bars of 500 series, read again and again while another client writes each open bar once a second.
 *
 * @param server the server
 * @param turn how long each turn takes
 * @param rounds how many turns it has
 */
record NearUniverse(BenchmarkServer server, Duration turn, int rounds) {

    private static final String SECTION = "100 bars of 500 series, 500 open bars written each second";
    private static final int SERIES = 500;
    private static final int BARS = 200;
    private static final int LIMIT = 100;

    List<CostFigure> figures() {
        List<SeriesKey> universe = new Dataset(SERIES, BARS, 0).keys();
        BarSeries bars = SyntheticData.bars(BARS);
        OhlcvBar open = bars.bar(BARS - 1);
        Contender contender = Contender.IFTB_NEAR;
        try (TrafficProxy proxy = new TrafficProxy(server.address());
                BarContender other = plain(server.address());
                BarContender plain = plain(server.address());
                BarContender near = contender.openBars(server.address());
                BarContender proxied = contender.openBars(proxy.address())) {
            for (SeriesKey series : universe) {
                other.put(series, bars.bars());
            }
            try (PacedWriter writer = new PacedWriter(
                    Duration.ofSeconds(1).dividedBy(SERIES),
                    number -> other.upsert(
                            universe.get((int) (number % SERIES)), SyntheticData.traded(open, (int) number)))) {
                check(near, universe, bars);
                return measure(universe, near, plain, proxied, proxy.traffic(), writer);
            }
        }
    }

    /** The same series without a near cache. */
    private static BarContender plain(Endpoint address) {
        return Contender.IFTB_TCP.openBars(address, Contender.IFTB_NEAR.label());
    }

    private static void check(BarContender contender, List<SeriesKey> universe, BarSeries bars) {
        for (BarSeries each : contender.universe(contender.latest(universe, LIMIT))) {
            requireEqual(bars.slice(BARS - LIMIT, BARS - 1), each.slice(0, LIMIT - 1));
        }
    }

    private List<CostFigure> measure(
            List<SeriesKey> universe,
            BarContender near,
            BarContender plain,
            BarContender proxied,
            TrafficCounter traffic,
            PacedWriter writer) {
        double[] with = new double[rounds];
        double[] without = new double[rounds];
        bars(near, universe);
        for (int round = 0; round < rounds; round++) {
            without[round] = bars(plain, universe);
            with[round] = bars(near, universe);
        }
        Arrays.sort(with);
        Arrays.sort(without);
        double million = with[rounds / 2] / 1e6;
        double ratio = with[rounds / 2] / without[rounds / 2];
        List<CostFigure> figures = new ArrayList<>();
        figures.add(new CostFigure(SECTION, "without a near cache", without[rounds / 2] / 1e6, "M bars/s", ""));
        figures.add(new CostFigure(
                SECTION,
                "with one",
                million,
                "M bars/s",
                String.format(Locale.ROOT, "%.0f ×, %s", ratio, atLeast(100, million))));
        figures.addAll(traffic(universe, proxied, traffic, writer));
        return figures;
    }

    private List<CostFigure> traffic(
            List<SeriesKey> universe, BarContender proxied, TrafficCounter traffic, PacedWriter writer) {
        bars(proxied, universe); // holds all of them, as after a while
        traffic.begin(false);
        long writes = writer.writes();
        bars(proxied, universe);
        TrafficCounter.Count count = traffic.end();
        double seconds = turn.toNanos() / 1e9;
        return List.of(
                new CostFigure(
                        SECTION,
                        "commands of the reader",
                        count.allCommands() / seconds,
                        "/s",
                        String.format(Locale.ROOT, "%.0f writes/s meanwhile", (writer.writes() - writes) / seconds)),
                new CostFigure(
                        SECTION, "bytes of the reader", count.bytes() / seconds, "/s", "both ways, messages too"));
    }

    /** Reads during a turn; returns how many bars a second. */
    private double bars(BarContender contender, List<SeriesKey> universe) {
        long start = System.nanoTime();
        long passed = 0;
        long calls = 0;
        Object last = "";
        while (passed < turn.toNanos()) {
            last = contender.latest(universe, LIMIT);
            calls++;
            passed = System.nanoTime() - start;
        }
        requireEqual(SERIES, contender.universe(last).size());
        return calls * 1e9 / passed * SERIES * LIMIT;
    }
}
