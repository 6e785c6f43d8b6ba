package io.iftb.cache.benchmarks.gate;

import io.iftb.cache.benchmarks.result.Case;
import io.iftb.cache.benchmarks.result.Costs;
import io.iftb.cache.benchmarks.result.MadeUpResults;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** A program with the command line of the suite that obeys its handicaps and measures nothing. */
final class PretendedSuite {

    private PretendedSuite() {}

    public static void main(String[] args) {
        List<String> words = List.of(args);
        Path out = Path.of(words.get(words.indexOf("--out") + 1));
        int forks = Integer.parseInt(words.get(words.indexOf("--forks") + 1));
        double slower = 1 + Integer.getInteger("iftb.benchmarks.handicap.time", 0) / 100.0;
        double commands = 1 + Integer.getInteger("iftb.benchmarks.handicap.commands", 0);
        double allocated = 9_000 * (1 + Integer.getInteger("iftb.benchmarks.handicap.allocation", 0) / 100.0);
        MadeUpResults made = MadeUpResults.seeded(out.toString().hashCode(), forks)
                .add(
                        Case.of("iftb-tcp", "latest", Map.of("limit", 100)),
                        1,
                        2 * slower,
                        new Costs(commands, commands, 5_700.0, allocated, 1.4, 57.3));
        if (!words.contains("--only")) {
            made.add("iftb-tcp", "get", Map.of(), 1, 2);
        }
        made.results(words.get(words.indexOf("measure") + 1)).write(out.resolve("results.json"));
    }
}
