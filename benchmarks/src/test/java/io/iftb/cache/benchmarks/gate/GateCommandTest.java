package io.iftb.cache.benchmarks.gate;

import static org.assertj.core.api.Assertions.assertThat;

import io.iftb.cache.benchmarks.result.GeneratedResults;
import io.iftb.cache.benchmarks.result.Results;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class GateCommandTest {

    @TempDir
    private Path folder;

    private Path results;
    private Path baseline;
    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @BeforeEach
    void measure() {
        results = folder.resolve("results.json");
        baseline = folder.resolve("baseline.json");
        results(1).write(results);
    }

    @Test
    void gate_noBaseline_failsWithTheRemedy() {
        assertThat(gate()).isEqualTo(1);
        assertThat(err.toString())
                .isEqualTo("gate: There is no baseline " + baseline + "; create it with -Dbaseline.update."
                        + System.lineSeparator());
    }

    @Test
    void gate_baselineOfAnotherShape_failsWithTheRemedy() throws IOException {
        Files.writeString(baseline, "{\"machine\": 1}");

        assertThat(gate()).isEqualTo(1);
        assertThat(err.toString())
                .contains("create it again with -Dbaseline.update.")
                .hasLineCount(1);
    }

    @Test
    void gate_afterAnUpdate_passes() {
        assertThat(gate("--update=true")).isZero();
        assertThat(out.toString()).contains("The results are the new baseline; commit " + baseline);
        assertThat(gate("--update=false")).isZero();
        assertThat(out.toString()).contains("gate: 2 cases, no regression");
    }

    @Test
    void gate_slowerThanTheBaseline_failsWithOneSentence() {
        gate("--update");
        results(1.3).write(results);

        assertThat(gate()).isEqualTo(1);
        assertThat(err.toString())
                .startsWith("gate: One figure is worse: time / ")
                .hasLineCount(1);
        assertThat(gate("--update")).isZero();
        assertThat(gate()).isZero();
    }

    @Test
    void gate_slowerThanTheOtherBuild_failsWithOneSentence() {
        gate("--update");
        turns(1, "abc1234");
        assertThat(gate()).isZero();
        assertThat(out.toString()).contains("not slower", "gate: 2 cases, no regression");

        turns(1.2, "abc1234");
        assertThat(gate()).isEqualTo(1);
        assertThat(err.toString())
                .startsWith("gate: One figure is worse: the time of iftb-tcp latest limit=100 is ")
                .hasLineCount(1);
    }

    @Test
    void update_afterTurns_isRefused() {
        turns(1, "abc1234");

        assertThat(gate("--update")).isEqualTo(1);
        assertThat(err.toString())
                .isEqualTo(
                        "gate: A run with -Dagainst has too few forks for a baseline; use -Dbaseline.update without it."
                                + System.lineSeparator());
        assertThat(baseline).doesNotExist();
    }

    @Test
    void update_tooFewForks_isRefused() throws IOException {
        gate("--update");
        String before = Files.readString(baseline);
        for (int forks : new int[] {0, 4}) {
            results(1, forks).write(results);

            assertThat(gate("--update")).isEqualTo(1);
            assertThat(lastOf(err))
                    .isEqualTo("gate: iftb-tcp latest limit=100 was measured by " + forks
                            + " forks, and a baseline needs 5"
                            + " or more; run again without -Dbenchmarks.forks or --forks.");
            assertThat(baseline).hasContent(before);
        }
        results(1, 5).write(results);
        assertThat(gate("--update")).isZero();
    }

    @Test
    void update_someCasesOnly_isRefused() throws IOException {
        gate("--update");
        String before = Files.readString(baseline);
        Results all = results(1);
        new Results(all.machine(), all.suite(), all.measured().subList(0, 1)).write(results);

        assertThat(gate("--update")).isEqualTo(1);
        assertThat(lastOf(err))
                .isEqualTo(
                        "gate: iftb-tcp get is in the baseline but not in the run; run the whole suite, without --only,"
                                + " or delete " + baseline + " first if the case is gone for good.");
        assertThat(baseline).hasContent(before);
        assertThat(gate()).isEqualTo(1);
        assertThat(lastOf(err))
                .endsWith(
                        "; if this is intended, delete the baseline, run again with -Dbaseline.update and commit the new"
                                + " baseline.");
    }

    @Test
    void update_noCases_isRefused() {
        new Results(GeneratedResults.MACHINE, "gate", List.of()).write(results);

        assertThat(gate("--update")).isEqualTo(1);
        assertThat(lastOf(err)).isEqualTo("gate: The run has no cases for a baseline; run the whole suite.");
        assertThat(baseline).doesNotExist();
    }

    @Test
    void gate_noResults_failsWithOneSentence() throws IOException {
        gate("--update");
        Files.writeString(results, "{\"machine\":");
        assertThat(gate()).isEqualTo(1);
        assertThat(lastOf(err))
                .isEqualTo("gate: There are no results in " + results + "; give the results.json of a run.");

        Files.delete(results);
        assertThat(gate()).isEqualTo(1);
        assertThat(lastOf(err)).isEqualTo("gate: There is no file " + results + "; give the results.json of a run.");
        assertThat(err.toString()).hasLineCount(2);
    }

    private static String lastOf(StringWriter text) {
        List<String> lines = text.toString().lines().toList();
        return lines.get(lines.size() - 1);
    }

    @Test
    void gate_anotherSuite_isNotJudged() {
        new Results(GeneratedResults.MACHINE, "full", results(1).measured()).write(results);

        assertThat(gate("--update")).isZero();
        assertThat(baseline).doesNotExist();
        assertThat(out.toString()).contains("The suite full is not judged");
    }

    @Test
    void update_twiceWithCasesInAnotherOrder_writesTheSameText() throws IOException {
        gate("--update");
        String first = Files.readString(baseline);
        Results reversed = results(1);
        new Results(
                        reversed.machine(),
                        reversed.suite(),
                        List.of(reversed.measured().get(1), reversed.measured().get(0)))
                .write(results);
        gate("--update");

        assertThat(Files.readString(baseline)).isEqualTo(first);
        assertThat(first.lines().filter(line -> line.contains("ratioToSocket"))).hasSize(16);
        assertThat(Results.read(baseline).measured()).hasSize(2);
        assertThat(first).doesNotContainPattern("ratioToSocket\":\\d\\.\\d{5}");
    }

    private int gate(String... more) {
        String[] args = new String[more.length + 3];
        args[0] = results.toString();
        args[1] = "--baseline";
        args[2] = baseline.toString();
        System.arraycopy(more, 0, args, 3, more.length);
        return new CommandLine(new GateCommand())
                .setOut(new PrintWriter(out))
                .setErr(new PrintWriter(err))
                .execute(args);
    }

    /** This build and another whose forks took turns. */
    private void turns(double slower, String other) {
        results(slower, 13).write(results);
        Results theirs = results(1, 13);
        new Results(theirs.machine().with(other), theirs.suite(), theirs.measured()).write(Results.besides(results));
    }

    private static Results results(double slower) {
        return results(slower, 8);
    }

    private static Results results(double slower, int forks) {
        return GeneratedResults.seeded(3, forks)
                .add("iftb-tcp", "latest", Map.of("limit", 100), 1, 2 * slower)
                .add("iftb-tcp", "get", Map.of(), 1, 2)
                .results("gate");
    }
}
