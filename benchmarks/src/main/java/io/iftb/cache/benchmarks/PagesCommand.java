package io.iftb.cache.benchmarks;

import io.iftb.cache.benchmarks.measure.HistoryCosts;
import io.iftb.cache.benchmarks.workload.NamedSeries;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** The command {@code pages}: prints what history costs in packed pages, beside other designs. */
@Command(
        name = "pages",
        mixinStandardHelpOptions = true,
        description =
                "Prints what history costs in packed pages, beside raw rows, a sorted set and JSON keys: bytes a bar,"
                        + " times, sealing, and the server's time.")
final class PagesCommand implements Callable<Integer> {

    private static final int FAILED = 1;

    @Parameters(
            arity = "0..*",
            paramLabel = "FILE",
            description = "Real bars: a line of names, then time,open,high,low,close,volume. Without files, a generated"
                    + " series.")
    private List<Path> files = new ArrayList<>();

    @Option(
            names = "--generated",
            paramLabel = "BARS",
            description = "The bars of generated series, measured after the files. Default without files: 20695.")
    private List<Integer> generated = new ArrayList<>();

    @Option(
            names = "--millis",
            paramLabel = "N",
            description = "How long each operation is measured at least. Default: ${DEFAULT-VALUE}.")
    private int millis = 2_000;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() {
        PrintWriter out = spec.commandLine().getOut();
        try (HistoryCosts costs = new HistoryCosts(Duration.ofMillis(millis))) {
            List<NamedSeries> all = series();
            out.println(costs.server());
            for (NamedSeries each : all) {
                out.printf(
                        Locale.ROOT,
                        "%n%s, %,d bars%n",
                        each.name(),
                        each.bars().size());
                FigureText.print(costs.of(each), out);
                out.flush();
            }
            return 0;
        } catch (IOException e) {
            return failed("Cannot read " + e.getMessage());
        } catch (IllegalArgumentException e) {
            return failed(String.valueOf(e.getMessage()));
        }
    }

    private List<NamedSeries> series() throws IOException {
        List<NamedSeries> series = new ArrayList<>();
        for (Path file : files) {
            series.add(NamedSeries.of(file));
        }
        List<Integer> sizes = files.isEmpty() && generated.isEmpty() ? List.of(20_695) : generated;
        sizes.forEach(size -> series.add(NamedSeries.generated(size)));
        return series;
    }

    private int failed(String message) {
        PrintWriter err = spec.commandLine().getErr();
        err.println("pages: " + message);
        err.flush();
        return FAILED;
    }
}
