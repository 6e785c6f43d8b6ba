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
        return new Task() {
            @Override
            public Object call() {
                return contender.latest(series, limit);
            }

            @Override
            public void check() {
                requireEqual(bars.last(limit), contender.bars(call()));
            }
        };
    }

    private Task universe() {
        List<SeriesKey> universe = load.dataset().keys();
        int limit = load.size("limit");
        return new Task() {
            @Override
            public Object call() {
                return contender.latest(universe, limit);
            }

            @Override
            public void check() {
                requireEqual(Collections.nCopies(universe.size(), bars.last(limit)), contender.universe(call()));
            }
        };
    }

    private Task range() {
        SeriesKey series = series();
        int first = (bars.size() - load.size("limit")) / 2;
        long from = SyntheticData.START + first * SyntheticData.MINUTE;
        long to = from + load.size("limit") * SyntheticData.MINUTE;
        return new Task() {
            @Override
            public Object call() {
                return contender.range(series, from, to);
            }

            @Override
            public void check() {
                requireEqual(bars.slice(first, first + load.size("limit")), contender.bars(call()));
            }
        };
    }

    private Task upsert() {
        SeriesKey series = series();
        OhlcvBar newest = bars.bar(bars.size() - 1);
        return new Task() {
            private int trade;

            @Override
            public Object call() {
                OhlcvBar bar = SyntheticData.traded(newest, trade++);
                contender.upsert(series, bar);
                return bar;
            }

            @Override
            public void check() {
                Object written = call();
                requireEqual(
                        List.of(written),
                        contender.bars(contender.latest(series, 1)).bars());
            }
        };
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
