package io.iftb.cache.benchmarks.gate;

import io.iftb.cache.benchmarks.against.AgainstException;
import io.iftb.cache.benchmarks.against.OtherBuild;
import io.iftb.cache.benchmarks.result.Case;
import io.iftb.cache.benchmarks.result.Results;
import io.iftb.cache.benchmarks.suite.Suite;
import io.iftb.cache.benchmarks.suite.TurnsRun;
import io.iftb.cache.benchmarks.suite.TurnsRun.Turns;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.regex.Pattern;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/**
 * The command {@code trial}: shows whether the gate tells a slower build from the same one. It keeps the results of each
 * run, and a run whose results are there is not repeated, so a trial can be stopped and started again.
 */
@Command(
        name = "trial",
        mixinStandardHelpOptions = true,
        description =
                "Measures this build in turns with the same build, with and without a scan that is slower on purpose;"
                        + " exit status 1 if a verdict is wrong.")
public final class TrialCommand implements Callable<Integer> {

    private static final String HANDICAP = "iftb.benchmarks.handicap.time";
    private static final int FAILED = 1;

    @Option(
            names = "--against",
            required = true,
            paramLabel = "REVISION|JAR",
            description = "The same build as this one.")
    private String against = "";

    @Option(names = "--runs", paramLabel = "N", description = "The runs of each kind. Default: ${DEFAULT-VALUE}.")
    private int runs = 20;

    @Option(
            names = "--slower",
            paramLabel = "PERCENT",
            description = "The additional time of the scan. Default: ${DEFAULT-VALUE}.")
    private int slower = 10;

    @Option(names = "--only", paramLabel = "REGEX", description = "Only cases that match, such as 'iftb-tcp latest'.")
    private Pattern only = Pattern.compile("");

    @Option(
            names = "--out",
            paramLabel = "FOLDER",
            description = "The folder for the results and trial.txt. Default: ${DEFAULT-VALUE}.")
    private Path out = Path.of("benchmarks", "target", "trial");

    @Option(
            names = "--maven",
            paramLabel = "PROGRAM",
            description = "The program that builds a revision. Default: ${DEFAULT-VALUE}.")
    private String maven = "mvn";

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() throws IOException, InterruptedException {
        require(runs >= 1, "--runs " + runs + " is not positive; give 1 or more");
        require(slower >= 1, "--slower " + slower + " is not positive; give 1 or more");
        require(
                Suite.GATE.cases(only).stream().anyMatch(TrialCommand::isScan),
                "--only '" + only + "' leaves out the scan of 100 bars, which shows whether a slower build is seen;"
                        + " give one that matches 'iftb-tcp latest bars=10000 limit=100'");
        try {
            OtherBuild other =
                    OtherBuild.of(against, out.toAbsolutePath().resolveSibling("against"), maven, System.out);
            int wrong = 0;
            for (int run = 1; run <= runs; run++) {
                wrong += isRight(other, "plain-%02d".formatted(run), 0) ? 0 : 1;
                wrong += isRight(other, "time-%d-%02d".formatted(slower, run), slower) ? 0 : 1;
            }
            return wrong == 0 ? 0 : FAILED;
        } catch (AgainstException | GateException e) {
            PrintWriter err = spec.commandLine().getErr();
            err.println("trial: " + e.getMessage());
            err.flush();
            return FAILED;
        }
    }

    /** Runs the gate once, unless its results are there. */
    private boolean isRight(OtherBuild other, String name, int handicap) throws IOException, InterruptedException {
        Path file = out.resolve(name + ".json");
        Path theirs = out.resolve(name + "-against.json");
        if (!Files.exists(theirs)) {
            Instant start = Instant.now();
            Turns turns = measured(other, handicap);
            Baseline.write(turns.now(), file);
            Baseline.write(turns.before(), theirs);
            note("%s took %d s"
                    .formatted(name, Duration.between(start, Instant.now()).toSeconds()));
        }
        Verdict verdict = verdict(file, theirs);
        boolean right = isRight(verdict, handicap > 0);
        note("%s: %s".formatted(name, right ? "as expected" : "WRONG"));
        verdict.changes().stream()
                .filter(each -> each.kind() != ChangeKind.NOT_SLOWER)
                .forEach(each -> System.out.println("  " + each.kind().label() + " " + each.of() + " "
                        + VerdictTable.percent(each) + ", " + each.remark()));
        return right;
    }

    /** The run is its own baseline, since the trial is about times. */
    private static Verdict verdict(Path file, Path theirs) {
        Verdict verdict;
        try {
            Results mine = Results.read(file);
            verdict = Gate.judge(mine, mine, Results.read(theirs));
        } catch (UncheckedIOException e) {
            throw new GateException(unusable(file, theirs, "cannot be read"), e);
        }
        if (verdict.changes().stream().noneMatch(each -> each.figure().equals(Verdict.TIME_IN_TURNS))) {
            throw new GateException(unusable(file, theirs, "have no time to judge"), null);
        }
        return verdict;
    }

    private static String unusable(Path file, Path theirs, String why) {
        return "The results of a run that is there " + why + "; delete " + file + " and " + theirs
                + " and start the trial again, which repeats this run.";
    }

    /** Whether a slower scan of 100 bars is an alarm, and nothing else than slower scans is one. */
    private static boolean isRight(Verdict verdict, boolean slowerScan) {
        List<Case> alarms = verdict.changes().stream()
                .filter(each -> each.kind() == ChangeKind.REGRESSION)
                .map(FigureChange::of)
                .toList();
        return slowerScan
                ? alarms.stream().anyMatch(TrialCommand::isScan)
                        && alarms.stream().allMatch(each -> each.workload().equals("latest"))
                : alarms.isEmpty();
    }

    /** Whether a case is the scan of 100 bars. */
    private static boolean isScan(Case of) {
        return of.workload().equals("latest") && "100".equals(of.params().get("limit"));
    }

    private void require(boolean holds, String otherwise) {
        if (!holds) {
            throw new ParameterException(spec.commandLine(), otherwise);
        }
    }

    private Turns measured(OtherBuild other, int handicap) throws IOException, InterruptedException {
        System.setProperty(HANDICAP, String.valueOf(handicap));
        try {
            return new TurnsRun(other, only, out, System.out).measure();
        } finally {
            System.clearProperty(HANDICAP);
        }
    }

    private void note(String line) throws IOException {
        System.out.println(line);
        Files.writeString(out.resolve("trial.txt"), line + "\n", StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    }
}
