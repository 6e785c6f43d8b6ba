package io.iftb.cache.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;

class NearCommandTest {

    @Tag("thorough")
    @Test
    void near_shortTurns_printsAllSections() {
        StringWriter out = new StringWriter();

        int status = new CommandLine(new NearCommand())
                .setOut(new PrintWriter(out))
                .execute("--millis", "50", "--rounds", "1", "--clients", "1,2");

        assertThat(status).isZero();
        assertThat(out.toString().lines())
                .containsSubsequence(
                        "  get by type of key",
                        "  one key, written 1,000 times a second",
                        "  100 bars of 500 series, 500 open bars written each second",
                        "  server CPU for a write, 10,000 writes a second, 1 at once",
                        "  server CPU for a write, 10,000 writes a second, 20 at once")
                .anyMatch(line -> line.startsWith("    UUID ") && line.endsWith("goal ≤ 0: reached"))
                .anyMatch(line -> line.startsWith("    2 JVMs track it "))
                .anyMatch(line -> line.startsWith("    2 JVMs track another prefix "));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "--rounds | 0 | --rounds 0 is not positive",
                "--millis | 0 | --millis 0 is not positive",
                "--clients | 2,3 | one of them 1",
                "--clients | 1,-1 | give positive numbers"
            })
    void near_numberThatMeasuresNothing_isRefused(String option, String number, String sentence) {
        StringWriter err = new StringWriter();

        int status =
                new CommandLine(new NearCommand()).setErr(new PrintWriter(err)).execute(option, number);

        assertThat(status).isEqualTo(CommandLine.ExitCode.USAGE);
        assertThat(err.toString()).contains(sentence);
    }
}
