package io.iftb.cache.market;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TimeBucketsTest {

    private static final ZoneId NEW_YORK = ZoneId.of("America/New_York");

    @ParameterizedTest
    @CsvSource({
        "4h, 2025-10-28T07:59:59.999Z, 2025-10-28T04:00:00Z, 2025-10-28T08:00:00Z",
        "4h, 2025-10-28T08:00:00Z, 2025-10-28T08:00:00Z, 2025-10-28T12:00:00Z",
        "1d, 1969-12-31T23:59:59.999Z, 1969-12-31T00:00:00Z, 1970-01-01T00:00:00Z",
        "1w, 2025-11-02T23:59:59Z, 2025-10-27T00:00:00Z, 2025-11-03T00:00:00Z",
        "1w, 2025-11-03T00:00:00Z, 2025-11-03T00:00:00Z, 2025-11-10T00:00:00Z",
        "1w, 1950-01-04T10:00:00Z, 1950-01-02T00:00:00Z, 1950-01-09T00:00:00Z",
        "2w, 1970-01-04T00:00:00Z, 1969-12-22T00:00:00Z, 1970-01-05T00:00:00Z",
        "1M, 2024-02-29T23:00:00Z, 2024-02-01T00:00:00Z, 2024-03-01T00:00:00Z",
        "3M, 2025-06-30T23:00:00Z, 2025-04-01T00:00:00Z, 2025-07-01T00:00:00Z",
        "3M, 1969-11-15T00:00:00Z, 1969-10-01T00:00:00Z, 1970-01-01T00:00:00Z",
        "12M, 2024-12-31T00:00:00Z, 2024-01-01T00:00:00Z, 2025-01-01T00:00:00Z",
    })
    void utc_anyTime_liesInItsBar(Timeframe timeframe, Instant time, Instant start, Instant end) {
        assertBucket(TimeBuckets.utc(timeframe), time, start, end);
    }

    @ParameterizedTest
    @CsvSource({
        "4h, PT1H, 2025-10-28T00:59:00Z, 2025-10-27T21:00:00Z, 2025-10-28T01:00:00Z",
        "4h, PT-1H, 2025-10-28T00:59:00Z, 2025-10-27T23:00:00Z, 2025-10-28T03:00:00Z",
        "1w, PT-24H, 2025-11-02T00:00:00Z, 2025-11-02T00:00:00Z, 2025-11-09T00:00:00Z",
        "1M, PT22H, 2025-03-01T21:59:00Z, 2025-02-01T22:00:00Z, 2025-03-01T22:00:00Z",
        "1M, PT-2H, 2025-02-28T22:00:00Z, 2025-02-28T22:00:00Z, 2025-03-31T22:00:00Z",
    })
    void utc_offset_movesAllBars(Timeframe timeframe, Duration offset, Instant time, Instant start, Instant end) {
        assertBucket(TimeBuckets.utc(timeframe, offset), time, start, end);
    }

    /** On 2025-03-09, New York has 23 hours, on 2025-11-02 it has 25. */
    @ParameterizedTest
    @CsvSource({
        "1d, 2025-03-09T12:00:00Z, 2025-03-09T05:00:00Z, 2025-03-10T04:00:00Z",
        "1d, 2025-11-02T12:00:00Z, 2025-11-02T04:00:00Z, 2025-11-03T05:00:00Z",
        "4h, 2025-03-10T03:59:00Z, 2025-03-10T01:00:00Z, 2025-03-10T04:00:00Z",
        "4h, 2025-11-03T04:30:00Z, 2025-11-03T04:00:00Z, 2025-11-03T05:00:00Z",
        "1h, 2025-11-02T06:30:00Z, 2025-11-02T06:00:00Z, 2025-11-02T07:00:00Z",
        "1w, 2025-11-03T04:59:00Z, 2025-10-27T04:00:00Z, 2025-11-03T05:00:00Z",
        "1M, 2025-11-01T03:59:00Z, 2025-10-01T04:00:00Z, 2025-11-01T04:00:00Z",
        "1M, 2025-11-15T00:00:00Z, 2025-11-01T04:00:00Z, 2025-12-01T05:00:00Z",
    })
    void sessions_clockChanges_haveOtherLengths(Timeframe timeframe, Instant time, Instant start, Instant end) {
        assertBucket(TimeBuckets.sessions(timeframe, NEW_YORK, Duration.ZERO), time, start, end);
    }

    /** The 30th of December 2011 did not happen in Samoa. */
    @Test
    void sessions_dayThatDidNotHappen_isNoSession() {
        TimeBuckets days = TimeBuckets.sessions(Timeframe.parse("1d"), ZoneId.of("Pacific/Apia"), Duration.ZERO);

        assertBucket(days, Instant.parse("2011-12-30T09:59:00Z"), "2011-12-29T10:00:00Z", "2011-12-30T10:00:00Z");
        assertBucket(days, Instant.parse("2011-12-30T10:00:00Z"), "2011-12-30T10:00:00Z", "2011-12-31T10:00:00Z");
    }

    @Test
    void sessions_openedTheDayBefore_haveTheDateOfTheNext() {
        TimeBuckets weeks = TimeBuckets.sessions(Timeframe.parse("1w"), NEW_YORK, Duration.ofHours(-7));

        // Sunday, 17:00
        assertBucket(weeks, Instant.parse("2025-10-26T21:00:00Z"), "2025-10-26T21:00:00Z", "2025-11-02T22:00:00Z");
        assertBucket(weeks, Instant.parse("2025-10-26T20:59:00Z"), "2025-10-19T21:00:00Z", "2025-10-26T21:00:00Z");
    }

    @Test
    void sessions_thatClose_leaveTimesOut() {
        Duration opens = Duration.ofMinutes(9 * 60 + 30);
        TimeBuckets hours = TimeBuckets.sessions(Timeframe.parse("1h"), NEW_YORK, opens, Duration.ofHours(16));

        assertBucket(hours, Instant.parse("2025-10-28T13:30:00Z"), "2025-10-28T13:30:00Z", "2025-10-28T14:30:00Z");
        assertBucket(hours, Instant.parse("2025-10-28T19:59:00Z"), "2025-10-28T19:30:00Z", "2025-10-28T20:00:00Z");
        long evening = Instant.parse("2025-10-28T20:00:00Z").toEpochMilli();
        assertThat(hours.contains(evening)).isFalse();
        assertThat(hours.contains(evening - 1)).isTrue();
        assertThatIllegalArgumentException()
                .isThrownBy(() -> hours.start(evening))
                .withMessage("time " + evening + " lies between two sessions of 1h America/New_York PT9H30M..PT16H;"
                        + " ask contains(time) before");
    }

    /** At 02:30 of 2025-03-09 the clock of New York shows 03:30, when the next session has opened. */
    @Test
    void sessions_thatCloseWhileTheClockSkips_endWithTheNext() {
        TimeBuckets days = TimeBuckets.sessions(
                Timeframe.parse("1d"), NEW_YORK, Duration.ofHours(3), Duration.ofMinutes(26 * 60 + 30));

        assertBucket(days, Instant.parse("2025-03-09T06:30:00Z"), "2025-03-08T08:00:00Z", "2025-03-09T07:00:00Z");
        assertBucket(days, Instant.parse("2025-03-09T07:10:00Z"), "2025-03-09T07:00:00Z", "2025-03-10T06:30:00Z");
    }

    @Property(tries = 2_000)
    void utc_anyTime_equalsTheCalendar(
            @ForAll Timeframe.Unit unit,
            @ForAll @IntRange(min = 1, max = 40) int count,
            @ForAll @LongRange(min = -4_000_000_000_000L, max = 4_000_000_000_000L) long time,
            @ForAll @IntRange(min = -100_000_000, max = 100_000_000) int offset) {
        TimeBuckets buckets = TimeBuckets.utc(new Timeframe(count, unit), Duration.ofMillis(offset));
        ChronoUnit step = switch (unit) {
            case SECOND -> ChronoUnit.SECONDS;
            case MINUTE -> ChronoUnit.MINUTES;
            case HOUR -> ChronoUnit.HOURS;
            case DAY -> ChronoUnit.DAYS;
            case WEEK -> ChronoUnit.WEEKS;
            case MONTH -> ChronoUnit.MONTHS;
        };
        var origin = LocalDate.of(1970, 1, unit == Timeframe.Unit.WEEK ? 5 : 1).atStartOfDay();
        var local = Instant.ofEpochMilli(time - offset).atOffset(ZoneOffset.UTC).toLocalDateTime();
        long number = Math.floorDiv(step.between(origin, local), (long) count);
        // "between" rounds towards the origin
        while (origin.plus(number * count, step).isAfter(local)) {
            number--;
        }
        long start = origin.plus(number * count, step).toInstant(ZoneOffset.UTC).toEpochMilli() + offset;
        long end = origin.plus((number + 1) * count, step)
                        .toInstant(ZoneOffset.UTC)
                        .toEpochMilli()
                + offset;

        assertThat(buckets.start(time)).isEqualTo(start);
        assertThat(buckets.end(time)).isEqualTo(end);
        assertThat(buckets.contains(time)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(longs = {OpenTime.MIN, OpenTime.MAX})
    void buckets_endsOfTime_haveBarsToo(long time) {
        for (Timeframe.Unit unit : Timeframe.Unit.values()) {
            Timeframe timeframe = new Timeframe(3, unit);
            for (TimeBuckets buckets : List.of(
                    TimeBuckets.utc(timeframe), TimeBuckets.sessions(timeframe, NEW_YORK, Duration.ofHours(-7)))) {
                assertThat(buckets.start(time)).isLessThanOrEqualTo(time);
                assertThat(buckets.end(time)).isGreaterThan(time);
            }
        }
    }

    @Test
    void buckets_thatMakeNoSense_areRefused() {
        Timeframe day = Timeframe.parse("1d");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> TimeBuckets.utc(day, Duration.ofDays(367)))
                .withMessage("the offset is PT8808H; it must be 366 days at most");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> TimeBuckets.sessions(day, NEW_YORK, Duration.ofHours(25)));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> TimeBuckets.sessions(day, NEW_YORK, Duration.ofHours(9), Duration.ofHours(9)))
                .withMessage(
                        "the session closes at PT9H and opens at PT9H, both from midnight of its date; it must close"
                                + " after that, within a day");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> TimeBuckets.sessions(day, NEW_YORK, Duration.ofHours(9), Duration.ofHours(34)));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> TimeBuckets.utc(day).start(Long.MAX_VALUE));
    }

    @Test
    void equals_sameDivision_isEqual() {
        Timeframe day = Timeframe.parse("1d");
        TimeBuckets session = TimeBuckets.sessions(day, NEW_YORK, Duration.ofHours(9), Duration.ofHours(16));

        assertThat(TimeBuckets.utc(day))
                .isEqualTo(TimeBuckets.utc(day, Duration.ZERO))
                .hasSameHashCodeAs(TimeBuckets.utc(day))
                .isNotEqualTo(TimeBuckets.utc(Timeframe.parse("24h")))
                .isNotEqualTo(TimeBuckets.utc(day, Duration.ofHours(1)))
                .isNotEqualTo(TimeBuckets.sessions(day, ZoneOffset.UTC, Duration.ZERO))
                .hasToString("1d UTC");
        assertThat(session)
                .isEqualTo(TimeBuckets.sessions(day, NEW_YORK, Duration.ofHours(9), Duration.ofHours(16)))
                .isNotEqualTo(TimeBuckets.sessions(day, NEW_YORK, Duration.ofHours(9), Duration.ofHours(17)))
                .hasToString("1d America/New_York PT9H..PT16H");
        assertThat(TimeBuckets.utc(day, Duration.ofHours(1))).hasToString("1d UTC+PT1H");
        assertThat(TimeBuckets.utc(day, Duration.ofHours(-1))).hasToString("1d UTC-PT1H");
    }

    private static void assertBucket(TimeBuckets buckets, Instant time, String start, String end) {
        assertBucket(buckets, time, Instant.parse(start), Instant.parse(end));
    }

    private static void assertBucket(TimeBuckets buckets, Instant time, Instant start, Instant end) {
        assertThat(Instant.ofEpochMilli(buckets.start(time.toEpochMilli()))).isEqualTo(start);
        assertThat(Instant.ofEpochMilli(buckets.end(time.toEpochMilli()))).isEqualTo(end);
        assertThat(buckets.contains(time.toEpochMilli())).isTrue();
    }
}
