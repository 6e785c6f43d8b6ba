package io.iftb.cache.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.iftb.cache.MarketCaches;
import io.iftb.cache.OhlcvCache;
import io.iftb.cache.RedisClient;
import io.iftb.cache.cli.CliRunner.Run;
import io.iftb.cache.embedded.EmbeddedServer;
import io.iftb.cache.embedded.RespConnection;
import io.iftb.cache.market.BarSeriesBuilder;
import io.iftb.cache.market.OhlcvBar;
import io.iftb.cache.market.SeriesKey;
import io.iftb.cache.market.Ticker;
import io.iftb.cache.settings.CacheSettings;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** What must not get lost if a migration is stopped, if others write at the same time, or if what it finds is odd. */
class MigrationFailuresTest {

    private static final SeriesKey BTC = SeriesKey.of("BTC", "1h");
    private static final long START = 1_500_001_200; // a full hour, in seconds

    private final CliRunner cli = new CliRunner();

    @SuppressWarnings("NullAway.Init")
    private EmbeddedServer server;

    @SuppressWarnings("NullAway.Init")
    private RespConnection raw;

    @TempDir
    @SuppressWarnings("NullAway.Init")
    private Path folder;

    @BeforeEach
    void start() throws IOException {
        server = EmbeddedServer.start();
        raw = RespConnection.tcp(server.port());
        cli.with("IFTB_CACHE_REDIS_URI", server.uri()).with("IFTB_CACHE_NAMESPACE", "java");
    }

    @AfterEach
    void stop() throws IOException {
        raw.close();
        server.close();
    }

    private static String bar(long second, double price) {
        return "{\"timestamp\": " + second + ", \"open\": " + price + ", \"high\": " + price + ", \"low\": " + price
                + ", \"close\": " + price + ", \"volume\": 1}";
    }

    private static String key(int hour) {
        return "ohlcv:BTC:1h:" + second(hour);
    }

    private static long second(int hour) {
        return START + hour * 3_600L;
    }

    private void fill(int bars) throws IOException {
        for (int i = 0; i < bars; i++) {
            raw.call("SET", key(i), bar(second(i), 100 + i));
        }
    }

    private MarketCaches caches() {
        return MarketCaches.open(
                CacheSettings.builder().redisUri(server.uri()).namespace("java").build());
    }

    private Run migrate(String... more) {
        return cli.run(List.of("migrate", "python", "--json"), more);
    }

    private static JsonNode kind(Run run, String name) {
        for (JsonNode each : Json.read(run.out()).path("kinds")) {
            if (each.path("kind").asText().equals(name)) {
                return each;
            }
        }
        throw new AssertionError(name + " is not in " + run);
    }

    private static long count(Run run, String kind, String fate) {
        return kind(run, kind).path(fate).asLong();
    }

