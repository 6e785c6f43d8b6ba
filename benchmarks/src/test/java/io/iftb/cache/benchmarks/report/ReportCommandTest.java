package io.iftb.cache.benchmarks.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class ReportCommandTest {

    @TempDir
    private Path folder;

    @Test
    void report_noResults_failsWithOneSentence() throws Exception {
        Path missing = folder.resolve("missing.json");
        Path other = Files.writeString(folder.resolve("other.json"), "[1]");

        assertThat(report(missing))
                .isEqualTo("report: There is no file " + missing + "; give the results.json of a run.");
        assertThat(report(other))
                .isEqualTo("report: There are no results in " + other + "; give the results.json of a run.");
        assertThat(folder.resolve("report")).doesNotExist();
    }

    private String report(Path results) {
        StringWriter err = new StringWriter();
        int status = new CommandLine(new ReportCommand())
                .setErr(new PrintWriter(err))
                .execute(results.toString(), "--out", folder.resolve("report").toString());
        assertThat(status).isEqualTo(1);
        return err.toString().strip();
    }
}
