package io.iftb.cache.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.iftb.cache.RedisClient;
import io.iftb.cache.cli.CliRunner.Run;
import io.iftb.cache.embedded.EmbeddedServer;
import io.iftb.cache.embedded.RespConnection;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** The file of {@code migrate --report}. */
class MigrationComplaintsTest {

    private static final long START = 1_700_002_800; // a full hour, in seconds
    private static final String BAR =
            "{\"timestamp\": " + START + ", \"open\": 1, \"high\": 1, \"low\": 1, \"close\": 1, \"volume\": 1}";

    private final CliRunner cli = new CliRunner();

    @TempDir
    @SuppressWarnings("NullAway.Init")
    private Path folder;

    private Run migrate(String... more) {
        return cli.run(
                List.of("migrate", "python", "--prefix", cli.namespace() + ":", "--namespace", cli.namespace() + "j"),
                more);
    }

    private Path file() {
        return folder.resolve("complaints.jsonl");
    }

    private Run report(String... more) {
        return migrate(Stream.concat(Stream.of("--report", file().toString()), Stream.of(more))
                .toArray(String[]::new));
    }

    /** A migration to another namespace of one server, with both files. */
    private String[] resumable(String... from) {
        Stream<String> files =
                Stream.of("--resume", folder.resolve("migration.json").toString(), "--report", file().toString());
        return Stream.of(Stream.of("migrate"), Stream.of(from), Stream.of("--namespace", "java", "--json"), files)
                .flatMap(words -> words)
                .toArray(String[]::new);
    }

    private void setBad(int count) {
        try (RedisClient old = cli.client()) {
            for (int i = 0; i < count; i++) {
                old.set("ticker:BAD" + i, "?");
            }
        }
    }

    private static List<JsonNode> lines(Path file) throws IOException {
        String text = Files.readString(file);
        assertThat(text).as("whole lines").matches("(?s)|.*\n");
        return text.lines().map(Json::read).toList();
    }

    private static List<String> keys(Path file) throws IOException {
        return lines(file).stream().map(each -> each.path("key").asText()).toList();
    }

    private static String lastLine(Run run) {
        return run.err().lines().reduce((first, second) -> second).orElse("");
    }

    @Test
    void report_oddKeys_areJsonWithTheReasonAndWithoutTheValue() throws IOException {
        String odd = "a\"b\\c\nd\t\u001b[2Jé€😀{}";
        String start = cli.namespace() + ":";
        try (RedisClient old = cli.client()) {
            old.set("ohlcv:BTC:1h:" + START, BAR);
            old.set("ticker:" + odd, "hunter2");
            old.set("llm:" + "x".repeat(1_000), "{\"text\":\"hunter2\"}");
            old.set("ohlcv:BTC:1h:" + (START + 3_600), "{\"close\": hunter2}");
            CliRunner.raw("SET \"" + start + "funding:\\xff\" hunter2");
            CliRunner.raw("HSET " + start + "funding:BTC field hunter2");
        }

        Run run = report();

        assertThat(run.status()).isEqualTo(3);
        assertThat(lines(file())).allSatisfy(each -> assertThat(each.size()).isEqualTo(2));
        Map<String, String> found = lines(file()).stream()
                .collect(Collectors.toMap(
                        each -> each.path("key").asText(),
                        each -> each.path("reason").asText()));
        assertThat(found)
                .containsOnlyKeys(
                        start + "ticker:" + odd,
                        start + "llm:" + "x".repeat(1_000),
                        start + "ohlcv:BTC:1h:" + (START + 3_600),
                        start + "funding:\uFFFD",
                        start + "funding:BTC")
                .containsEntry(start + "llm:" + "x".repeat(1_000), "its name is not llm:TYPE:HASH")
                .containsEntry(start + "funding:BTC", "it holds another type than a string");
        assertThat(found.get(start + "ticker:" + odd)).startsWith("this is not JSON in line 1, column ");
        assertThat(found.get(start + "funding:\uFFFD")).startsWith("its name is not text in UTF-8");
        assertThat(Files.readString(file())).isASCII().doesNotContain("hunter");
        assertThat(run.err()).hasLineCount(6).doesNotContain("\u001b");
        assertThat(lastLine(run))
                .isEqualTo("iftb-cache: 5 entries have not arrived; they stay in the old layout; '" + file()
                        + "' has each with its reason");
    }

    @Test
    void report_moreThanTen_hasAllOfThem() throws IOException {
        setBad(25);
        Run run = report("--dry-run");
        assertThat(run.status()).isEqualTo(3);
        assertThat(keys(file()))
                .containsExactlyInAnyOrderElementsOf(IntStream.range(0, 25)
                        .mapToObj(i -> cli.namespace() + ":ticker:BAD" + i)
                        .toList());
        assertThat(run.err()).as("the first ten, and where all are").hasLineCount(11);
        assertThat(lastLine(run)).startsWith("iftb-cache: 25 entries have not").contains(file().toString());
    }

