package io.iftb.cache.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ProgressTest {

    @ParameterizedTest
    @CsvSource({"true, true", "true, false", "false, true"})
    void start_terminal_showsTheTaskAndHowFarItIs(boolean unicode, boolean colour) {
        String shown = shown(true, new Screen(80, colour, unicode));
        assertThat(shown).contains("BTCUSDT:1h", "100%", "500/500").doesNotContain("\n\n");
    }

    @Test
    void start_noTerminal_showsNothing() {
        assertThat(shown(false, new Screen(80, true, true))).isEmpty();
    }

    private static String shown(boolean terminal, Screen screen) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        PrintStream err = new PrintStream(bytes, true, StandardCharsets.UTF_8);
        Shell shell =
                new Shell(Map.of(), InputStream.nullInputStream(), err, err, StandardCharsets.UTF_8, screen, terminal);
        try (Progress progress = Progress.start(shell, "BTCUSDT:1h", 500)) {
            progress.at(500);
        }
        return bytes.toString(StandardCharsets.UTF_8);
    }
}
