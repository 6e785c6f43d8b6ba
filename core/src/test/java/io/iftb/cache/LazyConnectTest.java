package io.iftb.cache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

import io.iftb.cache.embedded.EmbeddedServer;
import io.iftb.cache.market.OhlcvBar;
import io.iftb.cache.market.SeriesKey;
import io.iftb.cache.market.Ticker;
import io.iftb.cache.redis.RedisUnavailableException;
import io.iftb.cache.settings.CacheOptions;
import io.iftb.cache.settings.CacheSettings;
import io.iftb.cache.settings.ConnectMode;
import io.iftb.cache.settings.NearOptions;
import io.iftb.cache.settings.OnUnavailable;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Caches are opened while the server is down. */
@Tag("servers")
class LazyConnectTest {

    private static final SeriesKey BTC = SeriesKey.of("BTCUSDT", "1h");
    private static final Ticker TICKER = new Ticker(1, 1, 1, 0, 1, 1, 0, 0);
    private static final Duration AT_ONCE = Duration.ofMillis(500);

    /** How long it takes at most until a server that has come is used. */
    private static final Duration SOON = Duration.ofSeconds(2);

    private static CacheSettings.Builder lazy(String uri) {
        return CacheSettings.builder().redisUri(uri).connect(ConnectMode.LAZY);
    }

    private static int freePort() throws IOException {
        for (int port = 20_000; port < 32_000; port += 7) {
            try (ServerSocket socket = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
                return socket.getLocalPort();
            } catch (IOException taken) {
                // the next one
            }
        }
        throw new IOException("no free port");
    }

    private static <T> T quickly(Callable<T> action) throws Exception {
        long began = System.nanoTime();
        T result = action.call();
        assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(AT_ONCE);
        return result;
    }

    @Test
    void open_serverIsDown_callsFailAtOnceUntilItIsUp() throws Exception {
        MarketCaches.open("embedded").close(); // loads the classes
        int port = freePort();
        String uri = "redis://127.0.0.1:" + port;
        CacheSettings settings = lazy(uri)
                .onUnavailable(OnUnavailable.FAIL)
                .cache(CacheOptions.of("ticker", String.class, Ticker.class).withNear(NearOptions.DEFAULT))
                .build();
        try (MarketCaches caches = quickly(() -> MarketCaches.open(settings))) {
            assertThatExceptionOfType(RedisUnavailableException.class)
                    .isThrownBy(() -> quickly(() -> caches.market().ticker("BTC")))
                    .withMessageContaining("was not sent: Redis at " + uri + " is not connected yet");
            assertThatExceptionOfType(RedisUnavailableException.class)
                    .isThrownBy(() -> quickly(() -> caches.ohlcv().latest(BTC, 1)))
                    .withMessageContaining("is not connected yet");
            assertThat(quickly(() -> caches.market().tickerAsync("BTC"))).isNotNull();
            assertThat(quickly(() -> caches.ohlcv().rangeAsync(BTC, 0, 1, 1))).isNotNull();
            await().atMost(SOON)
                    .until(() -> String.valueOf(caches.health().problem()).contains("no Redis server answers"));
            assertThat(caches.breaker().open()).isTrue();

            try (EmbeddedServer server = EmbeddedServer.builder().port(port).start()) {
                await().atMost(SOON).until(() -> caches.health().reachable());
                caches.market().putTicker("BTC", TICKER);
                assertThat(caches.market().ticker("BTC")).contains(TICKER);
                caches.ohlcv().put(BTC, List.of(new OhlcvBar(0, 1, 1, 1, 1, 1)));
                assertThat(caches.ohlcv().latest(BTC, 1).size()).isOne();
                await().atMost(SOON)
                        .until(() ->
                                Objects.requireNonNull(caches.health().near()).hearing());
                assertThat(server.isAlive()).isTrue();
            }
        }
    }

