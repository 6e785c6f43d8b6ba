package io.iftb.cache.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.iftb.cache.MarketCaches;
import io.iftb.cache.TestCluster;
import io.iftb.cache.cli.CliRunner.Run;
import io.iftb.cache.cli.Finding.Level;
import io.iftb.cache.embedded.EmbeddedServer;
import io.iftb.cache.embedded.RespConnection;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Each fault on a real server that has it. */
class DoctorCommandTest {

    private static final String READS =
            "+ping +time +info +client|setname +scan +exists +pttl +get +mget +getrange +strlen"
                    + " +memory|usage +zrange +zrevrangebyscore +evalsha +eval +client|tracking +client|trackinginfo +role +hello";
    private static final String WRITES =
            " +unlink +del +persist +pexpireat +set +getdel +getex +setrange +append +rename"
                    + " +zadd +zrem +zscore +zrangebyscore ~iftb-cache:fence:*";
    private static final String EVENTS = " +publish +subscribe &iftb-cache:*";
    private static final String COMPUTING = " ~{bot1:*}:lease";
    private static final String BUDGETS = " ~bot1:{budget:* +hgetall +hset +pexpire +zcard +zcount +zremrangebyscore";

    private final CliRunner cli = new CliRunner();

    private Run doctor(String uri, String... more) {
        List<String> words = new ArrayList<>(List.of("doctor", "--redis", uri, "--json"));
        words.addAll(List.of(more));
        Run run = cli.run(words);
        assertThat(run.err()).isEmpty();
        return run;
    }

    private static JsonNode finding(Run run, String topic) {
        return StreamSupport.stream(Json.read(run.out()).path("findings").spliterator(), false)
                .filter(each -> each.path("topic").asText().equals(topic))
                .findFirst()
                .orElseThrow(() -> new AssertionError(run.out()));
    }

    private static void assertFinding(Run run, String topic, Level level, String what, String remedy) {
        JsonNode finding = finding(run, topic);
        assertThat(finding.path("level").asText()).as(run.out()).isEqualTo(level.toString());
        assertThat(finding.path("what").asText()).contains(what);
        assertThat(finding.path("remedy").asText()).contains(remedy);
        assertThat(run.status()).isEqualTo(run.out().contains("\"level\":\"bad\"") ? 1 : 0);
    }

    private static String on(EmbeddedServer server, String command) throws IOException {
        try (RespConnection raw = RespConnection.tcp(server.port())) {
            return raw.call(command.split(" "));
        }
    }

    /** Only a key of the fence is left, for a second. */
    private static void awaitEmpty(EmbeddedServer server) {
        await().until(() -> on(server, "DBSIZE").equals(":0"));
    }

    private static EmbeddedServer server(String... arguments) {
        return EmbeddedServer.builder().arguments(arguments).start();
    }

    @Test
    void doctor_ofAServerThatIsWell_saysWhatItHasChecked() throws IOException {
        try (EmbeddedServer server =
                server("--maxmemory", "100mb", "--maxmemory-policy", "volatile-lru", "--appendonly", "yes")) {
            Run run = cli.run("doctor", "--redis", server.uri());
            assertThat(run.status()).isZero();
            assertThat(run.out())
                    .startsWith(server.uri() + ", standalone\nok    version      ")
                    .containsPattern("\nok {4}memory {7}.* of 10[0-9] MB used\n")
                    .contains("\nok    eviction     volatile-lru: takes only what has a lifetime\n")
                    .contains("\nok    persistence  each write goes to a log (AOF)\n")
                    .containsPattern("\nok {4}clients {6}[0-9]+ of [0-9,]+ connections\n")
                    .contains("\nok    replication  none\n")
                    .contains("\nok    clock        as this machine's, within ")
                    .containsPattern("\nok {4}latency {6}ping ")
                    .contains("\nok    rights       user default may do all that caches need\n")
                    .contains("\nok    tracking     the server tells which keys change")
                    .contains("\nok    keys         0 keys, none of other programs\n")
                    .endsWith("\n0 things are bad, 0 warnings\n");
            awaitEmpty(server);
        }
    }

