package io.iftb.cache.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.iftb.cache.embedded.EmbeddedServer;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import javax.cache.spi.CachingProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The packaged shell on a real terminal, and what the jar tells GraalVM of the commands. */
class ShellIT {

    private static final Path JAR = Path.of("target", "iftb-cache.jar");
    private static final Path SCRIPT = Path.of("/usr/bin/script");

    /** What the code reads from the class path. */
    private static final List<Pattern> READ = Stream.of(
                    "io/iftb/.*lua", "redis-server-.*", "META-INF/services/" + CachingProvider.class.getName())
            .map(Pattern::compile)
            .toList();

    @TempDir
    private Path folder;

    @Test
    void shell_onATerminal_completesAndSurvivesCtrlC() throws Exception {
        assumeTrue(System.getProperty("os.name").equals("Linux") && Files.isExecutable(SCRIPT), "no program script");
        Path output = folder.resolve("output");
        try (EmbeddedServer server = EmbeddedServer.start()) {
            // exec: or else Ctrl-C ends the shell around it as well; env: a build in the background ignores the signal
            String command = "exec env --default-signal=INT "
                    + Path.of(System.getProperty("java.home"), "bin", "java") + " -jar " + JAR.toAbsolutePath()
                    + " shell --redis " + server.uri();
            ProcessBuilder builder = new ProcessBuilder(SCRIPT.toString(), "-qefc", command, "/dev/null")
                    .redirectErrorStream(true)
                    .redirectOutput(output.toFile());
            builder.environment().put("XDG_STATE_HOME", folder.toString());
            builder.environment().put("TERM", "xterm");
            Process terminal = builder.start();
            try (OutputStream keys = terminal.getOutputStream()) {
                see(output, "iftb-cache> ");
                write(keys, "heal\t\r");
                see(output, "standalone");
                write(keys, "stats --watch\r");
                see(output, "\u001b[?1049h"); // the live screen
                write(keys, "\u0003");
                write(keys, "get ticker NOTHING\r");
                see(output, "there is no entry ticker NOTHING");
                write(keys, "exit\r");
                assertThat(terminal.waitFor(30, TimeUnit.SECONDS)).isTrue();
                assertThat(terminal.exitValue()).isZero();
            } finally {
                terminal.destroyForcibly();
            }
            assertThat(folder.resolve("iftb-cache").resolve("history"))
                    .content()
                    .contains("health");
        }
    }

    private static void write(OutputStream keys, String text) throws IOException {
        keys.write(text.getBytes(UTF_8));
        keys.flush();
    }

    private static void see(Path output, String text) {
        await().atMost(Duration.ofSeconds(30))
                .untilAsserted(() -> assertThat(output).content().contains(text));
    }

    @Test
    void jar_metadataForGraalVm_namesEveryCommandAndEveryResource() throws IOException {
        try (ZipFile jar = new ZipFile(JAR.toFile())) {
            String commands =
                    text(jar, "META-INF/native-image/picocli-generated/io.iftb/iftb-cache-jcache/reflect-config.json");
            Cli.commandLine(new CliRunner().shell(System.out, System.err))
                    .getSubcommands()
                    .values()
                    .forEach(each -> assertThat(commands)
                            .contains("\""
                                    + each.getCommandSpec()
                                            .userObject()
                                            .getClass()
                                            .getName() + "\""));
            List<Pattern> patterns = Stream.concat(
                            resources(jar, "iftb-cache-core"), resources(jar, "iftb-cache-jcache"))
                    .toList();
            for (Pattern read : READ) {
                assertThat(jar.stream().map(ZipEntry::getName).filter(read.asMatchPredicate()))
                        .isNotEmpty()
                        .allSatisfy(name -> assertThat(patterns)
                                .as(name)
                                .anyMatch(each -> each.matcher(name).matches()));
            }
        }
    }

    /** The patterns of the resources that an image of a module holds. */
    private static Stream<Pattern> resources(ZipFile jar, String module) throws IOException {
        String text = text(jar, "META-INF/native-image/io.iftb/" + module + "/resource-config.json");
        return new ObjectMapper()
                .readTree(text).at("/resources/includes").findValuesAsText("pattern").stream()
                        .map(Pattern::compile);
    }

    private static String text(ZipFile jar, String name) throws IOException {
        var entry = jar.getEntry(name);
        assertThat(entry).as(name).isNotNull();
        return new String(jar.getInputStream(entry).readAllBytes(), UTF_8);
    }
}
