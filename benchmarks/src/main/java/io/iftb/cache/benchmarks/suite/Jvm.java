package io.iftb.cache.benchmarks.suite;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** How a JVM like this one is started. */
final class Jvm {

    private Jvm() {}

    /**
     * The program, its options and its class path; what is missing is the main class.
     *
     * @param more options
     */
    static List<String> command(List<String> more) {
        List<String> command = new ArrayList<>();
        command.addAll(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xms1g",
                "-Xmx3g",
                "-Dorg.slf4j.simpleLogger.defaultLogLevel=error"));
        command.addAll(more);
        command.addAll(List.of("-cp", System.getProperty("java.class.path")));
        return command;
    }
}
