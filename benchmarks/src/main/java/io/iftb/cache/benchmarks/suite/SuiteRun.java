package io.iftb.cache.benchmarks.suite;

import io.iftb.cache.benchmarks.jmh.JmhRun;
import io.iftb.cache.benchmarks.result.Case;
import io.iftb.cache.benchmarks.result.Costs;
import io.iftb.cache.benchmarks.result.ForkTime;
import io.iftb.cache.benchmarks.result.Machine;
import io.iftb.cache.benchmarks.result.Measured;
import io.iftb.cache.benchmarks.result.Results;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.openjdk.jmh.runner.RunnerException;

/**
 * A run of a suite in JVMs of its own.
 *
 * @param suite what is measured
 * @param forks in how many JVMs times are measured; 0 for costs only
 * @param only the pattern of the cases
 * @param out where progress is told
 */
public record SuiteRun(Suite suite, int forks, Pattern only, PrintStream out) {

    /** Measures, and gives what was found. */
    public Results measure(Path folder) throws IOException, InterruptedException, RunnerException {
        Files.createDirectories(folder);
        Machine machine = Machines.here();
        out.printf(
                "Suite %s on %d × %s, Java %s, Redis %s, commit %s%n",
                suite.label(),
                machine.processors(),
                machine.processor(),
                machine.java(),
                machine.redis(),
                machine.commit());
        Forks jvms = new Forks(suite, only, folder);
        Map<Case, List<ForkTime>> times = new LinkedHashMap<>();
        for (int fork = 1; fork <= forks; fork++) {
            out.printf("  times, JVM %d of %d%n", fork, forks);
            for (Measured each : jvms.run(Part.TIMES, fork).measured()) {
                times.computeIfAbsent(each.of(), missing -> new ArrayList<>()).addAll(each.forks());
            }
        }
        out.printf("  costs%n");
        Map<Case, Costs> costs = new LinkedHashMap<>();
        jvms.run(Part.COSTS, 1).measured().forEach(each -> costs.put(each.of(), each.costs()));
        Set<Case> cases = new LinkedHashSet<>(times.keySet());
        cases.addAll(costs.keySet());
        List<Measured> measured = cases.stream()
                .map(of -> new Measured(of, times.getOrDefault(of, List.of()), costs.getOrDefault(of, Part.NO_COSTS)))
                .toList();
        if (suite == Suite.FULL && only.pattern().isEmpty()) {
            out.printf("  JMH%n");
            JmhRun.run(folder);
        }
        return new Results(machine, suite.label(), measured);
    }
}
