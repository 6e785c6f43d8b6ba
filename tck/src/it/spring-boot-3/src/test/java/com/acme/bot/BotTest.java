package com.acme.bot;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.acme.fixtures.RestartableServer;
import io.iftb.cache.MarketCaches;
import io.iftb.cache.OhlcvCache;
import io.iftb.cache.embedded.EmbeddedServer;
import io.iftb.cache.market.OhlcvBar;
import io.iftb.cache.market.SeriesKey;
import io.iftb.cache.market.Ticker;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.File;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import javax.cache.CacheManager;
import javax.management.ObjectName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.context.ConfigurableApplicationContext;

/** What the auto-configuration gives an application, in this JVM and in two others. */
@Timeout(180)
class BotTest {

    private static final SeriesKey SERIES = SeriesKey.of("BTCUSDT", "1h");

    @TempDir
    Path folder;

    @Test
    void twoJvms_askingForTheSameAtOnce_computeItOnce() throws Exception {
        try (EmbeddedServer server = EmbeddedServer.start()) {
            Process one = start(server.uri(), "one");
            Process other = start(server.uri(), "other");
            String result = result(one);
            assertTrue(result.startsWith("RESULT analysis of BTC by "), result);
            assertEquals(result, result(other));
            try (ConfigurableApplicationContext bot = run(server.uri())) {
                Analyst.Forecast forecast = bot.getBean(Analyst.class).forecast("BTC");
                assertTrue(result.endsWith(forecast.toString()), "a class of its own, in a third JVM, at once: " + forecast);
            }
        }
        assertEquals(List.of("analysis of BTC", "report on BTC", "forecast of BTC"), calls());
    }

