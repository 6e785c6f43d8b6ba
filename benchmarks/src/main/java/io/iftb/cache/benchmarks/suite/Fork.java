package io.iftb.cache.benchmarks.suite;

import com.fasterxml.jackson.databind.json.JsonMapper;
import io.iftb.cache.benchmarks.measure.Measuring;
import io.iftb.cache.benchmarks.result.Measured;
import java.io.File;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/** The entry point of a JVM that measures the cases of a suite once, and writes what it found to a file. */
public final class Fork {

    private Fork() {}

    /**
     * Measures.
     *
     * @param args what is measured ({@link Part}), the suite, the pattern of the cases, the seed, the file
     */
    public static void main(String[] args) throws IOException {
        ProcessHandle.current().parent().ifPresent(Fork::endWith);
        Part part = Part.valueOf(args[0]);
        Suite suite = Suite.valueOf(args[1]);
        List<Group> groups = suite.groups(Pattern.compile(args[2]));
        long seed = Long.parseLong(args[3]);
        List<Measured> found = new ArrayList<>();
        try (Measuring measuring = new Measuring()) {
            for (Group group : groups) {
                long start = System.nanoTime();
                found.addAll(part.measure(measuring, suite, group, seed));
                System.out.printf("    %-60s %5.1f s%n", group.load(), (System.nanoTime() - start) / 1e9);
            }
        }
        JsonMapper.builder().build().writeValue(new File(args[4]), new Found(found));
        // threads of client libraries that are no daemons do not keep this JVM
        System.exit(0);
    }

    /** Whoever ends the run ends this, too. */
    private static void endWith(ProcessHandle parent) {
        var unused = parent.onExit().thenRun(() -> System.exit(1));
    }

    /** What a fork found. */
    record Found(List<Measured> measured) {

        static Found read(File file) throws IOException {
            return JsonMapper.builder().build().readValue(file, Found.class);
        }
    }
}
