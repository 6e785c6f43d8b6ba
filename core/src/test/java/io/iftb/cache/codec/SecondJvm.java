package io.iftb.cache.codec;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Runs the main method of a class in a JVM of its own. */
final class SecondJvm {

    private SecondJvm() {}

    /** The lines it prints. */
    static List<String> run(Class<?> main) throws IOException, InterruptedException {
        Path output = Files.createTempFile("second-jvm", ".txt");
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                        main.getName())
                .redirectOutput(output.toFile())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        try {
            assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
            assertThat(process.exitValue()).isZero();
            return Files.readAllLines(output, StandardCharsets.UTF_8);
        } finally {
            process.destroyForcibly();
            Files.delete(output);
        }
    }
}
