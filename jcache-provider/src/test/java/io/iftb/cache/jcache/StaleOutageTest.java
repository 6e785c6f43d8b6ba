package io.iftb.cache.jcache;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.iftb.cache.MarketCaches;
import io.iftb.cache.embedded.EmbeddedServer;
import io.iftb.cache.settings.SettingSources;
import io.iftb.cache.store.DatedValue;
import io.iftb.cache.store.NearReads;
import java.lang.management.ManagementFactory;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import javax.cache.Cache;
import javax.cache.CacheException;
import javax.cache.CacheManager;
import javax.cache.configuration.FactoryBuilder;
import javax.cache.configuration.MutableConfiguration;
import javax.cache.expiry.Duration;
import javax.cache.expiry.ExpiryPolicy;
import javax.management.MBeanServer;
import javax.management.ObjectName;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The standard API with {@code stale} while its server is stopped, and afterwards. */
@Timeout(60)
class StaleOutageTest {

    private static final String CACHES = "iftb.cache.caches.";

    private final EmbeddedServer server = EmbeddedServer.start();
    private final IftbCachingProvider provider =
            new IftbCachingProvider(new SettingSources(Properties::new, name -> ""));
    private boolean stopped;

    /** What lets an operation take another way. */
    enum Way {
        PLAIN,
        LOADER,
        POLICY,
        POLICY_THAT_SETS
    }

    @AfterEach
    void close() throws Exception {
        if (stopped) {
            signal("CONT");
        }
        provider.close();
        server.close();
    }

    private void signal(String name) throws Exception {
        stopped = name.equals("STOP");
        assertThat(new ProcessBuilder("kill", "-" + name, Long.toString(server.pid()))
                        .start()
                        .waitFor())
                .isZero();
    }

    private CacheManager manager(String near) {
        Properties settings = new Properties();
        settings.setProperty("iftb.cache.redis.operation-timeout", "300ms");
        settings.setProperty(CACHES + "lists.near", near);
        settings.setProperty(CACHES + "lists.on-unavailable", "stale");
        settings.setProperty(CACHES + "lists.stale-age", "1m");
        return provider.getCacheManager(URI.create(server.uri()), null, settings);
    }

    /** An expiry policy that is asked for each read. */
    public static class Asked implements ExpiryPolicy {

        @Override
        public Duration getExpiryForCreation() {
            return Duration.ONE_HOUR;
        }

        @Override
        public @Nullable Duration getExpiryForAccess() {
            return null;
        }

        @Override
        public @Nullable Duration getExpiryForUpdate() {
            return null;
        }
    }

    /** An expiry policy by which each read sets the lifetime anew. */
    public static final class Setting extends Asked {

        @Override
        public Duration getExpiryForAccess() {
            return Duration.ONE_HOUR;
        }
    }

    @SuppressWarnings("unchecked") // values are lists of texts
    private Cache<String, List<String>> cache(Way way) {
        MutableConfiguration<String, List<String>> configuration = new MutableConfiguration<String, List<String>>()
                .setTypes(String.class, (Class<List<String>>) (Class<?>) List.class);
        switch (way) {
            case LOADER ->
                configuration.setReadThrough(true).setCacheLoaderFactory(() -> new FakeLoader<>(key -> list("loaded")));
            case POLICY -> configuration.setExpiryPolicyFactory(FactoryBuilder.factoryOf(Asked.class));
            case POLICY_THAT_SETS -> configuration.setExpiryPolicyFactory(FactoryBuilder.factoryOf(Setting.class));
            default -> {
                // nothing
            }
        }
        Cache<String, List<String>> cache = manager("on").createCache("lists", configuration);
        cache.getCacheManager().enableStatistics("lists", true);
        return cache;
    }

    private static List<String> list(String text) {
        return new ArrayList<>(List.of(text));
    }

    private static Object attribute(String type, String name) throws Exception {
        MBeanServer beans = ManagementFactory.getPlatformMBeanServer();
        ObjectName bean = beans.queryNames(new ObjectName("io.iftb.cache:type=" + type + ",Cache=lists,*"), null)
                .iterator()
                .next();
        return beans.getAttribute(bean, name);
    }

