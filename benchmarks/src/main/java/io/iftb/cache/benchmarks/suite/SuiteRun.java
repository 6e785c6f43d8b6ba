package io.iftb.cache.benchmarks.suite;

import io.iftb.cache.benchmarks.jmh.JmhRun;
import io.iftb.cache.benchmarks.result.Case;
import io.iftb.cache.benchmarks.result.CaseResult;
import io.iftb.cache.benchmarks.result.Machine;
import io.iftb.cache.benchmarks.result.Results;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.openjdk.jmh.runner.RunnerException;

/**
 * A run of a suite in forked JVMs.
 *
 * @param suite the suite
 * @param forks the number of forks that measure times; 0 for costs only
 * @param only the pattern of the cases
 * @param out receives progress messages
 */
public record SuiteRun(Suite suite, int forks, Pattern only, PrintStream out) {

    /** Measures the suite; a folder takes temporary files and the results of JMH. */
    public Results measure(Path folder) throws IOException, InterruptedException, RunnerException {
        Files.createDirectories(folder);
        Machine machine = MachineProbe.here();
        out.println(heading(suite, machine));
        ForkRunner runner = ForkRunner.ofThisBuild(suite, folder);
        Map<Case, CaseResult> results = new LinkedHashMap<>();
        for (int fork = 1; fork <= forks; fork++) {
            out.printf("  times, fork %d of %d%n", fork, forks);
            runner.run(ForkMode.TIMES, fork, only).forEach(each -> results.merge(each.of(), each, CaseResult::and));
        }
        out.printf("  costs%n");
        runner.run(ForkMode.COSTS, 1, only).forEach(each -> results.merge(each.of(), each, CaseResult::and));
        if (suite == Suite.FULL && only.pattern().isEmpty()) {
            out.printf("  JMH%n");
            JmhRun.run(folder);
        }
        return new Results(machine, suite.label(), List.copyOf(results.values()));
    }

    /** The first line of the progress messages. */
    static String heading(Suite suite, Machine machine) {
        return "Suite %s on %d × %s, Java %s, Redis %s, commit %s"
                .formatted(
                        suite.label(),
                        machine.processors(),
                        machine.processor(),
                        machine.java(),
                        machine.redis(),
                        machine.commit());
    }
}