    /** Ctrl-C in a JVM of its own. */
    @Test
    @DisabledOnOs(OS.WINDOWS)
    void migrate_interruptedByTheUser_isResumedAndLosesNothing() throws Exception {
        for (int i = 0; i < 300; i++) {
            raw.call("SET", "ohlcv:S" + i + ":1h:" + START, bar(START, i + 1));
        }
        for (String each : List.of("ohlcv:A:1h:" + START, "ohlcv:S7:1h:0", "ohlcv:Z:1h:" + START)) {
            raw.call("SET", each, "?");
        }
        Path file = folder.resolve("migration.json");
        Path report = folder.resolve("complaints.jsonl");
        try (SlowProxy proxy = new SlowProxy(server.port(), 10)) {
            File output = folder.resolve("output").toFile();
            ProcessBuilder command = new ProcessBuilder(
                            Path.of(System.getProperty("java.home"), "bin", "java")
                                    .toString(),
                            "-XX:TieredStopAtLevel=1",
                            "-Xmx128m",
                            "-cp",
                            System.getProperty("java.class.path"),
                            Main.class.getName(),
                            "migrate",
                            "python",
                            "--delete-old",
                            "--yes",
                            "--resume",
                            file.toString(),
                            "--report",
                            report.toString())
                    .redirectErrorStream(true)
                    .redirectOutput(output);
            command.environment().put("IFTB_CACHE_REDIS_URI", proxy.uri());
            command.environment().put("IFTB_CACHE_NAMESPACE", "java");
            Process jvm = command.start();
            boolean isIgnored;
            try {
                await().atMost(Duration.ofSeconds(60)).until(() -> hasBatches(file) || !jvm.isAlive());
                isIgnored = ignoresInterrupts(jvm.pid());
                assertThat(new ProcessBuilder("kill", isIgnored ? "-TERM" : "-INT", Long.toString(jvm.pid()))
                                .start()
                                .waitFor())
                        .isZero();
                assertThat(jvm.waitFor(30, TimeUnit.SECONDS)).isTrue();
            } finally {
                jvm.destroyForcibly();
            }
            assertThat(jvm.exitValue()).as(Files.readString(output.toPath())).isEqualTo(isIgnored ? 143 : 130);
            assertThat(file).exists();
            assertThat(Files.readAllLines(report))
                    .as("what it had found")
                    .isNotEmpty()
                    .allSatisfy(
                            line -> assertThat(Json.read(line).has("reason")).isTrue());
            try (SlowProxy again = new SlowProxy(server.port(), 0)) {
                cli.with("IFTB_CACHE_REDIS_URI", again.uri());
                String state = Files.readString(file).replace(":" + proxy.port(), ":" + again.port());
                Files.writeString(file, state);
                Run run = migrate("--delete-old", "--yes", "--resume", file.toString(), "--report", report.toString());
                assertThat(run.status()).as(run.err()).isEqualTo(3);
            }
        }
        assertThat(file).doesNotExist();
        assertThat(Files.readAllLines(report).stream()
                        .map(line -> Json.read(line).path("key").asText()))
                .containsExactly("ohlcv:A:1h:" + START, "ohlcv:S7:1h:0", "ohlcv:Z:1h:" + START);
        assertThat(raw.call("EVAL", "return #redis.call('KEYS', 'ohlcv:*')", "0"))
                .isEqualTo(":3");
        try (MarketCaches caches = caches()) {
            for (int i = 0; i < 300; i++) {
                assertThat(caches.ohlcv()
                                .latestBar(SeriesKey.of("S" + i, "1h"))
                                .orElseThrow()
                                .open())
                        .isEqualTo(i + 1);
            }
        }
    }

    /** Whether a batch was moved; the file is there before that. */
    private static boolean hasBatches(Path file) throws IOException {
        return Files.exists(file) && Json.read(Files.readString(file)).has("kinds");
    }

    /** A process in the background of a script takes no interrupts, and the shell passes that on to all that it starts. */
    private static boolean ignoresInterrupts(long pid) throws IOException {
        Path status = Path.of("/proc", Long.toString(pid), "status");
        return Files.exists(status)
                && Files.readAllLines(status).stream()
                        .filter(line -> line.startsWith("SigIgn:"))
                        .anyMatch(line ->
                                (Long.parseUnsignedLong(line.substring(7).strip(), 16) & 2) != 0);
    }

