package io.iftb.cache.ta4j;

import io.iftb.cache.market.BarSeries;
import io.iftb.cache.market.ResampledSeries;
import io.iftb.cache.market.SeriesKey;
import io.iftb.cache.market.Timeframe;
import java.time.Duration;
import java.time.Instant;
import java.util.function.IntToLongFunction;
import org.ta4j.core.num.DoubleNum;
import org.ta4j.core.num.Num;

/**
 * Series of ta4j that are made of ours. Works with ta4j 0.17, the last one for Java 17, and with ta4j from 0.19 on.
 *
 * <p>A series of ta4j is a copy, to which you can add bars as to any other. Its numbers are {@link DoubleNum}, so each is
 * exactly that of the bar. A bar of ta4j begins when ours opens. Its amount and its number of trades are zero, since our
 * bars do not have them. In ta4j 0.17, times are in UTC.
 *
 * <p>A bar of ta4j is about 350 bytes; convert what your indicators need, such as
 * {@code bars.last(500)}.
 */
public final class Ta4jSeries {

    private Ta4jSeries() {}

    /**
     * Makes a series of ta4j.
     *
     * @param key its text becomes the name; a bar ends after its timeframe, see {@link Timeframe#end}
     * @throws IllegalArgumentException if a bar does not end after the one before it, as with two bars of one month
     */
    public static org.ta4j.core.BarSeries of(SeriesKey key, BarSeries bars) {
        Timeframe timeframe = key.timeframe();
        return make(key.toString(), bars, index -> timeframe.end(bars.openTime(index)));
    }

    /**
     * Makes a series of ta4j of resampled bars, whose ends are known.
     *
     * @param name the name of the series
     */
    public static org.ta4j.core.BarSeries of(String name, ResampledSeries bars) {
        return make(name, bars.bars(), bars::endTime);
    }

    private static org.ta4j.core.BarSeries make(String name, BarSeries bars, IntToLongFunction endTime) {
        Ta4jVersion ta4j = Ta4jVersion.found();
        org.ta4j.core.BarSeries series = ta4j.emptySeries(name);
        Num none = number(0);
        long lastEnd = Long.MIN_VALUE;
        for (int i = 0; i < bars.size(); i++) {
            long end = endTime.applyAsLong(i);
            if (end <= lastEnd) {
                throw new IllegalArgumentException("bar at " + bars.openTime(i) + " of " + name + " ends at " + end
                        + ", not after the one before it; give the timeframe of these bars");
            }
            lastEnd = end;
            Instant begins = Instant.ofEpochMilli(bars.openTime(i));
            Instant ends = Instant.ofEpochMilli(end);
            series.addBar(ta4j.bar(new Ta4jVersion.Period(Duration.between(begins, ends), begins, ends), new Num[] {
                number(bars.open(i)),
                number(bars.high(i)),
                number(bars.low(i)),
                number(bars.close(i)),
                number(bars.volume(i)),
                none
            }));
        }
        return series;
    }

    private static Num number(double value) {
        return DoubleNum.valueOf((Number) value);
    }
}
