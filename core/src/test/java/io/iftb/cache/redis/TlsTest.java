package io.iftb.cache.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.abort;

import io.iftb.cache.CapturedLog;
import io.iftb.cache.embedded.EmbeddedServer;
import io.iftb.cache.embedded.EmbeddedServerException;
import io.iftb.cache.embedded.RespConnection;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** TLS with real servers: what works, each fault and its sentence, and certificates that change. */
class TlsTest {

    private static final Duration TIMEOUT = Duration.ofSeconds(10);
    private static final String SECRET = TestAuthority.SECRET;

    @TempDir
    static Path folder;

    private static final Map<ServerKind, TlsServer> SERVERS = new TreeMap<>();
    private static TestAuthority ours;
    private static TestAuthority theirs;
    private static TestAuthority.Issued bot;
    private static TestAuthority.Issued foreign;

    /** How a server is set up. */
    enum ServerKind {
        NORMAL,
        OTHER_NAME,
        EXPIRED,
        WANTS_CERTIFICATES,
        WANTS_CERTIFICATES_TLS_1_2,
        TLS_1_2
    }

    private record TlsServer(EmbeddedServer server, int port) {}

    @BeforeAll
    static void start() throws Exception {
        ours = new TestAuthority(folder, "ours");
        theirs = new TestAuthority(folder, "theirs");
        bot = ours.issue("bot", "dns:bot", "-1H");
        foreign = theirs.issue("bot", "dns:bot", "-1H");
        TestAuthority.Issued server = ours.issue("server", "dns:localhost,ip:127.0.0.1", "-1H");
        TestAuthority.Issued other = ours.issue("other", "dns:redis.example", "-1H");
        TestAuthority.Issued expired = ours.issue("expired", "dns:localhost,ip:127.0.0.1", "-3d");
        SERVERS.put(ServerKind.NORMAL, start(server, "--tls-auth-clients", "no"));
        SERVERS.put(ServerKind.OTHER_NAME, start(other, "--tls-auth-clients", "no"));
        SERVERS.put(ServerKind.EXPIRED, start(expired, "--tls-auth-clients", "no"));
        SERVERS.put(ServerKind.WANTS_CERTIFICATES, start(server, "--tls-auth-clients", "yes"));
        SERVERS.put(
                ServerKind.WANTS_CERTIFICATES_TLS_1_2,
                start(server, "--tls-auth-clients", "yes", "--tls-protocols", "TLSv1.2"));
        SERVERS.put(
                ServerKind.TLS_1_2,
                start(
                        server,
                        "--tls-auth-clients",
                        "no",
                        "--tls-protocols",
                        "TLSv1.2",
                        "--tls-ciphers",
                        "ECDHE-ECDSA-AES256-GCM-SHA384"));
    }

    @AfterAll
    static void stop() {
        SERVERS.values().forEach(each -> each.server.close());
    }

    private static TlsServer start(TestAuthority.Issued issued, String... more) throws IOException {
        int port = freePort();
        List<String> arguments = new ArrayList<>(List.of(
                "--tls-port", Integer.toString(port),
                "--tls-cert-file", issued.certificate().toString(),
                "--tls-key-file", issued.key().toString(),
                "--tls-ca-cert-file", ours.certificateFile().toString()));
        arguments.addAll(List.of(more));
        try {
            return new TlsServer(EmbeddedServer.builder().arguments(arguments).start(), port);
        } catch (EmbeddedServerException e) {
            return abort("this server is built without TLS: " + e.getMessage());
        }
    }

    private static TlsServer server(ServerKind kind) {
        return Objects.requireNonNull(SERVERS.get(kind));
    }

