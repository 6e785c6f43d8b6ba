package io.iftb.cache.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.sun.net.httpserver.HttpServer;
import io.iftb.cache.TestServer;
import io.iftb.cache.embedded.EmbeddedServer;
import io.iftb.cache.embedded.RespConnection;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import javax.net.ssl.SSLServerSocketFactory;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Each state of a server, and anything else at its address, gives a clear message within the connect timeout. */
class ServerProbeTest {

    private static final Duration CONNECT = Duration.ofSeconds(2);

    /** Takes seconds on a busy machine, once for each JVM. */
    @BeforeAll
    static void loadTls() throws IOException {
        try (ServerSocket closing = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            Thread server = new Thread(() -> {
                try {
                    closing.accept().close();
                } catch (IOException e) {
                    throw new AssertionError(e);
                }
            });
            server.start();
            ConnectionSettings patient =
                    settings("rediss://127.0.0.1:" + closing.getLocalPort(), Duration.ofSeconds(30));
            assertThatThrownBy(() -> RedisConnection.open(patient)).isInstanceOf(RedisServerException.class);
        }
    }

    @Test
    void open_clusterNode_isRefused() {
        try (EmbeddedServer node =
                EmbeddedServer.builder().arguments("--cluster-enabled", "yes").start()) {
            assertRefused(node.uri(), "is a node of a Redis Cluster; write redis-cluster://127.0.0.1:");
        }
    }

    @Test
    void open_replica_isRefused() throws IOException {
        try (EmbeddedServer primary = EmbeddedServer.start();
                EmbeddedServer replica = EmbeddedServer.builder()
                        .arguments("--replicaof", "127.0.0.1 " + primary.port())
                        .start()) {
            assertRefused(replica.uri(), "is a replica, which takes no writes; give the address of the primary");
        }
    }

    @Test
    void open_sentinel_isRefused(@TempDir Path folder) throws Exception {
        int port = freePort();
        Path config = Files.writeString(folder.resolve("sentinel.conf"), "bind 127.0.0.1\nport " + port + "\n");
        Process sentinel = start(folder, config.toString(), "--sentinel");
        try {
            await().ignoreExceptions().until(() -> said(port, "PING").contains("PONG"));
            assertRefused("redis://127.0.0.1:" + port, "is a sentinel");
        } finally {
            end(sentinel);
        }
    }