    @Test
    void open_serverIsDownUnderMiss_readsMissAndDroppedWritesAreSettled() throws Exception {
        int port = freePort();
        try (MarketCaches caches =
                MarketCaches.open(lazy("redis://127.0.0.1:" + port).build())) {
            assertThat(quickly(() -> caches.market().ticker("BTC"))).isEqualTo(Optional.empty());
            caches.market().putTicker("BTC", TICKER);
            caches.ohlcv().put(BTC, List.of(new OhlcvBar(0, 1, 1, 1, 1, 1)));
            assertThat(quickly(() -> caches.ohlcv().latest(BTC, 1).size())).isZero();
            assertThat(caches.health().outages().dropped()).isEqualTo(2);

            try (EmbeddedServer server = EmbeddedServer.builder().port(port).start()) {
                await().atMost(SOON).until(() -> caches.health().reachable());
                caches.market().putTicker("BTC", TICKER);
                assertThat(caches.market().ticker("BTC")).contains(TICKER);
                assertThat(server.isAlive()).isTrue();
            }
        }
    }

    @Test
    void open_wrongPassword_eachCallSaysSo() throws Exception {
        try (EmbeddedServer server = EmbeddedServer.builder()
                        .arguments("--requirepass", "right")
                        .start();
                MarketCaches caches = MarketCaches.open(lazy(server.uri().replace("//", "//:wrong@"))
                        .onUnavailable(OnUnavailable.FAIL)
                        .build())) {
            await().atMost(SOON)
                    .until(() -> String.valueOf(caches.health().problem()).contains("refused the login"));
            assertThatExceptionOfType(RedisUnavailableException.class)
                    .isThrownBy(() -> caches.market().ticker("BTC"))
                    .withMessageContaining("refused the login")
                    .withMessageNotContaining("wrong@");
        }
    }

    @Test
    void close_beforeTheServerIsUp_endsAtOnceAndLeavesNoThread() throws Exception {
        MarketCaches caches =
                MarketCaches.open(lazy("redis://127.0.0.1:" + freePort()).build());
        await().until(() -> caches.health().problem() != null);
        caches.close();
        await().atMost(SOON)
                .until(() -> Thread.getAllStackTraces().keySet().stream()
                        .noneMatch(thread -> thread.getName().equals("iftb-cache-connect")));
    }

    @Test
    void open_clusterAndSentinel_workToo(@TempDir Path home) throws Exception {
        try (TestCluster cluster = TestCluster.ofPrimaries();
                MarketCaches caches = MarketCaches.open(
                        lazy(cluster.uri()).onUnavailable(OnUnavailable.FAIL).build())) {
            await().atMost(SOON).until(() -> caches.health().reachable());
            for (int i = 0; i < 20; i++) {
                caches.market().putTicker("T" + i, TICKER);
                assertThat(caches.market().ticker("T" + i)).contains(TICKER);
            }
        }
        try (TestSentinels sentinels = new TestSentinels(home, "", "");
                MarketCaches caches = MarketCaches.open(
                        lazy(sentinels.uri()).onUnavailable(OnUnavailable.FAIL).build())) {
            await().atMost(SOON).until(() -> caches.health().reachable());
            caches.market().putTicker("T", TICKER);
            assertThat(caches.market().ticker("T")).contains(TICKER);
        }
    }

    /** The client library swallows the interrupt that should end an attempt. */
    @Test
    void close_whileAClusterIsConnected_leavesNoThread() {
        try (TestCluster cluster = TestCluster.ofPrimaries()) {
            String uri = "redis-cluster://127.0.0.1:" + cluster.port(0);
            for (int i = 0; i < 15; i++) {
                MarketCaches caches = MarketCaches.open(lazy(uri).build());
                LockSupport.parkNanos(Duration.ofMillis(4L * i).toNanos()); // another moment of the attempt each time
                caches.close();
            }
            await().atMost(Duration.ofSeconds(5))
                    .until(() -> Thread.getAllStackTraces().keySet().stream()
                            .noneMatch(thread -> thread.getName().equals("iftb-cache-connect")));
        }
    }
}
