package io.iftb.cache.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class MeasureCommandTest {

    private final StringWriter err = new StringWriter();

    @TempDir
    private Path folder;

    @Test
    void measure_againstNothing_failsWithOneSentence() throws Exception {
        Path stale = Files.createFile(folder.resolve("against.json"));

        assertThat(measure("gate", "--against", folder.resolve("none.jar").toString()))
                .isEqualTo(1);
        assertThat(err.toString()).startsWith("measure: There is no jar ").hasLineCount(1);
        assertThat(stale).doesNotExist();
    }

    @Test
    void measure_fullSuiteAgainst_isRefused() {
        assertThat(measure("full", "--against", "HEAD")).isEqualTo(1);
        assertThat(err.toString())
                .isEqualTo(
                        "measure: Only the suite gate can be measured against another build, not the suite full; leave"
                                + " out -Dagainst or the profile full." + System.lineSeparator());
    }

    @Test
    void measure_onlyWhatIsNot_failsWithOneSentence() throws Exception {
        Path kept = Files.writeString(folder.resolve("results.json"), "of an earlier run");

        assertThat(measure("gate", "--only", "redison")).isEqualTo(1);
        assertThat(measure("gate", "--only", "^socket", "--against", "HEAD")).isEqualTo(1);
        assertThat(err.toString().lines())
                .containsExactly(
                        "measure: No case of the suite gate matches --only 'redison'; a case is named such as 'iftb-tcp"
                                + " latest bars=10000 limit=100'.",
                        "measure: No case of the suite gate matches --only '^socket'; a case is named such as 'iftb-tcp"
                                + " latest bars=10000 limit=100'.");
        assertThat(kept).hasContent("of an earlier run");
    }

    private int measure(String suite, String... more) {
        return new CommandLine(new MeasureCommand())
                .setCaseInsensitiveEnumValuesAllowed(true)
                .setErr(new PrintWriter(err))
                .execute(Stream.concat(Stream.of(suite, "--out", folder.toString()), Stream.of(more))
                        .toArray(String[]::new));
    }
}
