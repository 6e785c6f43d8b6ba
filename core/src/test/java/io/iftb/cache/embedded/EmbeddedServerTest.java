package io.iftb.cache.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.File;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

class EmbeddedServerTest {

    @TempDir
    Path temp;

    @Test
    void start_plain_answersOnBothAddresses() throws IOException {
        try (EmbeddedServer server = EmbeddedServer.start();
                RespConnection tcp = RespConnection.tcp(server.port());
                RespConnection unix = RespConnection.unix(socket(server))) {
            assertThat(tcp.call("SET", "k", "v")).isEqualTo("+OK");
            assertThat(unix.call("GET", "k")).isEqualTo("v");
            assertThat(server.isAlive()).isTrue();
            assertThat(server.uri()).isEqualTo("redis://127.0.0.1:" + server.port());
            assertThat(server.socketUri()).isEqualTo("redis+uds://" + server.unixSocket());
        }
    }

    @Test
    void start_environmentSaysBundled_passesOverTheServerOnThePath() throws IOException {
        Path old = Files.writeString(temp.resolve("redis-server"), "#!/bin/sh\necho 'a Redis 2.8'; exit 1\n");
        Files.setPosixFilePermissions(old, PosixFilePermissions.fromString("rwx------"));
        String path = temp + File.pathSeparator + System.getenv("PATH");

        try (ChildJvm child = new ChildJvm(Map.of("IFTB_CACHE_EMBEDDED_SERVER", "bundled", "PATH", path));
                RespConnection redis = RespConnection.unix(child.socket())) {
            assertThat(redis.call("INFO", "server")).contains("redis_version:7.0.15");
        }
    }

    @Test
    void start_plain_keepsNothingOnDisk() throws IOException {
        try (EmbeddedServer server = EmbeddedServer.start();
                RespConnection redis = RespConnection.tcp(server.port())) {
            assertThat(redis.call("INFO", "persistence")).contains("aof_enabled:0");
            assertThat(redis.call("CONFIG", "GET", "save")).isEqualTo("*2");
            assertThat(redis.next()).isEqualTo("save");
            assertThat(redis.next()).isEmpty();
        }
    }