    private static int freePort() throws IOException {
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return free.getLocalPort();
        }
    }

    // ---- what works

    /** Each way to name whom to trust and who this program is. */
    enum Way {
        AUTHORITY_AS_PEM(ServerKind.NORMAL),
        AUTHORITY_AS_STORE(ServerKind.NORMAL),
        CERTIFICATE_AS_PEM(ServerKind.WANTS_CERTIFICATES),
        CERTIFICATE_AS_STORE(ServerKind.WANTS_CERTIFICATES),
        CERTIFICATE_TLS_1_2(ServerKind.WANTS_CERTIFICATES_TLS_1_2),
        CHOSEN_PROTOCOL_AND_CIPHER(ServerKind.TLS_1_2);

        private final ServerKind server;

        Way(ServerKind server) {
            this.server = server;
        }

        TlsFiles files() {
            Path authority = ours.certificateFile();
            return switch (this) {
                case AUTHORITY_AS_PEM -> trusting(authority);
                case AUTHORITY_AS_STORE ->
                    new TlsFiles(ours.trustStore(), SECRET, null, null, null, List.of(), List.of());
                case CERTIFICATE_AS_PEM, CERTIFICATE_TLS_1_2 ->
                    new TlsFiles(authority, null, bot.certificate(), bot.key(), null, List.of(), List.of());
                case CERTIFICATE_AS_STORE ->
                    new TlsFiles(authority, null, bot.keyStore(), null, SECRET, List.of(), List.of());
                case CHOSEN_PROTOCOL_AND_CIPHER ->
                    new TlsFiles(
                            authority,
                            null,
                            null,
                            null,
                            null,
                            List.of("TLSv1.2"),
                            List.of("TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384"));
            };
        }
    }

    @ParameterizedTest
    @EnumSource
    void open_rightFiles_callsSubscriptionsAndTrackingWork(Way way) throws Exception {
        try (RedisConnection redis = RedisConnection.open(settings("rediss://localhost", way.server, way.files()));
                HeardChanges heard = new HeardChanges(redis.tracking(), "a:").awaitTracked()) {
            redis.await(redis.write(Reply.DONE, Command.SET, "a:k", way.name()));
            heard.awaitHeard("a:k");
            assertThat(redis.await(redis.read(Reply.TEXT, Command.GET, "a:k"))).isEqualTo(way.name());
            redis.await(redis.subscribe("news", message -> {})).close();
        }
    }

    // ---- each fault

    /** What is wrong, and what is said of it. */
    enum Fault {
        PLAIN_TO_TLS("redis://localhost", ServerKind.NORMAL, "speaks TLS there; write rediss:// in its address"),
        TLS_TO_PLAIN("rediss://localhost", null, "does not speak TLS there; write redis:// in its address"),
        UNKNOWN_AUTHORITY(
                "rediss://localhost",
                ServerKind.NORMAL,
                "has a certificate of an authority that this program does not trust; give the certificate of that"
                        + " authority (iftb.cache.redis.tls.trust-file)"),
        AUTHORITY_UNKNOWN_TO_THE_JVM(
                "rediss://localhost", ServerKind.NORMAL, "of an authority that this program does not trust"),
        OTHER_NAME(
                "rediss://localhost",
                ServerKind.OTHER_NAME,
                "has a certificate for other names than this host; write one of its names in the address"),
        OTHER_ADDRESS(
                "rediss://127.0.0.1",
                ServerKind.OTHER_NAME,
                "has a certificate for other names than this host; write one of its names in the address"),
        EXPIRED("rediss://localhost", ServerKind.EXPIRED, "has a certificate that has expired; renew it on the server"),
        NO_CERTIFICATE(
                "rediss://localhost",
                ServerKind.WANTS_CERTIFICATES,
                "wants a certificate of this program; give one (iftb.cache.redis.tls.certificate-file and"),
        NO_CERTIFICATE_TLS_1_2(
                "rediss://localhost",
                ServerKind.WANTS_CERTIFICATES_TLS_1_2,
                "wants a certificate of this program; give one (iftb.cache.redis.tls.certificate-file and"),
        FOREIGN_CERTIFICATE(
                "rediss://localhost",
                ServerKind.WANTS_CERTIFICATES,
                "does not accept the certificate of this program; check iftb.cache.redis.tls.certificate-file"),
        FOREIGN_CERTIFICATE_TLS_1_2(
                "rediss://localhost",
                ServerKind.WANTS_CERTIFICATES_TLS_1_2,
                "does not accept the certificate of this program; check iftb.cache.redis.tls.certificate-file"),
        OTHER_PROTOCOL(
                "rediss://localhost",
                ServerKind.TLS_1_2,
                "has no TLS protocol or cipher in common with this program; compare iftb.cache.redis.tls.protocols"),
        OTHER_CIPHER(
                "rediss://localhost",
                ServerKind.TLS_1_2,
                "has no TLS protocol or cipher in common with this program; compare iftb.cache.redis.tls.protocols");

        private final String address;
        private final @Nullable ServerKind server;
        private final String sentence;

        Fault(String address, @Nullable ServerKind server, String sentence) {
            this.address = address;
            this.server = server;
            this.sentence = sentence;
        }

        TlsFiles files() {
            Path authority = ours.certificateFile();
            return switch (this) {
                case AUTHORITY_UNKNOWN_TO_THE_JVM -> TlsFiles.NONE;
                case UNKNOWN_AUTHORITY -> trusting(theirs.certificateFile());
                case FOREIGN_CERTIFICATE, FOREIGN_CERTIFICATE_TLS_1_2 ->
                    new TlsFiles(authority, null, foreign.certificate(), foreign.key(), null, List.of(), List.of());
                case OTHER_PROTOCOL -> new TlsFiles(authority, null, null, null, null, List.of("TLSv1.3"), List.of());
                case OTHER_CIPHER ->
                    new TlsFiles(
                            authority,
                            null,
                            null,
                            null,
                            null,
                            List.of("TLSv1.2"),
                            List.of("TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256"));
                default -> trusting(authority);
            };
        }
    }

    @ParameterizedTest
    @EnumSource
    void open_anyFault_isToldAsWhatItIs(Fault fault) {
        int port = fault.server == null ? server(ServerKind.NORMAL).server.port() : server(fault.server).port;
        for (int i = 0; i < 5; i++) { // what the server says last may or may not arrive
            assertThatThrownBy(() -> RedisConnection.open(
                            settings(fault.address + ":" + port, fault.files(), Duration.ofSeconds(2))))
                    .isExactlyInstanceOf(RedisUnavailableException.class)
                    .hasMessageStartingWith("the server at " + fault.address + ":" + port + " ")
                    .hasMessageContaining(fault.sentence);
        }
    }

    // ---- wrong files

    @Test
    void open_wrongFile_namesTheSettingTheFileAndTheRemedy() throws Exception {
        Path pkcs1 = Files.writeString(
                folder.resolve("pkcs1.pem"), TestAuthority.pem("RSA PRIVATE KEY", new byte[] {1, 2, 3}));
        Path empty = Files.writeString(folder.resolve("empty.pem"), "-----BEGIN NOTHING-----\n");
        Path text = Files.writeString(folder.resolve("text.txt"), "no certificate");
        Path none = folder.resolve("none.pem");
        Path authority = ours.certificateFile();

        assertRefused(
                new TlsFiles(authority, null, bot.certificate(), pkcs1, null, List.of(), List.of()),
                "the file '" + pkcs1 + "' of iftb.cache.redis.tls.key-file holds 'RSA PRIVATE KEY', and a plain key of"
                        + " PKCS#8 is needed; convert it: openssl pkcs8 -topk8 -nocrypt -in key.pem -out key.pkcs8.pem");
        assertRefused(
                new TlsFiles(authority, null, bot.certificate(), bot.certificate(), null, List.of(), List.of()),
                "of iftb.cache.redis.tls.key-file holds no key in PEM");
        assertRefused(
                new TlsFiles(authority, null, bot.certificate(), null, null, List.of(), List.of()),
                "give the key of the first in iftb.cache.redis.tls.key-file");
        assertRefused(
                new TlsFiles(authority, null, null, bot.key(), null, List.of(), List.of()),
                "set iftb.cache.redis.tls.certificate-file too");
        assertRefused(
                new TlsFiles(authority, null, bot.keyStore(), null, "wrong-s3cr3t", List.of(), List.of()),
                "of iftb.cache.redis.tls.certificate-file cannot be opened with this password; set"
                        + " iftb.cache.redis.tls.key-password");
        assertRefused(
                new TlsFiles(ours.trustStore(), "wrong-s3cr3t", null, null, null, List.of(), List.of()),
                "of iftb.cache.redis.tls.trust-file cannot be opened with this password; set"
                        + " iftb.cache.redis.tls.trust-password");
        assertRefused(trusting(empty), "of iftb.cache.redis.tls.trust-file");
        assertRefused(trusting(text), "of iftb.cache.redis.tls.trust-file cannot be read");
        assertRefused(trusting(none), "of iftb.cache.redis.tls.trust-file cannot be read");
    }

    private static void assertRefused(TlsFiles files, String part) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> RedisConnection.open(settings("rediss://localhost", ServerKind.NORMAL, files)))
                .withMessageContaining(part)
                .satisfies(e -> assertThat(e.getMessage()).doesNotContain("s3cr3t"));
    }

    // ---- files that change

    @Tag("thorough")
    @Test
    void call_certificateFilesChanged_newConnectionsUseThemAndOldIdleOnesAreClosed() throws Exception {
        Path certificate = Files.copy(bot.certificate(), folder.resolve("changing.pem"));
        Path key = Files.copy(bot.key(), folder.resolve("changing-key.pem"));
        TlsFiles files = new TlsFiles(ours.certificateFile(), null, certificate, key, null, List.of(), List.of());
        TlsServer server = server(ServerKind.WANTS_CERTIFICATES);
        try (RedisConnection redis =
                        RedisConnection.open(settings("rediss://localhost", ServerKind.WANTS_CERTIFICATES, files));
                RespConnection raw = RespConnection.tcp(server.server.port())) {
            redis.await(redis.write(Reply.DONE, Command.SET, "k", "v"));
            Set<String> before = connections(raw);
            assertThat(before).hasSizeGreaterThanOrEqualTo(3);

            // a certificate that the server refuses proves which one is used
            Files.copy(foreign.certificate(), certificate, StandardCopyOption.REPLACE_EXISTING);
            Files.copy(foreign.key(), key, StandardCopyOption.REPLACE_EXISTING);
            // one is for subscriptions, and stays
            await().atMost(Duration.ofSeconds(20)).until(() -> {
                Set<String> left = connections(raw);
                left.retainAll(before);
                return left.size() <= 1;
            });
            assertThatThrownBy(() -> redis.await(redis.read(Reply.TEXT, Command.GET, "k")))
                    .isInstanceOf(RedisUnavailableException.class);

            Files.copy(bot.certificate(), certificate, StandardCopyOption.REPLACE_EXISTING);
            Files.copy(bot.key(), key, StandardCopyOption.REPLACE_EXISTING);
            await().ignoreExceptions()
                    .atMost(Duration.ofSeconds(5))
                    .until(() -> "v".equals(redis.await(redis.read(Reply.TEXT, Command.GET, "k"))));
        }
    }

    @Test
    void call_trustFileChanged_countsFromTheNextConnection() throws Exception {
        Path trust = Files.copy(ours.certificateFile(), folder.resolve("changing-trust.pem"));
        TlsServer server = server(ServerKind.NORMAL);
        try (RedisConnection redis =
                        RedisConnection.open(settings("rediss://localhost", ServerKind.NORMAL, trusting(trust)));
                RespConnection raw = RespConnection.tcp(server.server.port())) {
            Files.copy(theirs.certificateFile(), trust, StandardCopyOption.REPLACE_EXISTING);
            raw.call("CLIENT", "KILL", "TYPE", "normal");
            await().untilAsserted(() -> assertThatThrownBy(() -> redis.await(redis.read(Reply.TEXT, Command.GET, "k")))
                    .hasMessageContaining("has a certificate of an authority that this program does not trust"));

            Files.copy(ours.certificateFile(), trust, StandardCopyOption.REPLACE_EXISTING);
            awaitWorking(redis);
        }
    }

    @Test
    void call_fileSpoiled_goesOnWithWhatWasReadAndLogsItOnce() throws Exception {
        Path trust = Files.copy(ours.certificateFile(), folder.resolve("spoiled-trust.pem"));
        TlsServer server = server(ServerKind.NORMAL);
        try (CapturedLog log = new CapturedLog();
                RedisConnection redis =
                        RedisConnection.open(settings("rediss://localhost", ServerKind.NORMAL, trusting(trust)));
                RespConnection raw = RespConnection.tcp(server.server.port())) {
            Files.writeString(trust, "-----BEGIN CERTIFICATE-----\nhalf of it");
            for (int i = 0; i < 2; i++) {
                raw.call("CLIENT", "KILL", "TYPE", "normal", "SKIPME", "yes");
                awaitWorking(redis);
            }
            assertThat(whatStaysInUse(log))
                    .singleElement()
                    .asString()
                    .contains("'" + trust + "' of iftb.cache.redis.tls.trust-file");
        }
    }

    private static void awaitWorking(RedisConnection redis) {
        await().ignoreExceptions()
                .atMost(Duration.ofSeconds(5))
                .until(() -> redis.await(redis.write(Reply.DONE, Command.SET, "k", "v")));
    }

    private static List<String> whatStaysInUse(CapturedLog log) {
        return log.lines("WARN").stream()
                .filter(line -> line.contains("stays in use"))
                .toList();
    }

    private static Set<String> connections(RespConnection raw) throws IOException {
        return raw.call("CLIENT", "LIST")
                .lines()
                .filter(line -> line.contains("name=iftb-cache"))
                .map(line -> line.substring(0, line.indexOf(' ')))
                .collect(Collectors.toSet());
    }

    private static TlsFiles trusting(Path file) {
        return new TlsFiles(file, null, null, null, null, List.of(), List.of());
    }

    private static ConnectionSettings settings(String address, ServerKind kind, TlsFiles files) {
        return settings(address + ":" + server(kind).port, files, TIMEOUT);
    }

    private static ConnectionSettings settings(String uri, TlsFiles files, Duration connect) {
        return new ConnectionSettings(uri, null, null, null, connect, TIMEOUT).withTls(files);
    }

    @Test
    void call_onlyTheCertificateReplaced_goesOnWithThePairThatFits() throws Exception {
        Path certificate = Files.copy(bot.certificate(), folder.resolve("half-changed.pem"));
        Path key = Files.copy(bot.key(), folder.resolve("half-changed-key.pem"));
        TlsFiles files = new TlsFiles(ours.certificateFile(), null, certificate, key, null, List.of(), List.of());
        TlsServer server = server(ServerKind.WANTS_CERTIFICATES);
        try (CapturedLog log = new CapturedLog();
                RedisConnection redis =
                        RedisConnection.open(settings("rediss://localhost", ServerKind.WANTS_CERTIFICATES, files));
                RespConnection raw = RespConnection.tcp(server.server.port())) {
            TestAuthority.Issued next = ours.issue("next", "dns:bot", "-1H");
            Files.copy(next.certificate(), certificate, StandardCopyOption.REPLACE_EXISTING);
            raw.call("CLIENT", "KILL", "TYPE", "normal", "SKIPME", "yes");
            awaitWorking(redis);
            assertThat(whatStaysInUse(log))
                    .singleElement()
                    .asString()
                    .contains("'" + key + "' of iftb.cache.redis.tls.key-file holds another key than that of the"
                            + " certificate in '" + certificate + "'");

            Files.copy(next.key(), key, StandardCopyOption.REPLACE_EXISTING);
            raw.call("CLIENT", "KILL", "TYPE", "normal", "SKIPME", "yes");
            awaitWorking(redis);
        }
    }

    @Test
    void requirePrimary_resetAfterAnotherServerWantedACertificate_isNotToldAsRefusedCertificate() throws Exception {
        Tls tls = new Tls(
                new TlsFiles(ours.certificateFile(), null, bot.certificate(), bot.key(), null, List.of(), List.of()));
        probe(server(ServerKind.WANTS_CERTIFICATES).port, tls).requirePrimary();
        try (ServerSocket resetting = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
            Thread server = new Thread(() -> reset(resetting));
            server.setDaemon(true);
            server.start();

            assertThatThrownBy(() -> probe(resetting.getLocalPort(), tls).requirePrimary())
                    .isInstanceOf(RedisUnavailableException.class)
                    .hasMessageNotContaining("certificate of this program");
        }
    }

    private static ServerProbe probe(int port, Tls tls) {
        ServerAddress address = ServerAddress.parse("rediss://localhost:" + port);
        ConnectionSettings settings = settings("rediss://localhost:" + port, TlsFiles.NONE, TIMEOUT);
        return new ServerProbe(
                address, Login.of(address, settings), tls, Deadline.after(TIMEOUT), ServerMode.STANDALONE);
    }

    private static void reset(ServerSocket listening) {
        try {
            while (true) {
                try (Socket client = listening.accept()) {
                    var unused = client.getInputStream().read();
                    client.setSoLinger(true, 0);
                }
            }
        } catch (IOException closed) {
            // the end of the test
        }
    }
}
