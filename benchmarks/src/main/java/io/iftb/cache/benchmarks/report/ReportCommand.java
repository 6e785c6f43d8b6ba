package io.iftb.cache.benchmarks.report;

import io.iftb.cache.benchmarks.result.Results;
import java.io.IOException;
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

/** The command {@code report}: writes the report of a run. */
@Command(
        name = "report",
        mixinStandardHelpOptions = true,
        description = "Writes index.html, report.md and summary.json from the results of a run.")
public final class ReportCommand implements Callable<Integer> {

    private static final int FAILED = 1;

    @Parameters(index = "0", paramLabel = "RESULTS", description = "The results.json of the run.")
    private Path results = Path.of("results.json");

    @Option(names = "--out", required = true, paramLabel = "FOLDER", description = "The folder for the report.")
    private Path folder = Path.of("report");

    @Option(
            names = "--picture",
            paramLabel = "FILE",
            description = "Also draws the time of latest by the number of bars into this SVG file.")
    private @Nullable Path picture;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() throws IOException {
        Path other = Results.besides(results);
        Results run;
        Results theirs;
        try {
            run = Results.read(results);
            theirs = Files.exists(other) ? Results.read(other) : null;
        } catch (UncheckedIOException e) {
            PrintWriter err = spec.commandLine().getErr();
            err.println("report: " + e.getMessage());
            err.flush();
            return FAILED;
        }
        Report.write(run, theirs, folder);
        if (picture != null) {
            Files.writeString(picture, Report.picture(run, "latest", "bars"));
        }
        var out = spec.commandLine().getOut();
        out.println("report: " + folder.resolve("index.html"));
        out.flush();
        return 0;
    }
}
