package io.iftb.cache.benchmarks;

import io.iftb.cache.benchmarks.result.Results;
import io.iftb.cache.benchmarks.suite.Suite;
import io.iftb.cache.benchmarks.suite.SuiteRun;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** The command {@code measure}: runs a suite and writes {@code results.json}. */
@Command(name = "measure", mixinStandardHelpOptions = true, description = "Runs a suite and writes results.json.")
final class MeasureCommand implements Callable<Integer> {

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
            description = "The number of forks that measure times; 0 for costs only.")
    private @Nullable Integer forks;

    @Option(names = "--only", paramLabel = "REGEX", description = "Only cases that match, such as 'iftb-tcp latest'.")
    private Pattern only = Pattern.compile("");

    @Override
    public Integer call() throws Exception {
        int times = forks == null ? suite.forks() : forks;
        Results results = new SuiteRun(suite, times, only, System.out).measure(out);
        Path file = out.resolve("results.json");
        results.write(file);
        System.out.println("results: " + file);
        return 0;
    }
}
