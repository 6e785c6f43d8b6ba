package io.iftb.cache.benchmarks;

import io.iftb.cache.benchmarks.against.AgainstException;
import io.iftb.cache.benchmarks.against.OtherBuild;
import io.iftb.cache.benchmarks.result.Results;
import io.iftb.cache.benchmarks.suite.Suite;
import io.iftb.cache.benchmarks.suite.SuiteRun;
import io.iftb.cache.benchmarks.suite.TurnsRun;
import io.iftb.cache.benchmarks.suite.TurnsRun.Turns;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** The command {@code measure}: runs a suite and writes {@code results.json}. */
@Command(name = "measure", mixinStandardHelpOptions = true, description = "Runs a suite and writes results.json.")
final class MeasureCommand implements Callable<Integer> {

    private static final int FAILED = 1;

    @Parameters(paramLabel = "SUITE", description = "One of: ${COMPLETION-CANDIDATES}.")
    private Suite suite = Suite.GATE;

    @Option(
            names = "--out",
            paramLabel = "FOLDER",
            description = "The folder for the results. Default: ${DEFAULT-VALUE}.")
    private Path out = Path.of("benchmarks", "target", "report");

    @Option(
            names = "--forks",
            paramLabel = "N",
            description = "The number of forks that measure times; 0 for costs only. Not used with --against.")
    private @Nullable Integer forks;

    @Option(names = "--only", paramLabel = "REGEX", description = "Only cases that match, such as 'iftb-tcp latest'.")
    private Pattern only = Pattern.compile("");

    @Option(
            names = "--against",
            paramLabel = "REVISION|JAR",
            description = "A build whose forks take turns with those of this build; writes against.json too.")
    private String against = "";

    @Option(
            names = "--maven",
            paramLabel = "PROGRAM",
            description = "The program that builds a revision. Default: ${DEFAULT-VALUE}.")
    private String maven = "mvn";

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() throws Exception {
        if (suite.cases(only).isEmpty()) {
            return failed("No case of the suite " + suite.label() + " matches --only '" + only
                    + "'; a case is named such as 'iftb-tcp latest bars=10000 limit=100'.");
        }
        Path file = out.resolve("results.json");
        Files.deleteIfExists(Results.besides(file));
        if (against.isEmpty()) {
            int times = forks == null ? suite.forks() : forks;
            new SuiteRun(suite, times, only, System.out).measure(out).write(file);
        } else if (suite != Suite.GATE) {
            return failed("Only the suite gate can be measured against another build, not the suite " + suite.label()
                    + "; leave out -Dagainst or the profile full.");
        } else {
            try {
                measureInTurns(file);
            } catch (AgainstException e) {
                return failed(String.valueOf(e.getMessage()));
            }
        }
        System.out.println("results: " + file);
        return 0;
    }

    private void measureInTurns(Path file) throws IOException, InterruptedException {
        Path builds = out.toAbsolutePath().resolveSibling("against");
        OtherBuild other = OtherBuild.of(against, builds, maven, System.out);
        Turns turns = new TurnsRun(other, only, out, System.out).measure();
        turns.now().write(file);
        turns.before().write(Results.besides(file));
    }

    private int failed(String message) {
        PrintWriter err = spec.commandLine().getErr();
        err.println("measure: " + message);
        err.flush();
        return FAILED;
    }
}