    /** A bot writes after its value was read, and before it would be removed. */
    @Test
    void migrate_oldValueChangesBeforeItIsRemoved_stays() throws IOException {
        fill(5);
        String read = bar(second(3), 103); // sent only to be compared, by the script that removes
        AtomicBoolean isWritten = new AtomicBoolean();
        try (SlowProxy proxy = new SlowProxy(server.port(), request -> {
            if (request.contains(read) && isWritten.compareAndSet(false, true)) {
                try {
                    raw.call("SET", key(3), bar(second(3), 7));
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            }
        })) {
            cli.with("IFTB_CACHE_REDIS_URI", proxy.uri());
            Run run = migrate("--delete-old", "--yes");
            assertThat(isWritten).isTrue();
            assertThat(run.status()).as(run.err()).isZero();
            assertThat(count(run, "ohlcv", "equal")).isEqualTo(5);
            assertThat(count(run, "ohlcv", "removed")).isEqualTo(4);
        }
        try (RedisClient old = RedisClient.connect(server.uri())) {
            assertThat(old.get(key(3))).contains(bar(second(3), 7));
            assertThat(old.exists(key(2))).isFalse();
        }
    }

    /** All but UNLINK is allowed: it says so in a sentence, and nothing is lost. */
    @Test
    void migrate_withoutTheRightToRemove_keepsTheOld() throws IOException {
        fill(5);
        raw.call("ACL", "SETUSER", "bot", "on", ">x", "~*", "&*", "+@all", "-unlink");
        cli.with("IFTB_CACHE_REDIS_URI", server.uri().replace("redis://", "redis://bot:x@"));
        Run run = migrate("--delete-old", "--yes");
        assertThat(run.status()).isEqualTo(1);
        assertThat(run.err())
                .contains("NOPERM")
                .containsIgnoringCase("unlink")
                .doesNotContain("bot:x")
                .hasLineCount(1);
        assertThat(raw.call("EXISTS", key(0), key(1), key(2), key(3), key(4))).isEqualTo(":5");
    }

    /** What a bot of the new layout stored for an hour does not stand for what was stored for ever. */
    @Test
    void migrate_newLayoutEndsEarlier_oldOneIsNotRemoved() throws IOException {
        fill(2);
        String ticker = "{\"bid\":1,\"ask\":2,\"last\":1,\"volume\":1,\"high\":1,\"low\":1,\"change\":1,\"time\":5}";
        raw.call("SET", "ticker:A", ticker);
        raw.call("SET", "ticker:B", ticker, "EX", "100");
        try (MarketCaches caches = caches()) {
            OhlcvBar same = new OhlcvBar(second(0) * 1_000, 100, 100, 100, 100, 1);
            caches.ohlcv().put(BTC, List.of(same), Duration.ofHours(1));
            caches.market().putTicker("A", new Ticker(1, 2, 1, 1, 1, 1, 1, 5_000));
            raw.call("PEXPIRE", "java:ticker:A", "3600000");
            Run run = migrate("--delete-old", "--yes");
            assertThat(run.status()).as(run.err()).isZero();
            assertThat(count(run, "ohlcv", "equal")).isEqualTo(2);
            assertThat(count(run, "ohlcv", "removed")).isEqualTo(1);
            assertThat(count(run, "ticker", "equal")).isEqualTo(2);
            assertThat(count(run, "ticker", "removed")).isEqualTo(1);
            assertThat(raw.call("EXISTS", key(0), "ticker:A")).isEqualTo(":2");
            assertThat(raw.call("EXISTS", key(1), "ticker:B")).isEqualTo(":0");
        }
    }

    @Test
    void migrate_longValues_arriveInParts() throws IOException {
        for (int i = 0; i < 6; i++) {
            raw.call("SET", "llm:mood:" + i, "{\"text\":\"" + "x".repeat(1 << 20) + "\"}");
            raw.call("SET", key(i), bar(second(i), 5).replace("}", ", \"x\":\"" + "y".repeat(1 << 20) + "\"}"));
        }
        Run run = migrate("--delete-old", "--yes");
        assertThat(run.status()).as(run.err()).isZero();
        assertThat(count(run, "llm", "found")).isEqualTo(6);
        assertThat(count(run, "llm", "removed")).isEqualTo(6);
        assertThat(count(run, "ohlcv", "found")).isEqualTo(6);
        assertThat(count(run, "ohlcv", "removed")).isEqualTo(6);
    }

    /** It is neither taken for gone, nor does it end the migration. */
    @Test
    void migrate_namesAndLifetimesOfAnyKind_areNamedOrArrive() throws IOException {
        fill(1);
        raw.call("PEXPIRE", key(0), "9100000000000000");
        raw.call("EVAL", "redis.call('SET', 'ohlcv:B\\255C:1h:5', 'x') redis.call('SET', 'ticker:\\255', 'x')", "0");
        raw.call("SET", "ohlcv:BTC:99999M:" + START, bar(START, 5));
        Run run = migrate();
        assertThat(run.status()).isEqualTo(3);
        assertThat(count(run, "ohlcv", "equal")).isEqualTo(1);
        assertThat(count(run, "ohlcv", "open")).isEqualTo(1);
        assertThat(count(run, "ohlcv", "gone")).isZero();
        assertThat(count(run, "ticker", "unreadable")).isEqualTo(1);
        assertThat(run.err()).contains("its name is not text in UTF-8");
        try (MarketCaches caches = caches()) {
            assertThat(caches.ohlcv().latestBar(BTC).orElseThrow().openTime()).isEqualTo(START * 1_000);
        }
    }

    /** Much more of the new layout lies between a few old bars. */
    @Test
    void migrate_fewBarsAmongMany_areComparedInPieces() throws IOException {
        int many = 40_000;
        fill(1);
        raw.call("SET", key(many - 1), bar(second(many - 1), 5));
        raw.call("SET", key(17), bar(second(17), 5));
        try (MarketCaches caches = caches()) {
            BarSeriesBuilder bars = new BarSeriesBuilder(many);
            for (int i = 0; i < many; i++) {
                double price = i == 0 ? 100 : 5;
                bars.add(second(i) * 1_000, price, price, price, price, 1);
            }
            caches.ohlcv().put(BTC, bars.build(), OhlcvCache.NEVER);
        }
        Run run = migrate("--delete-old", "--yes");
        assertThat(run.status()).as(run.err()).isZero();
        assertThat(count(run, "ohlcv", "removed")).isEqualTo(3);
    }

    /** What others have under a name of the new layout is no reason to leave out the rest. */
    @Test
    void migrate_namesThatOthersHave_areNamedAndTheRestArrives() throws IOException {
        fill(2);
        raw.call("SET", "ohlcv:ETH:1h:" + START, bar(START, 5));
        raw.call("SET", "ohlcv:SOL:1h:" + START, bar(START, 5));
        raw.call("HSET", "java:ohlcv:{BTC:1h}", "f", "v");
        raw.call("SET", "java:ohlcv:{ETH:1h}", "?");
        raw.call("SET", "llm:mood:a", "{}");
        raw.call("SET", "llm:mood:b", "{}");
        raw.call("RPUSH", "java:llm:mood:a", "v");
        Run run = migrate("--delete-old", "--yes");
        assertThat(run.status()).as(run.err()).isEqualTo(3);
        assertThat(count(run, "ohlcv", "removed")).isEqualTo(1);
        assertThat(count(run, "ohlcv", "different")).isEqualTo(3);
        assertThat(count(run, "llm", "removed")).isEqualTo(1);
        assertThat(count(run, "llm", "different")).isEqualTo(1);
        assertThat(raw.call("EXISTS", key(0), key(1), "ohlcv:ETH:1h:" + START, "llm:mood:a"))
                .isEqualTo(":4");
    }

    /** What INFO tells is good for a progress bar, and many users may not ask it. */
    @Test
    void migrate_withoutDangerousCommands_works() throws IOException {
        fill(5);
        raw.call("HSET", "texts", "a", "1");
        raw.call("ACL", "SETUSER", "bot", "on", ">x", "~*", "&*", "+@all", "-@dangerous");
        cli.with("IFTB_CACHE_REDIS_URI", server.uri().replace("redis://", "redis://bot:x@"));
        Run run = migrate("--delete-old", "--yes");
        assertThat(run.status()).as(run.err()).isZero();
        assertThat(count(run, "ohlcv", "removed")).isEqualTo(5);
        Run redisson = cli.run("migrate", "redisson", "--cache", "texts", "--codec", "string", "--json");
        assertThat(redisson.status()).as(redisson.err()).isZero();
        assertThat(count(redisson, "texts", "equal")).isEqualTo(1);
    }

    /** A scan begins a server anew that was started anew meanwhile, and names its keys again. */
    @Test
    void migrate_serverStartedAnewDuringTheScan_countsEachKeyOnce() throws Exception {
        server.close();
        server = EmbeddedServer.builder().dataDirectory(folder).start();
        int port = server.port();
        try (RespConnection own = RespConnection.tcp(port)) {
            own.call(
                    "EVAL",
                    "for i = 1, 3000 do redis.call('SET', 'llm:' .. i, '{}')"
                            + " redis.call('SET', 'llm:mood:' .. i, '{\"mood\": \"good\"}') end",
                    "0");
        }
        AtomicInteger scans = new AtomicInteger();
        try (SlowProxy proxy = new SlowProxy(port, sent -> {
            if (sent.contains("SCAN") && scans.incrementAndGet() == 3) {
                startAnew();
            }
        })) {
            cli.with("IFTB_CACHE_REDIS_URI", proxy.uri()).with("IFTB_CACHE_REDIS_OPERATION_TIMEOUT", "20s");
            Run run = cli.run("migrate", "python", "--namespace", "java", "--json");

            assertThat(run.status()).as(run.err()).isEqualTo(3);
            JsonNode found = Json.read(run.out());
            assertThat(found.path("refused").asLong()).isEqualTo(3_000);
            JsonNode llm = found.path("kinds").get(0);
            assertThat(llm.path("kind").asText()).isEqualTo("llm");
            assertThat(llm.path("found").asLong()).isEqualTo(6_000);
            assertThat(llm.path("equal").asLong()).isEqualTo(3_000);
            assertThat(scans).hasValueGreaterThan(2);
        }
    }

    private void startAnew() {
        int port = server.port();
        ProcessHandle.of(server.pid()).orElseThrow().destroyForcibly();
        await().pollInterval(Duration.ofMillis(5)).until(() -> !server.isAlive());
        server.close();
        server = EmbeddedServer.builder().dataDirectory(folder).port(port).start();
    }
}