    @Test
    void noReport_moreThanTen_namesTheOption() {
        setBad(10);
        assertThat(lastLine(migrate())).endsWith("have not arrived; they stay in the old layout");
        setBad(11);
        Run run = migrate();
        assertThat(lastLine(run))
                .isEqualTo("iftb-cache: 11 entries have not arrived; they stay in the old layout; --report FILE writes"
                        + " each with its reason");
        assertThat(run.err()).hasLineCount(11);
    }

    @Test
    void report_nothingIsWrong_isEmpty() throws IOException {
        try (RedisClient old = cli.client()) {
            old.set("ohlcv:BTC:1h:" + START, BAR);
        }
        Path deep = folder.resolve("new").resolve("folder").resolve("complaints.jsonl");
        Run run = migrate("--report", deep.toString());
        assertThat(run.err()).isEmpty();
        assertThat(run.status()).isZero();
        assertThat(deep).isEmptyFile();
    }

    @Test
    void report_fileThatIsThere_isReplacedOnlyWithForce() throws IOException {
        setBad(1);
        Files.writeString(file(), "mine, and longer than what comes".repeat(100));
        Run refused = report();
        assertThat(refused.status()).isEqualTo(2);
        assertThat(refused.err())
                .contains("complaints.jsonl' is there already; name another place, or add --force")
                .hasLineCount(1);
        assertThat(Files.readString(file())).startsWith("mine");
        assertThat(report("--force").status()).isEqualTo(3);
        assertThat(keys(file())).containsExactly(cli.namespace() + ":ticker:BAD0");
        assertThat(migrate("--report", folder.toString(), "--force").err())
                .contains("it is a folder, name a file")
                .hasLineCount(1);
    }

    /** What a link leads to is not ours. */
    @Test
    @DisabledOnOs(OS.WINDOWS)
    void report_linksAndDevices_leaveOthersAlone() throws Exception {
        setBad(1);
        Path other = Files.writeString(folder.resolve("other"), "theirs");
        Files.createSymbolicLink(file(), other);
        assertThat(report().status()).isEqualTo(2);
        assertThat(report("--force").status()).isEqualTo(3);
        assertThat(other).hasContent("theirs");
        assertThat(Files.isSymbolicLink(file())).isFalse();
        assertThat(keys(file())).hasSize(1);
        Path pipe = folder.resolve("pipe");
        assertThat(new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor())
                .isZero();
        assertThat(migrate("--report", pipe.toString(), "--force").err())
                .contains("it is a device or a pipe; name a file, or leave --report out")
                .hasLineCount(1);
    }

    @Test
    void report_thatCannotBeWritten_isSaidInASentenceBeforeAnythingIsStored() throws IOException {
        try (RedisClient old = cli.client()) {
            old.set("ohlcv:BTC:1h:" + START, BAR);
        }
        Path noFolder = Files.writeString(folder.resolve("file"), "");
        Run run = migrate("--report", noFolder.resolve("complaints.jsonl").toString());
        assertThat(run.status()).isEqualTo(1);
        assertThat(run.err())
                .startsWith("iftb-cache: '" + noFolder.resolve("complaints.jsonl") + "' cannot be written: ")
                .endsWith("; make room for it, or name another place with --report\n")
                .hasLineCount(1);
        assertThat(CliRunner.raw("KEYS " + cli.namespace() + "j:*")).isEqualTo("*0\r\n");
    }

    @Test
    void report_wrongUsage_leavesNoFile() {
        assertThat(migrate("--force").err()).contains("--force is for --report");
        assertThat(report("--resume", file().toString()).err()).contains("give each its own");
        Run run = cli.run(
                "migrate", "redisson", "--cache", "x", "--type", "com.acme.None", "--report", file().toString());
        assertThat(run.status()).isEqualTo(2);
        assertThat(file()).doesNotExist();
    }