    @Test
    void doctor_memoryThatIsFull_isBad() throws IOException {
        try (EmbeddedServer server = server()) {
            assertFinding(doctor(server.uri()), "memory", Level.WARN, "without a limit", "set maxmemory");
            assertThat(finding(doctor(server.uri()), "eviction").path("level").asText())
                    .isEqualTo("ok");
            on(server, "SET filler " + "x".repeat(8_000_000));
            String used = on(server, "INFO memory").replaceAll("(?s).*used_memory:([0-9]+).*", "$1");
            on(server, "CONFIG SET maxmemory " + Long.parseLong(used) * 104 / 100);
            Run full = doctor(server.uri());
            assertFinding(full, "memory", Level.BAD, "writes fail when it is full", "raise maxmemory");
            assertFinding(full, "eviction", Level.WARN, "noeviction", "volatile-lru");
            on(server, "CONFIG SET maxmemory-policy allkeys-lru");
            Run evicting = doctor(server.uri());
            assertFinding(evicting, "memory", Level.WARN, "entries are evicted", "raise maxmemory");
            assertFinding(evicting, "eviction", Level.WARN, "reads then end at the hole", "volatile-lru");
        }
    }

    @Test
    void doctor_dataThatIsNotKept_isSaid() throws IOException {
        try (EmbeddedServer server = server();
                RespConnection raw = RespConnection.tcp(server.port())) {
            raw.call("CONFIG", "SET", "save", "3600 1");
            assertFinding(doctor(server.uri()), "persistence", Level.OK, "snapshots (save 3600 1)", "");
            Files.createDirectory(Path.of(raw.list("CONFIG", "GET", "dir").get(1), "dump.rdb"));
            on(server, "BGSAVE");
            await().until(() -> on(server, "INFO persistence").contains("rdb_last_bgsave_status:err"));
            assertFinding(doctor(server.uri()), "connection", Level.BAD, "cannot save to its disk", "check its log");
            raw.call("CONFIG", "SET", "stop-writes-on-bgsave-error", "no");
            assertFinding(doctor(server.uri()), "persistence", Level.BAD, "the last snapshot failed", "server's log");
        }
        try (EmbeddedServer server = server()) {
            assertFinding(doctor(server.uri()), "persistence", Level.WARN, "loses everything", "appendonly yes");
        }
    }

    @Test
    void doctor_connectionsThatRunOut_areAWarning() throws IOException {
        List<Socket> sockets = new ArrayList<>();
        try (EmbeddedServer server = server("--maxclients", "60")) {
            for (int i = 0; i < 54; i++) {
                sockets.add(new Socket(InetAddress.getLoopbackAddress(), server.port()));
            }
            await().until(() -> on(server, "INFO clients").matches("(?s).*connected_clients:5[0-9].*"));
            assertFinding(doctor(server.uri()), "clients", Level.WARN, " of 60 connections", "maxclients");
        } finally {
            for (Socket each : sockets) {
                each.close();
            }
        }
    }

    @ParameterizedTest
    @CsvSource({"0, ok", "5000, warn", "-5000, warn", "120000, bad"})
    void doctor_clocksThatDiffer_areMeasured(long millis, String level) {
        try (MarketCaches caches = cli.caches()) {
            Clock wrong = Clock.offset(Clock.systemUTC(), Duration.ofMillis(-millis));
            Finding found = new Doctor(caches.maintenance(), cli.namespace(), wrong)
                    .examine().stream()
                            .filter(each -> each.topic().equals("clock"))
                            .findFirst()
                            .orElseThrow();
            assertThat(found.level()).as(found.what()).hasToString(level);
            assertThat(found.what())
                    .contains(millis > 0 ? "ahead of this machine's" : millis < 0 ? "behind" : "as this");
        }
    }

