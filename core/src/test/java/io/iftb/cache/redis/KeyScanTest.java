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
                server = restarted(server, port);
                for (List<String> keys = redis.await(scan.next()); keys != null; keys = redis.await(scan.next())) {
                    found.addAll(keys);
                }
                assertThat(found).as("after %d steps", steps).hasSize(KEYS);
                assertThat(scan.begunAnew()).as("after %d steps", steps).isPositive();
            }
        } finally {
            server.close();
        }
    }

    /** The server counts its time in whole seconds, so it may say that it has run for one when it has run for a moment. */
    @Test
    void scan_serverRestartedJustBeforeAFullSecond_findsEveryKey() throws Exception {
        EmbeddedServer server = EmbeddedServer.builder().dataDirectory(folder).start();
        int port = server.port();
        try (RedisConnection redis = open(server)) {
            fill(server, KEYS);
            await().pollInterval(Duration.ofMillis(5)).until(() -> System.currentTimeMillis() % 1_000 / 100 == 5);
            KeyScan scan = redis.scan("k*");
            Set<String> found = new HashSet<>(redis.await(scan.next()));
            server = restarted(server, port);
            awaitUptime(server, 1);
            for (List<String> keys = redis.await(scan.next()); keys != null; keys = redis.await(scan.next())) {
                found.addAll(keys);
            }
            assertThat(found).hasSize(KEYS);
        } finally {
            server.close();
        }
    }

    @Test
    void process_saysOneSecondMoreThanItHasRun_isNotTakenForOlder() {
        assertThat(new ServerProcess("id", 1).isOlderThan(1)).isFalse();
        assertThat(new ServerProcess("id", 2).isOlderThan(1_000_000_000)).isTrue();
        assertThat(new ServerProcess("id", 2).isOlderThan(1_000_000_001)).isFalse();
        assertThat(new ServerProcess("", Long.MAX_VALUE).isOlderThan(1)).isTrue();
    }

    private EmbeddedServer restarted(EmbeddedServer server, int port) throws Exception {
        assertThat(new ProcessBuilder("kill", "-KILL", Long.toString(server.pid()))
                        .start()
                        .waitFor())
                .isZero();
        await().pollInterval(Duration.ofMillis(5)).until(() -> !server.isAlive());
        server.close();
        return EmbeddedServer.builder().dataDirectory(folder).port(port).start();
    }

    private static void awaitUptime(EmbeddedServer server, int seconds) throws IOException {
        try (RespConnection raw = RespConnection.tcp(server.port())) {
            await().pollInterval(Duration.ofMillis(5))
                    .until(() -> Integer.parseInt(
                                    raw.call("INFO", "server").replaceAll("(?s).*uptime_in_seconds:(\\d+).*", "$1"))
                            >= seconds);
        }
    }

    @Test
    void scan_serverThatRuns_givesFewKeysTwice() throws Exception {
        try (EmbeddedServer server = EmbeddedServer.start();
                RedisConnection redis = open(server)) {
            fill(server, KEYS);
            // the process is older than the scan, so no step is made again
            awaitUptime(server, 2);
            KeyScan scan = redis.scan("k*");
            int given = 0;
            for (List<String> keys = redis.await(scan.next()); keys != null; keys = redis.await(scan.next())) {
                given += keys.size();
            }
            assertThat(given).isEqualTo(KEYS);
            assertThat(scan.begunAnew()).isZero();
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