    @Test
    void start_plain_isPrivateToTheUser() throws IOException {
        try (EmbeddedServer server = EmbeddedServer.start()) {
            Path folder = Objects.requireNonNull(directory(server).getParent());
            assertThat(folder.getFileName()).hasToString("iftb-cache-" + System.getProperty("user.name"));
            for (Path path : List.of(folder, directory(server), socket(server))) {
                assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(path)))
                        .as("%s", path)
                        .isEqualTo("rwx------");
            }
        }
    }

    /** A terminal sends its signals to a whole group. */
    @Test
    @EnabledOnOs(OS.LINUX)
    void start_plain_hasAProcessGroupOfItsOwn() throws IOException {
        try (EmbeddedServer server = EmbeddedServer.start()) {
            assertThat(group(server.pid()))
                    .isEqualTo(server.pid())
                    .isNotEqualTo(group(ProcessHandle.current().pid()));
        }
    }

    /** The fifth field; the second one, the name, may hold anything, in parentheses. */
    private static long group(long pid) throws IOException {
        String stat = Files.readString(Path.of("/proc", Long.toString(pid), "stat"));
        return Long.parseLong(stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1)[2]);
    }

    @Test
    void start_severalAtOnce_allAnswer() throws Exception {
        int count = 4;
        ExecutorService threads = Executors.newFixedThreadPool(count);
        try {
            Callable<EmbeddedServer> start = EmbeddedServer::start;
            List<Future<EmbeddedServer>> servers =
                    threads.invokeAll(Stream.generate(() -> start).limit(count).toList());
            for (Future<EmbeddedServer> future : servers) {
                try (EmbeddedServer server = future.get();
                        RespConnection redis = RespConnection.unix(socket(server))) {
                    assertThat(redis.call("DBSIZE")).isEqualTo(":0");
                    assertThat(redis.call("SET", "mine", "1")).isEqualTo("+OK");
                }
            }
        } finally {
            threads.shutdownNow();
        }
    }

    @Test
    void start_moreArguments_reachTheServer() throws IOException {
        try (EmbeddedServer server = EmbeddedServer.builder()
                        .arguments("--requirepass", "a \"secret\"", "--maxmemory", "50mb")
                        .start();
                RespConnection redis = RespConnection.tcp(server.port())) {
            assertThat(redis.call("PING")).startsWith("-NOAUTH");
            assertThat(redis.call("AUTH", "a \"secret\"")).isEqualTo("+OK");
            assertThat(redis.call("INFO", "memory")).contains("maxmemory:52428800");
        }
    }

    @Test
    void start_clusterEnabled_answers() throws IOException {
        try (EmbeddedServer server = EmbeddedServer.builder()
                        .arguments("--cluster-enabled", "yes")
                        .start();
                RespConnection redis = RespConnection.tcp(server.port())) {
            assertThat(redis.call("CLUSTER", "INFO")).contains("cluster_known_nodes:1");
        }
    }

    @Test
    void start_argumentRefused_showsLastLinesAndLeavesNothing() {
        EmbeddedServer.Builder builder =
                EmbeddedServer.builder().temporary(temp).arguments("--no-such-setting", "x");

        assertThatThrownBy(builder::start)
                .isInstanceOf(EmbeddedServerException.class)
                .hasMessageContaining("Its last lines:")
                .hasMessageContaining("no-such-setting");
        assertThat(temp.resolve("iftb-cache-" + System.getProperty("user.name")))
                .isEmptyDirectory();
    }

    @Test
    void start_fixedPort_isUsed() throws IOException {
        int port;
        try (EmbeddedServer first = EmbeddedServer.start()) {
            port = first.port();
        }
        try (EmbeddedServer server = EmbeddedServer.builder().port(port).start();
                RespConnection redis = RespConnection.tcp(port)) {
            assertThat(server.port()).isEqualTo(port);
            assertThat(redis.call("PING")).isEqualTo("+PONG");
        }
    }

    @Test
    void start_fixedPortOfAnotherServer_isRefused() {
        try (EmbeddedServer other = EmbeddedServer.start()) {
            EmbeddedServer.Builder builder = EmbeddedServer.builder().port(other.port());

            assertThatThrownBy(builder::start)
                    .isInstanceOf(EmbeddedServerException.class)
                    .hasMessage("Port %d of 127.0.0.1 is taken: choose another, or 0 for a free one", other.port());
        }
    }

    @Test
    void start_freePortGoneMeanwhile_takesAnother() throws IOException {
        int free;
        try (EmbeddedServer first = EmbeddedServer.start()) {
            free = first.port();
        }
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getByAddress(new byte[] {127, 0, 0, 1}))) {
            Iterator<Integer> candidates =
                    List.of(taken.getLocalPort(), taken.getLocalPort(), free).iterator();
            try (EmbeddedServer server =
                    EmbeddedServer.builder().freePorts(candidates::next).start()) {
                assertThat(server.port()).isEqualTo(free);
                assertThat(server.isAlive()).isTrue();
            }
        }
    }

    @Test
    void start_temporaryFolderWithSpaces_answers() throws IOException {
        Path folder = Files.createDirectory(temp.resolve("tmp dir"));
        try (EmbeddedServer server = EmbeddedServer.builder().temporary(folder).start();
                RespConnection redis = RespConnection.unix(socket(server))) {
            assertThat(server.socketUri()).contains("tmp dir");
            assertThat(redis.call("PING")).isEqualTo("+PONG");
        }
    }

    @Test
    void start_temporaryFolderTooLongForASocket_answersOnTcpOnly() throws IOException {
        Path folder = Files.createDirectory(temp.resolve("x".repeat(100)));
        try (EmbeddedServer server = EmbeddedServer.builder().temporary(folder).start();
                RespConnection redis = RespConnection.tcp(server.port())) {
            assertThat(server.unixSocket()).isNull();
            assertThat(server.socketUri()).isNull();
            assertThat(redis.call("PING")).isEqualTo("+PONG");
        }
    }

    @Test
    void arguments_oursAmongThem_isRefused() {
        EmbeddedServer.Builder builder = EmbeddedServer.builder();
        assertThatIllegalArgumentException().isThrownBy(() -> builder.arguments("--Port", "1"));
        assertThatIllegalArgumentException().isThrownBy(() -> builder.arguments("--daemonize yes"));
    }

    @Test
    void port_outOfRange_isRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> EmbeddedServer.builder().port(65_536));
    }

    @Test
    void close_running_endsProcessAndRemovesFiles() {
        EmbeddedServer server = EmbeddedServer.start();
        assertThat(directory(server)).isDirectory();

        server.close();
        server.close();

        assertThat(server.isAlive()).isFalse();
        assertThat(ProcessHandle.of(server.pid())).isEmpty();
        assertThat(directory(server)).doesNotExist();
    }

    @Test
    void close_serverDeaf_killsIt() throws Exception {
        EmbeddedServer server = EmbeddedServer.start();
        // a stopped process does not act on SIGTERM
        new ProcessBuilder("kill", "-STOP", Long.toString(server.pid())).start().waitFor();
        long before = System.nanoTime();

        server.close();

        assertThat(server.isAlive()).isFalse();
        assertThat(directory(server)).doesNotExist();
        assertThat(Duration.ofNanos(System.nanoTime() - before))
                .isBetween(Duration.ofSeconds(5), Duration.ofSeconds(20));
    }

    @Test
    void isAlive_serverDied_isFalse() {
        try (EmbeddedServer server = EmbeddedServer.start()) {
            ProcessHandle.of(server.pid()).orElseThrow().destroyForcibly();

            Awaitility.await().until(() -> !server.isAlive());
        }
    }

    @Test
    void dataDirectory_restart_keepsData() throws IOException {
        Path data = temp.resolve("new folder").resolve("my data");
        try (EmbeddedServer server =
                        EmbeddedServer.builder().dataDirectory(data).start();
                RespConnection redis = RespConnection.tcp(server.port())) {
            assertThat(redis.call("SET", "k", "survives")).isEqualTo("+OK");
        }
        try (EmbeddedServer server =
                        EmbeddedServer.builder().dataDirectory(data).start();
                RespConnection redis = RespConnection.tcp(server.port())) {
            assertThat(redis.call("GET", "k")).isEqualTo("survives");
        }
    }

    @Test
    void dataDirectory_new_isPrivateToTheUserAndOthersStayAsTheyAre() throws IOException {
        Set<PosixFilePermission> shared = PosixFilePermissions.fromString("rwxr-xr-x");
        Path old = Files.setPosixFilePermissions(Files.createDirectory(temp.resolve("old")), shared);
        Path between = old.resolve("new");
        Path data = between.resolve("data");

        EmbeddedServer.builder().dataDirectory(data).start().close();
        EmbeddedServer.builder().dataDirectory(old).start().close();

        assertThat(Files.getPosixFilePermissions(old)).isEqualTo(shared);
        for (Path made : List.of(between, data)) {
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(made)))
                    .as("%s", made)
                    .isEqualTo("rwx------");
        }
    }

    @Test
    void dataDirectory_thatCannotBe_isRefusedWithTheRemedy() throws IOException {
        Path file = Files.createFile(temp.resolve("file"));
        assertThatThrownBy(() -> EmbeddedServer.builder()
                        .dataDirectory(file.resolve("x"))
                        .start())
                .isInstanceOf(EmbeddedServerException.class)
                .hasMessage("The data directory '" + file.resolve("x")
                        + "' cannot be created or opened: choose one that you may write");
    }

    @Test
    void dataDirectory_usedByThisJvm_isRefusedUntilClosed() throws IOException {
        EmbeddedServer.Builder builder = EmbeddedServer.builder().dataDirectory(temp);
        try (EmbeddedServer first = builder.start()) {
            for (int attempt = 0; attempt < 2; attempt++) {
                assertThatThrownBy(builder::start)
                        .isInstanceOf(EmbeddedServerException.class)
                        .hasMessage(
                                "The data directory '%s' is in use by the JVM with pid %d and its server with pid %d:"
                                        + " close that server, or give each server its own directory",
                                temp.toRealPath(), ProcessHandle.current().pid(), first.pid());
            }
        }
        builder.start().close();
    }

    @Test
    void dataDirectory_usedByAnotherJvm_isRefused() throws Exception {
        try (ChildJvm child = new ChildJvm(temp.toString())) {
            EmbeddedServer.Builder builder = EmbeddedServer.builder().dataDirectory(temp);

            assertThatThrownBy(builder::start)
                    .isInstanceOf(EmbeddedServerException.class)
                    .hasMessageContaining("'" + temp.toRealPath() + "' is in use by the JVM with pid " + child.pid())
                    .hasMessageContaining("server with pid " + child.serverPid());
            assertThat(child.serverIsAlive()).isTrue();
        }
    }

    @Test
    void dataDirectory_refusedInThisJvm_staysRefusedInOthers() throws Exception {
        EmbeddedServer.Builder builder = EmbeddedServer.builder().dataDirectory(temp);
        try (EmbeddedServer first = builder.start()) {
            assertThatThrownBy(builder::start).isInstanceOf(EmbeddedServerException.class);

            // if the refused start had closed a channel on the lock file, the lock would be released
            assertThatThrownBy(() -> new ChildJvm(temp.toString()))
                    .hasMessageContaining("started no server")
                    .hasMessageContaining("is in use by the JVM with pid");
            assertThat(first.isAlive()).isTrue();
        }
    }

    @Test
    void dataDirectory_holderKilled_isTakenOverWithItsData() throws Exception {
        try (ChildJvm child = new ChildJvm(temp.toString())) {
            try (RespConnection redis = RespConnection.unix(child.socket())) {
                redis.call("SET", "k", "survives");
            }
            child.kill();
            assertThat(child.serverIsAlive()).isTrue();

            // another folder for temporary files, so that only the data directory identifies the remaining server
            try (EmbeddedServer server = EmbeddedServer.builder()
                            .temporary(Files.createDirectory(temp.resolve("t")))
                            .dataDirectory(temp)
                            .start();
                    RespConnection redis = RespConnection.tcp(server.port())) {
                assertThat(child.serverIsAlive()).isFalse();
                assertThat(redis.call("GET", "k")).isEqualTo("survives");
            }
        }
    }

    @Test
    void start_afterAnotherJvmWasKilled_endsItsServer() throws Exception {
        try (ChildJvm child = new ChildJvm()) {
            child.kill();
            assertThat(child.serverIsAlive()).isTrue();
            assertThat(child.serverDirectory()).isDirectory();

            try (EmbeddedServer server = EmbeddedServer.start()) {
                assertThat(server.isAlive()).isTrue();
                assertThat(child.serverIsAlive()).isFalse();
                assertThat(child.serverDirectory()).doesNotExist();
            }
        }
    }

    @Test
    void start_besideLiveJvms_leavesTheirServers() throws Exception {
        try (EmbeddedServer ours = EmbeddedServer.start();
                ChildJvm first = new ChildJvm();
                ChildJvm second = new ChildJvm();
                EmbeddedServer later = EmbeddedServer.start()) {
            assertThat(ours.isAlive()).isTrue();
            assertThat(later.isAlive()).isTrue();
            for (ChildJvm child : List.of(first, second)) {
                try (RespConnection redis = RespConnection.unix(child.socket())) {
                    assertThat(redis.call("PING")).isEqualTo("+PONG");
                }
            }
        }
    }

    @Test
    void exit_withoutClose_leavesNoServer() throws Exception {
        try (ChildJvm child = new ChildJvm()) {
            assertThat(child.serverIsAlive()).isTrue();

            assertThat(child.exit()).isZero();

            assertThat(child.serverIsAlive()).isFalse();
            assertThat(child.serverDirectory()).doesNotExist();
        }
    }

    private static Path socket(EmbeddedServer server) {
        return Objects.requireNonNull(server.unixSocket());
    }

    private static Path directory(EmbeddedServer server) {
        return Objects.requireNonNull(socket(server).getParent());
    }
}
