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
import javax.net.ssl.SSLServerSocketFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Each state of a server, and anything else at its address, gives a clear message within the connect timeout. */
class ServerProbeTest {

    private static final Duration CONNECT = Duration.ofSeconds(2);

    @Test
    void open_clusterNode_isRefused() {
        try (EmbeddedServer node =
                EmbeddedServer.builder().arguments("--cluster-enabled", "yes").start()) {
            assertRefused(node.uri(), "is a node of a cluster");
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
        String binary = ProcessHandle.of(pidOfTestServer())
                .flatMap(process -> process.info().command())
                .orElseThrow();
        int port;
        try (ServerSocket free = new ServerSocket(0)) {
            port = free.getLocalPort();
        }
        Path config = Files.writeString(folder.resolve("sentinel.conf"), "bind 127.0.0.1\nport " + port + "\n");
        Process sentinel = new ProcessBuilder(binary, config.toString(), "--sentinel")
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("log").toFile())
                .start();
        try {
            await().ignoreExceptions().until(() -> {
                try (RespConnection raw = RespConnection.tcp(port)) {
                    return raw.call("PING").contains("PONG");
                }
            });
            assertRefused("redis://127.0.0.1:" + port, "is a sentinel");
        } finally {
            sentinel.destroy();
            sentinel.waitFor();
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
    void open_serverThatLoads_isWaitedForWithinTheTimeForConnecting() throws IOException {
        try (EmbeddedServer server = EmbeddedServer.builder()
                        .arguments("--enable-debug-command", "yes", "--key-load-delay", "1000")
                        .start();
                RespConnection raw = RespConnection.tcp(server.port())) {
            raw.call("SET", "filler", "x");
            raw.call("EVAL", "for i = 1, 500 do redis.call('SET', 'k' .. i, string.rep('x', 1000)) end", "0");
            if (raw.call("SAVE").startsWith("-")) {
                return;
            }
            Thread loading = new Thread(() -> {
                try (RespConnection other = RespConnection.tcp(server.port())) {
                    other.call("DEBUG", "RELOAD", "NOSAVE");
                } catch (IOException e) {
                    throw new AssertionError(e);
                }
            });
            loading.start();
            RedisConnection.open(settings(server.uri())).close();
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
                TestServer.uri().replace("redis://", "rediss://"), "write redis:// in its address if it does not");
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

    @Test
    void open_interrupted_endsAndKeepsTheFlag() throws Exception {
        try (ServerSocket silent = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
            String uri = "redis://127.0.0.1:" + silent.getLocalPort();
            long start = System.nanoTime();
            assertThatThrownBy(() -> RedisConnection.open(settings(uri))).isInstanceOf(RedisServerException.class);
            assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(CONNECT.plusSeconds(1));
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
        return new ConnectionSettings(uri, null, null, null, CONNECT, Duration.ofSeconds(5));
    }
}
