package io.iftb.cache.benchmarks.suite;

import com.fasterxml.jackson.databind.json.JsonMapper;
import io.iftb.cache.benchmarks.measure.Harness;
import io.iftb.cache.benchmarks.result.CaseResult;
import java.io.File;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/**
 * The entry point of a forked JVM: measures the cases of a suite once and writes the results to a file. Other builds start
 * it too, so its arguments and the results do not change.
 */
public final class ForkMain {

    private ForkMain() {}

    /**
     * Runs a fork.
     *
     * @param args the {@link ForkMode}, the suite, the pattern of the cases, the seed, the file
     */
    public static void main(String[] args) throws IOException {
        ProcessHandle.current().parent().ifPresent(ForkMain::exitWith);
        ForkMode mode = ForkMode.valueOf(args[0]);
        Suite suite = Suite.valueOf(args[1]);
        long seed = Long.parseLong(args[3]);
        List<CaseResult> results = new ArrayList<>();
        try (Harness harness = new Harness()) {
            for (ComparisonGroup group : suite.groups(Pattern.compile(args[2]))) {
                long start = System.nanoTime();
                results.addAll(mode.measure(harness, suite, group, seed));
                System.out.printf("    %-60s %5.1f s%n", group.load(), (System.nanoTime() - start) / 1e9);
            }
        }
        JsonMapper.builder().build().writeValue(new File(args[4]), results);
        // some client libraries leave threads that are not daemons
        System.exit(0);
    }

    /** Ends this JVM when its parent ends. */
    private static void exitWith(ProcessHandle parent) {
        var unused = parent.onExit().thenRun(() -> System.exit(1));
    }
}
