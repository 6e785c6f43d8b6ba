package io.iftb.cache.benchmarks.suite;

import java.nio.file.Path;
import java.util.List;

/** How a JVM like this one is started. */
final class Jvm {

    private Jvm() {}

    /** The program, its options and its class path; what is missing is the main class. */
    static List<String> command() {
        return List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xms1g",
                "-Xmx3g",
                "-Dorg.slf4j.simpleLogger.defaultLogLevel=error",
                "-cp",
                System.getProperty("java.class.path"));
    }
}
