package io.iftb.cache.benchmarks.suite;

import io.iftb.cache.benchmarks.against.OtherBuild;
import io.iftb.cache.benchmarks.against.PairedTimes;
import io.iftb.cache.benchmarks.result.Case;
import io.iftb.cache.benchmarks.result.CaseResult;
import io.iftb.cache.benchmarks.result.Machine;
import io.iftb.cache.benchmarks.result.Results;
import io.iftb.cache.benchmarks.statistics.Reference;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * A run of the gate's suite in which forks of this build and of another take turns. The machine's drift meets both alike:
 * the build that is first in one pair is second in the next.
 */
public final class TurnsRun {

    private final Suite suite = Suite.GATE;
    private final Pattern only;
    private final PrintStream out;
    private final Path folder;
    private final OtherBuild other;
    private final Map<Case, CaseResult> now = new LinkedHashMap<>();
    private final Map<Case, CaseResult> before = new LinkedHashMap<>();

    /**
     * Two builds that take turns.
     *
     * @param other the other build
     * @param only the pattern of the cases
     * @param folder takes temporary files
     * @param out receives progress messages
     */
    public TurnsRun(OtherBuild other, Pattern only, Path folder, PrintStream out) {
        this.other = other;
        this.only = only;
        this.folder = folder;
        this.out = out;
    }

    /**
     * The results of both builds.
     *
     * @param now the times and costs of this build
     * @param before the times of the other build; forks with the same index are a pair
     */
    public record Turns(Results now, Results before) {}

    /** Measures both builds. */
    public Turns measure() throws IOException, InterruptedException {
        Files.createDirectories(folder);
        Machine machine = MachineProbe.here();
        out.println(SuiteRun.heading(suite, machine) + ", in turns with " + other.name());
        ForkRunner mine = ForkRunner.ofThisBuild(suite, folder);
        for (int pair = 1; pair <= PairedTimes.LOOK; pair++) {
            out.printf("  times, pair %d of %d%n", pair, PairedTimes.LOOK);
            takeTurns(mine, pair, only);
        }
        List<Case> open = open();
        for (int pair = 1; pair <= PairedTimes.PROOF && !open.isEmpty(); pair++) {
            out.printf("  times of %d cases again, pair %d of at most %d%n", open.size(), pair, PairedTimes.PROOF);
            takeTurns(mine, PairedTimes.LOOK + pair, exactly(open));
            open = open();
        }
        out.printf("  costs%n");
        add(now, mine.run(ForkMode.COSTS, 1, only));
        return new Turns(
                new Results(machine, suite.label(), List.copyOf(now.values())),
                new Results(machine.with(other.name()), suite.label(), List.copyOf(before.values())));
    }

    private void takeTurns(ForkRunner mine, int number, Pattern cases) throws IOException, InterruptedException {
        ForkRunner theirs = ForkRunner.of(other, suite, folder);
        if (number % 2 == 0) {
            add(before, theirs.run(ForkMode.TIMES, number, cases));
        }
        add(now, mine.run(ForkMode.TIMES, number, cases));
        if (number % 2 == 1) {
            add(before, theirs.run(ForkMode.TIMES, number, cases));
        }
    }

    private static void add(Map<Case, CaseResult> all, List<CaseResult> measured) {
        measured.forEach(each -> all.merge(each.of(), each, CaseResult::and));
    }

    /** The cases that one more pair may decide. */
    private List<Case> open() {
        return before.values().stream()
                .filter(each -> !Reference.isOne(each.of().contender()))
                .filter(each -> Optional.ofNullable(now.get(each.of()))
                        .flatMap(mine -> PairedTimes.of(each, mine))
                        .filter(PairedTimes::isOpen)
                        .isPresent())
                .map(CaseResult::of)
                .toList();
    }

    private static Pattern exactly(List<Case> cases) {
        return Pattern.compile(cases.stream()
                .map(each -> Pattern.quote(each.toString()))
                .collect(Collectors.joining("|", "^(?:", ")$")));
    }
}
