package io.iftb.cache.jcache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.iftb.cache.MarketCaches;
import io.iftb.cache.market.Ticker;
import io.iftb.cache.settings.CacheSetting;
import io.iftb.cache.store.DatedValue;
import io.iftb.cache.store.NearReads;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import javax.cache.Cache;
import javax.cache.configuration.MutableCacheEntryListenerConfiguration;
import javax.cache.configuration.MutableConfiguration;
import javax.cache.event.CacheEntryUpdatedListener;
import javax.cache.expiry.AccessedExpiryPolicy;
import javax.cache.expiry.Duration;
import javax.cache.expiry.ExpiryPolicy;
import javax.management.MBeanServer;
import javax.management.ObjectName;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.awaitility.core.ConditionFactory;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The operations of the standard on a cache that keeps values in this JVM. */
class NearCacheTest {

    private JCacheFixture here;
    private JCacheFixture there;

    @BeforeEach
    void open() {
        here = fixture("near" + UUID.randomUUID(), "on");
        there = fixture(here.namespace(), "on");
    }

    private static JCacheFixture fixture(String namespace, String near) {
        return JCacheFixture.builder()
                .namespace(namespace)
                .with(CacheSetting.NEAR, "*", near)
                .with(CacheSetting.NEAR, "ticker", near)
                .build();
    }

    @AfterEach
    void close() {
        here.close();
        there.close();
    }

    private static RedisCache<String, String> words(JCacheFixture fixture) {
        return hearing(fixture.cache("words", String.class, String.class));
    }

    private static <K, V> RedisCache<K, V> hearing(RedisCache<K, V> cache) {
        soon().until(() -> near(cache).status().isHearing());
        return cache;
    }

    private static NearReads<?, ?> near(RedisCache<?, ?> cache) {
        return Objects.requireNonNull(cache.backend().near());
    }

    @SuppressWarnings("unchecked")
    private static <K, V> AsyncCache<K, V> async(Cache<K, V> cache) {
        return cache.unwrap(AsyncCache.class);
    }

    @Test
    void get_heldValue_isAHitOfTheStatistics() {
        RedisCache<String, String> cache = words(here);
        here.manager().enableStatistics("words", true);
        cache.put("a", "1");

        for (int i = 0; i < 10; i++) {
            assertThat(cache.get("a")).isEqualTo("1");
        }

        assertThat(cache.statistics().getCacheHits()).isEqualTo(10);
        assertThat(cache.statistics().getCacheMisses()).isZero();
        assertThat(near(cache).status().hits()).isBetween(7L, 9L); // its own write may be heard in between
    }

    @Test
    void getDated_heldValue_isOneHit() {
        RedisCache<String, String> cache = words(here);
        cache.put("a", "1");

        soon().untilAsserted(
                        () -> { // its own write may be heard in between
                            cache.get("a");
                            long hits = near(cache).status().hits();
                            for (int i = 0; i < 10; i++) {
                                assertThat(cache.getDated("a"))
                                        .isEqualTo(new DatedValue<>("1", DatedValue.Origin.NEAR, null));
                            }
                            assertThat(near(cache).status().hits()).isEqualTo(hits + 10);
                        });
    }

    /**
     * A policy of the user.
     *
     * @param asked counts how often it is asked for reads
     * @param answer what it answers then; null leaves the lifetime
     */
    private static ExpiryPolicy policy(AtomicInteger asked, AtomicReference<@Nullable Duration> answer) {
        return new ExpiryPolicy() {
            @Override
            public Duration getExpiryForCreation() {
                return Duration.ETERNAL;
            }

            @Override
            public @Nullable Duration getExpiryForAccess() {
                asked.incrementAndGet();
                return answer.get();
            }

            @Override
            public @Nullable Duration getExpiryForUpdate() {
                return null;
            }
        };
    }

    @Test
    void getDated_policyOfTheUser_isAskedForEachRead() {
        AtomicInteger asked = new AtomicInteger();
        ExpiryPolicy policy = policy(asked, new AtomicReference<>());
        RedisCache<String, String> cache = hearing(here.cache("words", String.class, String.class, policy));
        cache.put("a", "1");
        soon().until(() -> cache.get("a") != null
                && Objects.requireNonNull(cache.backend().near()).get("a") != null);
        asked.set(0);

        for (int i = 0; i < 3; i++) {
            assertThat(cache.getDated("a")).isEqualTo(new DatedValue<>("1", DatedValue.Origin.NEAR, null));
        }

        assertThat(asked).hasValue(3);
    }

