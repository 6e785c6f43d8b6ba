package io.iftb.cache.jcache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

import io.iftb.cache.MarketCaches;
import io.iftb.cache.settings.CacheSetting;
import io.iftb.cache.settings.Setting;
import java.lang.ref.WeakReference;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import javax.cache.CacheException;
import javax.cache.configuration.MutableCacheEntryListenerConfiguration;
import javax.cache.configuration.MutableConfiguration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A cache that is closed or destroyed leaves nothing in this JVM. */
class DestroyedCachesTest {

    private final JCacheFixture fixture = JCacheFixture.builder()
            .with(CacheSetting.REMOTE_EVENTS, "remote", "on")
            .with(Setting.OPERATION_TIMEOUT, "5s") // for so long the client library keeps what has subscribed
            .build();
    private final IftbCacheManager manager = fixture.manager();

    @AfterEach
    void close() {
        fixture.close();
    }

    @Test
    void destroyCache_usedInEveryWay_isLetGo() {
        assertLetGo(used("local", true));
        assertLetGo(used("remote", true));
    }

    @Test
    void close_usedInEveryWay_isLetGo() {
        assertLetGo(used("local", false));
    }

    @Test
    void clearAll_cacheThatIsClosed_isLeftAlone() {
        RedisCache<String, String> closed = fixture.cache("closed", String.class, String.class);
        closed.put("k", "v");
        closed.close();
        RedisCache<String, String> open = fixture.cache("open", String.class, String.class);
        open.put("k", "v");

        manager.unwrap(MarketCaches.class).clearAll();

        assertThat(open.containsKey("k")).isFalse();
        assertThat(fixture.cache("closed", String.class, String.class).get("k")).isEqualTo("v");
    }

    @Test
    void clearAll_cachesThatCouldNotBeMade_areLeftAlone() {
        RedisCache<String, String> cache = fixture.cache("orders", String.class, String.class);
        cache.put("k", "v");
        cache.close();
        assertThatExceptionOfType(CacheException.class)
                .isThrownBy(() -> manager.createCache(
                        "orders", new MutableConfiguration<String, String>().setExpiryPolicyFactory(() -> {
                                    throw new IllegalStateException("no policy");
                                })));
        assertThatExceptionOfType(NoClassDefFoundError.class)
                .isThrownBy(() -> manager.createCache(
                        "orders", new MutableConfiguration<String, String>().setExpiryPolicyFactory(() -> {
                                    throw new NoClassDefFoundError("gone");
                                })));

        manager.unwrap(MarketCaches.class).clearAll();

        assertThat(fixture.cache("orders", String.class, String.class).get("k")).isEqualTo("v");
    }

    private List<WeakReference<?>> used(String name, boolean destroyed) {
        RedisCache<String, String> cache = (RedisCache<String, String>) manager.createCache(
                name,
                new MutableConfiguration<String, String>()
                        .setTypes(String.class, String.class)
                        .setStatisticsEnabled(true)
                        .setManagementEnabled(true)
                        .setReadThrough(true)
                        .setCacheLoaderFactory(() -> new FakeLoader<String, String>(key -> null))
                        .addCacheEntryListenerConfiguration(new MutableCacheEntryListenerConfiguration<>(
                                () -> new EventLog<String, String>(), null, true, true)));
        cache.put("k", "v");
        cache.invoke("k", (entry, arguments) -> {
            entry.setValue("w");
            return null;
        });
        cache.get("missing");
        cache.forEach(entry -> {});
        async(cache).get("k").toCompletableFuture().join();
        List<WeakReference<?>> references = new ArrayList<>();
        references.add(new WeakReference<>(cache));
        references.add(new WeakReference<>(cache.backend()));
        references.add(new WeakReference<>(cache.backend().store()));
        references.add(new WeakReference<>(cache.backend().codec()));
        if (destroyed) {
            manager.destroyCache(name);
        } else {
            cache.close();
        }
        return references;
    }

    @SuppressWarnings("unchecked") // a class says nothing of type arguments
    private static AsyncCache<String, String> async(RedisCache<String, String> cache) {
        return cache.unwrap(AsyncCache.class);
    }

