package io.iftb.cache.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.iftb.cache.embedded.EmbeddedServer;
import io.iftb.cache.embedded.RespConnection;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A scan of the keys of a server, also of one that is restarted meanwhile. */
class KeyScanTest {

    private static final int KEYS = 5_000;

    @TempDir
    private Path folder;

    private static RedisConnection open(EmbeddedServer server) {
        return RedisConnection.open(
                new ConnectionSettings(server.uri(), null, null, null, Duration.ofSeconds(5), Duration.ofSeconds(5)));
    }

    private static void fill(EmbeddedServer server, int keys) throws IOException {
        try (RespConnection raw = RespConnection.tcp(server.port())) {
            raw.call("CONFIG", "SET", "appendfsync", "always");
            for (int i = 0; i < keys; i++) {
                raw.call("SET", "k" + i, "v");
            }
        }
    }

    @Test
    void scan_serverRestartedMeanwhile_findsEveryKey() throws Exception {
        EmbeddedServer server = EmbeddedServer.builder().dataDirectory(folder).start();
        int port = server.port();
        try (RedisConnection redis = open(server)) {
            fill(server, KEYS);
            for (int steps = 1; steps <= 2; steps++) { // before the scan has asked for the process, and after
                KeyScan scan = redis.scan("k*");
                Set<String> found = new HashSet<>();
                for (int i = 0; i < steps; i++) {
                    found.addAll(redis.await(scan.next()));
                }
                assertThat(new ProcessBuilder("kill", "-KILL", Long.toString(server.pid()))
                                .start()
                                .waitFor())
                        .isZero();
                EmbeddedServer killed = server;
                await().until(() -> !killed.isAlive());
                killed.close();
                server = EmbeddedServer.builder()
                        .dataDirectory(folder)
                        .port(port)
                        .start();
                for (List<String> keys = redis.await(scan.next()); keys != null; keys = redis.await(scan.next())) {
                    found.addAll(keys);
                }
                assertThat(found).as("after %d steps", steps).hasSize(KEYS);
            }
        } finally {
            server.close();
        }
    }

    @Test
    void scan_serverThatRuns_givesFewKeysTwice() throws Exception {
        try (EmbeddedServer server = EmbeddedServer.start();
                RedisConnection redis = open(server)) {
            fill(server, KEYS);
            // the process is older than the scan, so no step is made again
            try (RespConnection raw = RespConnection.tcp(server.port())) {
                await().until(() -> !raw.call("INFO", "server").contains("uptime_in_seconds:0"));
            }
            KeyScan scan = redis.scan("k*");
            int given = 0;
            for (List<String> keys = redis.await(scan.next()); keys != null; keys = redis.await(scan.next())) {
                given += keys.size();
            }
            assertThat(given).isEqualTo(KEYS);
        }
    }

    @Test
    void scan_userWhoMayNotAskForTheProcess_isMadeWithoutIt() throws Exception {
        try (EmbeddedServer server = EmbeddedServer.start();
                RespConnection raw = RespConnection.tcp(server.port())) {
            fill(server, KEYS);
            raw.call("ACL", "SETUSER", "bot", "on", ">pw", "~*", "+@all", "-info");
            try (RedisConnection redis = RedisConnection.open(new ConnectionSettings(
                    "redis://bot:pw@127.0.0.1:" + server.port(),
                    null,
                    null,
                    null,
                    Duration.ofSeconds(5),
                    Duration.ofSeconds(5)))) {
                KeyScan scan = redis.scan("k*");
                Set<String> found = new HashSet<>();
                for (List<String> keys = redis.await(scan.next()); keys != null; keys = redis.await(scan.next())) {
                    found.addAll(keys);
                }
                assertThat(found).hasSize(KEYS);
            }
        }
    }
}