    @Test
    void reads_heldValues_areThoseOfTheServer() {
        RedisCache<String, String> cache = words(here);
        cache.putAll(Map.of("a", "1", "b", "2", "c", "3"));
        assertThat(cache.getAll(Set.of("a", "b"))).isEqualTo(Map.of("a", "1", "b", "2"));

        assertThat(cache.getAll(Set.of("a", "b", "c", "d"))).isEqualTo(Map.of("a", "1", "b", "2", "c", "3"));
        assertThat(cache.containsKey("a")).isTrue();
        assertThat(cache.containsKey("d")).isFalse();
        assertThat(async(cache).get("c").toCompletableFuture().join()).isEqualTo("3");
        assertThat(near(cache).status().hits()).isPositive();
    }

    @ParameterizedTest
    @ValueSource(strings = {"put", "remove", "replace", "invoke", "putAll", "removeAll", "clear"})
    void get_afterOwnWriteOfAnyKind_isThatWrite(String how) {
        RedisCache<String, String> cache = words(here);
        for (int i = 0; i < 100; i++) {
            cache.put("a", "old");
            assertThat(cache.get("a")).isEqualTo("old");
            @Nullable String expected = write(cache, how, "new " + i);
            assertThat(cache.get("a")).isEqualTo(expected);
        }
    }

    private static @Nullable String write(Cache<String, String> cache, String how, String value) {
        switch (how) {
            case "put" -> cache.put("a", value);
            case "remove" -> cache.remove("a");
            case "replace" -> cache.replace("a", "old", value);
            case "invoke" ->
                cache.invoke("a", (entry, arguments) -> {
                    entry.setValue(value);
                    return null;
                });
            case "putAll" -> cache.putAll(Map.of("a", value));
            case "removeAll" -> cache.removeAll(Set.of("a"));
            default -> cache.clear();
        }
        return Set.of("remove", "removeAll", "clear").contains(how) ? null : value;
    }

    @Test
    void get_afterWriteThroughAnotherManager_isSoonThatWrite() {
        RedisCache<String, String> cache = words(here);
        RedisCache<String, String> same = words(there);
        for (int i = 0; i < 100; i++) {
            String value = "value " + i;
            same.put("a", value);
            soon().untilAsserted(() -> assertThat(cache.get("a")).isEqualTo(value));
        }
    }

    @Test
    void get_fenced_seesWhatAnotherManagerWrote() {
        try (JCacheFixture fenced = fixture(here.namespace(), "fenced")) {
            RedisCache<String, String> cache = words(fenced);
            RedisCache<String, String> same = words(there);
            for (int i = 0; i < 500; i++) {
                String value = "value " + i;
                same.put("a", value);
                assertThat(cache.get("a")).isEqualTo(value);
                assertThat(cache.getAll(Set.of("a"))).isEqualTo(Map.of("a", value));
            }
        }
    }

    @Test
    void invoke_heldValue_worksOnThatOfTheServer() {
        RedisCache<String, Integer> cache = hearing(here.cache("counts", String.class, Integer.class));
        RedisCache<String, Integer> same = hearing(there.cache("counts", String.class, Integer.class));
        cache.put("a", 0);
        for (int i = 0; i < 100; i++) {
            cache.get("a");
            same.get("a");
            increment(cache);
            increment(same);
        }

        Integer counted = cache.invoke("a", (entry, arguments) -> entry.getValue());
        assertThat(counted).isEqualTo(200);
    }

    private static void increment(Cache<String, Integer> cache) {
        cache.invoke("a", (entry, arguments) -> {
            entry.setValue(entry.getValue() + 1);
            return null;
        });
    }

    @Test
    void listener_writeOfAHeldValue_hasTheOldValue() {
        RedisCache<String, String> cache = words(here);
        List<String> events = new ArrayList<>();
        CacheEntryUpdatedListener<String, String> listener =
                all -> all.forEach(event -> events.add(event.getOldValue() + " → " + event.getValue()));
        cache.registerCacheEntryListener(
                new MutableCacheEntryListenerConfiguration<>(() -> listener, null, true, true));
        cache.put("a", "1");
        cache.get("a");
        cache.put("a", "2");
        cache.get("a");

        assertThat(events).containsExactly("1 → 2");
    }

    @Test
    void get_readThrough_loadsOnlyWhatIsAbsent() {
        FakeLoader<String, String> loader = new FakeLoader<>(key -> "loaded " + key);
        Cache<String, String> cache = here.manager()
                .createCache(
                        "loaded",
                        new MutableConfiguration<String, String>()
                                .setTypes(String.class, String.class)
                                .setReadThrough(true)
                                .setCacheLoaderFactory(() -> loader));
        hearing((RedisCache<?, ?>) cache.unwrap(RedisCache.class));
        for (int i = 0; i < 5; i++) {
            assertThat(cache.get("a")).isEqualTo("loaded a");
        }

        assertThat(loader.asked).containsExactly("a");
    }

