package io.iftb.cache.redis;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.abort;

import io.iftb.cache.embedded.EmbeddedServer;
import io.iftb.cache.embedded.EmbeddedServerException;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollEventLoopGroup;
import io.netty.channel.nio.NioEventLoopGroup;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The connection that hears changes over TLS, in a JVM of its own, which trusts the certificate of a real server. */
class TrackingTlsTest {

    private static final String SECRET = "changeit";

    @TempDir
    Path folder;

    @Test
    void track_overTls_hearsAndChecksTheNameOfTheHost() throws Exception {
        Path trust = certificate();
        int port = freePort();
        try (EmbeddedServer server = start(port)) {
            assertThat(server.isAlive()).isTrue();
            Process program = new ProcessBuilder(
                            Path.of(System.getProperty("java.home"), "bin", "java")
                                    .toString(),
                            "-cp",
                            System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                            "-Djavax.net.ssl.trustStore=" + trust,
                            "-Djavax.net.ssl.trustStorePassword=" + SECRET,
                            Program.class.getName(),
                            Integer.toString(port))
                    .redirectErrorStream(true)
                    .start();
            String said = new String(program.getInputStream().readAllBytes(), UTF_8);
            assertThat(program.waitFor()).as(said).isZero();
            assertThat(said).contains("heard [a:k]").contains("has a certificate for other names than this host");
        }
    }

    private EmbeddedServer start(int port) {
        try {
            return EmbeddedServer.builder()
                    .arguments(
                            "--tls-port", Integer.toString(port),
                            "--tls-cert-file", folder.resolve("certificate.pem").toString(),
                            "--tls-key-file", folder.resolve("key.pem").toString(),
                            "--tls-ca-cert-file",
                                    folder.resolve("certificate.pem").toString(),
                            "--tls-auth-clients", "no")
                    .start();
        } catch (EmbeddedServerException e) {
            return abort("this server is built without TLS: " + e.getMessage());
        }
    }

    private static int freePort() throws IOException {
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return free.getLocalPort();
        }
    }

    /** A certificate of localhost for the server, and a store of the program that trusts it. */
    private Path certificate() throws Exception {
        Path made = folder.resolve("made.p12");
        List<String> keytool = List.of(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                "-genkeypair",
                "-alias",
                "server",
                "-keyalg",
                "RSA",
                "-dname",
                "CN=localhost",
                "-ext",
                "SAN=dns:localhost",
                "-validity",
                "2",
                "-storetype",
                "PKCS12",
                "-keystore",
                made.toString(),
                "-storepass",
                SECRET);
        Process making = new ProcessBuilder(keytool).redirectErrorStream(true).start();
        String said = new String(making.getInputStream().readAllBytes(), UTF_8);
        assertThat(making.waitFor()).as(said).isZero();

        KeyStore store = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(made)) {
            store.load(in, SECRET.toCharArray());
        }
        Certificate certificate = store.getCertificate("server");
        writePem("certificate.pem", "CERTIFICATE", certificate.getEncoded());
        writePem(
                "key.pem",
                "PRIVATE KEY",
                store.getKey("server", SECRET.toCharArray()).getEncoded());
        KeyStore trusting = KeyStore.getInstance("PKCS12");
        trusting.load(null, null);
        trusting.setCertificateEntry("server", certificate);
        Path trust = folder.resolve("trust.p12");
        try (OutputStream out = Files.newOutputStream(trust)) {
            trusting.store(out, SECRET.toCharArray());
        }
        return trust;
    }

    private void writePem(String file, String kind, byte[] bytes) throws IOException {
        String text = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(bytes);
        Files.writeString(
                folder.resolve(file), "-----BEGIN " + kind + "-----\n" + text + "\n-----END " + kind + "-----\n");
    }

    /** The JVM that trusts the server. */
    static final class Program {

        private Program() {}

        public static void main(String[] args) throws Exception {
            ConnectionSettings settings = new ConnectionSettings(
                    "rediss://localhost:" + args[0], null, null, null, Duration.ofSeconds(20), Duration.ofSeconds(10));
            try (RedisConnection redis = RedisConnection.open(settings);
                    HeardChanges heard = new HeardChanges(redis.tracking(), "a:").awaitTracked()) {
                redis.await(redis.write(Reply.DONE, Command.SET, "a:k", "v"));
                redis.await(redis.tracking().fence());
                System.out.println("heard " + heard.keys);
            }
            System.out.println(refusal(Integer.parseInt(args[0])));
        }

        /** What is said of a certificate that has another name than the host: the library's check is in front of ours. */
        @SuppressWarnings("deprecation") // as in ConnectionOpener
        private static String refusal(int port) throws Exception {
            EventLoopGroup loops = Epoll.isAvailable() ? new EpollEventLoopGroup(1) : new NioEventLoopGroup(1);
            CompletableFuture<String> refused = new CompletableFuture<>();
            TrackingChannel channel = new TrackingChannel("test", new TrackingChannel.Owner() {
                @Override
                public void opened() {}

                @Override
                public void changed(String key) {}

                @Override
                public void flushed() {}

                @Override
                public void ended(TrackingTrouble why) {
                    refused.complete(why.sentence());
                }
            });
            Duration limit = Duration.ofSeconds(20);
            ConnectionSettings settings =
                    new ConnectionSettings("rediss://127.0.0.1:" + port, null, null, null, limit, limit);
            ServerAddress address = ServerAddress.parse(settings.uri());
            try {
                var unused = new TrackingEndpoint(
                                address,
                                ServerMode.STANDALONE,
                                Login.of(address, settings),
                                new Tls(TlsFiles.NONE),
                                limit,
                                Runnable::run)
                        .open(loops.next(), new InetSocketAddress(InetAddress.getLoopbackAddress(), port), channel);
                return refused.get(30, TimeUnit.SECONDS);
            } finally {
                loops.shutdownGracefully(0, 1, TimeUnit.SECONDS).sync();
            }
        }
    }
}