    @Test
    void doctor_aLongWay_isAWarning() throws IOException {
        try (EmbeddedServer server = server();
                SlowProxy proxy = new SlowProxy(server.port(), 5)) {
            assertFinding(doctor(proxy.uri()), "latency", Level.WARN, "each read waits that long", "one zone");
        }
    }

    @Test
    void doctor_serverThatIsNotThere_isBad() {
        String uri;
        try (EmbeddedServer server = server()) {
            uri = server.uri();
        }
        for (String login : List.of("bob:secret", ":correct secret", "bob:sec@ret")) {
            Run run = doctor(uri.replace("redis://", "redis://" + login + "@"));
            assertFinding(run, "connection", Level.BAD, "no Redis server answers at " + uri, "start one there");
            assertThat(run.out() + run.err()).doesNotContain("correct", "secret", "sec@", "bob");
        }
    }

    /** The rights of the user, what is lacking, how bad that is. */
    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "ALL ; ok ; may do all that caches need ;",
                "ALL -getrange ; bad ; lacks rights for reads ; ACL SETUSER bot +getrange",
                "ALL -setrange ; bad ; lacks rights for writes ; ACL SETUSER bot +setrange",
                "READER ; warn ; user bot can only read ; +set ",
                "ALL -publish ; warn ; lacks rights for remote events and fetching ; +publish &iftb-cache:changes:*",
                "ALL -zcount ; warn ; lacks rights for budgets of requests ; ACL SETUSER bot +zcount",
                "ALL -client|trackinginfo ; warn ; lacks rights for near caches ; ACL SETUSER bot +client|trackinginfo",
                "ALL -eval -evalsha ; bad ; does not let this user do that ; grant the command",
                "OTHERKEYS ; bad ; does not let this user do that ; grant the command, key",
            })
    void doctor_userThatLacksRights_isToldWhich(String rights, String level, String what, String remedy)
            throws IOException {
        String all = "~bot1:* " + READS + WRITES + EVENTS + COMPUTING + BUDGETS + " +acl|whoami";
        String rule = rights.replace("ALL", all)
                .replace("READER", "~bot1:* +acl|whoami " + READS)
                .replace("OTHERKEYS", all.replace("~bot1:* ", "~other:* "));
        try (EmbeddedServer server = server()) {
            on(server, "ACL SETUSER bot on >secret resetchannels -@all " + rule);
            Run run = doctor("redis://bot:secret@127.0.0.1:" + server.port(), "--namespace", "bot1");
            Level expected = Level.valueOf(level.toUpperCase(Locale.ROOT));
            assertFinding(run, "rights", expected, what, remedy == null ? "" : remedy);
            assertThat(run.out()).doesNotContain("secret");
            awaitEmpty(server);
            if (rights.contains("trackinginfo")) {
                // a busy machine may not hear of the right in time, and is told to check the server
                await().untilAsserted(() -> assertFinding(
                        doctor("redis://bot:secret@127.0.0.1:" + server.port(), "--namespace", "bot1"),
                        "tracking",
                        Level.WARN,
                        "near caches send all reads to the server",
                        "ACL SETUSER"));
            }
        }
    }

    /** Servers before 7.0 cannot be asked, so the script tries; here it is made to do that on a newer one. */
    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            nullValues = "",
            value = {"+@all; ", "+@all -getrange -zadd; READS +getrange, WRITES +zadd", "+@all -set; WRITES +set"})
    void rights_onAServerThatCannotBeAsked_areTried(String rights, String missing) throws IOException {
        String script = Files.readString(Path.of("../core/src/main/resources/io/iftb/cache/store/missing_rights.lua"));
        assertThat(script).contains("= redis.acl_check_cmd, {}");
        try (EmbeddedServer server = server();
                RespConnection bot = RespConnection.tcp(server.port())) {
            on(server, "ACL SETUSER bot on >secret ~* &* " + rights);
            bot.call("AUTH", "bot", "secret");
            List<String> found = bot.list(
                    "EVAL",
                    script.replace("= redis.acl_check_cmd, {}", "= nil, {}"),
                    "1",
                    "k",
                    "a",
                    "b",
                    "c",
                    "d",
                    "e");
            assertThat(String.join(", ", found)).isEqualTo(missing == null ? "" : missing);
            assertThat(on(server, "DBSIZE")).isEqualTo(":0");
        }
    }

    @Test
    void doctor_keysOfOtherPrograms_areAWarning() throws IOException {
        try (EmbeddedServer server = server()) {
            on(server, "SET celery-task-1 x");
            Run run = cli.run("doctor", "--redis", server.uri(), "--namespace", "", "--json");
            assertFinding(run, "keys", Level.WARN, "1 key, 1 of other programs, such as 'celery-task-1'", "namespace");
            assertFinding(doctor(server.uri()), "keys", Level.OK, "0 keys", "");
            on(server, "SET " + cli.namespace() + ":a:b:c x");
            assertFinding(doctor(server.uri()), "keys", Level.WARN, "1 of other programs", "another prefix");
        }
    }

    @Test
    void doctor_replicaThatIsBehind_isAWarning() throws IOException {
        try (EmbeddedServer primary = server("--repl-diskless-sync", "yes", "--repl-diskless-sync-delay", "60");
                EmbeddedServer replica = server("--replicaof", "127.0.0.1 " + primary.port())) {
            await().until(() -> on(primary, "INFO replication").contains("state=wait_bgsave"));
            assertFinding(doctor(primary.uri()), "replication", Level.WARN, "a replica is behind", "its network");
            ServerInfo info = ServerInfo.parse("replica", on(replica, "INFO"));
            assertThat(new ServerChecks(info, "").replication().level()).isEqualTo(Level.BAD);
        }
    }

    @Test
    @Tag("thorough") // a quarter of a minute
    void doctor_ofACluster_isOfAllPrimariesAndTheirSlots() throws IOException {
        try (TestCluster cluster = TestCluster.ofPrimaries()) {
            Run run = doctor(cluster.uri());
            assertFinding(run, "cluster", Level.OK, "16,384 of 16,384 slots", "");
            assertFinding(run, "replication", Level.WARN, "no replica: if this primary fails", "add a replica");
            assertThat(Json.read(run.out()).path("findings").findValuesAsText("what").stream()
                            .filter(what -> what.matches(".*: (redis|valkey) [0-9.]+")))
                    .hasSize(3);
            try (MarketCaches caches = cli.caches(cluster.uri())) {
                for (EmbeddedServer node : cluster.nodes()) {
                    on(node, "CLUSTER DELSLOTS 0");
                }
                List<Finding> findings = new Doctor(caches.maintenance(), cli.namespace(), Clock.systemUTC()).examine();
                assertThat(findings)
                        .filteredOn(each -> each.topic().equals("cluster"))
                        .singleElement()
                        .satisfies(found -> {
                            assertThat(found.level()).isEqualTo(Level.BAD);
                            assertThat(found.what()).contains("16,383 of 16,384 slots are served");
                        });
            }
        }
    }

    @ParameterizedTest
    @CsvSource({"6.0.16, bad", "5.0.14, bad", "6.2.0, ok", "7.0.15, ok", "8.0.6, ok", "10.0.1, ok"})
    void version_thatIsTooOld_isBad(String version, String level) {
        ServerInfo info = ServerInfo.parse("server", "redis_version:" + version);
        assertThat(new ServerChecks(info, "").version().level()).hasToString(level);
    }

    @Test
    void version_ofValkey_isOkWhateverItSaysOfRedis() {
        ServerInfo info = ServerInfo.parse("server", "redis_version:5.0.0\nvalkey_version:9.1.2");
        assertThat(new ServerChecks(info, "").version()).isEqualTo(Finding.ok("version", "valkey 9.1.2"));
    }
}
