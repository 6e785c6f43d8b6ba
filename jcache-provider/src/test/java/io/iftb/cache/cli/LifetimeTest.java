package io.iftb.cache.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.iftb.cache.OhlcvCache;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class LifetimeTest {

    @ParameterizedTest
    @CsvSource({"500ms, PT0.5S", "300s, PT5M", "5m, PT5M", "2h, PT2H", "1d, PT24H", "999999999999d, PT23999999999976H"})
    void parse_knownForm_isADuration(String text, Duration expected) {
        assertThat(Lifetime.parse(text)).isEqualTo(expected);
    }

    @Test
    void parse_never_neverEnds() {
        assertThat(Lifetime.parse("never")).isEqualTo(OhlcvCache.NEVER);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "300", "0s", "-5s", "5 m", "1w", "5M", "s", "1.5h", "9999999999999s", "forever"})
    void parse_unknownForm_namesTextAndForms(String text) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Lifetime.parse(text))
                .withMessage(
                        "lifetime '" + text + "' is not known; write a positive count and one of ms s m h d, such as"
                                + " 300s or 2h, or 'never'");
    }

    @ParameterizedTest
    @CsvSource({
        "PT0.25S, 250ms",
        "PT1S, 1s",
        "PT4M12S, 4m 12s",
        "PT5M, 5m",
        "PT2H0M5S, 2h",
        "PT74H30M, 3d 2h",
        "PT0S, 0ms"
    })
    void text_duration_showsItsTwoLargestUnits(Duration lifetime, String expected) {
        assertThat(Lifetime.text(lifetime)).isEqualTo(expected);
    }
}
