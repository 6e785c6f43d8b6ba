package io.iftb.cache.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.awaitility.Awaitility.await;

import io.iftb.cache.TestSentinels;
import io.iftb.cache.TestServer;
import io.iftb.cache.embedded.EmbeddedServer;
import io.iftb.cache.embedded.RespConnection;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Tag("servers")
class SentinelTest {

    /** How often the client library asks a sentinel, and some time for a slow machine. */
    private static final Duration SOON = Duration.ofSeconds(3);

    @Test
    void failover_byCommandAndByKilling_isFollowed(@TempDir Path home) {
        try (TestSentinels servers = new TestSentinels(home, "", "");
                RedisConnection redis = RedisConnection.open(TestServer.settings(servers.uri()))) {
            assertThat(redis.await(redis.write(Reply.DONE, Command.SET, "k", "1")))
                    .isTrue();
            EmbeddedServer first = servers.primary();

            servers.failOver();
            await().atMost(Duration.ofSeconds(30)).until(() -> servers.primary() != first);
            await().atMost(SOON).ignoreExceptions().until(() -> written(redis, "k", "2"));
            await().atMost(SOON).until(() -> wasAskedForItsTime(servers.primary()));
            assertThat(redis.toString()).contains("redis-sentinel://", TestSentinels.NAME);

            EmbeddedServer second = servers.primary();
            await().atMost(Duration.ofSeconds(30)).until(servers::areReplicasInSync);
            long killed = System.nanoTime();
            ProcessHandle.of(second.pid()).orElseThrow().destroyForcibly();
            CompletableFuture<Long> named = CompletableFuture.supplyAsync(() -> {
                await().pollInterval(Duration.ofMillis(5))
                        .atMost(Duration.ofSeconds(30))
                        .until(() -> servers.primary() != second);
                return millisSince(killed);
            });
            await().pollInterval(Duration.ofMillis(5))
                    .atMost(Duration.ofSeconds(30))
                    .ignoreExceptions()
                    .until(() -> written(redis, "k", "3"));
            long written = millisSince(killed);
            System.out.println("a killed primary: writes again after " + written
                    + " ms, the sentinels named another after " + named.join() + " ms, down-after "
                    + TestSentinels.DOWN_AFTER.toMillis() + " ms");
            assertThat(written - named.join()).isLessThan(SOON.toMillis());
            assertThat(servers.primary()).isNotSameAs(second);
            await().atMost(SOON).until(() -> wasAskedForItsTime(servers.primary()));
        }
    }

    /** A cursor means other keys on another server, however long that has run. */
    @Test
    void scan_failover_findsEveryKey(@TempDir Path home) throws IOException {
        try (TestSentinels servers = new TestSentinels(home, "", "");
                RedisConnection redis = RedisConnection.open(TestServer.settings(servers.uri()))) {
            EmbeddedServer first = servers.primary();
            try (RespConnection raw = RespConnection.tcp(first.port())) {
                for (int i = 0; i < 5_000; i++) {
                    raw.call("SET", "k" + i, "v");
                }
            }
            await().atMost(Duration.ofSeconds(30)).until(servers::areReplicasInSync);
            KeyScan scan = redis.scan("k*");
            Set<String> found = new HashSet<>(Objects.requireNonNull(redis.await(scan.next())));
            assertThat(found).hasSizeLessThan(5_000);

            servers.failOver();
            await().atMost(Duration.ofSeconds(30)).until(() -> servers.primary() != first);
            await().atMost(SOON)
                    .ignoreExceptions()
                    .until(() -> written(redis, "other", "1") && has(servers.primary(), "other"));

            for (List<String> keys = redis.await(scan.next()); keys != null; keys = redis.await(scan.next())) {
                found.addAll(keys);
            }
            assertThat(found).hasSize(5_000);
            assertThat(scan.begunAnew()).isPositive();
        }
    }

    private static boolean has(EmbeddedServer server, String key) throws IOException {
        try (RespConnection raw = RespConnection.tcp(server.port())) {
            return raw.number("EXISTS", key) == 1;
        }
    }

    private static boolean wasAskedForItsTime(EmbeddedServer server) throws IOException {
        try (RespConnection raw = RespConnection.tcp(server.port())) {
            return raw.call("INFO", "commandstats").contains("cmdstat_time");
        }
    }

