package io.iftb.cache.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.iftb.cache.market.OpenTime;
import java.time.Instant;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class MomentTest {

    @ParameterizedTest
    @CsvSource({
        "1678730400, 1678730400000",
        "1678730400.0, 1678730400000",
        "1678730400.125, 1678730400125",
        "1678730400000, 1678730400000",
        "1678730400000.0, 1678730400000",
        "99999999999, 99999999999000",
        "100000000000, 100000000000",
        "-86400, -86400000",
        "-1325602800000, -1325602800000",
        "0, 0",
        "1678730400000000, 1678730400000",
        "1678730400000000000, 1678730400000",
        "-100000000000000, -100000000000",
        "2013-01-02, 1357084800000",
        "2023-03-13T18:00:00Z, 1678730400000",
        "2023-03-13t18:00z, 1678730400000",
        "2023-03-13 18:00:00, 1678730400000",
        "2023-03-13T18:00, 1678730400000",
        "2023-03-13T18:00:00.250, 1678730400250",
        "2023-03-13T19:00:00+01:00, 1678730400000",
        "2023-03-13 19:00:00+0100, 1678730400000",
        "2023-03-13T19:00:00+01, 1678730400000",
        "1927-12-30, -1325635200000",
    })
    void parse_knownForm_isEpochMillis(String text, long expected) {
        assertThat(Moment.parse(text)).isEqualTo(expected);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "yesterday",
                "2023-02-30",
                "2023-13-01",
                "13/03/2023",
                "2023-03-13T25:00",
                "1e9",
                "NaN",
                "1,678",
                "0x10",
                "12:00",
                "2023-03-13Tnoon"
            })
    void parse_unknownForm_namesTextAndForms(String text) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Moment.parse(text))
                .withMessageStartingWith("time '" + text + "' is not known; write a date such as 2024-01-31");
    }

    /** Nobody means seconds of 1970. */
    @ParameterizedTest
    @ValueSource(strings = {"20240131", "19991231", "21001001"})
    void parse_dateWithoutHyphens_saysHowToWriteIt(String text) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Moment.parse(text))
                .withMessage("time '" + text + "' looks like a date; write " + text.substring(0, 4) + "-"
                        + text.substring(4, 6) + "-" + text.substring(6) + ", or epoch milliseconds");
        assertThat(Moment.parse(text, Moment.EpochUnit.SECONDS)).isEqualTo(Long.parseLong(text) * 1_000);
    }

    @ParameterizedTest
    @ValueSource(strings = {"1678730400.0001", "1678730400000001", "2023-03-13T18:00:00.0001Z"})
    void parse_finerThanAMillisecond_saysSo(String text) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Moment.parse(text))
                .withMessageContaining("finer than a millisecond");
    }

    @Test
    void parse_numberInMillis_isTakenAsMillisHoweverSmall() {
        assertThat(Moment.parse("86400000", Moment.EpochUnit.MILLIS)).isEqualTo(86_400_000);
    }

    @Test
    void parse_numberInSecondsAfter5138_isRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Moment.parse("1678730400000", Moment.EpochUnit.SECONDS))
                .withMessageContaining("after the year 5138");
    }

    @Property
    void parse_anInstant_isTheInstant(@ForAll @LongRange(min = OpenTime.MIN, max = OpenTime.MAX) long millis) {
        assertThat(Moment.parse(Instant.ofEpochMilli(millis).toString())).isEqualTo(millis);
    }

    @Test
    void text_time_showsAsMuchAsThereIs() {
        assertThat(Moment.text(1678730400000L)).isEqualTo("2023-03-13 18:00");
        assertThat(Moment.text(1678730407000L)).isEqualTo("2023-03-13 18:00:07");
        assertThat(Moment.text(1678730407089L)).isEqualTo("2023-03-13 18:00:07.089");
    }
}
