package io.iftb.cache.benchmarks.gate;

import io.iftb.cache.benchmarks.result.CaseResult;
import io.iftb.cache.benchmarks.result.Results;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** The command {@code gate}: compares a run with the baseline, or makes it the baseline. */
@Command(
        name = "gate",
        mixinStandardHelpOptions = true,
        description = "Compares the results of a run with the baseline, and with against.json if that is beside them;"
                + " exit status 1 if a figure is worse.")
public final class GateCommand implements Callable<Integer> {

    private static final int FAILED = 1;

    @Parameters(index = "0", paramLabel = "RESULTS", description = "The results.json of the run.")
    private Path results = Path.of("results.json");

    @Option(
            names = "--baseline",
            required = true,
            paramLabel = "FILE",
            description = "The file to compare with, such as benchmarks/baseline.json.")
    private Path baseline = Path.of("baseline.json");

    @Option(
            names = "--update",
            arity = "0..1",
            fallbackValue = "true",
            paramLabel = "true|false",
            description =
                    "Compare, then write the results as the new baseline, whatever the verdict. They need all cases of"
                            + " the old one, with 5 forks or more each.")
    private boolean update;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() {
        PrintWriter out = spec.commandLine().getOut();
        PrintWriter err = spec.commandLine().getErr();
        try {
            Results now = Results.read(results);
            if (!now.suite().equals(Baseline.SUITE)) {
                out.println(
                        "gate: The suite " + now.suite() + " is not judged, only the suite " + Baseline.SUITE + ".");
                return 0;
            }
            return update ? update(now, out) : judge(now, out, err);
        } catch (GateException | UncheckedIOException e) {
            err.println("gate: " + e.getMessage());
            return FAILED;
        } finally {
            out.flush();
            err.flush();
        }
    }

    private int judge(Results now, PrintWriter out, PrintWriter err) {
        Path other = Results.besides(results);
        Verdict verdict = Gate.judge(Baseline.read(baseline), now, Files.exists(other) ? Results.read(other) : null);
        VerdictTable.lines(verdict).forEach(out::println);
        out.flush();
        if (verdict.failed()) {
            err.println("gate: " + verdict.sentence());
            return FAILED;
        }
        return 0;
    }

    private int update(Results now, PrintWriter out) {
        if (Files.exists(Results.besides(results))) {
            throw new GateException(
                    "A run with -Dagainst has too few forks for a baseline; use -Dbaseline.update without it.", null);
        }
        requireForks(now);
        Results before = former(out);
        if (before != null) {
            requireCases(before, now);
            VerdictTable.lines(Gate.judge(before, now)).forEach(out::println);
        }
        Baseline.write(now, baseline);
        out.println("gate: The results are the new baseline; commit " + baseline + ".");
        return 0;
    }

    private @Nullable Results former(PrintWriter out) {
        try {
            return Baseline.read(baseline);
        } catch (GateException e) {
            out.println("gate: There is no usable baseline yet.");
            return null;
        }
    }

    /** With fewer forks, the times of later runs would not be judged. */
    private static void requireForks(Results now) {
        if (now.measured().isEmpty()) {
            throw new GateException("The run has no cases for a baseline; run the whole suite.", null);
        }
        for (CaseResult each : now.measured()) {
            if (each.forks().size() < TimeRule.MIN_FORKS) {
                throw new GateException(
                        each.of() + " was measured by " + each.forks().size() + " forks, and a baseline needs "
                                + TimeRule.MIN_FORKS + " or more; run again without -Dbenchmarks.forks or --forks.",
                        null);
            }
        }
    }

    /** What is not in the baseline is not judged in later runs. */
    private void requireCases(Results before, Results now) {
        for (CaseResult each : before.measured()) {
            if (now.find(each.of()).isEmpty()) {
                throw new GateException(
                        each.of() + " is in the baseline but not in the run; run the whole suite, without --only, or"
                                + " delete " + baseline + " first if the case is gone for good.",
                        null);
            }
        }
    }
}
