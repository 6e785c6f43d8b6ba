package io.iftb.cache.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.Charset;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ScreenTest {

    @ParameterizedTest
    @CsvSource({
        "xterm, '', '', true, true",
        "xterm, '', '', false, false",
        "dumb, '', '', true, false",
        "xterm, 1, '', true, false",
        "xterm, '', 1, false, true",
        "xterm, '', 0, false, false",
        "xterm, 1, 1, true, false",
    })
    void colour_environment_decides(String term, String noColor, String force, boolean terminal, boolean expected) {
        Map<String, String> environment = Map.of("TERM", term, "NO_COLOR", noColor, "CLICOLOR_FORCE", force);
        assertThat(Screen.colour(environment, terminal)).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource({"100, 100", "5, 20", "9999, 500", "0, 80", "wide, 80", "-1, 80", "'', 80"})
    void width_columns_isBounded(String columns, int expected) {
        assertThat(Screen.width(Map.of("COLUMNS", columns), false)).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource({"UTF-8, true", "UTF-16, true", "US-ASCII, false", "ISO-8859-1, false", "IBM437, false"})
    void unicode_charset_decides(String charset, boolean expected) {
        assertThat(Screen.unicode(Charset.forName(charset))).isEqualTo(expected);
    }
}
