package io.iftb.cache.benchmarks.gate;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class GateTrialTest {

    @TempDir
    private Path folder;

    @Test
    void trial_suiteThatObeysItsHandicaps_keepsEveryRunAndATable() throws IOException {
        StringWriter out = new StringWriter();
        int status = new CommandLine(new GateTrial())
                .setOut(new PrintWriter(out))
                .execute(
                        "--runs",
                        "1",
                        "--forks",
                        "12",
                        "--out",
                        folder.toString(),
                        "--main",
                        PretendedSuite.class.getName());

        assertThat(status).isZero();
        assertThat(out.toString()).contains("plain-01: gate: 2 cases, no regression");
        try (Stream<Path> files = Files.list(folder)) {
            assertThat(files.map(file -> file.getFileName().toString()))
                    .containsExactlyInAnyOrder(
                            "README.md",
                            "baseline.json",
                            "baseline-scan.json",
                            "plain-01.json",
                            "time-15-01.json",
                            "commands-1-01.json",
                            "allocation-10-01.json");
        }
        assertThat(Files.readString(folder.resolve("README.md")))
                .contains("| plain | no alarm | 1 of 1 |")
                .contains("| time-15 | an alarm for time | 1 of 1 |")
                .contains("| commands-1 | an alarm for commands | 1 of 1 |")
                .contains("| allocation-10 | an alarm for allocated bytes | 1 of 1 |");
    }
}
