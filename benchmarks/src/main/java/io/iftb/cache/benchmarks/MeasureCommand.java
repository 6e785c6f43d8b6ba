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

/** Runs a suite and writes {@code results.json}. */
@Command(
        name = "measure",
        mixinStandardHelpOptions = true,
        description = "Measures a suite, and writes what it found to results.json.")
final class MeasureCommand implements Callable<Integer> {

    @Parameters(paramLabel = "SUITE", description = "One of: ${COMPLETION-CANDIDATES}")
    private Suite suite = Suite.GATE;

    @Option(names = "--out", paramLabel = "FOLDER", description = "Where results go. Default: ${DEFAULT-VALUE}")
    private Path out = Path.of("benchmarks", "target", "report");

    @Option(names = "--forks", paramLabel = "N", description = "In how many JVMs times are measured; 0 for costs only.")
    private @Nullable Integer forks;

    @Option(
            names = "--only",
            paramLabel = "REGEX",
            description = "Only cases in whose text this is found, such as 'iftb-tcp latest'.")
    private Pattern only = Pattern.compile("");

    @Override
    public Integer call() throws Exception {
        int times = forks == null ? suite.forks() : forks;
        Results results = new SuiteRun(suite, times, only, System.out).measure(out);
        results.write(out.resolve("results.json"));
        System.out.println(new Digest(results));
        return 0;
    }
}
