package io.iftb.cache.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.iftb.cache.MarketCaches;
import io.iftb.cache.TestCluster;
import io.iftb.cache.cli.CliRunner.Run;
import io.iftb.cache.embedded.EmbeddedServer;
import io.iftb.cache.market.Ticker;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

class StatsCommandTest {

    private final CliRunner cli = new CliRunner();

    @Test
    void stats_once_isWhatTheServerCounts() {
        try (EmbeddedServer server = EmbeddedServer.start();
                MarketCaches caches = cli.caches(server.uri())) {
            caches.market().putTicker("BTC", new Ticker(1, 2, 1.5, 100, 3, 1, 0.5, 0));
            for (int i = 0; i < 3; i++) {
                assertThat(caches.market().ticker("BTC")).isPresent();
                assertThat(caches.market().ticker("none")).isEmpty();
            }
            assertThat(caches.market().ticker("BTC")).isPresent();
            JsonNode json = Json.read(
                    cli.run("stats", "--redis", server.uri(), "--json").out());
            assertThat(json.path("hits").asLong()).isEqualTo(4);
            assertThat(json.path("misses").asLong())
                    .as("some are of connecting")
                    .isBetween(3L, 20L);
            assertThat(json.path("keys").asLong()).isEqualTo(1);
            assertThat(json.path("maxMemoryBytes").isNull()).isTrue();
            assertThat(json.path("usedMemoryBytes").asLong()).isGreaterThan(100_000);
            assertThat(json.path("clients").asLong()).isGreaterThan(1);
            assertThat(cli.run("stats", "--redis", server.uri()).out())
                    .startsWith("server    " + server.uri() + ", ")
                    .contains("\nkeys      1\n")
                    .containsPattern("\nhits {6}4 \\([0-9.]+% of the reads\\)\nmisses {4}[0-9]+\n")
                    .containsPattern("\nclients {3}[0-9]+, of which 0 track keys under 0 prefixes\n$");
        }
    }

    @Test
    void stats_watched_isShownAgainWithWhatHasChanged() {
        Run text = cli.run("stats", "--watch", "--count", "2", "--every", "10ms");
        assertThat(text.status()).isZero();
        assertThat(text.out()).containsPattern("(?s)server .*\nserver .*hits {6}[0-9,]+.*, [0-9,]+ a second\n");
        assertThat(text.out()).doesNotContain("\u001b");
        Run lines = cli.run("stats", "--watch", "--count", "3", "--every", "10ms", "--json");
        assertThat(lines.out()).hasLineCount(3);
        assertThat(lines.out().lines())
                .allSatisfy(line ->
                        assertThat(Json.read(line).path("keys").isNumber()).isTrue());
    }

    @Test
    void stats_watchedOnATerminal_paintsAndRestoresIt() {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        PrintStream stream = new PrintStream(out, false, UTF_8);
        Shell shell = cli.shell(stream, stream);
        CommandLine command = new CommandLine(new StatsCommand(shell, true));
        assertThat(command.execute("--watch", "--count", "2", "--every", "10ms"))
                .isZero();
        assertThat(out.toString(UTF_8))
                .startsWith("\u001b[?1049h\u001b[?25l\u001b[2J\u001b[Hserver ")
                .containsPattern("(?s)[▁-█].*Ctrl-C ends this\u001b\\[K\r\n\u001b\\[J\u001b\\[Hserver .*[▁-█]{2}")
                .endsWith("\u001b[J\u001b[?25h\u001b[?1049l");
    }

    @Test
    void stats_watchedWhileTheServerIsAway_saysSoAndGoesOn() throws Exception {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        PrintStream stream = new PrintStream(out, true, UTF_8);
        int port;
        Thread watching;
        try (EmbeddedServer server = EmbeddedServer.start()) {
            port = server.port();
            cli.with("IFTB_CACHE_REDIS_URI", server.uri());
            watching = new Thread(
                    () -> Cli.run(cli.shell(stream, stream), "stats", "--watch", "--every", "50ms", "--json"));
            watching.start();
            await().until(() -> out.toString(UTF_8).contains("\"hits\""));
        }
        await().until(() -> out.toString(UTF_8).contains("{\"problem\":\""));
        int away = out.toString(UTF_8).length();
        try (EmbeddedServer again = EmbeddedServer.builder().port(port).start()) {
            await().atMost(Duration.ofSeconds(20))
                    .until(() -> out.toString(UTF_8).substring(away).contains("\"hits\""));
            assertThat(again.isAlive()).isTrue();
        } finally {
            watching.interrupt();
            watching.join(10_000);
        }
        assertThat(watching.isAlive()).isFalse();
    }

