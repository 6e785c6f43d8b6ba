package io.iftb.cache.benchmarks.gate;

import static org.assertj.core.api.Assertions.assertThat;

import io.iftb.cache.benchmarks.against.JarOfThisBuild;
import io.iftb.cache.benchmarks.result.GeneratedResults;
import io.iftb.cache.benchmarks.result.Results;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** The trial on runs that are there, which it does not repeat. */
class TrialCommandTest {

    private final StringWriter err = new StringWriter();

    @TempDir
    private Path folder;

    @Test
    void trial_rightVerdicts_succeeds() throws Exception {
        write("plain-01", 1);
        write("time-10-01", 1.1);

        assertThat(trial()).isZero();
        assertThat(folder.resolve("trial.txt")).content().isEqualTo("plain-01: as expected\ntime-10-01: as expected\n");
    }

    @Test
    void trial_alarmForTheSameBuild_fails() throws Exception {
        write("plain-01", 1.1);
        write("time-10-01", 1.1);

        assertThat(trial()).isEqualTo(1);
        assertThat(folder.resolve("trial.txt")).content().startsWith("plain-01: WRONG\n");
    }

    @Test
    void trial_slowerBuildIsNotSeen_fails() throws Exception {
        write("plain-01", 1);
        write("time-10-01", 1);

        assertThat(trial()).isEqualTo(1);
        assertThat(folder.resolve("trial.txt")).content().endsWith("time-10-01: WRONG\n");
    }

    @Test
    void trial_otherCasesAreSlower_fails() throws Exception {
        write("plain-01", 1);
        Baseline.write(results(500, 1.1), folder.resolve("time-10-01.json"));
        Baseline.write(results(500, 1), folder.resolve("time-10-01-against.json"));

        assertThat(trial()).isEqualTo(1);
        assertThat(folder.resolve("trial.txt")).content().endsWith("time-10-01: WRONG\n");
    }

    @Test
    void trial_runThatJudgedNothing_isOneSentence() throws Exception {
        Results nothing = new Results(GeneratedResults.MACHINE, "gate", List.of());
        Baseline.write(nothing, folder.resolve("plain-01.json"));
        Baseline.write(nothing, folder.resolve("plain-01-against.json"));

        assertThat(trial()).isEqualTo(1);
        assertThat(err.toString())
                .startsWith("trial: The results of a run that is there have no time to judge; delete ");
        assertThat(err.toString()).hasLineCount(1);
    }

    @Test
    void trial_runThatIsHalfWritten_isOneSentence() throws Exception {
        write("plain-01", 1);
        Path file = folder.resolve("plain-01-against.json");
        Files.writeString(file, Files.readString(file).substring(0, 1_000));

        assertThat(trial()).isEqualTo(1);
        assertThat(err.toString())
                .isEqualTo("trial: The results of a run that is there cannot be read; delete "
                        + folder.resolve("plain-01.json") + " and " + file
                        + " and start the trial again, which repeats this run." + System.lineSeparator());
    }

    @Test
    void trial_thatCouldShowNothing_isRefused() throws Exception {
        assertThat(trial("--runs", "0")).isEqualTo(CommandLine.ExitCode.USAGE);
        assertThat(trial("--slower", "0")).isEqualTo(CommandLine.ExitCode.USAGE);
        assertThat(trial("--only", "codec")).isEqualTo(CommandLine.ExitCode.USAGE);
        assertThat(err.toString())
                .contains(
                        "--runs 0 is not positive", "--slower 0 is not positive", "--only 'codec' leaves out the scan");
    }

    private void write(String name, double slower) {
        Baseline.write(results(slower), folder.resolve(name + ".json"));
        Baseline.write(results(1), folder.resolve(name + "-against.json"));
    }

    private static Results results(double slower) {
        return results(100, slower);
    }

    private static Results results(int limit, double slower) {
        return GeneratedResults.seeded(1, 13)
                .add("iftb-tcp", "latest", Map.of("limit", limit), 1, 2 * slower)
                .results("gate");
    }

    private int trial(String... more) throws Exception {
        Path jar = JarOfThisBuild.write(folder.resolve("before.jar"));
        List<String> arguments = new ArrayList<>(List.of("--against", jar.toString(), "--out", folder.toString()));
        arguments.addAll(more.length == 0 ? List.of("--runs", "1") : List.of(more));
        return new CommandLine(new TrialCommand())
                .setErr(new PrintWriter(err))
                .execute(arguments.toArray(new String[0]));
    }
}
