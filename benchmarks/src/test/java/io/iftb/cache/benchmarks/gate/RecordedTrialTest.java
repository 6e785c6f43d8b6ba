package io.iftb.cache.benchmarks.gate;

import static org.assertj.core.api.Assertions.assertThat;

import io.iftb.cache.benchmarks.result.Results;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The gate on the recorded runs of its trial: any change of its rules must judge them as before. */
class RecordedTrialTest {

    private static final Path TRIALS = Path.of("trials");

    static Stream<String> runs() {
        return Stream.of("plain", "time-15", "commands-1", "allocation-10")
                .flatMap(kind -> IntStream.rangeClosed(1, 10).mapToObj(i -> "%s-%02d".formatted(kind, i)));
    }

    @ParameterizedTest
    @MethodSource("runs")
    void judge_recordedRun_failsOnlyIfItWasMadeWorse(String run) {
        boolean plain = run.startsWith("plain");
        Results baseline = Results.read(TRIALS.resolve(plain ? "baseline.json" : "baseline-scan.json"));

        Verdict verdict = Gate.judge(baseline, Results.read(TRIALS.resolve(run + ".json")));

        assertThat(verdict.cases()).isEqualTo(plain ? 19 : 1);
        assertThat(verdict.failed()).isEqualTo(!plain);
        if (!plain) {
            assertThat(verdict.hasRegression(run.replaceFirst("-.*", "").replace("allocation", "allocated bytes")))
                    .isTrue();
        }
    }

    @ParameterizedTest
    @MethodSource("runs")
    void write_recordedRun_isTheSameFile(String run, @TempDir Path folder) throws Exception {
        Results recorded = Results.read(TRIALS.resolve(run + ".json"));
        Path file = folder.resolve("baseline.json");

        Baseline.write(recorded, file);

        assertThat(Files.readString(file)).isEqualTo(Files.readString(TRIALS.resolve(run + ".json")));
    }
}