    @Test
    void createCache_lifetimeThatReadsChange_asksTheServerAndSaysSo() throws Exception {
        PrintStream before = System.err;
        ByteArrayOutputStream log = new ByteArrayOutputStream();
        RedisCache<String, String> cache;
        System.setErr(new PrintStream(log, true, StandardCharsets.UTF_8));
        try {
            cache = here.cache(
                    "touched", String.class, String.class, new AccessedExpiryPolicy(new Duration(TimeUnit.MINUTES, 1)));
        } finally {
            System.setErr(before);
        }
        hearing(cache);
        cache.put("a", "1");
        cache.get("a");
        cache.get("a");

        assertThat(log.toString(StandardCharsets.UTF_8)).contains("Cache 'touched' keeps no values in this JVM");
        assertThat(near(cache).status().hits()).isZero();
        assertThat(near(cache).status().reads()).isZero();
    }

    @Test
    void get_underAPolicyOfTheUser_asksItOnceAndTheServerOnlyForWhatItWants() {
        AtomicInteger asked = new AtomicInteger();
        AtomicReference<@Nullable Duration> answer = new AtomicReference<>();
        ExpiryPolicy policy = policy(asked, answer);
        RedisCache<String, String> cache = hearing(here.cache("asked", String.class, String.class, policy));
        here.manager().enableStatistics("asked", true);
        cache.put("a", "1");
        for (int i = 0; i < 10; i++) {
            assertThat(cache.get("a")).isEqualTo("1");
        }
        assertThat(near(cache).status().hits()).isPositive();
        assertThat(cache.get("b")).isNull();
        assertThat(asked).hasValue(10);

        answer.set(new Duration(TimeUnit.MINUTES, 1));
        assertThat(cache.get("a")).isEqualTo("1");
        answer.set(null);
        assertThat(here.raw().send("PTTL", here.raw().key("*asked*")))
                .asInstanceOf(InstanceOfAssertFactories.LONG)
                .isBetween(1L, 60_000L);
        answer.set(Duration.ZERO);
        assertThat(cache.get("a")).isEqualTo("1");
        assertThat(cache.get("a")).isNull();
        assertThat(asked).hasValue(12);
        assertThat(cache.statistics().getCacheHits()).isEqualTo(12);
        assertThat(cache.statistics().getCacheMisses()).isEqualTo(2);
    }

    @Test
    void domainCache_typedWrite_isSeenByTheStandardOne() {
        Cache<String, Ticker> cache = here.domainCache("ticker", String.class, Ticker.class);
        hearing((RedisCache<?, ?>) cache.unwrap(RedisCache.class));
        for (int i = 1; i < 100; i++) {
            Ticker ticker = new Ticker(i, i, i, i, i, i, 0, i);
            here.manager().unwrap(MarketCaches.class).market().putTicker("BTCUSDT", ticker);
            assertThat(cache.get("BTCUSDT")).isEqualTo(ticker);
        }
    }

    @Test
    void mBean_ofOpenCache_tellsWhatIsHeld() throws Exception {
        RedisCache<String, String> cache = words(here);
        cache.put("a", "1");
        cache.get("a");
        here.manager().enableStatistics("words", true);
        MBeanServer beans = ManagementFactory.getPlatformMBeanServer();
        ObjectName name = beans.queryNames(new ObjectName("io.iftb.cache:type=NearCache,Cache=words,*"), null)
                .iterator()
                .next();

        assertThat(beans.getAttribute(name, "Hearing")).isEqualTo(true);
        assertThat(beans.getAttribute(name, "BoundMillis")).isEqualTo(2_000L);
        assertThat((Long) beans.getAttribute(name, "Reads")).isPositive();
        assertThat(here.manager().unwrap(MarketCaches.class).health().near())
                .satisfies(near -> assertThat(near.hearing()).isTrue())
                .satisfies(near -> assertThat(near.problem()).isNull());
        cache.close();
        assertThat(beans.isRegistered(name)).isFalse();
    }

    @Test
    void close_cacheThatHoldsValues_letsGoOfThem() {
        RedisCache<String, String> cache = words(here);
        cache.put("a", "1");
        cache.get("a");
        assertThat(near(cache).status().size()).isPositive();

        cache.close();

        assertThat(near(cache).status().size()).isZero();
        assertThat(words(here).get("a")).isEqualTo("1");
    }

    @Test
    void cache_destroyedAndMadeAgain_isEmpty() {
        RedisCache<String, String> cache = words(here);
        cache.put("a", "1");
        cache.get("a");
        here.manager().destroyCache("words");

        RedisCache<String, String> again = words(here);
        assertThat(again.get("a")).isNull();
        again.put("a", "2");
        assertThat(again.get("a")).isEqualTo("2");
    }

    private static ConditionFactory soon() {
        return await().pollDelay(java.time.Duration.ZERO).pollInterval(java.time.Duration.ofMillis(2));
    }
}
