package io.iftb.cache.jcache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.iftb.cache.TestCluster;
import io.iftb.cache.settings.CacheSetting;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import javax.cache.Cache;
import javax.cache.configuration.MutableConfiguration;
import javax.cache.integration.CacheLoader;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Loaders of two managers on three primaries, of which each has connections of its own. */
@Tag("servers")
@Timeout(120)
class ClusterLoadersTest {

    private static final String NAME = "loaded";
    private static final int KEYS = 12;

    /** Less than what is left of a lease of 10 s: who waits by the clock is later. */
    private static final Duration WOKEN = Duration.ofSeconds(5);

    private static TestCluster cluster;
    private final AtomicInteger loads = new AtomicInteger();
    private final CountDownLatch answered = new CountDownLatch(1);

    @BeforeAll
    static void start() {
        cluster = TestCluster.ofPrimaries();
    }

    @AfterAll
    static void stop() {
        cluster.close();
    }

    @BeforeEach
    void flush() {
        cluster.flush();
    }

    private Cache<String, String> open(IftbCachingProvider provider, String near) {
        Properties properties = new Properties();
        properties.setProperty(CacheSetting.SINGLE_FLIGHT.propertyName(NAME), "on");
        properties.setProperty(CacheSetting.NEAR.propertyName(NAME), near);
        return provider.getCacheManager(URI.create(cluster.uri()), null, properties)
                .createCache(
                        NAME,
                        new MutableConfiguration<String, String>()
                                .setTypes(String.class, String.class)
                                .setReadThrough(true)
                                .setCacheLoaderFactory(CountingLoader::new));
    }

    /** Says that it loads, and goes on when the test says so. */
    private final class CountingLoader implements CacheLoader<String, String> {

        @Override
        public String load(String key) {
            loads.incrementAndGet();
            try {
                assertThat(answered.await(60, TimeUnit.SECONDS)).isTrue();
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
            return "value of " + key;
        }

        @Override
        public Map<String, String> loadAll(Iterable<? extends String> keys) {
            throw new UnsupportedOperationException();
        }
    }

    /** Scripts that ran; a call that has to wait has run one, which asks for the lease. */
    private static long scripts() {
        Map<String, Long> calls = cluster.calls();
        return calls.getOrDefault("eval", 0L) + calls.getOrDefault("evalsha", 0L);
    }

    @ParameterizedTest
    @ValueSource(strings = {"off", "on"})
    void get_byTwoManagers_loadsOnceAndWakesAll(String near) throws Exception {
        ExecutorService threads = Executors.newCachedThreadPool();
        try (IftbCachingProvider first = new IftbCachingProvider();
                IftbCachingProvider second = new IftbCachingProvider()) {
            Cache<String, String> here = open(first, near);
            Cache<String, String> there = open(second, near);
            List<Future<String>> all = new ArrayList<>();
            for (int i = 0; i < KEYS; i++) {
                all.add(threads.submit(get(i % 2 == 0 ? here : there, "key" + i)));
            }
            await().until(() -> loads.get() == KEYS);
            long before = scripts();
            for (int i = 0; i < KEYS; i++) {
                all.add(threads.submit(get(i % 2 == 0 ? there : here, "key" + i)));
            }
            await().until(() -> scripts() - before >= KEYS);
            assertThat(all).noneMatch(Future::isDone);

            long began = System.nanoTime();
            answered.countDown();
            for (int i = 0; i < 2 * KEYS; i++) {
                assertThat(all.get(i).get(60, TimeUnit.SECONDS)).isEqualTo("value of key" + i % KEYS);
            }
            assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(WOKEN);
            assertThat(here.get("key1")).isEqualTo(there.get("key1"));
            assertThat(loads).hasValue(KEYS);
        } finally {
            answered.countDown();
            threads.shutdownNow();
        }
    }

    private static Callable<String> get(Cache<String, String> cache, String key) {
        return () -> cache.get(key);
    }
}
