package io.iftb.cache.benchmarks.gate;

import static org.assertj.core.api.Assertions.assertThat;

import io.iftb.cache.benchmarks.result.MadeUpResults;
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

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @Test
    void trial_suiteThatObeysItsHandicaps_keepsEveryRunAndATable() throws IOException {
        int status = trial();

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

    @Test
    void trial_afterOneThatWasCut_keepsTheRunsThatAreThere() throws IOException {
        trial();
        Files.delete(folder.resolve("time-15-01.json"));
        byte[] plain = Files.readAllBytes(folder.resolve("plain-01.json"));

        assertThat(trial()).isZero();

        assertThat(folder.resolve("time-15-01.json")).exists();
        assertThat(folder.resolve("plain-01.json")).hasBinaryContent(plain);
    }

    @Test
    void trial_runsOfAnotherCommit_areRefused() throws IOException {
        trial();
        Path run = folder.resolve("plain-01.json");
        Files.writeString(run, Files.readString(run).replace(MadeUpResults.MACHINE.commit(), "another"));

        assertThat(trial()).isEqualTo(1);

        assertThat(err.toString())
                .startsWith("trial: A run of commit another lies beside a baseline of commit "
                        + MadeUpResults.MACHINE.commit())
                .contains("empty folder");
    }

    private int trial() {
        return new CommandLine(new GateTrial())
                .setOut(new PrintWriter(out))
                .setErr(new PrintWriter(err, true))
                .execute(
                        "--runs",
                        "1",
                        "--forks",
                        "12",
                        "--out",
                        folder.toString(),
                        "--main",
                        PretendedSuite.class.getName());
    }
}
