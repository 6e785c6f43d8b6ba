package io.iftb.cache.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class PagesCommandTest {

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @TempDir
    private Path folder;

    @Tag("thorough")
    @Test
    void pages_generatedSeries_printsAllSections() {
        assertThat(pages("--generated", "7000")).isZero();

        assertThat(out.toString().lines())
                .contains("generated, 1m, 7,000 bars")
                .containsSubsequence("  memory", "  time", "  sealing", "  server's time")
                .anyMatch(line -> line.startsWith("    sealed pages "))
                .anyMatch(line -> line.startsWith("    latest 5,000, json-mget "))
                .anyMatch(line -> line.startsWith("    late bar, one of 100 missing ones "));
    }

    @Test
    void pages_fileIsMissing_failsWithOneSentence() {
        assertThat(pages(folder.resolve("none.csv").toString())).isEqualTo(1);

        assertThat(err.toString()).startsWith("pages: Cannot read ").hasLineCount(1);
    }

    @Test
    void pages_shortFile_saysHowManyBarsAreNeeded() throws Exception {
        Path file = Files.writeString(
                folder.resolve("days.csv"),
                "date,open,high,low,close,volume\n2024-01-01,1,3,1,2,5\n2024-01-02,2,3,1,2,5\n");

        assertThat(pages(file.toString())).isEqualTo(1);

        assertThat(err.toString())
                .isEqualTo("pages: days.csv, 1d has 2 bars; give at least 6000, so that most of them are in pages"
                        + System.lineSeparator());
    }

    private int pages(String... arguments) {
        return new CommandLine(new PagesCommand())
                .setOut(new PrintWriter(out))
                .setErr(new PrintWriter(err))
                .execute(Stream.concat(Stream.of("--millis", "20"), Stream.of(arguments))
                        .toArray(String[]::new));
    }
}
