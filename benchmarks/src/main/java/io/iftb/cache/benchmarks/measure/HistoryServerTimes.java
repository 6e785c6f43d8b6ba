package io.iftb.cache.benchmarks.measure;

import io.iftb.cache.benchmarks.contender.BarContender;
import io.iftb.cache.benchmarks.contender.Contender;
import io.iftb.cache.benchmarks.workload.NamedSeries;
import io.iftb.cache.benchmarks.workload.SyntheticData;
import io.iftb.cache.market.BarSeries;
import io.iftb.cache.market.OhlcvBar;
import io.iftb.cache.market.SeriesKey;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.IntConsumer;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.commons.math3.stat.descriptive.rank.Median;

/**
 * The server's time for an operation of ours: of all commands that the client sends for it, beside a script that only
 * returns. Both go through the proxy, in turns, so that the server is as busy with one as with the other.
 *
 * @param server an empty server
 * @param proxy the proxy in front of it, which counts what is sent
 * @param duration how long each operation is measured at least
 */
record HistoryServerTimes(BenchmarkServer server, TrafficProxy proxy, NamedSeries series, Duration duration) {

    private static final int CALLS = 100;
    private static final int WARM_TURNS = 2;
    private static final int MIN_TURNS = 9;
    private static final int RANGE = 1_000;
    private static final int LATEST = 5_000;

    /** The sum of some calls. */
    private interface Turn {

        /** Prepares the calls; not measured. */
        default void before() {}

        void call();

        default int calls() {
            return CALLS;
        }
    }

    List<CostFigure> figures() {
        SeriesKey key = series.key("SERVER");
        BarSeries bars = series.bars();
        try (BarContender ours = Contender.IFTB_TCP.openBars(proxy.address());
                EmptyScript script = new EmptyScript(server, proxy.address().port(), key)) {
            ours.put(key, bars.bars());
            new StoredSeries(server, key).settle();
            OhlcvBar newest = bars.bar(bars.size() - 1);
            int first = (bars.size() - RANGE) / 2;
            long from = bars.openTime(first);
            long to = bars.openTime(first + RANGE);
            return List.of(
                    measured(
                            "open bar, written again",
                            ", goal 3.5",
                            script,
                            times(i -> ours.upsert(key, SyntheticData.traded(newest, i)))),
                    measured("late bar, one of 100 missing ones", ", goal 15", script, late(ours)),
                    measured("1,000 missing bars in one call", "", script, missing(ours)),
                    measured("range of 1,000", "", script, times(i -> ours.range(key, from, to))),
                    measured("latest 5,000", "", script, times(i -> ours.latest(key, LATEST))),
                    measured("latest 100", "", script, times(i -> ours.latest(key, CALLS))));
        }
    }

    private static Turn times(IntConsumer call) {
        return () -> IntStream.range(0, CALLS).forEach(call);
    }

    /** Every second of 200 bars is missing, and they come one by one. */
    private Turn late(BarContender ours) {
        SeriesKey key = series.key("LATE");
        BarSeries bars = series.bars();
        int first = bars.size() / 2;
        ours.put(key, bars.bars());
        List<OhlcvBar> missing =
                IntStream.range(0, CALLS).mapToObj(i -> bars.bar(first + 2 * i)).toList();
        return new Turn() {
            @Override
            public void before() {
                ours.remove(key, missing);
            }

            @Override
            public void call() {
                missing.forEach(bar -> ours.upsert(key, bar));
            }
        };
    }

    private Turn missing(BarContender ours) {
        Backfill backfill = new Backfill(ours, series.key("BACKFILL"), series.bars(), RANGE);
        return new Turn() {
            @Override
            public void before() {
                backfill.before();
            }

            @Override
            public void call() {
                backfill.call();
            }

            @Override
            public int calls() {
                return 1;
            }
        };
    }

    private CostFigure measured(String what, String goal, EmptyScript script, Turn turn) {
        List<Double> micros = new ArrayList<>();
        List<Double> empty = new ArrayList<>();
        Map<String, List<Double>> byCommand = new TreeMap<>();
        int commands = 0;
        long start = System.nanoTime();
        for (int i = -WARM_TURNS; i < MIN_TURNS || System.nanoTime() - start < duration.toNanos(); i++) {
            turn.before();
            server.call("CONFIG", "RESETSTAT");
            proxy.traffic().begin(false);
            turn.call();
            TrafficCounter.Count sent = proxy.traffic().end();
            CommandStats stats = CommandStats.of(server.info("commandstats"));
            double ours = stats.micros(sent.commands()) / turn.calls();
            double nothing = script.micros();
            if (i >= 0) {
                commands = sent.allCommands();
                micros.add(ours);
                empty.add(nothing);
                stats.microsByCommand(sent.commands())
                        .forEach((name, time) -> byCommand
                                .computeIfAbsent(name, missing -> new ArrayList<>())
                                .add(time / turn.calls()));
            }
        }
        turn.before();
        proxy.traffic().begin(true);
        turn.call();
        int trips = proxy.traffic().end().roundTrips();
        String note = String.format(
                Locale.ROOT,
                "%.2f empty EVALSHA of %.2f µs (lowest: %.2f of %.2f)%s; %s; %.2f commands, %.2f round trips",
                median(micros) / median(empty),
                median(empty),
                Collections.min(micros) / Collections.min(empty),
                Collections.min(empty),
                goal,
                byCommand.entrySet().stream()
                        .map(each -> String.format(Locale.ROOT, "%s %.2f µs", each.getKey(), median(each.getValue())))
                        .collect(Collectors.joining(", ")),
                commands / (double) turn.calls(),
                trips / (double) turn.calls());
        return new CostFigure("server's time", what, median(micros), "µs", note);
    }

    private static double median(List<Double> values) {
        return new Median()
                .evaluate(values.stream().mapToDouble(Double::doubleValue).toArray());
    }
}
