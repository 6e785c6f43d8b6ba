package io.iftb.cache.jcache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.awaitility.Awaitility.await;

import io.iftb.cache.codec.GivenToCaches;
import io.iftb.cache.embedded.EmbeddedServer;
import io.iftb.cache.embedded.RespConnection;
import io.iftb.cache.redis.RedisServerException;
import io.iftb.cache.settings.CacheSettings;
import io.iftb.cache.settings.Setting;
import io.iftb.cache.settings.SettingSources;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import javax.cache.Cache;
import javax.cache.CacheException;
import javax.cache.CacheManager;
import javax.cache.configuration.MutableConfiguration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Servers that require a password, start late, or stop. */
class ServerConnectionTest {

    private final IftbCachingProvider provider =
            new IftbCachingProvider(new SettingSources(Properties::new, name -> ""));

    @AfterEach
    void close() {
        provider.close();
    }

    @Test
    void createCache_passwordFromAFile_logsIn(@TempDir Path folder) throws IOException {
        try (EmbeddedServer server = withPassword()) {
            Path file = Files.writeString(folder.resolve("password"), "open sesame\n");
            CacheManager manager = manager(server.uri(), Setting.REDIS_PASSWORD_FILE, file.toString());

            Cache<String, Long> counts = counts(manager);
            counts.put("k", 1L);

            assertThat(counts.get("k")).isEqualTo(1L);
        }
    }

    @Test
    void createCache_manyThreadsOnASilentPort_waitForOneAttemptTogether() throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(8);
        try (ServerSocket silent = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
            CacheManager manager = manager("redis://127.0.0.1:" + silent.getLocalPort(), Setting.CONNECT_TIMEOUT, "1s");
            long start = System.nanoTime();
            List<Future<?>> calls = new ArrayList<>();
            for (int i = 0; i < 8; i++) {
                calls.add(threads.submit(() -> assertThatExceptionOfType(CacheException.class)
                        .isThrownBy(() -> counts(manager))
                        .withMessageContaining("did not answer within 1000 ms")));
            }
            for (Future<?> call : calls) {
                call.get(30, TimeUnit.SECONDS);
            }
            assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofMillis(2_500));
        } finally {
            threads.shutdown();
        }
    }

    /** Who waits for the attempt of another thread does not fail with its interrupt. */
    @Test
    void createCache_threadThatConnectsIsInterrupted_othersTryThemselves(@TempDir Path folder) throws Exception {
        int port = filled(folder, 4_000);
        ExecutorService threads = Executors.newCachedThreadPool();
        Future<EmbeddedServer> loading = threads.submit(() -> EmbeddedServer.builder()
                .dataDirectory(folder)
                .port(port)
                .arguments("--key-load-delay", "1000", "--loading-process-events-interval-bytes", "1024")
                .start()); // a millisecond for each key
        try {
            await().ignoreExceptions().until(() -> said(port, "PING").startsWith("-LOADING"));
            CacheManager manager = manager("redis://127.0.0.1:" + port, Setting.CONNECT_TIMEOUT, "60s");
            AtomicReference<Throwable> interrupted = new AtomicReference<>();
            Thread first = new Thread(() -> interrupted.set(catchThrowable(() -> counts(manager))));
            first.start();
            await().until(() -> first.getState() == Thread.State.TIMED_WAITING);
            Future<Cache<String, Long>> second = threads.submit(() -> counts(manager));
            TimeUnit.MILLISECONDS.sleep(200); // so that it waits for the first
            assertThat(said(port, "PING")).startsWith("-LOADING");

            first.interrupt();

            first.join();
            assertThat(interrupted.get()).hasMessageContaining("interrupted");
            second.get(60, TimeUnit.SECONDS).put("k", 1L);
        } finally {
            loading.get(60, TimeUnit.SECONDS).close();
            threads.shutdown();
        }
    }

    /** The port of a server that has kept so many keys in a folder. */
    private static int filled(Path folder, int keys) throws IOException {
        try (EmbeddedServer server =
                        EmbeddedServer.builder().dataDirectory(folder).start();
                RespConnection raw = RespConnection.tcp(server.port())) {
            raw.call("EVAL", "for i = 1, " + keys + " do redis.call('SET', 'k' .. i, string.rep('x', 100)) end", "0");
            raw.call("BGREWRITEAOF");
            await().until(() -> raw.call("INFO", "persistence").contains("aof_rewrite_in_progress:0")
                    && raw.call("INFO", "persistence").contains("aof_rewrite_scheduled:0"));
            return server.port();
        }
    }

    private static String said(int port, String command) throws IOException {
        try (RespConnection raw = RespConnection.tcp(port)) {
            return raw.call(command);
        }
    }

    @Test
    void createCache_wrongPassword_saysSoWithoutIt() {
        try (EmbeddedServer server = withPassword()) {
            CacheManager manager = manager(server.uri(), Setting.REDIS_PASSWORD, "close sesame");

            assertThatExceptionOfType(CacheException.class)
                    .isThrownBy(() -> counts(manager))
                    .withMessageContaining("127.0.0.1:" + server.port())
                    .withMessageContaining("password")
                    .withMessageNotContaining("sesame")
                    .withCauseInstanceOf(RedisServerException.class);
        }
    }

    @Test
    void createCache_serverThatStartsLater_connectsThen() {
        int port;
        try (EmbeddedServer server = EmbeddedServer.start()) {
            port = server.port();
        }
        CacheManager manager = manager("redis://127.0.0.1:" + port, Setting.CONNECT_TIMEOUT, "500ms");
        assertThatExceptionOfType(CacheException.class).isThrownBy(() -> counts(manager));

        try (EmbeddedServer server = EmbeddedServer.builder().port(port).start()) {
            assertThat(server.isAlive()).isTrue();
            assertThat(counts(manager).get("k")).isNull();
        }
    }

    @Test
    void get_serverGone_namesTheCacheAndTheServerInTime() {
        EmbeddedServer server = EmbeddedServer.start();
        CacheManager manager = manager(server.uri(), Setting.OPERATION_TIMEOUT, "500ms");
        Cache<String, Long> counts = counts(manager);
        server.close();

        long start = System.nanoTime();
        assertThatExceptionOfType(CacheException.class)
                .isThrownBy(() -> counts.get("k"))
                .withMessageStartingWith("Cache 'counts': ")
                .withMessageContaining("127.0.0.1:" + server.port())
                .withCauseInstanceOf(RedisServerException.class);
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(3));
    }

    @Test
    void caches_afterClose_doesNotConnectAgain() {
        ServerConnection connection = new ServerConnection(
                CacheSettings.builder().redisUri(TestServer.address()).build(), new GivenToCaches());
        connection.close();
        connection.close();

        assertThatIllegalStateException().isThrownBy(connection::caches);
    }

    private CacheManager manager(String address, Setting setting, String value) {
        Properties properties = new Properties();
        properties.setProperty(setting.propertyName(), value);
        return provider.getCacheManager(URI.create(address), null, properties);
    }

    private static Cache<String, Long> counts(CacheManager manager) {
        return manager.createCache(
                "counts", new MutableConfiguration<String, Long>().setTypes(String.class, Long.class));
    }

    private static EmbeddedServer withPassword() {
        return EmbeddedServer.builder()
                .arguments("--requirepass", "open sesame")
                .start();
    }
}
