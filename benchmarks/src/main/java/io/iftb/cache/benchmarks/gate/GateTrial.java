package io.iftb.cache.benchmarks.gate;

import io.iftb.cache.benchmarks.result.Results;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/**
 * The gate put to the test with the real suite: it must let the same build pass every time, and catch one that is slower,
 * sends a command more or allocates more, every time.
 */
@Command(
        name = "trial",
        mixinStandardHelpOptions = true,
        description = "Runs the suite again and again, as it is and made worse on purpose, and judges each run. A trial"
                + " goes on with the runs whose results are not in the folder.")
public final class GateTrial implements Callable<Integer> {

    private static final int FAILED = 1;

    @Option(names = "--runs", paramLabel = "N", description = "runs of each kind (default: ${DEFAULT-VALUE})")
    private int runs = 10;

    @Option(
            names = "--out",
            required = true,
            paramLabel = "FOLDER",
            description = "where README.md and the results of every run go, such as benchmarks/trials")
    private Path folder = Path.of("trials");

    @Option(names = "--forks", paramLabel = "N", description = "forks of a run (default: ${DEFAULT-VALUE})")
    private int forks = 8;

    @Option(
            names = "--scan",
            paramLabel = "REGEX",
            description = "the cases that are made worse (default: ${DEFAULT-VALUE})")
    private String scan = "iftb-tcp latest .*limit=100( |$)";

    @Option(names = "--main", paramLabel = "CLASS", description = "the suite's entry point (default: ${DEFAULT-VALUE})")
    private String main = "io.iftb.cache.benchmarks.Benchmarks";

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() throws IOException {
        try {
            return trial(spec.commandLine().getOut()) ? 0 : FAILED;
        } catch (GateFailure e) {
            spec.commandLine().getErr().println("trial: " + e.getMessage());
            return FAILED;
        }
    }

    private boolean trial(PrintWriter out) throws IOException {
        Files.createDirectories(folder);
        Results whole = run("baseline", "", List.of());
        Results part = sameBuild(whole, run("baseline-scan", "", List.of("--only", scan)));
        TrialTable table = new TrialTable(whole.machine(), forks);
        for (Trial trial : Trial.ALL) {
            for (int i = 1; i <= runs; i++) {
                String name = String.format(Locale.ROOT, "%s-%02d", trial.name(), i);
                List<String> only = trial.isPlain() ? List.of() : List.of("--only", scan);
                Results found = sameBuild(whole, run(name, trial.property(), only));
                Verdict verdict = Gate.judge(trial.isPlain() ? whole : part, found);
                table.add(trial, name, verdict);
                out.println(name + ": " + verdict.summary());
                out.flush();
                // after each run, since a trial takes hours
                Files.writeString(folder.resolve("README.md"), table.text());
            }
        }
        out.println("trial: " + folder.resolve("README.md"));
        out.flush();
        return table.isPassed();
    }

    /** Runs the suite in a JVM of its own and keeps what it found, if no earlier trial has left it. */
    private Results run(String name, String property, List<String> more) throws IOException {
        Path kept = folder.resolve(name + ".json");
        if (!Files.exists(kept)) {
            measure(name, property, more, kept);
        }
        // as it is in the file, so that the table can be made again from the files
        return Baseline.read(kept);
    }

    private static Results sameBuild(Results baseline, Results run) {
        if (!run.machine().commit().equals(baseline.machine().commit())) {
            throw new GateFailure("A run of commit " + run.machine().commit() + " lies beside a baseline of commit "
                    + baseline.machine().commit() + "; begin the trial in an empty folder.");
        }
        return run;
    }

    private void measure(String name, String property, List<String> more, Path kept) throws IOException {
        Path out = Files.createTempDirectory("gate-trial");
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        if (!property.isEmpty()) {
            command.add("-D" + property);
        }
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), main, "measure"));
        command.addAll(List.of(Baseline.SUITE, "--out", out.toString(), "--forks", String.valueOf(forks)));
        command.addAll(more);
        Path log = out.resolve("log.txt");
        int status = await(new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start());
        if (status != 0) {
            throw new GateFailure("The suite of run " + name + " ended with status " + status + "; see " + log + ".");
        }
        Results results = Results.read(out.resolve("results.json"));
        Baseline.write(results, kept);
        delete(out);
    }

    private static void delete(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }

    private static int await(Process process) {
        try {
            return process.waitFor();
        } catch (InterruptedException e) {
            process.destroy();
            Thread.currentThread().interrupt();
            throw new UncheckedIOException(new IOException("interrupted", e));
        }
    }
}
