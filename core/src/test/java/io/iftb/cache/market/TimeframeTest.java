package io.iftb.cache.market;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Duration;
import java.time.Instant;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TimeframeTest {

    @ParameterizedTest
    @CsvSource({
        "1s, 1, SECOND, PT1S",
        "1m, 1, MINUTE, PT1M",
        "3m, 3, MINUTE, PT3M",
        "5m, 5, MINUTE, PT5M",
        "8m, 8, MINUTE, PT8M",
        "15m, 15, MINUTE, PT15M",
        "1h, 1, HOUR, PT1H",
        "4h, 4, HOUR, PT4H",
        "1d, 1, DAY, PT24H",
        "1w, 1, WEEK, PT168H",
        "1M, 1, MONTH, PT720H",
    })
    void parse_writtenForm_givesCountUnitAndLength(String text, int count, Timeframe.Unit unit, Duration length) {
        Timeframe timeframe = Timeframe.parse(text);

        assertThat(timeframe).isEqualTo(new Timeframe(count, unit)).hasToString(text);
        assertThat(timeframe.length()).isEqualTo(length);
    }

    @Property(tries = 300)
    void parse_whatToStringWrote_givesItBack(
            @ForAll @IntRange(min = 1, max = Timeframe.MAX_COUNT) int count, @ForAll Timeframe.Unit unit) {
        Timeframe timeframe = new Timeframe(count, unit);

        assertThat(Timeframe.parse(timeframe.toString())).isEqualTo(timeframe);
        assertThat(timeframe.length()).isPositive();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "", "m", "1", "0m", "01m", "-1m", "+1m", "1.5h", "1 m", " 1m", "1m ", "1mm", "1H", "1D", "1W", "1y",
                "1min", "100000m", "١m", "1m\n", "h1"
            })
    void parse_otherForms_areRefusedWithTheForm(String text) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Timeframe.parse(text))
                .withMessage("timeframe '" + text + "' is not known; write a count from 1 to 99999 and one of"
                        + " s m h d w M (M is a month), such as 1m, 15m, 4h, 1d");
    }

    @ParameterizedTest
    @ValueSource(ints = {0, -1, 100_000, Integer.MIN_VALUE})
    void timeframe_countOutOfRange_isRefused(int count) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Timeframe(count, Timeframe.Unit.MINUTE))
                .withMessage("timeframe count " + count + " is outside 1..99999");
    }

    @Test
    void equals_sameLengthWrittenDifferently_isAnother() {
        assertThat(Timeframe.parse("60m")).isNotEqualTo(Timeframe.parse("1h"));
        assertThat(Timeframe.parse("1m")).isNotEqualTo(Timeframe.parse("1M"));
    }

    @ParameterizedTest
    @CsvSource({
        "1s, 2025-01-01T00:00:00Z, 2025-01-01T00:00:01Z",
        "4h, 2025-01-01T01:30:00Z, 2025-01-01T05:30:00Z",
        "1d, 2025-03-30T00:00:00Z, 2025-03-31T00:00:00Z",
        "2w, 2025-01-06T00:00:00Z, 2025-01-20T00:00:00Z",
        "1M, 2024-02-01T00:00:00Z, 2024-03-01T00:00:00Z",
        "1M, 2025-01-31T22:00:00Z, 2025-02-28T22:00:00Z",
        "3M, 1969-11-01T00:00:00Z, 1970-02-01T00:00:00Z",
        "12M, 2024-02-29T12:00:00Z, 2025-02-28T12:00:00Z",
    })
    void end_byTheCalendar_isAfterItsLength(Timeframe timeframe, Instant open, Instant end) {
        assertThat(timeframe.end(open.toEpochMilli())).isEqualTo(end.toEpochMilli());
    }

    @Test
    void end_ofNoOpenTime_isRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Timeframe.parse("1h").end(Long.MAX_VALUE))
                .withMessageContaining("open time " + Long.MAX_VALUE);
        assertThat(new Timeframe(Timeframe.MAX_COUNT, Timeframe.Unit.MONTH).end(OpenTime.MAX))
                .isGreaterThan(OpenTime.MAX);
    }
}