    private static long millisSince(long nanos) {
        return TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - nanos);
    }

    private static boolean written(RedisConnection redis, String key, String value) {
        return redis.await(redis.write(Reply.DONE, Command.SET, key, value));
    }

    @Test
    void open_passwordsOfServersOrAlsoOfSentinels_logsIn(@TempDir Path home) {
        try (TestSentinels servers = new TestSentinels(home, "", "geheim")) {
            String uri = "redis-sentinel://:geheim@" + servers.hosts() + "/" + TestSentinels.NAME;
            try (RedisConnection redis = RedisConnection.open(TestServer.settings(uri))) {
                assertThat(written(redis, "k", "1")).isTrue();
            }
        }
        try (TestSentinels servers = new TestSentinels(home.resolve("both"), "geheim", "geheim")) {
            String uri = "redis-sentinel://:geheim@" + servers.hosts() + "/" + TestSentinels.NAME;
            try (RedisConnection redis = RedisConnection.open(TestServer.settings(uri))) {
                assertThat(written(redis, "k", "1")).isTrue();
            }
            assertThatExceptionOfType(RedisServerException.class)
                    .isThrownBy(() -> RedisConnection.open(TestServer.settings(
                            "redis-sentinel://:falsch@" + servers.hosts() + "/" + TestSentinels.NAME)))
                    .withMessageContaining("refused the login")
                    .withMessageNotContaining("falsch");
        }
    }

    @Test
    void open_wrongAddresses_saysWhatIsRight(@TempDir Path home) {
        try (TestSentinels servers = new TestSentinels(home, "", "")) {
            String sentinel = "127.0.0.1:" + servers.sentinelPort(0);
            assertRefused("redis-sentinel://" + sentinel + "/other", "watches no primary 'other', but mymaster");
            assertRefused("redis://" + sentinel, "is a sentinel of mymaster; write redis-sentinel://" + sentinel + "/");
            String server = "127.0.0.1:" + servers.primary().port();
            assertRefused("redis-sentinel://" + server + "/mymaster", "is no sentinel; write redis://" + server);
            assertRefused("redis-cluster://" + server, "is no node of a Redis Cluster; write redis://" + server);
            assertRefused("redis-sentinel://127.0.0.1:1,127.0.0.1:2/mymaster", "no Redis server answers at");
            try (RedisConnection redis = RedisConnection.open(
                    TestServer.settings("redis-sentinel://127.0.0.1:1," + sentinel + "/mymaster"))) {
                assertThat(written(redis, "k", "1")).isTrue();
            }
        }
        assertThatIllegalArgumentException()
                .isThrownBy(() -> RedisConnection.open(TestServer.settings("redis-sentinel://h:1")))
                .withMessageContaining("does not say which primary");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> RedisConnection.open(TestServer.settings("redis-cluster://h:1/15")))
                .withMessageContaining("only database 0")
                .withMessageContaining("iftb.cache.namespace");
    }

    private static void assertRefused(String uri, String why) {
        assertThatExceptionOfType(RedisServerException.class)
                .isThrownBy(() -> RedisConnection.open(TestServer.settings(uri)))
                .withMessageContaining(why);
    }

    /** As in a failover: the sentinel still names the server that has become a replica. */
    @Test
    void open_sentinelNamesAReplicaFirst_waitsForThePrimary(@TempDir Path home) throws Exception {
        try (TestSentinels servers = new TestSentinels(home, "", "");
                AnsweringProxy sentinel = new AnsweringProxy(servers.sentinelPort(0))) {
            EmbeddedServer replica = servers.servers().stream()
                    .filter(each -> each != servers.primary())
                    .findFirst()
                    .orElseThrow();
            String port = Integer.toString(replica.port());
            sentinel.answer("GET-MASTER-ADDR-BY-NAME", "*2|$9|127.0.0.1|$" + port.length() + "|" + port + "|");
            CompletableFuture<Void> becomesRight = CompletableFuture.runAsync(() -> {
                await().until(() -> sentinel.answered() >= 2);
                sentinel.pass("GET-MASTER-ADDR-BY-NAME");
            });
            String uri = sentinel.uri().replace("redis://", "redis-sentinel://") + "/" + TestSentinels.NAME;

            try (RedisConnection redis = RedisConnection.open(TestServer.settings(uri))) {
                assertThat(written(redis, "k", "1")).isTrue();
            }
            becomesRight.join();
        }
    }

    /** The primary of the first attempt takes the probe, but never the connections of the client library. */
    @Test
    void openLazily_primaryIsReplacedAfterAFailedAttempt_connectsToTheNewOne(@TempDir Path home) throws Exception {
        try (TestSentinels servers = new TestSentinels(home, "", "");
                AnsweringProxy sentinel = new AnsweringProxy(servers.sentinelPort(0));
                AnsweringProxy former = new AnsweringProxy(servers.primary().port())) {
            String port = former.uri().substring(former.uri().lastIndexOf(':') + 1);
            sentinel.answer("GET-MASTER-ADDR-BY-NAME", "*2|$9|127.0.0.1|$" + port.length() + "|" + port + "|");
            former.answer("SETNAME", "-ERR max number of clients reached|");
            String uri = sentinel.uri().replace("redis://", "redis-sentinel://") + "/" + TestSentinels.NAME;
            try (RedisConnection redis =
                    RedisConnection.open(TestServer.settings(uri).withLazyConnect())) {
                await().until(() -> former.answered() > 0);
                sentinel.pass("GET-MASTER-ADDR-BY-NAME");

                await().ignoreExceptions().until(() -> written(redis, "k", "1"));
            }
        }
    }
}
