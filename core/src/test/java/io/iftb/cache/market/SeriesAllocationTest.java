package io.iftb.cache.market;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.time.ZoneId;
import java.util.List;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

/** Measures the memory that this thread allocates: arrays of the result, and next to nothing else. */
class SeriesAllocationTest {

    private static final int BARS = 100_000;
    private static final Timeframe MINUTE = Timeframe.parse("1m");
    private static final BarSeries MINUTES = minutes(BARS, 60_000);

    /** A few objects, whatever the number of bars. */
    private static final long FEW = 20_000;

    private static Object result = "";

    @Test
    void slices_ofManyBars_copyNothing() {
        assertThat(allocated(() -> MINUTES.slice(5, BARS))).isLessThan(FEW);
        assertThat(allocated(() -> MINUTES.last(BARS - 1))).isLessThan(FEW);
        assertThat(allocated(() -> MINUTES.between(60_000, (BARS - 1) * 60_000L)))
                .isLessThan(FEW);
        assertThat(allocated(() -> MINUTES.view(BarField.CLOSE))).isLessThan(FEW);
        assertThat(allocated(SeriesAllocationTest::sumOfHighs)).isLessThan(FEW);
        assertThat(allocated(() -> MINUTES.slice(5, BARS).copy())).isBetween(BARS * 47L, BARS * 48L + FEW);
    }

    private static Object sumOfHighs() {
        double sum = 0;
        for (int i = 0; i < BARS; i++) {
            sum += MINUTES.high(i) + MINUTES.value(BarField.LOW, i);
        }
        return sum;
    }

    @Test
    void resample_manyBars_allocatesColumnsOfTheResult() {
        int hours = MINUTES.resample(MINUTE, Timeframe.parse("1h")).size();
        // six columns, the end, the count of source bars, and a bit
        long columns = hours * (6 * 8 + 8 + 4 + 1L);
        ZoneId newYork = ZoneId.of("America/New_York");

        assertThat(allocated(() -> MINUTES.resample(MINUTE, Timeframe.parse("1h"))))
                .isLessThan(columns + FEW);
        assertThat(allocated(() -> MINUTES.resample(
                        MINUTE, TimeBuckets.sessions(Timeframe.parse("1h"), newYork, Duration.ofHours(-7)))))
                .isLessThan(columns + FEW);
        assertThat(allocated(() -> MINUTES.resample(MINUTE, Timeframe.parse("1M"))))
                .isLessThan(FEW);
        // 24 of 1,440 bars of a day
        assertThat(allocated(() -> MINUTES.resample(
                        MINUTE,
                        TimeBuckets.sessions(
                                Timeframe.parse("1m"), newYork, Duration.ofHours(9), Duration.ofMinutes(564)))))
                .isLessThan(BARS / 60 * (48 + 61) + BARS / 4 + FEW);
    }

    @Test
    void align_manyBars_allocatesAxisAndIndices() {
        List<BarSeries> series = List.of(MINUTES, minutes(BARS / 2, 120_000), MINUTES.slice(7, BARS));

        assertThat(allocated(() -> AlignedSeries.outer(series))).isLessThan(BARS * (8 + 3 * 4) + FEW);
        assertThat(allocated(() -> AlignedSeries.inner(series))).isLessThan(BARS / 2 * (8 + 3 * 4) + FEW);
    }

    @Test
    void end_ofManyBars_allocatesNothing() {
        Timeframe quarters = Timeframe.parse("15m");

        assertThat(allocated(() -> {
                    long sum = 0;
                    for (int i = 0; i < BARS; i++) {
                        sum += quarters.end(i * 900_000L);
                    }
                    return sum;
                }))
                .isLessThan(FEW);
    }

    private static BarSeries minutes(int count, long step) {
        BarSeriesBuilder bars = new BarSeriesBuilder(count);
        for (int i = 0; i < count; i++) {
            bars.add(i * step, 1, 2, 0.5, 1.5, i);
        }
        return bars.build();
    }

    /** The least of several runs: the first ones also load classes, and what follows is compiled. */
    private static long allocated(Supplier<Object> action) {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long least = Long.MAX_VALUE;
        for (int run = 0; run < 5; run++) {
            long before = threads.getCurrentThreadAllocatedBytes();
            result = action.get();
            least = Math.min(least, threads.getCurrentThreadAllocatedBytes() - before);
        }
        assertThat(result).isNotNull();
        return least;
    }
}