    private static int freePort() throws IOException {
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return free.getLocalPort();
        }
    }

    /** A process of the server that the other tests use, without the wait of an embedded one until it is ready. */
    private static Process start(Path folder, String... arguments) throws IOException {
        List<String> command = new ArrayList<>();
        command.add(ProcessHandle.of(pidOfTestServer())
                .flatMap(process -> process.info().command())
                .orElseThrow());
        command.addAll(List.of(arguments));
        return new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("log").toFile())
                .start();
    }

    private static void end(Process process) throws InterruptedException {
        process.destroyForcibly();
        process.waitFor();
    }

    private static String said(int port, String... command) throws IOException {
        try (RespConnection raw = RespConnection.tcp(port)) {
            return raw.call(command);
        }
    }

    private static long pidOfTestServer() throws IOException {
        try (RespConnection raw = TestServer.raw()) {
            return raw.call("INFO", "server")
                    .lines()
                    .filter(line -> line.startsWith("process_id:"))
                    .mapToLong(line -> Long.parseLong(line.substring("process_id:".length())))
                    .findFirst()
                    .orElseThrow();
        }
    }

    @Test
    void open_serverBusyWithAScript_isToldAsThat() throws Exception {
        try (EmbeddedServer server = EmbeddedServer.builder()
                        .arguments("--lua-time-limit", "50")
                        .start();
                RespConnection raw = RespConnection.tcp(server.port())) {
            Thread busy = new Thread(() -> {
                try (RespConnection other = RespConnection.tcp(server.port())) {
                    other.call("EVAL", "while true do end", "0");
                } catch (IOException e) {
                    throw new AssertionError(e);
                }
            });
            busy.start();
            await().until(() -> raw.call("GET", "k").startsWith("-BUSY"));
            assertRefused(server.uri(), "is busy with a script");
            raw.call("SCRIPT", "KILL");
            busy.join();
            RedisConnection.open(settings(server.uri())).close();
        }
    }

    @Test
    void open_serverThatLoads_isWaitedForAndElseToldAsThat(@TempDir Path folder) throws Exception {
        int port = freePort();
        String[] plain = {"--bind", "127.0.0.1", "--port", "" + port, "--dir", folder.toString(), "--save", ""};
        Process filled = start(folder, plain);
        try {
            await().ignoreExceptions().until(() -> said(port, "PING").contains("PONG"));
            said(port, "EVAL", "for i = 1, 2000 do redis.call('SET', 'k' .. i, string.rep('x', 100)) end", "0");
            assertThat(said(port, "SAVE")).isEqualTo("+OK");
        } finally {
            end(filled);
        }
        // a millisecond for each key, and an answer now and then: it loads for two seconds at least
        List<String> slow = new ArrayList<>(List.of(plain));
        slow.addAll(List.of("--key-load-delay", "1000", "--loading-process-events-interval-bytes", "1024"));
        Process loading = start(folder, slow.toArray(String[]::new));
        try {
            await().ignoreExceptions().until(() -> said(port, "PING").startsWith("-LOADING"));
            String uri = "redis://127.0.0.1:" + port;
            Duration hurry = Duration.ofMillis(300);
            assertThatThrownBy(() -> RedisConnection.open(settings(uri, hurry)))
                    .isInstanceOf(RedisServerException.class)
                    .hasMessageContaining("is loading its data");
            assertThat(said(port, "PING")).startsWith("-LOADING");

            RedisConnection.open(settings(uri, Duration.ofSeconds(60))).close();

            assertThat(said(port, "PING")).contains("PONG");
        } finally {
            end(loading);
        }
    }

    @Test
    void open_anotherKindOfServer_isToldAsThat() throws IOException {
        HttpServer http = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        http.start();
        try {
            assertRefused("redis://127.0.0.1:" + http.getAddress().getPort(), "does not answer like Redis");
        } finally {
            http.stop(0);
        }
    }

    @Test
    void open_tlsToAPlainServer_saysSo() {
        assertRefused(
                TestServer.uri().replace("redis://", "rediss://"),
                "does not speak TLS there; write redis:// in its address");
    }

    @Test
    void open_plainToATlsServer_saysSo() throws IOException {
        try (ServerSocket tls =
                SSLServerSocketFactory.getDefault().createServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
            Thread answering = new Thread(() -> {
                try {
                    while (true) {
                        try (var connection = tls.accept()) {
                            connection.getInputStream().read();
                        } catch (javax.net.ssl.SSLException expected) {
                            // plain text
                        }
                    }
                } catch (IOException closed) {
                    // the end of the test
                }
            });
            answering.setDaemon(true);
            answering.start();
            assertRefused("redis://127.0.0.1:" + tls.getLocalPort(), "rediss://");
        }
    }

    @Test
    void open_serverWithoutFreeConnections_isToldAsThat() throws IOException {
        try (EmbeddedServer server = EmbeddedServer.start();
                RespConnection raw = RespConnection.tcp(server.port())) {
            raw.call("CONFIG", "SET", "maxclients", "1");
            assertRefused(server.uri(), "raise maxclients");
        }
    }

    private static void assertRefused(String uri, String part) {
        long start = System.nanoTime();
        assertThatThrownBy(() -> RedisConnection.open(settings(uri)))
                .isInstanceOf(RedisServerException.class)
                .hasMessageContaining(uri.replaceAll("^redis+://", ""))
                .hasMessageContaining(part)
                .hasMessageNotContaining("null");
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(CONNECT.plusSeconds(1));
    }

    private static ConnectionSettings settings(String uri) {
        return settings(uri, CONNECT);
    }

    private static ConnectionSettings settings(String uri, Duration connect) {
        return new ConnectionSettings(uri, null, null, null, connect, Duration.ofSeconds(5));
    }
}
