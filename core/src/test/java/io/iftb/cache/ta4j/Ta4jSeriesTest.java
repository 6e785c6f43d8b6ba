package io.iftb.cache.ta4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.iftb.cache.market.BarSeries;
import io.iftb.cache.market.BarSeriesBuilder;
import io.iftb.cache.market.OhlcvBar;
import io.iftb.cache.market.SeriesKey;
import io.iftb.cache.market.TimeBuckets;
import io.iftb.cache.market.Timeframe;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.ta4j.core.Bar;
import org.ta4j.core.BaseBarSeries;
import org.ta4j.core.BaseBarSeriesBuilder;
import org.ta4j.core.Indicator;
import org.ta4j.core.indicators.ATRIndicator;
import org.ta4j.core.indicators.EMAIndicator;
import org.ta4j.core.indicators.MACDIndicator;
import org.ta4j.core.indicators.RSIIndicator;
import org.ta4j.core.indicators.SMAIndicator;
import org.ta4j.core.indicators.helpers.ClosePriceIndicator;
import org.ta4j.core.num.DoubleNum;
import org.ta4j.core.num.Num;

/** The project {@code ta4j} of module tck does the same with a newer version. */
class Ta4jSeriesTest {

    private static final SeriesKey BTC = SeriesKey.of("BTCUSDT", "4h");
    private static final long START = Instant.parse("2025-10-28T00:00:00Z").toEpochMilli();

