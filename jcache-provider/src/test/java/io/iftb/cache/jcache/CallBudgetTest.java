package io.iftb.cache.jcache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.iftb.cache.embedded.EmbeddedServer;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import javax.cache.Cache;
import javax.cache.CacheException;
import javax.cache.CacheManager;
import javax.cache.configuration.MutableConfiguration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What counts towards the budget of a call, and what does not. */
class CallBudgetTest {

    private static final Duration BUDGET = Duration.ofSeconds(1);

    private EmbeddedServer server;
    private IftbCachingProvider provider;
    private Cache<String, Integer> cache;

    @BeforeEach
    void open() {
        server = EmbeddedServer.start();
        provider = new IftbCachingProvider();
        Properties properties = new Properties();
        properties.setProperty("iftb.cache.redis.operation-timeout", BUDGET.toMillis() + "ms");
        CacheManager manager = provider.getCacheManager(URI.create(server.uri()), null, properties);
        cache = manager.createCache(
                "counters", new MutableConfiguration<String, Integer>().setTypes(String.class, Integer.class));
    }

    @AfterEach
    void close() {
        provider.close();
        server.close();
    }

    @Test
    void invoke_manyThreadsOnOneKeyOfAStoppedServer_allEndTogether() throws Exception {
        cache.put("k", 0);
        ExecutorService threads = Executors.newFixedThreadPool(8);
        signal("STOP");
        try {
            List<Future<Duration>> calls = new ArrayList<>();
            for (int i = 0; i < 8; i++) {
                calls.add(threads.submit(() -> {
                    long start = System.nanoTime();
                    assertThatThrownBy(this::increment).isInstanceOf(CacheException.class);
                    return Duration.ofNanos(System.nanoTime() - start);
                }));
            }
            for (Future<Duration> call : calls) {
                assertThat(call.get(30, TimeUnit.SECONDS)).isLessThan(BUDGET.plusMillis(600));
            }
        } finally {
            signal("CONT");
            threads.shutdown();
        }
        cache.put("k", 41);
        assertThat(increment()).isEqualTo(42);
    }

    @Test
    void invoke_processorSlowerThanTheBudget_stopsTheClockForItsCallerAndThoseBehind() throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(2);
        CountDownLatch runs = new CountDownLatch(1);
        try {
            Future<Integer> slow = threads.submit(() -> cache.invoke("k", (entry, arguments) -> {
                runs.countDown();
                sleep(BUDGET.plusMillis(500));
                entry.setValue(1);
                return 1;
            }));
            assertThat(runs.await(10, TimeUnit.SECONDS)).isTrue();
            Future<Integer> behind = threads.submit(this::increment);

            assertThat(slow.get(10, TimeUnit.SECONDS)).isEqualTo(1);
            assertThat(behind.get(10, TimeUnit.SECONDS)).isEqualTo(2);
        } finally {
            threads.shutdown();
        }
    }

    @Test
    void invoke_interruptedBehindAnotherCall_changesNothingAndKeepsTheFlag() throws Exception {
        CountDownLatch runs = new CountDownLatch(1);
        CountDownLatch end = new CountDownLatch(1);
        Thread slow = new Thread(() -> cache.invoke("k", (entry, arguments) -> {
            runs.countDown();
            awaitEnd(end);
            entry.setValue(1);
            return null;
        }));
        slow.start();
        assertThat(runs.await(10, TimeUnit.SECONDS)).isTrue();
        Thread.currentThread().interrupt();
        assertThatThrownBy(this::increment)
                .hasMessageContaining("interrupted")
                .hasMessageContaining("nothing was changed");
        assertThat(Thread.interrupted()).isTrue();
        end.countDown();
        slow.join();
        assertThat(cache.get("k")).isEqualTo(1);
    }

    private Integer increment() {
        return cache.invoke("k", (entry, arguments) -> {
            int next = entry.exists() ? entry.getValue() + 1 : 1;
            entry.setValue(next);
            return next;
        });
    }

    private static void awaitEnd(CountDownLatch end) {
        try {
            assertThat(end.await(10, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private static void sleep(Duration time) {
        try {
            Thread.sleep(time.toMillis());
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private void signal(String name) throws IOException, InterruptedException {
        assertThat(new ProcessBuilder("kill", "-" + name, String.valueOf(server.pid()))
                        .start()
                        .waitFor())
                .isZero();
    }
}
