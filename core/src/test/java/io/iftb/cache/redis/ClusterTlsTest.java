package io.iftb.cache.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.abort;

import io.iftb.cache.ServerTls;
import io.iftb.cache.TestCluster;
import io.iftb.cache.embedded.EmbeddedServerException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A Redis Cluster by TLS: what works, and each fault and its sentence. */
@Tag("servers")
class ClusterTlsTest {

    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final int KEYS = 30;

    @TempDir
    static Path folder;

    private static TestAuthority ours;
    private static TestAuthority theirs;

    @BeforeAll
    static void issue() throws Exception {
        ours = new TestAuthority(folder, "ours");
        theirs = new TestAuthority(folder, "theirs");
    }

    private static ServerTls certificate(String alias, String names) throws Exception {
        TestAuthority.Issued issued = ours.issue(alias, names, "-1H");
        return new ServerTls(issued.certificate(), issued.key(), ours.certificateFile());
    }

    private static TestCluster start(int replicas, ServerTls... tls) {
        try {
            return TestCluster.withTls(replicas, tls);
        } catch (EmbeddedServerException e) {
            return abort("this server is built without TLS: " + e.getMessage());
        }
    }

    private static ConnectionSettings settings(String uri, TestAuthority trusted) {
        TlsFiles files = new TlsFiles(trusted.certificateFile(), null, null, null, null, List.of(), List.of());
        Duration limit = Duration.ofSeconds(10);
        return new ConnectionSettings(uri, null, null, null, Duration.ofSeconds(3), limit).withTls(files);
    }

    @Test
    @Tag("thorough")
    void failoverAndMove_byTls_areFollowedByCallsAndTracking() throws Exception {
        try (TestCluster cluster = start(1, certificate("address", "ip:127.0.0.1"));
                RedisConnection redis = RedisConnection.open(settings(cluster.tlsUri("127.0.0.1"), ours));
                HeardChanges heard = new HeardChanges(redis.tracking(), "a:").awaitTracked()) {
            assertHeard(redis, heard, "before:");
            redis.await(redis.subscribe("news", message -> {})).close();

            int slot = cluster.slotOf("a:moved");
            int from = cluster.ownerOf(slot);
            int to = cluster.primaryAfter(from);
            write(redis, "a:moved");
            cluster.beginMove(slot, from, to);
            cluster.moveKey("a:moved", from, to);
            assertThat(redis.await(redis.read(Reply.TEXT, Command.GET, "a:moved")))
                    .isEqualTo("v");
            cluster.endMove(slot, to);
            assertThat(redis.await(redis.read(Reply.TEXT, Command.GET, "a:moved")))
                    .isEqualTo("v");

            int replica = cluster.replicaOf(0);
            assertThat(cluster.on(replica, "CLUSTER", "FAILOVER")).isEqualTo("+OK");
            await().atMost(PATIENCE).until(() -> cluster.isPrimary(replica));
            await().atMost(PATIENCE).ignoreExceptions().untilAsserted(() -> assertHeard(redis, heard, "after:"));

            cluster.kill(1);
            await().atMost(PATIENCE).ignoreExceptions().untilAsserted(() -> assertHeard(redis, heard, "killed:"));
        }
    }

    /** Keys of all primaries are written and heard of. */
    private static void assertHeard(RedisConnection redis, HeardChanges heard, String prefix) {
        String[] keys =
                IntStream.range(0, KEYS).mapToObj(i -> "a:" + prefix + i).toArray(String[]::new);
        for (String key : keys) {
            write(redis, key);
        }
        await().atMost(Duration.ofSeconds(2)).until(() -> heard.keys.containsAll(List.of(keys)));
    }

    private static void write(RedisConnection redis, String key) {
        assertThat(redis.await(redis.write(Reply.DONE, Command.SET, key, "v"))).isTrue();
    }

    /** As with the one address that a service of a cloud gives for a cluster. */
    @Test
    void open_certificatesNameOneHostOfAll_thatHostAloneLeadsToAll() throws Exception {
        try (TestCluster cluster = start(0, certificate("named", "dns:localhost"))) {
            String single = "rediss-cluster://localhost:" + cluster.tlsPort(0);
            try (RedisConnection redis = RedisConnection.open(settings(single, ours));
                    HeardChanges heard = new HeardChanges(redis.tracking(), "a:").awaitTracked()) {
                assertHeard(redis, heard, "");
            }
            assertRefused(
                    cluster.tlsUri("localhost"),
                    ours,
                    "rediss://127.0.0.1:",
                    "has a certificate for other names than this host; give it one that names this host, or write a single"
                            + " host name in the address (iftb.cache.redis.uri)");
        }
    }

    @Test
    void open_eachFault_isToldAsWhatItIs() throws Exception {
        ServerTls right = certificate("right", "ip:127.0.0.1");
        try (TestCluster cluster = start(0, right, right, certificate("other", "dns:redis.example"))) {
            String tls = "127.0.0.1:" + cluster.tlsPort(0);
            String plain = "127.0.0.1:" + cluster.port(0);
            assertRefused(
                    "redis-cluster://" + tls, ours, "redis://" + tls, "speaks TLS there; write rediss-cluster://");
            assertRefused(
                    "rediss-cluster://" + plain,
                    ours,
                    "rediss://" + plain,
                    "does not speak TLS there; write redis-cluster:// in the address if none does");
            assertRefused(
                    "rediss-cluster://" + tls,
                    theirs,
                    "rediss://" + tls,
                    "of an authority that this program does not trust; give the certificate of that authority"
                            + " (iftb.cache.redis.tls.trust-file)");
            assertRefused(
                    "rediss-cluster://" + tls,
                    ours,
                    "rediss://127.0.0.1:" + cluster.tlsPort(2),
                    "has a certificate for other names than this host; give it one that names this host");
        }
    }

    private static void assertRefused(String uri, TestAuthority trusted, String server, String why) {
        assertThatThrownBy(() -> RedisConnection.open(settings(uri, trusted)))
                .isExactlyInstanceOf(RedisUnavailableException.class)
                .hasMessageStartingWith("the server at " + server)
                .hasMessageContaining(why);
    }
}
