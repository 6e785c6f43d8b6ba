package io.iftb.cache.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** The script {@code iftb-cache}, with the packaged jar. */
@DisabledOnOs(OS.WINDOWS)
class LauncherIT {

    private static final Path SCRIPT = Path.of("iftb-cache");

    @TempDir
    private Path folder;

    /** What a process printed. */
    private record Run(int status, String output) {}

    @Test
    void start_secondTime_takesTheClassesFromTheArchive() throws Exception {
        Path log = folder.resolve("classes");

        Run first = run(SCRIPT, "", "--version");
        List<Path> archives = archives();
        Run second = run(SCRIPT, "-Xlog:class+load:file=" + log, "--version");

        assertThat(first.status()).isZero();
        assertThat(second).isEqualTo(first);
        assertThat(first.output()).startsWith("iftb-cache ").hasLineCount(1);
        assertThat(archives)
                .singleElement()
                .satisfies(file -> assertThat(file.toString()).endsWith(".jsa"));
        assertThat(Files.readAllLines(log))
                .anyMatch(line -> line.contains("io.iftb.cache.cli.Main source: shared objects file"));
    }

    @Test
    void start_byALink_findsTheJar() throws Exception {
        Path link = Files.createSymbolicLink(folder.resolve("link"), SCRIPT.toAbsolutePath());

        assertThat(run(link, "", "--version").output()).startsWith("iftb-cache ");
    }

    @Test
    void start_archiveThatIsNone_startsWithout() throws Exception {
        run(SCRIPT, "", "--version");
        Path archive = archives().get(0);
        assertThat(archive.toFile().setWritable(true)).isTrue();
        Files.writeString(archive, "no archive");

        assertThat(run(SCRIPT, "", "--version")).satisfies(again -> {
            assertThat(again.status()).isZero();
            assertThat(again.output()).startsWith("iftb-cache ").hasLineCount(1);
        });
    }

    @Test
    void start_wrongUsage_hasTheStatusOfTheCommand() throws Exception {
        assertThat(run(SCRIPT, "", "scna").status()).isEqualTo(2);
        assertThat(run(SCRIPT, "", "scna").status()).isEqualTo(2);
    }

    @Test
    void start_withoutAJar_namesTheRemedy() throws Exception {
        Path alone = Files.copy(SCRIPT, folder.resolve("iftb-cache"));

        Run run = run(alone, "", "--version");

        assertThat(run.status()).isEqualTo(2);
        assertThat(run.output()).contains("there is no iftb-cache.jar in " + folder.toRealPath(), "build it: mvn");
    }

    private List<Path> archives() throws IOException {
        try (Stream<Path> files = Files.list(folder.resolve("cache").resolve("iftb-cache"))) {
            return files.toList();
        }
    }

    private Run run(Path script, String options, String... arguments) throws IOException, InterruptedException {
        Path output = folder.resolve("output");
        ProcessBuilder process = new ProcessBuilder(
                        Stream.concat(Stream.of("sh", script.toString()), Stream.of(arguments))
                                .toList())
                .redirectErrorStream(true)
                .redirectOutput(output.toFile());
        process.environment().put("XDG_CACHE_HOME", folder.resolve("cache").toString());
        process.environment().put("JAVA_HOME", System.getProperty("java.home"));
        process.environment().put("JAVA_OPTS", options);
        Process started = process.start();
        try {
            assertThat(started.waitFor(60, TimeUnit.SECONDS)).isTrue();
        } finally {
            started.destroyForcibly();
        }
        return new Run(started.exitValue(), Files.readString(output));
    }
}
