package io.iftb.cache.benchmarks.measure;

import io.iftb.cache.benchmarks.contender.BarContender;
import io.iftb.cache.benchmarks.contender.Contender;
import io.iftb.cache.benchmarks.workload.NamedSeries;
import io.iftb.cache.benchmarks.workload.SyntheticData;
import io.iftb.cache.market.BarSeries;
import io.iftb.cache.market.OhlcvBar;
import io.iftb.cache.market.SeriesKey;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.IntConsumer;
import java.util.stream.IntStream;
import org.apache.commons.math3.stat.descriptive.rank.Median;

/**
 * The server's time for an operation of ours: of all commands that the client sends for it, beside a script that only
 * returns. Both take turns.
 *
 * @param server an empty server
 * @param proxy the proxy in front of it, which counts what is sent
 * @param duration how long each operation is measured at least
 */
record HistoryServerTimes(BenchmarkServer server, TrafficProxy proxy, NamedSeries series, Duration duration) {

    private static final int CALLS = 100;
    private static final int MIN_TURNS = 9;
    private static final int RANGE = 1_000;
    private static final int LATEST = 5_000;
    private static final int VALUE_BYTES = 48;

    /** The sum of some calls. */
    private interface Turn {

        /** Prepares the calls; not measured. */
        default void before() {}

        void call();

        default int calls() {
            return CALLS;
        }
    }

    List<HistoryFigure> figures() {
        List<HistoryFigure> figures = new ArrayList<>();
        try (BarContender ours = Contender.IFTB_TCP.openBars(proxy.address())) {
            SeriesKey key = series.key("SERVER");
            BarSeries bars = series.bars();
            ours.put(key, bars.bars());
            new StoredSeries(server, key).settle();
            OhlcvBar newest = bars.bar(bars.size() - 1);
            figures.addAll(measured(
                    "open bar, written again",
                    "goal 3.5",
                    key,
                    times(i -> ours.upsert(key, SyntheticData.traded(newest, i)))));
            figures.addAll(measured("late bar, one of 100 missing ones", "goal 15", key, late(ours)));
            figures.addAll(measured("1,000 missing bars in one call", "", key, missing(ours)));
            int first = (bars.size() - RANGE) / 2;
            figures.addAll(measured(
                    "range of 1,000",
                    "",
                    key,
                    times(i -> ours.range(key, bars.openTime(first), bars.openTime(first + RANGE)))));
            figures.addAll(measured("latest 5,000", "", key, times(i -> ours.latest(key, LATEST))));
            figures.addAll(measured("latest 100", "", key, times(i -> ours.latest(key, CALLS))));
        }
        return figures;
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

    private List<HistoryFigure> measured(String what, String goal, SeriesKey key, Turn turn) {
        List<Double> micros = new ArrayList<>();
        List<Double> empty = new ArrayList<>();
        List<Double> ratios = new ArrayList<>();
        Script script = new Script(server, new StoredSeries(server, key).keysOfScripts());
        int commands = 0;
        long start = System.nanoTime();
        // the first turns warm up
        for (int i = -2; i < MIN_TURNS || System.nanoTime() - start < duration.toNanos(); i++) {
            turn.before();
            server.call("CONFIG", "RESETSTAT");
            proxy.traffic().begin(false);
            turn.call();
            TrafficCounter.Count sent = proxy.traffic().end();
            double ours = CommandStats.of(server.info("commandstats")).micros(sent.commands()) / turn.calls();
            double nothing = script.micros();
            if (i >= 0) {
                commands = sent.allCommands();
                micros.add(ours);
                empty.add(nothing);
                ratios.add(ours / nothing);
            }
        }
        turn.before();
        proxy.traffic().begin(true);
        turn.call();
        int trips = proxy.traffic().end().roundTrips();
        String note = String.format(
                Locale.ROOT,
                "%.2f empty EVALSHA of %.2f µs%s; %.2f commands, %.2f round trips",
                median(ratios),
                median(empty),
                goal.isEmpty() ? "" : " (" + goal + ")",
                commands / (double) turn.calls(),
                trips / (double) turn.calls());
        return List.of(new HistoryFigure("server's time", what, median(micros), "µs", note));
    }

    private static double median(List<Double> values) {
        return new Median()
                .evaluate(values.stream().mapToDouble(Double::doubleValue).toArray());
    }

    /** A script that only returns, with the keys and arguments of one that writes the open bar. */
    private static final class Script {

        private final BenchmarkServer server;
        private final Object[] command;

        Script(BenchmarkServer server, Object[] keysAndPrefix) {
            this.server = server;
            byte[] sha = (byte[]) server.call("SCRIPT", "LOAD", "return 1");
            List<Object> all = new ArrayList<>(List.of("EVALSHA", new String(sha, StandardCharsets.US_ASCII), 3));
            all.addAll(List.of(keysAndPrefix));
            all.add(Long.MAX_VALUE);
            all.add(new byte[VALUE_BYTES]);
            command = all.toArray();
        }

        /** The server's time for a call. */
        double micros() {
            server.call("CONFIG", "RESETSTAT");
            for (int i = 0; i < CALLS; i++) {
                server.call(command);
            }
            return CommandStats.of(server.info("commandstats")).micros(Map.of("EVALSHA", CALLS)) / CALLS;
        }
    }
}
