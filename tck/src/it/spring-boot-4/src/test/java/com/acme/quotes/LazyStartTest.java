package com.acme.quotes;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.acme.quotes.Quotes.Venue;
import io.iftb.cache.embedded.EmbeddedServer;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.springframework.boot.SpringApplication;
import org.springframework.context.ConfigurableApplicationContext;

/** An application starts while Redis is down, and uses it once it is up. */
class LazyStartTest {

    private static final long SOON_NANOS = TimeUnit.SECONDS.toNanos(10);

    @Test
    void run_serverIsDownWithMiss_computesUntilItIsUp() throws Exception {
        int port = freePort();
        try (ConfigurableApplicationContext application = start(port, "lazy-start.yaml")) {
            Quotes quotes = application.getBean(Quotes.class);
            int before = quotes.calls();
            assertEquals("BTC", quotes.quote("BTC", Venue.SPOT).symbol());
            assertEquals("BTC", quotes.quote("BTC", Venue.SPOT).symbol());
            assertEquals(2, quotes.calls() - before);

            try (EmbeddedServer server = EmbeddedServer.builder().port(port).start()) {
                assertTrue(server.isAlive());
                assertIsCachedSoon(quotes);
            }
        }
    }

    @Test
    void run_serverIsDownWithFail_throwsUntilItIsUp() throws Exception {
        int port = freePort();
        try (ConfigurableApplicationContext application = start(port, "lazy-start-fail.yaml")) {
            Quotes quotes = application.getBean(Quotes.class);
            RuntimeException failure =
                    assertThrows(RuntimeException.class, () -> quotes.quote("BTC", Venue.SPOT));
            assertTrue(String.valueOf(failure.getMessage()).contains("is not connected yet"), failure.toString());

            try (EmbeddedServer server = EmbeddedServer.builder().port(port).start()) {
                assertTrue(server.isAlive());
                assertIsCachedSoon(quotes);
            }
        }
    }

    private static void assertIsCachedSoon(Quotes quotes) throws InterruptedException {
        long until = System.nanoTime() + SOON_NANOS;
        while (!isCached(quotes)) {
            assertTrue(System.nanoTime() < until, "not used in time");
            TimeUnit.MILLISECONDS.sleep(20);
        }
    }

    private static boolean isCached(Quotes quotes) {
        try {
            quotes.quote("ETH", Venue.SPOT);
            int before = quotes.calls();
            quotes.quote("ETH", Venue.SPOT);
            return quotes.calls() == before;
        } catch (RuntimeException notYet) {
            return false;
        }
    }

    /** @param file of its own, which gives a cache manager of its own */
    private static ConfigurableApplicationContext start(int port, String file) {
        System.setProperty("iftb.cache.redis.uri", "redis://127.0.0.1:" + port);
        try {
            return SpringApplication.run(
                    QuotesApplication.class,
                    "--spring.main.web-application-type=none",
                    "--spring.cache.jcache.config=classpath:" + file);
        } finally {
            System.clearProperty("iftb.cache.redis.uri");
        }
    }

    private static int freePort() throws Exception {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }
}