    /** The server goes away while a batch is stored, of which a complaint is in the file already. */
    @Test
    void report_resumed_hasEachOnce() throws IOException {
        try (EmbeddedServer server = EmbeddedServer.start();
                RespConnection raw = RespConnection.tcp(server.port())) {
            for (int i = 100; i < 130; i++) {
                raw.call("SET", "ohlcv:S" + i + ":1h:" + START, BAR);
                raw.call("SET", "ohlcv:S" + i + ":1h:" + (START + 3_600), "?");
            }
            Path state = folder.resolve("migration.json");
            String[] command = resumable("python");
            AtomicReference<SlowProxy> cut = new AtomicReference<>();
            SlowProxy proxy = new SlowProxy(server.port(), request -> {
                if (request.contains("java:ohlcv:{S119:1h}")) {
                    close(Objects.requireNonNull(cut.get()));
                }
            });
            cut.set(proxy);
            cli.with("IFTB_CACHE_REDIS_URI", proxy.uri()).with("IFTB_CACHE_REDIS_OPERATION_TIMEOUT", "1s");
            Run first = cli.run(command);
            assertThat(first.status()).as(first.err()).isEqualTo(1);
            assertThat(first.err()).hasLineCount(1);
            List<String> written = keys(file());
            assertThat(written).hasSize(20);
            assertThat(Json.read(Files.readString(state)).path("refused").asLong())
                    .as("of batches that are done")
                    .isEqualTo(19);

            try (SlowProxy again = new SlowProxy(server.port(), 0, proxy.port())) {
                cli.with("IFTB_CACHE_REDIS_URI", again.uri());
                Path moved = Files.move(file(), folder.resolve("moved"));
                Run without = cli.run(command);
                assertThat(without.status()).isEqualTo(2);
                assertThat(without.err())
                        .contains(
                                "is not what the interrupted migration has written there; delete the file of --resume")
                        .hasLineCount(1);
                Files.move(moved, file()); // which fails if a file was left there
                Run elsewhere = cli.run(List.of(command).subList(0, 7));
                assertThat(elsewhere.err()).contains(", with its report in '" + file() + "', and this is ");

                Run second = cli.run(command);

                assertThat(second.status()).as(second.err()).isEqualTo(3);
                JsonNode found = Json.read(second.out()).path("kinds").get(0);
                assertThat(found.path("found").asLong()).isEqualTo(60);
                assertThat(found.path("unreadable").asLong()).isEqualTo(30);
                assertThat(second.err()).hasLineCount(11);
            }
            assertThat(keys(file()))
                    .containsExactlyElementsOf(IntStream.range(100, 130)
                            .mapToObj(i -> "ohlcv:S" + i + ":1h:" + (START + 3_600))
                            .toList());
        }
    }

    /** Nothing was moved yet, and complaints are in the file already. */
    @Test
    void report_endedInTheScanOfNames_isRepeatedAsItIs() throws IOException {
        try (EmbeddedServer server = EmbeddedServer.start();
                RespConnection raw = RespConnection.tcp(server.port())) {
            for (int i = 0; i < 3_000; i++) {
                raw.call("SET", "llm:" + i, "{}");
            }
            String[] command = resumable("python");
            Run second = endedAndRepeated(server, "SCAN", 2, command);
            assertThat(second.status()).as(second.err()).isEqualTo(3);
            assertThat(Json.read(second.out()).path("refused").asLong()).isEqualTo(3_000);
            assertThat(keys(file())).hasSize(3_000).doesNotHaveDuplicates();
        }
    }

    /** A user without the right to INFO: which processes the servers are is not known. */
    @Test
    void report_redissonEndedInTheFirstBatch_isRepeatedAsItIs() throws IOException {
        try (EmbeddedServer server = EmbeddedServer.start();
                RespConnection raw = RespConnection.tcp(server.port())) {
            raw.call("HSET", "texts", "\"a\"", "?", "\"b\"", "1");
            raw.call("ACL", "SETUSER", "default", "-info");
            String[] command = resumable("redisson", "--cache", "texts", "--codec", "json");
            Run second = endedAndRepeated(server, "java:", 1, command);
            assertThat(second.status()).as(second.err()).isEqualTo(3);
            assertThat(Json.read(second.out())
                            .path("kinds")
                            .get(0)
                            .path("equal")
                            .asLong())
                    .isEqualTo(1);
            assertThat(keys(file())).containsExactly("texts a");
        }
    }

    /** Runs a command whose server goes away before a request of some text arrives, and runs it again. */
    private Run endedAndRepeated(EmbeddedServer server, String text, int request, String... command)
            throws IOException {
        AtomicReference<SlowProxy> cut = new AtomicReference<>();
        AtomicInteger requests = new AtomicInteger();
        SlowProxy proxy = new SlowProxy(server.port(), sent -> {
            if (sent.contains(text) && requests.incrementAndGet() == request) {
                close(Objects.requireNonNull(cut.get()));
            }
        });
        cut.set(proxy);
        cli.with("IFTB_CACHE_REDIS_URI", proxy.uri()).with("IFTB_CACHE_REDIS_OPERATION_TIMEOUT", "1s");
        Run first = cli.run(command);
        assertThat(first.status()).as(first.err()).isEqualTo(1);
        try (SlowProxy again = new SlowProxy(server.port(), 0, proxy.port())) {
            cli.with("IFTB_CACHE_REDIS_URI", again.uri());
            return cli.run(command);
        }
    }

    private static void close(SlowProxy proxy) {
        try {
            proxy.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
