package com.acme.indicators;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertSame;

import io.iftb.cache.market.BarSeries;
import io.iftb.cache.market.BarSeriesBuilder;
import io.iftb.cache.market.OhlcvBar;
import io.iftb.cache.market.SeriesKey;
import io.iftb.cache.market.TimeBuckets;
import io.iftb.cache.market.Timeframe;
import io.iftb.cache.ta4j.Ta4jSeries;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.ta4j.core.Bar;
import org.ta4j.core.BaseBarSeriesBuilder;
import org.ta4j.core.Indicator;
import org.ta4j.core.indicators.ATRIndicator;
import org.ta4j.core.indicators.MACDIndicator;
import org.ta4j.core.indicators.RSIIndicator;
import org.ta4j.core.indicators.averages.EMAIndicator;
import org.ta4j.core.indicators.averages.SMAIndicator;
import org.ta4j.core.indicators.helpers.ClosePriceIndicator;
import org.ta4j.core.num.DoubleNum;
import org.ta4j.core.num.DoubleNumFactory;
import org.ta4j.core.num.Num;

class IndicatorsTest {

    private static final SeriesKey BTC = SeriesKey.of("BTCUSDT", "4h");
    private static final Instant START = Instant.parse("2025-10-28T00:00:00Z");

    @Test
    void of_bars_givesIndicatorsWhatASeriesByHandGives() {
        BarSeries bars = walk(BTC.timeframe(), 600);
        org.ta4j.core.BarSeries byHand = new BaseBarSeriesBuilder()
                .withNumFactory(DoubleNumFactory.getInstance())
                .build();
        for (OhlcvBar bar : bars.bars()) {
            byHand.barBuilder()
                    .timePeriod(Duration.ofHours(4))
                    .endTime(Instant.ofEpochMilli(bar.openTime()).plus(Duration.ofHours(4)))
                    .openPrice(bar.open())
                    .highPrice(bar.high())
                    .lowPrice(bar.low())
                    .closePrice(bar.close())
                    .volume(bar.volume())
                    .amount(0)
                    .add();
        }

        org.ta4j.core.BarSeries series = Ta4jSeries.of(BTC, bars);

        assertEquals(byHand.getBarData(), series.getBarData());
        List<Indicator<Num>> expected = indicators(byHand);
        List<Indicator<Num>> indicators = indicators(series);
        for (int number = 0; number < expected.size(); number++) {
            for (int i = 0; i < bars.size(); i++) {
                // equality of DoubleNum has a tolerance
                assertEquals(
                        Double.doubleToRawLongBits(expected.get(number).getValue(i).doubleValue()),
                        Double.doubleToRawLongBits(indicators.get(number).getValue(i).doubleValue()),
                        expected.get(number) + " at " + i);
            }
        }
    }

    private static List<Indicator<Num>> indicators(org.ta4j.core.BarSeries series) {
        ClosePriceIndicator close = new ClosePriceIndicator(series);
        return List.of(
                new SMAIndicator(close, 20),
                new EMAIndicator(close, 20),
                new RSIIndicator(close, 14),
                new ATRIndicator(series, 14),
                new MACDIndicator(close, 12, 26));
    }

    @Test
    void of_bars_losesNothing() {
        BarSeries bars = new BarSeriesBuilder(1)
                .add(START.toEpochMilli(), 0.1 + 0.2, Double.MAX_VALUE, -Double.MIN_VALUE, -0.0, 1e15 + 0.125)
                .build();

        Bar bar = Ta4jSeries.of(BTC, bars).getFirstBar();

        assertExact(bars.open(0), bar.getOpenPrice());
        assertExact(bars.high(0), bar.getHighPrice());
        assertExact(bars.low(0), bar.getLowPrice());
        assertExact(bars.close(0), bar.getClosePrice());
        assertExact(bars.volume(0), bar.getVolume());
        assertExact(0, bar.getAmount());
        assertEquals(0, bar.getTrades());
        assertEquals(START, bar.getBeginTime());
        assertEquals(START.plus(Duration.ofHours(4)), bar.getEndTime());
        assertEquals(Duration.ofHours(4), bar.getTimePeriod());
    }

    private static void assertExact(double expected, Num number) {
        assertInstanceOf(DoubleNum.class, number);
        assertEquals(Double.doubleToRawLongBits(expected), Double.doubleToRawLongBits(number.doubleValue()));
    }

    @Test
    void of_resampledBars_endWithTheirSession() {
        Timeframe hour = Timeframe.parse("1h");
        TimeBuckets days = TimeBuckets.sessions(Timeframe.parse("1d"), ZoneId.of("America/New_York"), Duration.ZERO);

        org.ta4j.core.BarSeries series = Ta4jSeries.of("days", walk(hour, 8 * 24).resample(hour, days));

        assertEquals("days", series.getName());
        assertSame(DoubleNumFactory.getInstance(), series.numFactory());
        assertEquals(Duration.ofHours(25), series.getBar(6).getTimePeriod());
        assertEquals(Instant.parse("2025-11-03T05:00:00Z"), series.getBar(6).getEndTime());
    }

    @Test
    void of_anySeries_takesBarsOfTa4j() {
        org.ta4j.core.BarSeries series = Ta4jSeries.of(BTC, BarSeries.EMPTY);

        series.addBar(Ta4jSeries.of(BTC, walk(BTC.timeframe(), 1)).getLastBar());
        series.barBuilder()
                .timePeriod(Duration.ofHours(4))
                .endTime(START.plus(Duration.ofHours(8)))
                .openPrice(1)
                .highPrice(1)
                .lowPrice(1)
                .closePrice(1)
                .volume(1)
                .add();

        assertEquals(2, series.getBarCount());
    }

    private static BarSeries walk(Timeframe timeframe, int count) {
        Random random = new Random(3);
        BarSeriesBuilder bars = new BarSeriesBuilder(count);
        double price = 114_087.06;
        for (int i = 0; i < count; i++) {
            double open = price;
            price = open * Math.exp(0.01 * random.nextGaussian());
            bars.add(
                    START.toEpochMilli() + i * timeframe.length().toMillis(),
                    open,
                    Math.max(open, price) * 1.002,
                    Math.min(open, price) * 0.997,
                    price,
                    random.nextDouble() * 500);
        }
        return bars.build();
    }
}
