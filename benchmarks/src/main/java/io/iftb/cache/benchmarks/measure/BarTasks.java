package io.iftb.cache.benchmarks.measure;

import static io.iftb.cache.benchmarks.measure.WrongAnswerException.requireEqual;

import io.iftb.cache.benchmarks.contender.BarContender;
import io.iftb.cache.benchmarks.workload.Load;
import io.iftb.cache.benchmarks.workload.SyntheticData;
import io.iftb.cache.market.BarSeries;
import io.iftb.cache.market.OhlcvBar;
import io.iftb.cache.market.SeriesKey;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;

/**
 * Tasks on bars.
 *
 * @param contender the contender
 * @param load the load
 * @param bars the bars of each series
 */
record BarTasks(BarContender contender, Load load, BarSeries bars) {

    /** Bars that are written in turns as late ones. */
    private static final int LATE_BARS = 100;

    Task task(int thread) {
        return switch (load.workload()) {
            case LATEST -> latest();
            case UNIVERSE, NEAR_UNIVERSE -> universe();
            case NEAR_LATEST -> nearLatest();
            case RANGE -> range();
            case UPSERT -> upsert();
            case INGEST -> ingest(SeriesKey.of("INGEST" + thread, "1m"));
            case BARS -> single();
            case BACKFILL -> new Backfill(contender, SeriesKey.of("BACKFILL" + thread, "1m"), bars, load.size("limit"));
            case LATE -> late();
            default -> throw new IllegalArgumentException("Not a workload on bars: " + load);
        };
    }

    private SeriesKey series() {
        return load.dataset().keys().get(0);
    }

    private Task latest() {
        SeriesKey series = series();
        int limit = load.size("limit");
        return Task.of(
                () -> contender.latest(series, limit),
                answer -> requireEqual(bars.last(limit), contender.bars(answer)));
    }

    private Task universe() {
        List<SeriesKey> universe = load.dataset().keys();
        int limit = load.size("limit");
        return Task.of(
                () -> contender.latest(universe, limit),
                answer -> requireEqual(
                        Collections.nCopies(universe.size(), bars.last(limit)), contender.universe(answer)));
    }

    /** More bars are held than each read asks for, as it is when several programs share a cache. */
    private Task nearLatest() {
        SeriesKey[] series = load.dataset().keys().toArray(new SeriesKey[0]);
        int limit = load.size("limit");
        for (SeriesKey each : series) {
            requireEqual(bars, contender.bars(contender.latest(each, bars.size())));
        }
        return new RepeatedTask(
                turn -> contender.latest(series[turn % series.length], limit),
                (turn, answer) -> requireEqual(bars.last(limit), contender.bars(answer)));
    }

    private Task range() {
        SeriesKey series = series();
        int limit = load.size("limit");
        int first = (bars.size() - limit) / 2;
        long from = SyntheticData.START + first * SyntheticData.MINUTE;
        long to = from + limit * SyntheticData.MINUTE;
        return Task.of(
                () -> contender.range(series, from, to),
                answer -> requireEqual(bars.slice(first, first + limit), contender.bars(answer)));
    }

    private Task upsert() {
        SeriesKey series = series();
        OhlcvBar newest = bars.bar(bars.size() - 1);
        AtomicInteger trade = new AtomicInteger();
        return Task.of(
                () -> {
                    OhlcvBar bar = SyntheticData.traded(newest, trade.getAndIncrement());
                    contender.upsert(series, bar);
                    return bar;
                },
                written -> requireEqual(
                        List.of(written),
                        contender.bars(contender.latest(series, 1)).bars()));
    }

    private Task single() {
        SeriesKey series = series();
        int limit = load.size("limit");
        int step = load.size("step");
        int first = (bars.size() - limit * step) / 2;
        BarSeries wanted = BarSeries.of(IntStream.range(0, limit)
                .mapToObj(i -> bars.bar(first + i * step))
                .toList());
        List<Long> openTimes = Arrays.stream(wanted.openTimes()).boxed().toList();
        return Task.of(
                () -> contender.single(series, openTimes), answer -> requireEqual(wanted, contender.bars(answer)));
    }

    private Task late() {
        SeriesKey series = series();
        int first = (bars.size() - LATE_BARS) / 2;
        AtomicInteger trade = new AtomicInteger();
        return Task.of(
                () -> {
                    int number = trade.getAndIncrement();
                    OhlcvBar bar = SyntheticData.traded(bars.bar(first + number % LATE_BARS), number);
                    contender.upsert(series, bar);
                    return bar;
                },
                written -> {
                    long time = ((OhlcvBar) written).openTime();
                    requireEqual(
                            List.of(written),
                            contender
                                    .bars(contender.range(series, time, time + SyntheticData.MINUTE))
                                    .bars());
                });
    }

    private Task ingest(SeriesKey series) {
        List<OhlcvBar> list = bars.bars();
        return new Task() {
            @Override
            public void before() {
                contender.remove(series);
            }

            @Override
            public boolean isPrepared() {
                return true;
            }

            @Override
            public Object call() {
                contender.put(series, list);
                return series;
            }

            @Override
            public void check() {
                before();
                call();
                requireEqual(bars.last(10), contender.bars(contender.latest(series, 10)));
            }
        };
    }
}
