package io.iftb.cache.benchmarks.measure;

import static io.iftb.cache.benchmarks.measure.WrongAnswerException.requireEqual;

import io.iftb.cache.benchmarks.contender.BarContender;
import io.iftb.cache.benchmarks.workload.SyntheticData;
import io.iftb.cache.market.BarSeries;
import io.iftb.cache.market.OhlcvBar;
import io.iftb.cache.market.SeriesKey;
import java.util.List;

/** A task that writes bars which are missing in the middle of a series. Before each call they are removed. */
final class Backfill implements Task {

    private final BarContender contender;
    private final SeriesKey series;
    private final List<OhlcvBar> missing;

    /**
     * Stores the series without them: first what is newer, then what is older, so that no page has some of both.
     *
     * @param limit the number of missing bars
     */
    Backfill(BarContender contender, SeriesKey series, BarSeries bars, int limit) {
        this.contender = contender;
        this.series = series;
        int first = (bars.size() - limit) / 2;
        this.missing = bars.slice(first, first + limit).bars();
        contender.remove(series);
        contender.fill(series, bars.slice(first + limit, bars.size()).bars());
        contender.fill(series, bars.slice(0, first).bars());
    }

    @Override
    public void before() {
        contender.remove(series, missing);
    }

    @Override
    public boolean isPrepared() {
        return true;
    }

    @Override
    public Object call() {
        contender.fill(series, missing);
        return series;
    }

    @Override
    public void check() {
        before();
        call();
        long from = missing.get(0).openTime();
        long to = from + missing.size() * SyntheticData.MINUTE;
        requireEqual(missing, contender.bars(contender.range(series, from, to)).bars());
    }
}
