package io.iftb.cache.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** The script {@code iftb-cache}, with the packaged jar. */
@DisabledOnOs(OS.WINDOWS)
@Execution(ExecutionMode.CONCURRENT) // each test has a folder of its own
class LauncherIT {

    private static final Path SCRIPT = Path.of("iftb-cache");
    private static final String FLAGS = "-XX:+PrintCommandLineFlags";
    private static final int ANOTHER_USER = 65534;

    @TempDir
    private Path folder;

    /** What a process printed. */
    private record Run(int status, String output) {}

    @Test
    void start_secondTime_takesTheClassesFromTheArchive() throws Exception {
        Run first = run(SCRIPT, "", "--version");
        Run second = run(SCRIPT, "", "--version");

        assertThat(first.status()).isZero();
        assertThat(second).isEqualTo(first);
        assertThat(first.output()).startsWith("iftb-cache ").hasLineCount(1);
        assertThat(isShared()).isTrue();
        assertThat(archives())
                .singleElement()
                .satisfies(file -> assertThat(file.toString()).endsWith(".jsa"));
    }

    @Tag("thorough")
    @Test
    void start_severalAtOnce_leaveOneArchive() throws Exception {
        List<Process> starts = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            starts.add(process(SCRIPT, "", "--version")
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start());
        }
        for (Process start : starts) {
            assertThat(start.waitFor(60, TimeUnit.SECONDS)).isTrue();
        }

        assertThat(starts).extracting(Process::exitValue).containsOnly(0);
        assertThat(isShared()).isTrue();
        assertThat(archives()).hasSize(1);
    }

    @Test
    void start_endedBySignal_leavesTheArchiveAndNoJvm() throws Exception {
        Path temporary = Files.createDirectory(folder.resolve("tmp"));
        String options = "-Djava.io.tmpdir=" + temporary;
        Process process = process(SCRIPT, options, "import", "-", "--symbol", "BTC", "--timeframe", "1h")
                .start();
        try {
            await().atMost(Duration.ofSeconds(60))
                    .until(() -> !filesIn(temporary).isEmpty());
            process.destroy();
            assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        } finally {
            process.destroyForcibly();
        }

        assertThat(filesIn(temporary)).as("the JVM has ended before its script").isEmpty();
        assertThat(isShared()).isTrue();
    }

    @Test
    void start_archiveThatIsNotWhole_writesAnother() throws Exception {
        run(SCRIPT, "", "--version");
        overwrite(archives().get(0), "\0"); // as the JVM leaves it until it is whole

        run(SCRIPT, "", "--version");

        assertThat(isShared()).isTrue();
    }

    @Test
    void start_withoutAHome_hasNoArchive() throws Exception {
        ProcessBuilder process = process(SCRIPT, FLAGS, "--version");
        process.environment().keySet().removeAll(List.of("HOME", "XDG_CACHE_HOME"));

        assertThat(run(process).output()).contains("iftb-cache ").doesNotContain("Archive");
    }

    @Tag("thorough")
    @Test
    void start_archiveOfAnotherUser_isNotTaken() throws Exception {
        assumeTrue("root".equals(System.getProperty("user.name")), "only root can give files away");
        run(SCRIPT, "", "--version");
        run(SCRIPT, "", "--version");
        Path archive = archives().get(0);

        Files.setAttribute(archive, "unix:uid", ANOTHER_USER);
        assertThat(run(SCRIPT, FLAGS, "--version").output())
                .contains("ArchiveClassesAtExit")
                .doesNotContain("SharedArchiveFile");

        Files.setAttribute(archive.getParent(), "unix:uid", ANOTHER_USER);
        assertThat(run(SCRIPT, FLAGS, "--version").output())
                .contains("iftb-cache ")
                .doesNotContain("Archive");
    }

    @Test
    void start_byALink_findsTheJar() throws Exception {
        Path link = Files.createSymbolicLink(folder.resolve("link"), SCRIPT.toAbsolutePath());

        assertThat(run(link, "", "--version").output()).startsWith("iftb-cache ");
    }

    @Test
    void start_archiveThatIsNone_startsWithout() throws Exception {
        run(SCRIPT, "", "--version");
        overwrite(archives().get(0), "no archive");

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

    /** Whether one more start takes the classes from the archive. */
    private boolean isShared() throws IOException, InterruptedException {
        Path log = folder.resolve("classes");
        assertThat(run(SCRIPT, "-Xlog:class+load:file=" + log, "--version").status())
                .isZero();
        return Files.readString(log).contains("io.iftb.cache.cli.Main source: shared objects file");
    }

    private List<Path> archives() throws IOException {
        return filesIn(folder.resolve("cache").resolve("iftb-cache"));
    }

    private static List<Path> filesIn(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.toList();
        }
    }

    private static void overwrite(Path archive, String text) throws IOException {
        assertThat(archive.toFile().setWritable(true)).isTrue();
        Files.writeString(archive, text);
    }

    private Run run(Path script, String options, String... arguments) throws IOException, InterruptedException {
        return run(process(script, options, arguments));
    }

    private Run run(ProcessBuilder process) throws IOException, InterruptedException {
        Path output = folder.resolve("output");
        Process started = process.redirectOutput(output.toFile()).start();
        try {
            assertThat(started.waitFor(60, TimeUnit.SECONDS)).isTrue();
        } finally {
            started.destroyForcibly();
        }
        return new Run(started.exitValue(), Files.readString(output));
    }

    private ProcessBuilder process(Path script, String options, String... arguments) {
        ProcessBuilder process = new ProcessBuilder(
                        Stream.concat(Stream.of("sh", script.toString()), Stream.of(arguments))
                                .toList())
                .redirectErrorStream(true);
        process.environment().put("XDG_CACHE_HOME", folder.resolve("cache").toString());
        process.environment().put("JAVA_HOME", System.getProperty("java.home"));
        process.environment().put("JAVA_OPTS", options);
        return process;
    }
}
