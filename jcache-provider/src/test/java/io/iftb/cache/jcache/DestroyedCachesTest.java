package io.iftb.cache.jcache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

import io.iftb.cache.MarketCaches;
import io.iftb.cache.settings.CacheSetting;
import java.lang.ref.WeakReference;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import javax.cache.CacheException;
import javax.cache.configuration.MutableCacheEntryListenerConfiguration;
import javax.cache.configuration.MutableConfiguration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A cache that is closed or destroyed leaves nothing in this JVM. */
class DestroyedCachesTest {

    private final JCacheFixture fixture = JCacheFixture.builder()
            .with(CacheSetting.REMOTE_EVENTS, "remote", "on")
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
}