    @Test
    void of_bars_givesIndicatorsWhatASeriesByHandGives() {
        BarSeries bars = walk(BTC.timeframe(), 600);
        BaseBarSeries byHand = new BaseBarSeriesBuilder()
                .withName("by hand")
                .withNumTypeOf(DoubleNum.class)
                .build();
        for (OhlcvBar bar : bars.bars()) {
            ZonedDateTime end =
                    Instant.ofEpochMilli(bar.openTime()).atZone(ZoneOffset.UTC).plusHours(4);
            byHand.addBar(Duration.ofHours(4), end, bar.open(), bar.high(), bar.low(), bar.close(), bar.volume());
        }

        org.ta4j.core.BarSeries series = Ta4jSeries.of(BTC, bars);

        assertThat(series.getBarData()).isEqualTo(byHand.getBarData());
        List<Indicator<Num>> expected = indicators(byHand);
        List<Indicator<Num>> indicators = indicators(series);
        for (int number = 0; number < expected.size(); number++) {
            for (int i = 0; i < bars.size(); i++) {
                // equality of DoubleNum has a tolerance
                assertThat(indicators.get(number).getValue(i).doubleValue())
                        .as("%s at %d", expected.get(number), i)
                        .isEqualTo(expected.get(number).getValue(i).doubleValue());
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
    void of_anyDoubles_losesNothing() {
        BarSeries bars = new BarSeriesBuilder(2)
                .add(START, 0.1 + 0.2, Double.MAX_VALUE, -Double.MIN_VALUE, -0.0, 1e15 + 0.125)
                .add(START + 5, 1.0 / 3, 2, Math.PI * 1e-12, 1e308, Double.MIN_NORMAL)
                .build();

        org.ta4j.core.BarSeries series = Ta4jSeries.of(SeriesKey.of("X", "1h"), bars);

        for (int i = 0; i < 2; i++) {
            Bar bar = series.getBar(i);
            assertExact(bar.getOpenPrice(), bars.open(i));
            assertExact(bar.getHighPrice(), bars.high(i));
            assertExact(bar.getLowPrice(), bars.low(i));
            assertExact(bar.getClosePrice(), bars.close(i));
            assertExact(bar.getVolume(), bars.volume(i));
            assertExact(bar.getAmount(), 0);
            assertThat(bar.getTrades()).isZero();
        }
    }

    private static void assertExact(Num number, double expected) {
        assertThat(number).isInstanceOf(DoubleNum.class);
        assertThat(Double.doubleToRawLongBits(number.doubleValue())).isEqualTo(Double.doubleToRawLongBits(expected));
    }

    @Test
    void of_bars_endAfterTheirTimeframe() {
        org.ta4j.core.BarSeries series = Ta4jSeries.of(BTC, walk(BTC.timeframe(), 2));

        assertThat(series.getName()).isEqualTo("BTCUSDT:4h");
        assertThat(series.getBarCount()).isEqualTo(2);
        Bar bar = series.getLastBar();
        assertThat(bar.getBeginTime()).isEqualTo(ZonedDateTime.parse("2025-10-28T04:00:00Z"));
        assertThat(bar.getEndTime()).isEqualTo(ZonedDateTime.parse("2025-10-28T08:00:00Z"));
        assertThat(bar.getEndTime().getZone()).isEqualTo(ZoneOffset.UTC);
        assertThat(bar.getTimePeriod()).isEqualTo(Duration.ofHours(4));
    }

    @Test
    void of_months_endByTheCalendar() {
        BarSeries months = new BarSeriesBuilder(2)
                .add(Instant.parse("2024-01-01T00:00:00Z").toEpochMilli(), 1, 1, 1, 1, 1)
                .add(Instant.parse("2024-02-01T00:00:00Z").toEpochMilli(), 1, 1, 1, 1, 1)
                .build();

        org.ta4j.core.BarSeries series = Ta4jSeries.of(SeriesKey.of("X", "1M"), months);

        assertThat(series.getFirstBar().getTimePeriod()).isEqualTo(Duration.ofDays(31));
        assertThat(series.getLastBar().getEndTime()).isEqualTo(ZonedDateTime.parse("2024-03-01T00:00:00Z"));
        assertThat(series.getLastBar().getBeginTime()).isEqualTo(ZonedDateTime.parse("2024-02-01T00:00:00Z"));
    }

    @Test
    void of_barsThatEndTogether_areRefused() {
        long open = Instant.parse("2025-01-30T00:00:00Z").toEpochMilli();
        long next = Instant.parse("2025-01-31T00:00:00Z").toEpochMilli();
        BarSeries bars = new BarSeriesBuilder(2)
                .add(open, 1, 1, 1, 1, 1)
                .add(next, 1, 1, 1, 1, 1)
                .build();

        assertThatIllegalArgumentException()
                .isThrownBy(() -> Ta4jSeries.of(SeriesKey.of("X", "1M"), bars))
                .withMessage("bar at " + next + " of X:1M ends at 1740700800000, not after the one before it; give the"
                        + " timeframe of these bars");
    }

    @Test
    void of_resampledBars_endWithTheirSession() {
        Timeframe hour = Timeframe.parse("1h");
        BarSeries hours = walk(hour, 8 * 24);
        TimeBuckets days = TimeBuckets.sessions(Timeframe.parse("1d"), ZoneId.of("America/New_York"), Duration.ZERO);

        org.ta4j.core.BarSeries series = Ta4jSeries.of("days", hours.resample(hour, days));

        assertThat(series.getName()).isEqualTo("days");
        assertThat(series.getBarData().stream().map(Bar::getTimePeriod).distinct())
                .containsExactly(Duration.ofHours(24), Duration.ofHours(25));
        assertThat(series.getBar(6).getEndTime()).isEqualTo(ZonedDateTime.parse("2025-11-03T05:00:00Z"));
    }

    @Test
    void of_anySeries_takesBarsOfTa4j() {
        org.ta4j.core.BarSeries series = Ta4jSeries.of(BTC, BarSeries.EMPTY);
        assertThat(series.isEmpty()).isTrue();

        series.addBar(Ta4jSeries.of(BTC, walk(BTC.timeframe(), 1)).getLastBar());
        series.setMaximumBarCount(1);

        assertThat(List.copyOf(series.getBarData())).hasSize(1);
    }

    private static BarSeries walk(Timeframe timeframe, int count) {
        Random random = new Random(3);
        BarSeriesBuilder bars = new BarSeriesBuilder(count);
        double price = 114_087.06;
        for (int i = 0; i < count; i++) {
            double open = price;
            price = open * Math.exp(0.01 * random.nextGaussian());
            bars.add(
                    START + i * timeframe.length().toMillis(),
                    open,
                    Math.max(open, price) * 1.002,
                    Math.min(open, price) * 0.997,
                    price,
                    random.nextDouble() * 500);
        }
        return bars.build();
    }
}