    /** A real terminal and a real Ctrl-C. */
    @Test
    void stats_endedByCtrlC_restoresTheTerminal(@TempDir Path folder) throws Exception {
        assumeTrue(Files.isExecutable(Path.of("/usr/bin/script")), "util-linux makes the terminal");
        Path output = folder.resolve("output");
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        try (EmbeddedServer server = EmbeddedServer.start()) {
            ProcessBuilder builder = new ProcessBuilder(
                    "/usr/bin/script",
                    "-qfec",
                    // a build in the background ignores the signal, and would hand that down
                    "env --default-signal=INT " + java + " -XX:TieredStopAtLevel=1 " + Main.class.getName()
                            + " stats --watch --redis " + server.uri(),
                    "/dev/null");
            builder.environment().put("CLASSPATH", System.getProperty("java.class.path"));
            Process process = builder.redirectErrorStream(true)
                    .redirectOutput(output.toFile())
                    .start();
            try {
                await().atMost(Duration.ofSeconds(60)).until(() -> read(output).contains("Ctrl-C ends this"));
                process.getOutputStream().write(3);
                process.getOutputStream().flush();
                assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
            } finally {
                process.destroyForcibly();
            }
            assertThat(read(output)).contains("\u001b[?1049h").contains("\u001b[?25h\u001b[?1049l");
            assertThat(read(output).indexOf("\u001b[?1049l"))
                    .as("nothing is painted afterwards")
                    .isGreaterThan(read(output).lastIndexOf("Ctrl-C ends this"));
        }
    }

    private static String read(Path file) throws IOException {
        return Files.exists(file) ? Files.readString(file) : "";
    }

    @Test
    void stats_ofACluster_isTheSumOfItsPrimaries() {
        try (TestCluster cluster = TestCluster.ofPrimaries();
                MarketCaches caches = cli.caches(cluster.uri())) {
            for (int i = 0; i < 20; i++) {
                caches.market().putTicker("S" + i, new Ticker(1, 2, 1.5, 100, 3, 1, 0.5, 0));
            }
            JsonNode json = Json.read(
                    cli.run("stats", "--redis", cluster.uri(), "--json").out());
            assertThat(json.path("keys").asLong()).isEqualTo(20);
            assertThat(json.path("primaries").asLong()).isEqualTo(3);
        }
    }

    @Test
    void sparkline_isAsHighAsItsHighest() {
        assertThat(StatsCommand.sparkline(List.of(0L, 50L, 100L))).isEqualTo("▁▄█");
        assertThat(StatsCommand.sparkline(List.of(0L, 0L))).isEqualTo("▁▁");
        assertThat(StatsCommand.sparkline(List.of())).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"--every 5s", "--count 2", "--every 5s --count 2 --json"})
    void stats_paceWithoutWatch_isRefused(String options) {
        Run run = cli.run(List.of("stats"), options.split(" "));
        assertThat(run.status()).isEqualTo(2);
        assertThat(run.out()).isEmpty();
        assertThat(run.err())
                .isEqualTo("iftb-cache: --every and --count are for --watch; add it, or leave them out"
                        + System.lineSeparator());
    }

    @Test
    void stats_wrongUsage_isOneSentence() {
        assertThat(cli.run("stats", "--watch", "--count", "0").err()).contains("--count 0 is not positive");
        assertThat(cli.run("stats", "--watch", "--every", "soon").status()).isEqualTo(2);
        assertThat(cli.run("stats", "--watch", "--every", "never").err()).contains("give a time such as 1s");
        for (String every : List.of("366d", "200000d", "999999999999d")) {
            Run tooLong = cli.run("stats", "--watch", "--every", every);
            assertThat(tooLong.status()).isEqualTo(2);
            assertThat(tooLong.err())
                    .isEqualTo("iftb-cache: --every " + every + " is too long; give at most 365d"
                            + System.lineSeparator());
        }
    }
}
