package io.iftb.cache.benchmarks.gate;

import static org.assertj.core.api.Assertions.assertThat;

import io.iftb.cache.benchmarks.against.JarOfThisBuild;
import io.iftb.cache.benchmarks.result.GeneratedResults;
import io.iftb.cache.benchmarks.result.Results;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** The trial on runs that are there, which it does not repeat. */
class TrialCommandTest {

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

    private void write(String name, double slower) {
        Baseline.write(results(slower), folder.resolve(name + ".json"));
        Baseline.write(results(1), folder.resolve(name + "-against.json"));
    }

    private static Results results(double slower) {
        return GeneratedResults.seeded(1, 13)
                .add("iftb-tcp", "latest", Map.of("limit", 100), 1, 2 * slower)
                .results("gate");
    }

    private int trial() throws Exception {
        Path jar = JarOfThisBuild.write(folder.resolve("before.jar"));
        return new CommandLine(new TrialCommand())
                .execute("--against", jar.toString(), "--runs", "1", "--out", folder.toString());
    }
}
