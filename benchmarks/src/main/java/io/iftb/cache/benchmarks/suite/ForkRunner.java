package io.iftb.cache.benchmarks.suite;

import com.fasterxml.jackson.databind.json.JsonMapper;
import io.iftb.cache.benchmarks.result.CaseResult;
import java.io.File;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/**
 * Starts forked JVMs and reads their results.
 *
 * @param suite the suite that they measure
 * @param only the pattern of the cases
 * @param folder where they write their results
 */
record ForkRunner(Suite suite, Pattern only, Path folder) {

    private static final String PROPERTIES = "iftb.benchmarks.";

    /** Runs one fork and waits for it. */
    List<CaseResult> run(ForkMode mode, int number) throws IOException, InterruptedException {
        File file = folder.resolve("fork-" + mode + "-" + number + ".json").toFile();
        Process process = new ProcessBuilder(command(mode, number, file))
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
            throw new IOException("The fork that measured " + mode + " ended with exit status " + status + ".");
        }
        CaseResult[] results = JsonMapper.builder().build().readValue(file, CaseResult[].class);
        if (!file.delete()) {
            throw new IOException("Cannot delete " + file + ".");
        }
        return List.of(results);
    }

    private List<String> command(ForkMode mode, int number, File file) {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xms1g",
                "-Xmx3g",
                "-Dorg.slf4j.simpleLogger.defaultLogLevel=error"));
        command.addAll(mode.jvmOptions());
        System.getProperties().stringPropertyNames().stream()
                .filter(name -> name.startsWith(PROPERTIES))
                .sorted()
                .forEach(name -> command.add("-D" + name + "=" + System.getProperty(name)));
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), ForkMain.class.getName()));
        command.addAll(List.of(mode.name(), suite.name(), only.pattern(), String.valueOf(number), file.getPath()));
        return command;
    }
}
