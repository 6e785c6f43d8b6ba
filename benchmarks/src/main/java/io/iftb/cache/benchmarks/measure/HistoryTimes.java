package io.iftb.cache.benchmarks.measure;

import static io.iftb.cache.benchmarks.measure.WrongAnswerException.requireEqual;

import io.iftb.cache.benchmarks.contender.BarContender;
import io.iftb.cache.benchmarks.contender.Contender;
import io.iftb.cache.benchmarks.workload.NamedSeries;
import io.iftb.cache.market.BarSeries;
import io.iftb.cache.market.OhlcvBar;
import io.iftb.cache.market.SeriesKey;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import org.apache.commons.math3.stat.descriptive.rank.Median;

/**
 * The times of writing and reading a series, measured interleaved.
 *
 * @param server an empty server
 * @param duration how long each operation is timed at least
 */
record HistoryTimes(BenchmarkServer server, NamedSeries series, Duration duration) {

    private static final int MIN_ROUNDS = 5;
    private static final int LATEST = 5_000;
    private static final int RANGE = 1_000;
    private static final double NANOS = 1_000;

    private static final List<Contender> CONTENDERS =
            List.of(Contender.IFTB_TCP, Contender.BUCKET, Contender.SOCKET, Contender.SORTED_SET, Contender.JSON_MGET);

    List<CostFigure> figures() {
        Map<Contender, BarContender> stores = new EnumMap<>(Contender.class);
        try {
            CONTENDERS.forEach(each -> stores.put(each, each.openBars(server.address())));
            List<CostFigure> figures = new ArrayList<>();
            List<OhlcvBar> bars = series.bars().bars();
            figures.addAll(timed(
                    String.format(Locale.ROOT, "write %,d bars", bars.size()), stores, store -> write(store, bars)));
            SeriesKey key = series.key("TIMES");
            stores.values().forEach(store -> store.put(key, bars));
            figures.addAll(timed("latest 100", stores, store -> latest(store, key, 100)));
            figures.addAll(timed("latest 5,000", stores, store -> latest(store, key, LATEST)));
            if (!series.isOfGrid()) {
                // they compute where a bar is
                for (Contender each : List.of(Contender.SOCKET, Contender.JSON_MGET)) {
                    BarContender store = stores.remove(each);
                    if (store != null) {
                        store.close();
                    }
                }
            }
            figures.addAll(timed("range of 1,000", stores, store -> range(store, key)));
            return figures;
        } finally {
            stores.values().forEach(BarContender::close);
        }
    }

    private Task write(BarContender store, List<OhlcvBar> bars) {
        SeriesKey key = series.key("WRITE");
        return new Task() {
            @Override
            public void before() {
                store.remove(key);
            }

            @Override
            public Object call() {
                store.put(key, bars);
                return key;
            }

            @Override
            public void check() {
                before();
                call();
                requireEqual(series.bars().last(10), store.bars(store.latest(key, 10)));
            }
        };
    }

    private Task latest(BarContender store, SeriesKey key, int limit) {
        return Task.of(
                () -> store.latest(key, limit),
                answer -> requireEqual(series.bars().last(limit), store.bars(answer)));
    }

    private Task range(BarContender store, SeriesKey key) {
        int first = (series.bars().size() - RANGE) / 2;
        BarSeries wanted = series.bars().slice(first, first + RANGE);
        long to = series.bars().openTime(first + RANGE);
        return Task.of(
                () -> store.range(key, wanted.openTime(0), to), answer -> requireEqual(wanted, store.bars(answer)));
    }

    /** The median time of each contender, and its ratio to the bucket with the raw bytes. */
    private List<CostFigure> timed(
            String what, Map<Contender, BarContender> stores, Function<BarContender, Task> task) {
        List<Task> tasks = new ArrayList<>();
        stores.values().forEach(store -> tasks.add(task.apply(store)));
        tasks.forEach(Task::check);
        TimingLoop loop = new TimingLoop(tasks, 1);
        loop.run(duration, MIN_ROUNDS);
        loop.reset();
        loop.run(duration, MIN_ROUNDS);
        Map<Contender, Double> micros = new EnumMap<>(Contender.class);
        int at = 0;
        for (Contender each : stores.keySet()) {
            micros.put(each, new Median().evaluate(loop.nanos(at++)) / NANOS);
        }
        double bucket = micros.getOrDefault(Contender.BUCKET, Double.NaN);
        List<CostFigure> figures = new ArrayList<>();
        micros.forEach((contender, time) -> figures.add(new CostFigure(
                "time",
                what + ", " + contender.label(),
                time,
                "µs",
                String.format(Locale.ROOT, "%.2f of a bucket with the raw bytes", time / bucket))));
        return figures;
    }
}
