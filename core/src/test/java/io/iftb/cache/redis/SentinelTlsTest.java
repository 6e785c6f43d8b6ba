package io.iftb.cache.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.abort;

import io.iftb.cache.ServerTls;
import io.iftb.cache.TestSentinels;
import io.iftb.cache.embedded.EmbeddedServer;
import io.iftb.cache.embedded.EmbeddedServerException;
import io.iftb.cache.embedded.SentinelProcess;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Sentinels, and the servers that they watch, by TLS: what works, and each fault and its sentence. */
@Tag("servers")
class SentinelTlsTest {

    private static final Duration PATIENCE = Duration.ofSeconds(30);

    @TempDir
    static Path folder;

    private static final Map<KnownBy, ServerTls> CERTIFICATES = new EnumMap<>(KnownBy.class);
    private static TestAuthority ours;
    private static TestAuthority theirs;

    /** How sentinels and servers are known, and what their certificates name. */
    enum KnownBy {
        ADDRESS("127.0.0.1", "ip:127.0.0.1"),
        NAME("localhost", "dns:localhost");

        private final String host;
        private final String names;

        KnownBy(String host, String names) {
            this.host = host;
            this.names = names;
        }
    }

    @BeforeAll
    static void issue() throws Exception {
        ours = new TestAuthority(folder, "ours");
        theirs = new TestAuthority(folder, "theirs");
        for (KnownBy each : KnownBy.values()) {
            CERTIFICATES.put(each, certificate("by-" + each, each.names));
        }
    }

    private static ServerTls certificate(String alias, String names) throws Exception {
        TestAuthority.Issued issued = ours.issue(alias, names, "-1H");
        return new ServerTls(issued.certificate(), issued.key(), ours.certificateFile());
    }

    private static TestSentinels start(Path home, KnownBy known) {
        try {
            return TestSentinels.withTls(home, Objects.requireNonNull(CERTIFICATES.get(known)), known.host);
        } catch (EmbeddedServerException e) {
            return abort("this server is built without TLS: " + e.getMessage());
        }
    }

    private static ConnectionSettings settings(String uri, TestAuthority trusted) {
        TlsFiles files = new TlsFiles(trusted.certificateFile(), null, null, null, null, List.of(), List.of());
        Duration limit = Duration.ofSeconds(10);
        return new ConnectionSettings(uri, null, null, null, Duration.ofSeconds(3), limit).withTls(files);
    }

    @ParameterizedTest
    @EnumSource
    @Tag("thorough")
    void failover_byCommandAndByKilling_isFollowedByCallsAndTracking(KnownBy known, @TempDir Path home)
            throws Exception {
        try (TestSentinels servers = start(home, known);
                RedisConnection redis = RedisConnection.open(settings(servers.tlsUri(), ours));
                HeardChanges heard = new HeardChanges(redis.tracking(), "a:").awaitTracked()) {
            write(redis, "a:1");
            heard.awaitHeard("a:1");
            redis.await(redis.subscribe("news", message -> {})).close();

            EmbeddedServer first = servers.primary();
            servers.failOver();
            await().atMost(PATIENCE).until(() -> servers.primary() != first);
            await().atMost(PATIENCE).ignoreExceptions().until(() -> write(redis, "a:2"));
            await().atMost(PATIENCE).until(() -> write(redis, "a:3") && heard.keys.contains("a:3"));

            EmbeddedServer second = servers.primary();
            await().atMost(PATIENCE).until(servers::areReplicasInSync);
            ProcessHandle.of(second.pid()).orElseThrow().destroyForcibly();
            await().atMost(PATIENCE).ignoreExceptions().until(() -> write(redis, "a:4"));
            await().atMost(PATIENCE).ignoreExceptions().until(() -> write(redis, "a:5") && heard.keys.contains("a:5"));
            assertThat(servers.primary()).isNotSameAs(second);
        }
    }

    private static boolean write(RedisConnection redis, String key) {
        return redis.await(redis.write(Reply.DONE, Command.SET, key, "v"));
    }

    @Test
    void open_eachFaultOfASentinel_isToldAsWhatItIs(@TempDir Path home) {
        try (TestSentinels servers = start(home, KnownBy.ADDRESS)) {
            String tls = "127.0.0.1:" + servers.tlsSentinelPort(0);
            String plain = "127.0.0.1:" + servers.sentinelPort(0);
            assertRefused(
                    "redis-sentinel://" + tls, ours, "redis://" + tls, "speaks TLS there; write rediss-sentinel://");
            assertRefused(
                    "rediss-sentinel://" + plain,
                    ours,
                    "rediss://" + plain,
                    "does not speak TLS there; write redis-sentinel:// in the address if none does");
            assertRefused(
                    "rediss-sentinel://" + tls,
                    theirs,
                    "rediss://" + tls,
                    "of an authority that this program does not trust; give the certificate of that authority"
                            + " (iftb.cache.redis.tls.trust-file)");
            String named = "localhost:" + servers.tlsSentinelPort(0);
            assertRefused(
                    "rediss-sentinel://" + named,
                    ours,
                    "rediss://" + named,
                    "has a certificate for other names than this host; give it one that names this host, or let it be"
                            + " known by a name of its certificate");
        }
    }

    /** The sentinel speaks TLS, and names a server that does not, or one with a certificate of another name. */
    @Test
    void open_faultOfTheServerThatASentinelNames_namesThatServer(@TempDir Path home) throws Exception {
        ServerTls right = certificate("sentinel", "ip:127.0.0.1");
        int port = ServerTls.freePort();
        try (EmbeddedServer server = EmbeddedServer.builder()
                        .arguments(certificate("elsewhere", "dns:redis.example").arguments(port))
                        .start();
                SentinelProcess ofPlain = sentinel(home.resolve("plain"), right, server.port());
                SentinelProcess ofOther = sentinel(home.resolve("other"), right, port)) {
            assertRefused(
                    "rediss-sentinel://127.0.0.1:" + ofPlain.tlsPort(),
                    ours,
                    "rediss://127.0.0.1:" + server.port(),
                    "does not speak TLS there; write redis-sentinel:// in the address if none does; with"
                            + " rediss-sentinel:// the sentinels and the servers need a tls-port and 'tls-replication yes'");
            assertRefused(
                    "rediss-sentinel://127.0.0.1:" + ofOther.tlsPort(),
                    ours,
                    "rediss://127.0.0.1:" + port,
                    "has a certificate for other names than this host; give it one that names this host");
        } catch (EmbeddedServerException e) {
            abort("this server is built without TLS: " + e.getMessage());
        }
    }

    private static SentinelProcess sentinel(Path home, ServerTls tls, int server) {
        return SentinelProcess.startTls(
                home, tls, List.of("sentinel monitor " + TestSentinels.NAME + " 127.0.0.1 " + server + " 1"));
    }

    private static void assertRefused(String uri, TestAuthority trusted, String server, String why) {
        await().atMost(PATIENCE) // a sentinel that has just started does not answer yet
                .untilAsserted(() -> assertThatThrownBy(
                                () -> RedisConnection.open(settings(uri + "/" + TestSentinels.NAME, trusted)))
                        .isExactlyInstanceOf(RedisUnavailableException.class)
                        .hasMessageStartingWith("the server at " + server + " ")
                        .hasMessageContaining(why));
    }
}
