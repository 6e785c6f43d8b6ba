package io.iftb.cache.market;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.LongStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ResampledSeriesTest {

    private static final ZoneId NEW_YORK = ZoneId.of("America/New_York");
    private static final Timeframe MINUTES = Timeframe.parse("5m");
    private static final Timeframe HOUR = Timeframe.parse("1h");
    private static final Timeframe FOUR_HOURS = Timeframe.parse("4h");
    private static final Timeframe DAY = Timeframe.parse("1d");
    private static final Timeframe WEEK = Timeframe.parse("1w");
    private static final long HOUR_MILLIS = 3_600_000;

    @Test
    void resample_hours_takesFirstHighestLowestLastAndSum() {
        long start = at("2025-10-28T00:00:00Z");
        BarSeries hours = BarSeries.of(List.of(
                new OhlcvBar(start, 10, 12, 9, 11, 1),
                new OhlcvBar(start + HOUR_MILLIS, 11, 15, 10, 14, 2),
                new OhlcvBar(start + 2 * HOUR_MILLIS, 14, 14, 7, 8, 3),
                new OhlcvBar(start + 3 * HOUR_MILLIS, 8, 9, 8, 9, 4),
                new OhlcvBar(start + 4 * HOUR_MILLIS, 9, 20, 9, 20, 5)));

        ResampledSeries result = hours.resample(HOUR, FOUR_HOURS);

        assertThat(result.bars().bars())
                .containsExactly(
                        new OhlcvBar(start, 10, 15, 7, 9, 10), new OhlcvBar(start + 4 * HOUR_MILLIS, 9, 20, 9, 20, 5));
        assertThat(result.isComplete(0)).isTrue();
        assertThat(result.isComplete(1)).isFalse();
        assertThat(result.sourceBars(0)).isEqualTo(4);
        assertThat(result.sourceBars(1)).isEqualTo(1);
        assertThat(result.endTime(1)).isEqualTo(start + 8 * HOUR_MILLIS);
        assertThat(result.buckets()).isEqualTo(TimeBuckets.utc(FOUR_HOURS));
        assertThat(result.leftOut()).isZero();
        assertThat(result)
                .hasToString(
                        "ResampledSeries[4h UTC, BarSeries[2 bars, " + start + ".." + (start + 4 * HOUR_MILLIS) + "]]");
    }

    /** Hours of a day from 00:00 UTC, and whether the bars of 4 hours are complete. */
    @ParameterizedTest
    @CsvSource({
        "'0,1,2,3', true",
        "'1,2,3', false",
        "'0,1,2', false",
        "'0,1,3', false",
        "'0,2,3,4,5,6,7', 'false,true'",
        "'3,4,5,6,7,8', 'false,true,false'",
        "'0,8,9,10,11', 'false,true'",
    })
    void resample_gaps_makeBarsIncomplete(String hours, String complete) {
        BarSeries bars = series(LongStream.of(List.of(hours.split(",")).stream()
                        .mapToLong(Long::parseLong)
                        .toArray())
                .map(hour -> hour * HOUR_MILLIS));

        ResampledSeries result = bars.resample(HOUR, FOUR_HOURS);

        List<String> marks = new ArrayList<>();
        for (int i = 0; i < result.size(); i++) {
            assertThat(result.bars().openTime(i) % (4 * HOUR_MILLIS)).isZero();
            marks.add(String.valueOf(result.isComplete(i)));
        }
        assertThat(String.join(",", marks)).isEqualTo(complete);
    }

    @Test
    void closed_atATime_leavesOutWhatIsOpen() {
        ResampledSeries result =
                series(LongStream.range(0, 9).map(hour -> hour * HOUR_MILLIS)).resample(HOUR, FOUR_HOURS);

        assertThat(result.closed(8 * HOUR_MILLIS - 1).bars())
                .isEqualTo(result.bars().slice(0, 1));
        ResampledSeries closed = result.closed(8 * HOUR_MILLIS);
        assertThat(closed.bars()).isEqualTo(result.bars().slice(0, 2));
        assertThat(closed.size()).isEqualTo(2);
        assertThat(closed.isComplete(1)).isTrue();
        assertThat(closed.closed(4 * HOUR_MILLIS).size()).isEqualTo(1);
        assertThat(result.closed(Long.MAX_VALUE).bars()).isEqualTo(result.bars());
        assertThat(result.closed(0).bars()).isEqualTo(BarSeries.EMPTY);
        assertThatThrownBy(() -> closed.isComplete(2)).isInstanceOf(IndexOutOfBoundsException.class);
        assertThatThrownBy(() -> closed.endTime(2)).isInstanceOf(IndexOutOfBoundsException.class);
        assertThatThrownBy(() -> closed.sourceBars(-1)).isInstanceOf(IndexOutOfBoundsException.class);
    }

    @ParameterizedTest
    @CsvSource({
        "2025-03-09, 23, 6, PT3H",
        "2025-11-02, 25, 7, PT1H",
        "2025-07-01, 24, 6, PT4H",
    })
    void resample_dayOfNewYork_hasItsHours(LocalDate date, int hours, int fourHours, Duration last) {
        long start = date.atStartOfDay(NEW_YORK).toInstant().toEpochMilli();
        BarSeries bars = series(LongStream.range(0, hours).map(hour -> start + hour * HOUR_MILLIS));

        ResampledSeries day = bars.resample(HOUR, TimeBuckets.sessions(DAY, NEW_YORK, Duration.ZERO));
        ResampledSeries parts = bars.resample(HOUR, TimeBuckets.sessions(FOUR_HOURS, NEW_YORK, Duration.ZERO));

        assertThat(day.size()).isEqualTo(1);
        assertThat(day.sourceBars(0)).isEqualTo(hours);
        assertThat(day.isComplete(0)).isTrue();
        assertThat(day.endTime(0)).isEqualTo(start + hours * HOUR_MILLIS);
        assertThat(parts.size()).isEqualTo(fourHours);
        assertThat(parts.isComplete(fourHours - 1)).isTrue();
        assertThat(parts.endTime(fourHours - 1) - parts.bars().openTime(fourHours - 1))
                .isEqualTo(last.toMillis());
        assertThat(bars.slice(0, hours - 1).resample(HOUR, day.buckets()).isComplete(0))
                .isFalse();
    }

    /** Days of New York open at 05:00 UTC, in summer at 04:00. */
    @Test
    void resample_daysThatMoveWithTheClock_fillTheirWeek() {
        LocalDate monday = LocalDate.of(2025, 2, 24);
        BarSeries days = series(LongStream.range(0, 21)
                .map(day ->
                        monday.plusDays(day).atStartOfDay(NEW_YORK).toInstant().toEpochMilli()));

        ResampledSeries weeks = days.resample(DAY, TimeBuckets.sessions(WEEK, NEW_YORK, Duration.ZERO));
        ResampledSeries utcWeeks = days.resample(DAY, WEEK);

        assertThat(weeks.size()).isEqualTo(3);
        for (int week = 0; week < 3; week++) {
            assertThat(weeks.sourceBars(week)).isEqualTo(7);
            assertThat(weeks.isComplete(week)).isTrue();
            // the last day reaches over the end
            assertThat(utcWeeks.isComplete(week)).isFalse();
        }
    }

    @Test
    void resample_monthsOfAZone_fillTheirQuarter() {
        Timeframe month = Timeframe.parse("1M");
        Timeframe quarter = Timeframe.parse("3M");
        BarSeries ofNewYork = series(LongStream.range(1, 7)
                .map(number -> LocalDate.of(2025, (int) number, 1)
                        .atStartOfDay(NEW_YORK)
                        .toInstant()
                        .toEpochMilli()));
        BarSeries twoHoursEarly = series(LongStream.range(1, 7)
                .map(number ->
                        LocalDate.of(2025, (int) number, 1).toEpochDay() * CalendarDays.MILLIS - 2 * HOUR_MILLIS));

        for (ResampledSeries quarters : List.of(
                ofNewYork.resample(month, TimeBuckets.sessions(quarter, NEW_YORK, Duration.ZERO)),
                twoHoursEarly.resample(month, TimeBuckets.utc(quarter, Duration.ofHours(-2))))) {
            assertThat(quarters.size()).isEqualTo(2);
            assertThat(quarters.isComplete(0)).isTrue();
            assertThat(quarters.isComplete(1)).isTrue();
        }
    }

    @Test
    void resample_sessionsThatClose_ignoreTheNight() {
        Duration opens = Duration.ofMinutes(9 * 60 + 30);
        long monday = at("2025-10-27T13:30:00Z");
        // from 09:30 to 20:00
        BarSeries bars = series(LongStream.range(0, 7)
                .flatMap(day -> LongStream.range(0, 126)
                        .map(bar -> monday + day * CalendarDays.MILLIS + bar * MINUTES.millis())));
        Duration closes = Duration.ofHours(16);

        ResampledSeries hours = bars.resample(MINUTES, TimeBuckets.sessions(HOUR, NEW_YORK, opens, closes));
        ResampledSeries days = bars.resample(MINUTES, TimeBuckets.sessions(DAY, NEW_YORK, opens, closes));
        ResampledSeries week = bars.resample(MINUTES, TimeBuckets.sessions(WEEK, NEW_YORK, opens, closes));

        // New York leaves daylight saving in the night to Sunday, so its session is an hour later in UTC
        assertThat(hours.leftOut()).isEqualTo(6 * 48 + 12 + 36);
        assertThat(hours.size()).isEqualTo(49);
        assertThat(hours.sourceBars(6)).isEqualTo(6);
        assertThat(hours.isComplete(6)).isTrue();
        assertThat(days.size()).isEqualTo(7);
        assertThat(days.sourceBars(0)).isEqualTo(78);
        assertThat(days.isComplete(0)).isTrue();
        assertThat(days.endTime(0)).isEqualTo(at("2025-10-27T20:00:00Z"));
        assertThat(week.size()).isEqualTo(1);
        assertThat(week.sourceBars(0)).isEqualTo(7 * 78);
        assertThat(week.isComplete(0)).isTrue();
        assertThat(week.endTime(0)).isEqualTo(at("2025-11-02T21:00:00Z"));
        ResampledSeries daysOfHours = hours.bars().resample(HOUR, days.buckets());
        assertThat(daysOfHours.isComplete(0)).isTrue();
        assertThat(daysOfHours.bars().openTimes()).isEqualTo(days.bars().openTimes());
        assertThat(daysOfHours.bars().opens()).isEqualTo(days.bars().opens());
        assertThat(daysOfHours.bars().highs()).isEqualTo(days.bars().highs());
        assertThat(daysOfHours.bars().lows()).isEqualTo(days.bars().lows());
        assertThat(daysOfHours.bars().closes()).isEqualTo(days.bars().closes());
        assertThat(bars.slice(0, 78 * 2).resample(MINUTES, week.buckets()).isComplete(0))
                .isFalse();
    }

    @ParameterizedTest
    @CsvSource({"45m, 1h", "4h, 1h", "1M, 12h", "1M, 4w", "2M, 3M", "2d, 1w", "1w, 1M", "7h, 1M"})
    void resample_timeframeThatDoesNotDivide_isRefused(Timeframe source, Timeframe target) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> BarSeries.EMPTY.resample(source, target))
                .withMessageStartingWith("bars of " + source + " do not fit into bars of " + target + "; use a source");
    }

    @ParameterizedTest
    @CsvSource({"45m, 3h", "60m, 1h", "1h, 1h", "1M, 12M", "1d, 1w", "1d, 1M", "12h, 3M", "7m, 7h", "1w, 2w"})
    void resample_timeframeThatDivides_isTaken(Timeframe source, Timeframe target) {
        ResampledSeries result = BarSeries.EMPTY.resample(source, target);

        assertThat(result.size()).isZero();
        assertThat(result.bars()).isEqualTo(BarSeries.EMPTY);
    }

    @Test
    void resample_noOpenTime_isRefused() {
        BarSeries bars =
                new BarSeriesBuilder(1).add(Long.MAX_VALUE, 1, 1, 1, 1, 1).build();

        assertThatIllegalArgumentException()
                .isThrownBy(() -> bars.resample(HOUR, DAY))
                .withMessageContaining("open time " + Long.MAX_VALUE);
    }

    @Property(tries = 300)
    void resample_anyBarsOfUtc_equalsTheModel(
            @ForAll long seed,
            @ForAll @IntRange(min = 1, max = 12) int sourceMinutes,
            @ForAll @IntRange(min = 1, max = 30) int multiple,
            @ForAll @IntRange(min = -500, max = 500) int offset) {
        Timeframe source = new Timeframe(sourceMinutes, Timeframe.Unit.MINUTE);
        Timeframe target = new Timeframe(sourceMinutes * multiple, Timeframe.Unit.MINUTE);
        long shift = Duration.ofMinutes(offset).toMillis();
        BarSeries bars = walk(new Random(seed), source.millis(), -1_000 * source.millis() + shift);

        assertEqualsModel(
                bars,
                bars.resample(source, TimeBuckets.utc(target, Duration.ofMinutes(offset))),
                source.millis(),
                time -> {
                    long start = Math.floorDiv(time - shift, target.millis()) * target.millis() + shift;
                    return new long[] {start, start + target.millis()};
                });
    }

    @Property(tries = 300)
    void resample_anySessions_equalsTheModel(
            @ForAll long seed, @ForAll @IntRange(min = -1_440, max = 1_440) int opens, @ForAll boolean whole) {
        Random random = new Random(seed);
        String[] zones = {"America/New_York", "Australia/Lord_Howe", "Europe/London", "Pacific/Apia", "UTC", "+05:30"};
        ZoneId zone = ZoneId.of(zones[random.nextInt(zones.length)]);
        Timeframe source = Timeframe.parse("30m");
        Timeframe target = whole ? DAY : Timeframe.parse("150m");
        // weeks around changes of the clock: in March and November, and Samoa's of 2011
        String[] weeks = {"2025-03-06T00:00:00Z", "2025-10-23T00:00:00Z", "2025-10-31T00:00:00Z", "2011-12-28T00:00:00Z"
        };
        BarSeries bars = walk(random, source.millis(), at(weeks[random.nextInt(weeks.length)]));

        assertEqualsModel(
                bars,
                bars.resample(source, TimeBuckets.sessions(target, zone, Duration.ofMinutes(opens))),
                source.millis(),
                time -> {
                    LocalDate date = LocalDate.ofEpochDay(Math.floorDiv(time, CalendarDays.MILLIS) + 4);
                    while (opening(date, opens, zone) > time) {
                        date = date.minusDays(1);
                    }
                    long start = opening(date, opens, zone);
                    LocalDate following = date.plusDays(1);
                    while (opening(following, opens, zone) <= start) {
                        following = following.plusDays(1);
                    }
                    long end = opening(following, opens, zone);
                    if (!whole) {
                        start += (time - start) / target.millis() * target.millis();
                        end = Math.min(end, start + target.millis());
                    }
                    return new long[] {start, end};
                });
    }

    private static long opening(LocalDate date, int opens, ZoneId zone) {
        return ZonedDateTime.of(date.atStartOfDay().plusMinutes(opens), zone)
                .toInstant()
                .toEpochMilli();
    }

    private interface Bucket {
        long[] startAndEnd(long time);
    }

    /** Groups the bars by a map; a bar is complete if it has all the opens that it should have. */
    private static void assertEqualsModel(BarSeries bars, ResampledSeries result, long length, Bucket buckets) {
        TreeMap<Long, List<OhlcvBar>> groups = new TreeMap<>();
        for (OhlcvBar bar : bars.bars()) {
            groups.computeIfAbsent(buckets.startAndEnd(bar.openTime())[0], start -> new ArrayList<>())
                    .add(bar);
        }
        assertThat(result.size()).isEqualTo(groups.size());
        int index = 0;
        for (var group : groups.entrySet()) {
            long start = group.getKey();
            long end = buckets.startAndEnd(start)[1];
            List<OhlcvBar> parts = group.getValue();
            assertThat(result.bars().bar(index)).isEqualTo(aggregate(start, parts));
            assertThat(result.endTime(index)).isEqualTo(end);
            assertThat(result.sourceBars(index)).isEqualTo(parts.size());
            List<Long> opens = LongStream.iterate(start, time -> time < end, time -> time + length)
                    .boxed()
                    .toList();
            assertThat(result.isComplete(index))
                    .isEqualTo((end - start) % length == 0
                            && opens.equals(
                                    parts.stream().map(OhlcvBar::openTime).toList()));
            index++;
        }
    }

    private static OhlcvBar aggregate(long start, List<OhlcvBar> parts) {
        double volume = 0;
        for (OhlcvBar part : parts) {
            volume += part.volume();
        }
        return new OhlcvBar(
                start,
                parts.get(0).open(),
                parts.stream().mapToDouble(OhlcvBar::high).max().orElseThrow(),
                parts.stream().mapToDouble(OhlcvBar::low).min().orElseThrow(),
                parts.get(parts.size() - 1).close(),
                volume);
    }

    /** Bars on a grid, with gaps, and now and then one that is off it. */
    private static BarSeries walk(Random random, long length, long start) {
        int gaps = random.nextInt(3) * 10;
        boolean offGrid = random.nextInt(4) == 0;
        BarSeriesBuilder bars = new BarSeriesBuilder(0);
        int count = random.nextInt(300);
        long slot = start - Math.floorMod(start, length);
        for (int i = 0; i < count; i++, slot += length) {
            if (random.nextInt(100) >= gaps) {
                long off = offGrid && random.nextInt(20) == 0 ? random.nextInt((int) length) : 0;
                bars.add(bar(slot + off, random));
            }
        }
        return bars.build();
    }

    private static BarSeries series(LongStream openTimes) {
        Random random = new Random(1);
        BarSeriesBuilder bars = new BarSeriesBuilder(0);
        openTimes.forEach(openTime -> bars.add(bar(openTime, random)));
        return bars.build();
    }

    private static OhlcvBar bar(long openTime, Random random) {
        double low = random.nextDouble();
        double high = low + random.nextDouble();
        double open = low + (high - low) * random.nextDouble();
        double close = low + (high - low) * random.nextDouble();
        return new OhlcvBar(openTime, open, high, low, close, random.nextDouble());
    }

    private static long at(String instant) {
        return Instant.parse(instant).toEpochMilli();
    }
}
