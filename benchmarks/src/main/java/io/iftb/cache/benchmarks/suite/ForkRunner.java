package io.iftb.cache.benchmarks.suite;

import com.fasterxml.jackson.databind.json.JsonMapper;
import io.iftb.cache.benchmarks.against.OtherBuild;
import io.iftb.cache.benchmarks.result.CaseResult;
import java.io.File;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/**
 * Starts forked JVMs of one build and reads their results.
 *
 * @param suite the suite that they measure
 * @param folder where they write their results
 * @param build the name of the build
 * @param classPath the class path of the build
 * @param properties the options for system properties
 */
record ForkRunner(Suite suite, Path folder, String build, String classPath, List<String> properties) {

    private static final String PROPERTIES = "iftb.benchmarks.";

    /** Forks of this build, with the system properties of the benchmarks. */
    static ForkRunner ofThisBuild(Suite suite, Path folder) {
        List<String> properties = System.getProperties().stringPropertyNames().stream()
                .filter(name -> name.startsWith(PROPERTIES))
                .sorted()
                .map(name -> "-D" + name + "=" + System.getProperty(name))
                .toList();
        return new ForkRunner(suite, folder, "this build", System.getProperty("java.class.path"), properties);
    }

    /** Forks of another build, without system properties: a handicap is for this build. */
    static ForkRunner of(OtherBuild build, Suite suite, Path folder) {
        return new ForkRunner(suite, folder, build.name(), build.jar().toString(), List.of());
    }

    /**
     * Runs one fork and waits for it.
     *
     * @param only the pattern of the cases
     */
    List<CaseResult> run(ForkMode mode, int number, Pattern only) throws IOException, InterruptedException {
        File file = folder.resolve("fork-" + mode + "-" + number + ".json").toFile();
        Process process = new ProcessBuilder(command(mode, number, only, file))
                .redirectErrorStream(true)
                .start();
        int status;
        try {
            process.getInputStream().transferTo(System.out);
            status = process.waitFor();
        } finally {
            process.destroy();
        }
        if (status != 0) {
            throw new IOException(
                    "The fork of " + build + " that measured " + mode + " ended with exit status " + status + ".");
        }
        CaseResult[] results = JsonMapper.builder().build().readValue(file, CaseResult[].class);
        if (!file.delete()) {
            throw new IOException("Cannot delete " + file + ".");
        }
        return List.of(results);
    }

    private List<String> command(ForkMode mode, int number, Pattern only, File file) {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xms1g",
                "-Xmx3g",
                "-Dorg.slf4j.simpleLogger.defaultLogLevel=error"));
        command.addAll(mode.jvmOptions());
        command.addAll(properties);
        command.addAll(List.of("-cp", classPath, ForkMain.class.getName()));
        command.addAll(List.of(mode.name(), suite.name(), only.pattern(), String.valueOf(number), file.getPath()));
        return command;
    }
}