    private static void hold(Cache<String, List<String>> cache, Set<String> keys) throws Exception {
        await().until(() -> (boolean) attribute("NearCache", "Hearing"));
        long[] hits = new long[1];
        await().pollInterval(50, TimeUnit.MILLISECONDS).until(() -> {
            hits[0] = (long) attribute("NearCache", "Hits");
            keys.forEach(cache::get);
            return (long) attribute("NearCache", "Hits") == hits[0] + keys.size();
        });
    }

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "POLICY_THAT_SETS")
    void stale_serverStopped_givesWhatIsHeldAndNothingThatWasWritten(Way way) throws Exception {
        Cache<String, List<String>> cache = cache(way);
        Set<String> keys = Set.of("held", "put", "removed");
        keys.forEach(key -> cache.put(key, list("old")));
        hold(cache, keys);

        signal("STOP");
        cache.put("put", list("new"));
        assertThat(cache.remove("removed")).isFalse();
        await().until(() -> {
            assertThat(cache.get("held")).containsExactly("old");
            return (long) attribute("Outage", "Stale") > 0;
        });
        List<String> mine = cache.get("held");
        mine.add("mine");
        assertThat(cache.get("held")).containsExactly("old");
        assertThat(cache.containsKey("held")).isTrue();
        Map<String, List<String>> all = cache.getAll(Set.of("held", "put"));
        assertThat(all.get("held")).containsExactly("old");
        List<String> missed = way == Way.LOADER ? list("loaded") : null;
        assertThat(all.get("put")).isEqualTo(missed);
        assertThat(cache.get("put")).isEqualTo(missed);
        assertThat(cache.get("removed")).isEqualTo(missed);
        assertThatThrownBy(() -> cache.putIfAbsent("held", list("x"))).isInstanceOf(CacheException.class);
        assertThatThrownBy(() -> cache.invoke("held", (entry, none) -> entry.getValue()))
                .isInstanceOf(CacheException.class);
        assertThat(attribute("Outage", "OnUnavailable")).isEqualTo("stale");
        assertThat((long) attribute("Outage", "StaleAgeMillis")).isPositive();

        signal("CONT");
        MarketCaches caches = cache.getCacheManager().unwrap(MarketCaches.class);
        await().pollInterval(1, TimeUnit.MILLISECONDS).until(() -> {
            assertThat(cache.get("put")).isNotEqualTo(list("old"));
            assertThat(cache.get("removed")).isNotEqualTo(list("old"));
            return caches.health().outages().remembered() == 0
                    && !caches.breaker().open();
        });
        await().until(() -> (long) attribute("Outage", "StaleAgeMillis") == 0);
        assertThat(cache.get("held")).containsExactly("old");
    }

    @Test
    void stale_policySetsTheLifetimeOfEachRead_givesWhatIsHeld() throws Exception {
        Cache<String, List<String>> cache = cache(Way.POLICY_THAT_SETS);
        cache.put("held", list("old"));
        cache.put("first", list("old"));
        await().until(() -> (boolean) attribute("NearCache", "Hearing"));
        MarketCaches caches = cache.getCacheManager().unwrap(MarketCaches.class);
        near(cache, "held", "first");

        signal("STOP");
        assertThat(cache.get("first")).as("a lifetime that was perhaps set").containsExactly("old");
        await().until(() -> {
            cache.get("other");
            return caches.breaker().open();
        });
        for (int i = 0; i < 3; i++) {
            assertThat(cache.get("held")).as("a lifetime that was not set").containsExactly("old");
        }
        assertThat((long) attribute("Outage", "Stale")).isPositive();

        signal("CONT");
        await().until(() -> !caches.breaker().open());
        assertThat(cache.get("held")).containsExactly("old");
    }

    /** Reads without asking the policy, until what was read stays held: its own write may be heard later. */
    private static void near(Cache<String, List<String>> cache, String... keys) {
        NearReads<String, List<String>> near = requireNonNull(
                ((RedisCache<String, List<String>>) cache).backend().near());
        await().pollInterval(100, TimeUnit.MILLISECONDS).until(() -> {
            boolean isHeld = true;
            for (String key : keys) {
                if (near.get(key) == null) {
                    isHeld = false;
                    near.read(key).join();
                }
            }
            return isHeld;
        });
    }

    @Test
    void getDated_serverStopped_isNear() throws Exception {
        Cache<String, List<String>> cache = cache(Way.PLAIN);
        cache.put("held", list("old"));
        await().until(() -> (boolean) attribute("NearCache", "Hearing"));
        near(cache, "held");

        signal("STOP");
        await().until(() -> {
            assertThat(cache.get("held")).containsExactly("old");
            return (long) attribute("Outage", "Stale") > 0;
        });

        assertThat(((RedisCache<String, List<String>>) cache).getDated("held"))
                .isEqualTo(new DatedValue<>(list("old"), DatedValue.Origin.NEAR, null));
    }

    @Test
    void createCache_staleWithoutNearCache_isRefusedWithTheRemedy() {
        CacheManager manager = manager("off");
        assertThatThrownBy(() -> manager.createCache("lists", new MutableConfiguration<>()))
                .isInstanceOf(CacheException.class)
                .hasMessageContaining("set " + CACHES + "lists.near to on");
    }
}
