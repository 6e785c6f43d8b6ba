package io.iftb.cache.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.iftb.cache.market.Timeframe;
import java.time.Duration;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TimeGridTest {

    private static final long START = 1678752000000L;
    private static final long MINUTE = 60_000;
    private static final long HOUR = 60 * MINUTE;

    @ParameterizedTest
    @CsvSource({
        "PT1M, 8m, 'open 1m apart, not 8m'",
        "PT4H, 5M, 'open 4h apart, not 5M'",
        "PT4H, 1h, 'open 4h apart, not 1h'",
        "PT24H, 4h, 'open 1d apart, not 4h'",
        "PT168H, 1d, 'open 1w apart, not 1d'",
        "PT0.25S, 1s, 'open 250 ms apart, not 1s'",
        "PT1S, 1m, 'open 1s apart, not 1m'",
    })
    void contradiction_anotherSpacing_isNamed(Duration spacing, String timeframe, String expected) {
        assertThat(contradiction(timeframe, every(spacing.toMillis(), 100))).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource({"PT1M, 1m", "PT8M, 8m", "PT4H, 4h", "PT24H, 1d", "PT168H, 1w", "PT168H, 7d", "PT1S, 1s", "PT7H, 7h"})
    void contradiction_itsOwnSpacing_isNone(Duration spacing, String timeframe) {
        List<Long> times = every(spacing.toMillis(), 1_000);
        assertThat(contradiction(timeframe, times)).isNull();
        Collections.reverse(times);
        assertThat(contradiction(timeframe, times)).isNull();
    }

    @Test
    void contradiction_twoBarsTooFarApart_isNoneSinceThatMayBeAGap() {
        assertThat(contradiction("1h", List.of(START, START + 4 * HOUR))).isNull();
        assertThat(contradiction("1h", List.of(START))).isNull();
        assertThat(contradiction("1h", List.of())).isNull();
    }

    @Test
    void contradiction_marketWithFewTrades_isNone() {
        Random random = new Random(7);
        List<Long> times = new ArrayList<>();
        long time = START;
        for (int i = 0; i < 5_000; i++) {
            times.add(time);
            time += MINUTE * (1 + random.nextInt(30));
        }
        assertThat(contradiction("1m", times)).isNull();
    }

    @Test
    void contradiction_daysAndHoursOfNewYorkWithDaylightSaving_areNone() {
        ZoneId city = ZoneId.of("America/New_York");
        List<Long> days = new ArrayList<>();
        List<Long> fourHours = new ArrayList<>();
        for (LocalDate day = LocalDate.of(2023, 1, 2); day.getYear() < 2024; day = day.plusDays(1)) {
            if (day.getDayOfWeek().getValue() < 6) {
                days.add(day.atStartOfDay(city).toInstant().toEpochMilli());
                fourHours.add(day.atTime(9, 30).atZone(city).toInstant().toEpochMilli());
                fourHours.add(day.atTime(13, 30).atZone(city).toInstant().toEpochMilli());
            }
        }
        assertThat(contradiction("1d", days)).isNull();
        assertThat(contradiction("4h", fourHours)).isNull();
    }

    @Test
    void contradiction_calendarMonths_areNone() {
        List<Long> months = LongStream.range(0, 60)
                .map(i -> LocalDateTime.of(2015, 1, 1, 0, 0)
                        .plusMonths(i)
                        .toInstant(ZoneOffset.UTC)
                        .toEpochMilli())
                .boxed()
                .toList();
        assertThat(contradiction("1M", months)).isNull();
        assertThat(contradiction("3M", months)).isEqualTo("open 1M apart (34 of 59 times), not 3M");
    }

    @Test
    void contradiction_someOffTheGrid_areCountedAndOneIsNamed() {
        List<Long> times = every(HOUR, 100);
        times.set(50, times.get(50) + 7 * MINUTE);
        times.set(60, times.get(60) + 1);
        assertThat(contradiction("1h", times))
                .isEqualTo("open off the grid of 1h at 2 of 100 times, such as at 2023-03-16 02:07 UTC");
    }

    @Test
    void contradiction_allOffTheGrid_isSaid() {
        List<Long> times = every(HOUR, 100);
        times.replaceAll(time -> time + 37_000);
        assertThat(contradiction("1h", times)).isEqualTo("open off the grid of 1h, such as at 2023-03-14 00:00:37 UTC");
        times.replaceAll(time -> time - 37_000 + 30 * MINUTE);
        assertThat(contradiction("1h", times)).isNull();
    }

    @Test
    void add_endlessKindsOfTimes_isBounded() {
        Random random = new Random(7);
        TimeGrid grid = new TimeGrid(Timeframe.parse("1d"));
        for (int i = 0; i < 1_000_000; i++) {
            grid.add(random.nextLong(1L << 50));
        }
        assertThat(grid.contradiction()).startsWith("open off the grid of 1d");
        assertThat(grid.isOrdered()).isFalse();
    }

    @Test
    void isOrdered_equalTimes_isFalse() {
        TimeGrid grid = new TimeGrid(Timeframe.parse("1h"));
        grid.add(START);
        grid.add(START + HOUR);
        assertThat(grid.isOrdered()).isTrue();
        grid.add(START + HOUR);
        assertThat(grid.isOrdered()).isFalse();
    }

    private static List<Long> every(long spacing, int count) {
        List<Long> times = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            times.add(START + i * spacing);
        }
        return times;
    }

    private static @Nullable String contradiction(String timeframe, List<Long> times) {
        TimeGrid grid = new TimeGrid(Timeframe.parse(timeframe));
        times.forEach(grid::add);
        return grid.contradiction();
    }
}