    private Process start(String uri, String name) throws IOException {
        ProcessBuilder jvm = new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                BotApplication.class.getName(),
                folder.toString());
        jvm.environment().put("IFTB_CACHE_REDIS_URI", uri);
        return jvm.redirectError(new File("target/bot-" + name + ".err")).start();
    }

    private static String result(Process jvm) throws IOException, InterruptedException {
        String output = new String(jvm.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals(0, jvm.waitFor(), () -> "see target/bot-*.err; " + output);
        return output.lines().filter(line -> line.startsWith("RESULT")).findFirst().orElse(output);
    }

    private List<String> calls() throws IOException {
        Path file = folder.resolve("calls");
        return Files.exists(file) ? Files.readAllLines(file) : List.of();
    }

    @Test
    void marketCaches_injected_shareConnectionAndSettingsOfTheCacheManager() throws Exception {
        try (EmbeddedServer server = EmbeddedServer.start();
                ConfigurableApplicationContext bot = run(server.uri())) {
            MarketCaches caches = bot.getBean(MarketCaches.class);
            assertSame(caches, bot.getBean(CacheManager.class).unwrap(MarketCaches.class));
            assertEquals(server.uri(), caches.server());

            caches.ohlcv().put(SERIES, List.of(new OhlcvBar(0, 1, 2, 0.5, 1.5, 3)), OhlcvCache.NEVER);
            assertEquals(1.5, caches.ohlcv().latest(SERIES, 10).closes()[0]);

            Analyst analyst = bot.getBean(Analyst.class);
            String report = analyst.report("ETH");
            assertEquals(report, analyst.report("ETH"));
            analyst.forgetReport("ETH");
            analyst.report("ETH");
            assertEquals(List.of("report on ETH", "report on ETH"), calls());

            caches.market().putTicker("BTC", new Ticker(1, 2, 1.5, 0, 0, 0, 0, 1));
            try (MarketCaches withoutNamespace = MarketCaches.open(server.uri())) {
                assertTrue(withoutNamespace.market().ticker("BTC").isEmpty(), "the namespace is set");
            }
        }
    }

    @Test
    void actuator_ofABot_showsHealthAndMetrics() throws Exception {
        try (EmbeddedServer server = EmbeddedServer.start();
                ConfigurableApplicationContext bot = run(server.uri())) {
            bot.getBean(Analyst.class).report("ETH");
            bot.getBean(Analyst.class).report("ETH");
            bot.getBean(MarketCaches.class).market().ticker("BTC");

            Map<?, ?> health = (Map<?, ?>) endpoint("Health", "health");
            assertEquals("UP", String.valueOf(health.get("status")));
            assertTrue(health.toString().contains("server=" + server.uri()), health.toString());

            MeterRegistry registry = bot.getBean(MeterRegistry.class);
            assertEquals(
                    1,
                    registry.get("cache.gets")
                            .tags("cache", "reports", "result", "hit")
                            .functionCounter()
                            .count());
            assertEquals(
                    1,
                    registry.get("cache.gets")
                            .tags("cache", "ticker", "result", "miss")
                            .functionCounter()
                            .count());
            assertEquals(
                    77, registry.get("iftb.cache.lifetime").tag("cache", "ticker").gauge().value());
            assertNotNull(registry.get("iftb.cache.flight.shared").tag("cache", "analyses").functionCounter());
            assertTrue(endpoint("Metrics", "listNames").toString().contains("iftb.cache.breaker.open"));
        }
    }

    @Test
    void observations_switchedOn_timeEachCall() throws Exception {
        try (EmbeddedServer server = EmbeddedServer.start();
                ConfigurableApplicationContext bot = run(server.uri())) {
            bot.getBean(Analyst.class).report("ETH");
            assertNull(bot.getBean(MeterRegistry.class).find("iftb.cache.call").timer());
        }
        try (EmbeddedServer server = EmbeddedServer.start();
                ConfigurableApplicationContext bot =
                        run(server.uri(), "--management.observations.iftb-cache.enabled=true")) {
            bot.getBean(Analyst.class).report("ETH");
            bot.getBean(MarketCaches.class).market().ticker("BTC");

            MeterRegistry registry = bot.getBean(MeterRegistry.class);
            assertTrue(registry.get("iftb.cache.call").tags("cache", "reports", "operation", "get").timer().count() > 0);
            awaitTrue(() -> 1 == registry.get("iftb.cache.call")
                    .tags("cache", "ticker", "operation", "get", "outcome", "miss", "origin", "server")
                    .timer()
                    .count());
        }
    }

    private static Object endpoint(String name, String operation) throws Exception {
        return ManagementFactory.getPlatformMBeanServer()
                .invoke(
                        new ObjectName("org.springframework.boot:type=Endpoint,name=" + name),
                        operation,
                        new Object[0],
                        new String[0]);
    }

    @Test
    void server_thatRestarts_isDownMeanwhileAndServesAgain() throws Exception {
        int port = freePort();
        try (EmbeddedServer first = EmbeddedServer.builder().port(port).start();
                ConfigurableApplicationContext bot = run(first.uri())) {
            Analyst analyst = bot.getBean(Analyst.class);
            analyst.report("BTC");
            analyst.report("BTC");
            assertEquals(1, calls().size());

            first.close();
            analyst.report("BTC");
            assertEquals(2, calls().size(), "computed, since the server is away");
            assertEquals("DOWN", String.valueOf(((Map<?, ?>) endpoint("Health", "health")).get("status")));

            try (EmbeddedServer second = EmbeddedServer.builder().port(port).start()) {
                assertTrue(second.isAlive());
                awaitTrue(() -> {
                    analyst.report("SOL");
                    int before = calls().size();
                    analyst.report("SOL");
                    return calls().size() == before;
                });
                awaitTrue(() -> "UP"
                        .equals(String.valueOf(((Map<?, ?>) endpoint("Health", "health")).get("status"))));
            }
        }
    }

    @Test
    void report_evictedByTheServer_isComputedAgain() throws Exception {
        try (RestartableServer server = new RestartableServer();
                ConfigurableApplicationContext bot = run(server.uri())) {
            Analyst analyst = bot.getBean(Analyst.class);
            analyst.report("BTC");
            assertEquals(1, server.evict("bot:reports"));
            analyst.report("BTC");
            assertEquals(List.of("report on BTC", "report on BTC"), calls());
        }
    }

    @Test
    void enabled_isFalse_leavesTheCacheManagerAlone() {
        try (ConfigurableApplicationContext bot = BotApplication.run(folder, "--iftb.cache.enabled=false")) {
            assertTrue(bot.getBeansOfType(MarketCaches.class).isEmpty());
            assertFalse(bot.getBeansOfType(CacheManager.class).isEmpty());
        }
    }

    private static void awaitTrue(Callable<Boolean> condition) throws Exception {
        long until = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
        while (!condition.call()) {
            assertTrue(System.nanoTime() < until, "not in time");
            TimeUnit.MILLISECONDS.sleep(50);
        }
    }

    private ConfigurableApplicationContext run(String uri, String... more) {
        return BotApplication.run(
                folder,
                Stream.concat(Stream.of("--iftb.cache.redis.uri=" + uri), Stream.of(more)).toArray(String[]::new));
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }
}
