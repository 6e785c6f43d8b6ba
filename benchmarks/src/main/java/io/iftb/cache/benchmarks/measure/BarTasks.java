package io.iftb.cache.benchmarks.measure;

import static io.iftb.cache.benchmarks.measure.WrongAnswerException.requireEqual;

import io.iftb.cache.benchmarks.contender.BarContender;
import io.iftb.cache.benchmarks.workload.Load;
import io.iftb.cache.benchmarks.workload.SyntheticData;
import io.iftb.cache.market.BarSeries;
import io.iftb.cache.market.OhlcvBar;
import io.iftb.cache.market.SeriesKey;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Tasks on bars.
 *
 * @param contender the contender
 * @param load the load
 * @param bars the bars of each series
 */
record BarTasks(BarContender contender, Load load, BarSeries bars) {

    Task task(int thread) {
        return switch (load.workload()) {
            case LATEST -> latest();
            case UNIVERSE -> universe();
            case RANGE -> range();
            case UPSERT -> upsert();
            case INGEST -> ingest(SeriesKey.of("INGEST" + thread, "1m"));
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
