package io.iftb.cache.benchmarks.suite;

import java.io.File;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;

/**
 * Starts JVMs that measure.
 *
 * @param suite what they measure
 * @param only the pattern of the cases
 * @param folder where they leave what they found
 */
record Forks(Suite suite, Pattern only, Path folder) {

    private static final String PROPERTIES = "iftb.benchmarks.";

    /** Lets a JVM measure, and waits. */
    Fork.Found run(Part part, int number) throws IOException, InterruptedException {
        File file = folder.resolve("fork-" + part + "-" + number + ".json").toFile();
        Process process = new ProcessBuilder(command(part, number, file))
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
            throw new IOException("the JVM that measured " + part + " ended with status " + status);
        }
        Fork.Found found = Fork.Found.read(file);
        if (!file.delete()) {
            throw new IOException(file + " cannot be deleted");
        }
        return found;
    }

    private List<String> command(Part part, int number, File file) {
        List<String> command = Jvm.command(part.jvmOptions());
        System.getProperties().stringPropertyNames().stream()
                .filter(name -> name.startsWith(PROPERTIES))
                .sorted()
                .forEach(name -> command.add("-D" + name + "=" + System.getProperty(name)));
        command.add(Fork.class.getName());
        command.addAll(List.of(part.name(), suite.name(), only.pattern(), String.valueOf(number), file.getPath()));
        return command;
    }
}
