package io.iftb.cache.market;

import java.util.AbstractList;
import java.util.RandomAccess;

/** A read-only list of the bars of a series, each of which is made when it is asked for. */
final class BarList extends AbstractList<OhlcvBar> implements RandomAccess {

    private final BarSeries series;

    BarList(BarSeries series) {
        this.series = series;
    }

    @Override
    public OhlcvBar get(int index) {
        return series.bar(index);
    }

    @Override
    public int size() {
        return series.size();
    }
}