    private static void assertLetGo(List<WeakReference<?>> references) {
        await().atMost(Duration.ofSeconds(30)).untilAsserted(() -> {
            System.gc();
            assertThat(references).allMatch(reference -> reference.get() == null);
        });
    }

    /** Without this right, nothing can be destroyed. */
    private static void mayScan(JCacheFixture alone, boolean isAllowed) {
        alone.raw().send("ACL", "SETUSER", "default", (isAllowed ? "+" : "-") + "scan");
    }

    @Test
    void destroyCache_afterItFailed_removesTheEntries() {
        try (JCacheFixture alone = JCacheFixture.builder().ownServer().build()) {
            RedisCache<String, String> cache = alone.cache("orders", String.class, String.class);
            cache.put("k", "v");
            mayScan(alone, false);
            for (int i = 0; i < 2; i++) {
                assertThatExceptionOfType(CacheException.class)
                        .isThrownBy(() -> alone.manager().destroyCache("orders"))
                        .withMessageContaining("orders");
                assertThat(cache.isClosed()).isTrue();
                assertThat(alone.manager().getCacheNames()).isEmpty();
            }
            mayScan(alone, true);

            alone.manager().destroyCache("orders");
            assertThat(alone.cache("orders", String.class, String.class).get("k"))
                    .isNull();
        }
    }

    @Test
    void createCache_afterDestroyCacheFailed_opensOnWhatIsLeft() {
        try (JCacheFixture alone = JCacheFixture.builder().ownServer().build()) {
            alone.cache("orders", String.class, String.class).put("k", "v");
            mayScan(alone, false);
            assertThatExceptionOfType(CacheException.class)
                    .isThrownBy(() -> alone.manager().destroyCache("orders"));
            mayScan(alone, true);

            RedisCache<String, String> cache = alone.cache("orders", String.class, String.class);
            assertThat(cache.get("k")).isEqualTo("v");
            cache.close();
            alone.manager().destroyCache("orders"); // the one of before has lost its name
            assertThat(alone.cache("orders", String.class, String.class).get("k"))
                    .isEqualTo("v");
        }
    }

    @Test
    void destroyCache_failsInAnotherThread_failsHereToo() throws Exception {
        CountDownLatch loading = new CountDownLatch(1);
        CountDownLatch released = new CountDownLatch(1);
        try (JCacheFixture alone = JCacheFixture.builder().ownServer().build()) {
            RedisCache<String, String> cache = (RedisCache<String, String>) alone.manager()
                    .createCache(
                            "orders",
                            new MutableConfiguration<String, String>()
                                    .setTypes(String.class, String.class)
                                    .setCacheLoaderFactory(() -> new FakeLoader<String, String>(key -> {
                                        loading.countDown();
                                        awaitReleased(released);
                                        return key;
                                    })));
            cache.loadAll(Set.of("k"), true, null);
            assertThat(loading.await(20, TimeUnit.SECONDS)).isTrue();
            mayScan(alone, false);
            CompletableFuture<Void> first = destroyed(alone);
            await().until(cache::isClosed);
            CompletableFuture<Void> second = destroyed(alone);
            assertThatExceptionOfType(TimeoutException.class).isThrownBy(() -> second.get(1, TimeUnit.SECONDS));
            released.countDown();

            for (CompletableFuture<Void> each : List.of(first, second)) {
                assertThatExceptionOfType(ExecutionException.class)
                        .isThrownBy(() -> each.get(20, TimeUnit.SECONDS))
                        .withCauseInstanceOf(CacheException.class)
                        .withMessageContaining("orders");
            }
        }
    }

    private static void awaitReleased(CountDownLatch released) {
        try {
            assertThat(released.await(20, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static CompletableFuture<Void> destroyed(JCacheFixture fixture) {
        return inOwnThread(() -> fixture.manager().destroyCache("orders"));
    }

    private static CompletableFuture<Void> inOwnThread(Runnable action) {
        return CompletableFuture.runAsync(action, task -> new Thread(task).start());
    }
}
