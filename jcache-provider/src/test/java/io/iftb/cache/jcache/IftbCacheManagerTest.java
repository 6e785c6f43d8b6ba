package io.iftb.cache.jcache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;

import io.iftb.cache.LlmCache;
import io.iftb.cache.MarketCaches;
import io.iftb.cache.MarketDataCache;
import io.iftb.cache.OhlcvCache;
import io.iftb.cache.market.Analysis;
import io.iftb.cache.market.AnalysisKey;
import io.iftb.cache.market.BarKey;
import io.iftb.cache.market.DomainCache;
import io.iftb.cache.market.FearGreed;
import io.iftb.cache.market.FundingRate;
import io.iftb.cache.market.OhlcvBar;
import io.iftb.cache.market.SeriesKey;
import io.iftb.cache.market.Ticker;
import io.iftb.cache.market.Timeframe;
import io.iftb.cache.redis.RedisServerException;
import io.iftb.cache.settings.Setting;
import java.net.URI;
import java.util.function.Consumer;
import java.util.stream.Stream;
import javax.cache.Cache;
import javax.cache.CacheException;
import javax.cache.CacheManager;
import javax.cache.configuration.Configuration;
import javax.cache.configuration.MutableConfiguration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.redisson.api.RedissonClient;

class IftbCacheManagerTest {

    private final JCacheFixture fixture = JCacheFixture.open();
    private final IftbCacheManager manager = fixture.manager();

    @AfterEach
    void close() {
        fixture.close();
    }

    // ---- domain caches

    @ParameterizedTest
    @EnumSource
    void getCache_domainCache_existsByName(DomainCache domain) {
        assertThat(manager.getCacheNames()).isEmpty();

        Cache<?, ?> cache = manager.getCache(domain.cacheName(), domain.keyType(), domain.valueType());

        assertThat(cache).isNotNull();
        assertThat(cache.getName()).isEqualTo(domain.cacheName());
        assertThat(manager.getCacheNames()).containsExactly(domain.cacheName());
        assertThat(manager.<Object, Object>getCache(domain.cacheName())).isSameAs(cache);
    }

    @Test
    void getCache_everyDomainCache_storesItsValues() {
        roundTrip("ohlcv", BarKey.class, OhlcvBar.class, barKey(), bar());
        roundTrip("ticker", String.class, Ticker.class, "BTCUSDT", new Ticker(1, 2, 1.5, 10, 3, 0.5, 0.1, 7));
        roundTrip("funding", String.class, FundingRate.class, "BTC:USDT {x}", new FundingRate(0.0001, 7));
        roundTrip("fear_greed", String.class, FearGreed.class, "latest", new FearGreed(40, "Fear", 7));
        roundTrip(
                "llm",
                AnalysisKey.class,
                Analysis.class,
                new AnalysisKey("sentiment", "abc"),
                new Analysis("{\"score\":1}"));
    }

    private <K, V> void roundTrip(String name, Class<K> keyType, Class<V> valueType, K key, V value) {
        Cache<K, V> cache = fixture.domainCache(name, keyType, valueType);
        cache.put(key, value);
        assertThat(cache.get(key)).isEqualTo(value);
    }

    @Test
    void put_barThroughTheStandardApi_isSeenByTheTypedCache() {
        fixture.domainCache("ohlcv", BarKey.class, OhlcvBar.class).put(barKey(), bar());

        assertThat(manager.unwrap(MarketCaches.class)
                        .ohlcv()
                        .latest(SeriesKey.of("BTCUSDT", "1h"), 10)
                        .bars())
                .containsExactly(bar());
    }

    @Test
    void getCache_domainCacheWithWrongTypes_saysWhichAreRight() {
        assertThatExceptionOfType(ClassCastException.class)
                .isThrownBy(() -> manager.getCache("ohlcv", String.class, OhlcvBar.class))
                .withMessageContaining("'ohlcv'")
                .withMessageContaining(BarKey.class.getName());
        assertThatExceptionOfType(ClassCastException.class)
                .isThrownBy(() -> manager.getCache("ohlcv", BarKey.class, Ticker.class))
                .withMessageContaining(OhlcvBar.class.getName());
    }

    @Test
    void createCache_domainNameWithItsTypes_opensIt() {
        Cache<BarKey, OhlcvBar> cache = manager.createCache("ohlcv", typed(BarKey.class, OhlcvBar.class));

        assertThat(manager.getCache("ohlcv", BarKey.class, OhlcvBar.class)).isSameAs(cache);
    }

    @Test
    void createCache_domainNameWithOtherTypes_isRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> manager.createCache("ohlcv", typed(String.class, OhlcvBar.class)))
                .withMessage(
                        "cache 'ohlcv' holds io.iftb.cache.market.BarKey → io.iftb.cache.market.OhlcvBar, not java.lang.String"
                                + " → io.iftb.cache.market.OhlcvBar; use these types or another name");
    }

    @Test
    void destroyCache_domainCacheNobodyAskedFor_removesItsEntries() {
        try (JCacheFixture writer = JCacheFixture.builder().namespace("shared").build();
                JCacheFixture other =
                        JCacheFixture.builder().namespace("shared").build()) {
            Cache<BarKey, OhlcvBar> cache = writer.domainCache("ohlcv", BarKey.class, OhlcvBar.class);
            cache.put(barKey(), bar());

            other.manager().destroyCache("ohlcv");

            assertThat(cache.containsKey(barKey())).isFalse();
            assertThat(other.manager().getCacheNames()).isEmpty();
        }
    }

    // ---- other caches

    @Test
    void createCache_configuration_givesTheCacheThatGetCacheGives() {
        Cache<String, Long> cache = manager.createCache("counts", typed(String.class, Long.class));

        assertThat(manager.getCache("counts", String.class, Long.class)).isSameAs(cache);
        assertThat(manager.<String, Long>getCache("counts")).isSameAs(cache);
        assertThat(cache.getCacheManager()).isSameAs(manager);
    }

    @Test
    void createCache_nameThatExists_isRefused() {
        manager.createCache("counts", typed(String.class, Long.class));

        assertThatExceptionOfType(CacheException.class)
                .isThrownBy(() -> manager.createCache("counts", typed(String.class, Long.class)))
                .withMessageContaining("'counts' exists already");
    }

    @Test
    void createCache_plainConfiguration_hasTheDefaultsOfTheSpecification() {
        Cache<String, Long> cache = manager.createCache("counts", new PlainConfiguration());

        cache.put("k", 1L);

        assertThat(cache.get("k")).isEqualTo(1L);
    }

    @ParameterizedTest
    @ValueSource(strings = {"with:colon", "a*b?[c]{d}\\e", "späße 🚀", "x,y=z\n", " "})
    void createCache_oddName_holdsItsOwnEntries(String name) {
        Cache<String, String> cache = manager.createCache(name, typed(String.class, String.class));
        Cache<String, String> other = manager.createCache(name + "x", typed(String.class, String.class));
        cache.put("k:*", "v");
        other.put("k:*", "w");

        assertThat(cache.get("k:*")).isEqualTo("v");
        manager.destroyCache(name);
        assertThat(other.get("k:*")).isEqualTo("w");
    }

    @Test
    void getCache_unknownName_givesNull() {
        assertThat(manager.<Object, Object>getCache("nobody")).isNull();
        assertThat(manager.getCache("nobody", String.class, String.class)).isNull();
    }

    @Test
    void getCacheNames_laterChange_isASnapshot() {
        manager.createCache("a", typed(String.class, Long.class));
        Iterable<String> names = manager.getCacheNames();

        manager.createCache("b", typed(String.class, Long.class));

        assertThat(names).containsExactly("a");
        assertThat(manager.getCacheNames()).containsExactlyInAnyOrder("a", "b");
    }

    @Test
    void destroyCache_ofACache_removesEntriesAndClosesIt() {
        Cache<String, Long> cache = manager.createCache("counts", typed(String.class, Long.class));
        cache.put("k", 1L);

        manager.destroyCache("counts");

        assertThat(cache.isClosed()).isTrue();
        assertThat(manager.getCacheNames()).isEmpty();
        assertThat(manager.<String, Long, Configuration<String, Long>>createCache(
                                "counts", typed(String.class, Long.class))
                        .get("k"))
                .isNull();
    }

    @Test
    void destroyCache_unknownName_isFine() {
        assertThatCode(() -> manager.destroyCache("nobody")).doesNotThrowAnyException();
    }

    // ---- missing caches

    @Test
    void createCache_storeByReference_isRefused() {
        assertThatExceptionOfType(UnsupportedOperationException.class)
                .isThrownBy(() -> manager.createCache(
                        "counts", typed(String.class, Long.class).setStoreByValue(false)))
                .withMessageContaining("'counts'")
                .withMessageContaining("by reference");
    }

    @Test
    void createCache_primitiveType_isRefusedWithTheTypeToWrite() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> manager.createCache("counts", typed(String.class, long.class)))
                .withMessageContaining("'counts'")
                .withMessageContaining("values of long")
                .withMessageContaining("use Long");
        assertThat(manager.getCacheNames()).isEmpty();
    }

    @Test
    void createCache_policyFactoryThatThrows_saysSoAndLeavesNoCache() {
        MutableConfiguration<String, Long> configuration = typed(String.class, Long.class)
                .setExpiryPolicyFactory(() -> {
                    throw new IllegalStateException("no policy today");
                });

        assertThatExceptionOfType(CacheException.class)
                .isThrownBy(() -> manager.createCache("counts", configuration))
                .withMessageContaining("'counts'")
                .withMessageContaining("no policy today");
        assertThat(manager.getCacheNames()).isEmpty();
    }

    // ---- the manager itself

    @Test
    void close_openCaches_closesThemAndKeepsTheirData() {
        Cache<String, Long> cache = manager.createCache("counts", typed(String.class, Long.class));
        cache.put("k", 1L);

        manager.close();
        manager.close();

        assertThat(manager.isClosed()).isTrue();
        assertThat(cache.isClosed()).isTrue();
        assertThatIllegalStateException().isThrownBy(() -> cache.get("k"));
        IftbCacheManager next = fixture.manager();
        assertThat(next).isNotSameAs(manager);
        Cache<String, Long> again = next.createCache("counts", typed(String.class, Long.class));
        assertThat(again.get("k")).isEqualTo(1L);
    }

    static Stream<Consumer<CacheManager>> uses() {
        return Stream.of(
                manager -> manager.createCache(none(), new MutableConfiguration<>()),
                manager -> manager.createCache("c", none()),
                manager -> manager.getCache(none()),
                manager -> manager.getCache(none(), String.class, String.class),
                manager -> manager.getCache("c", none(), String.class),
                manager -> manager.getCache("c", String.class, none()),
                manager -> manager.destroyCache(none()),
                manager -> manager.enableManagement(none(), true),
                manager -> manager.enableStatistics(none(), true));
    }

    @ParameterizedTest
    @MethodSource("uses")
    void anyUse_nullArgument_isRefused(Consumer<CacheManager> use) {
        assertThatNullPointerException().isThrownBy(() -> use.accept(manager));
    }

    @ParameterizedTest
    @MethodSource("uses")
    void anyUse_closedManager_isRefused(Consumer<CacheManager> use) {
        manager.close();

        assertThatIllegalStateException().isThrownBy(() -> use.accept(manager));
        assertThatIllegalStateException().isThrownBy(manager::getCacheNames);
    }

    @Test
    void unwrap_knownTypes_givesThem() {
        assertThat(manager.unwrap(CacheManager.class)).isSameAs(manager);
        MarketCaches caches = manager.unwrap(MarketCaches.class);
        assertThat(caches.server()).isEqualTo(TestServer.address());
        assertThat(manager.unwrap(OhlcvCache.class)).isSameAs(caches.ohlcv());
        assertThat(manager.unwrap(MarketDataCache.class)).isSameAs(caches.market());
        assertThat(manager.unwrap(LlmCache.class)).isSameAs(caches.llm());
        assertThat(manager.unwrap(RedissonClient.class).isShutdown()).isFalse();
        assertThatNullPointerException()
                .isThrownBy(() -> manager.unwrap(none()))
                .withMessage("type");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> manager.unwrap(Exception.class))
                .withMessageContaining("java.lang.Exception");
    }

    // ---- the server

    @Test
    void getCacheManager_noServer_connectsOnlyForTheFirstCache() {
        try (JCacheFixture nobody =
                JCacheFixture.builder().with(Setting.CONNECT_TIMEOUT, "500ms").build()) {
            CacheManager unconnected =
                    nobody.provider().getCacheManager(URI.create("redis://user:secret@127.0.0.1:1"), null);

            assertThat(unconnected.getCacheNames()).isEmpty();
            assertThatExceptionOfType(CacheException.class)
                    .isThrownBy(() -> unconnected.createCache("counts", typed(String.class, Long.class)))
                    .withMessageContaining("127.0.0.1:1")
                    .withMessageNotContaining("secret")
                    .withCauseInstanceOf(RedisServerException.class);
            assertThat(unconnected.getCacheNames()).isEmpty();
        }
    }

    @Test
    void put_serverRefusesIt_namesTheCache() {
        Cache<String, Long> cache = manager.createCache("counts", typed(String.class, Long.class));
        cache.put("k", 1L);
        String redisKey = fixture.raw().key("*" + fixture.namespace() + "*counts*");
        fixture.raw().send("DEL", redisKey);
        fixture.raw().send("RPUSH", redisKey, "another program's");

        assertThatExceptionOfType(CacheException.class)
                .isThrownBy(() -> cache.getAndRemove("k"))
                .withMessageContaining("Cache 'counts'")
                .withCauseInstanceOf(RedisServerException.class);
    }

    @Test
    void embedded_asUri_startsAServer() {
        IftbCachingProvider provider = fixture.provider();
        try (CacheManager embedded = provider.getCacheManager(URI.create("embedded"), null)) {
            Cache<String, Long> cache = embedded.createCache("counts", typed(String.class, Long.class));
            cache.put("k", 1L);

            assertThat(cache.get("k")).isEqualTo(1L);
            assertThat(embedded.unwrap(MarketCaches.class).server()).isNotEqualTo(TestServer.address());
        }
    }

    private static BarKey barKey() {
        return new BarKey("BTCUSDT", Timeframe.parse("1h"), 3_600_000);
    }

    private static OhlcvBar bar() {
        return new OhlcvBar(3_600_000, 1, 2, 0.5, 1.5, 10);
    }

    private static <K, V> MutableConfiguration<K, V> typed(Class<K> keyType, Class<V> valueType) {
        return new MutableConfiguration<K, V>().setTypes(keyType, valueType);
    }

    /** Null, as code without null checks passes it. */
    @SuppressWarnings({"NullAway", "TypeParameterUnusedInFormals"})
    private static <T> T none() {
        return null;
    }

    /** A configuration that has only types. */
    private static final class PlainConfiguration implements Configuration<String, Long> {

        private static final long serialVersionUID = 1L;

        @Override
        public Class<String> getKeyType() {
            return String.class;
        }

        @Override
        public Class<Long> getValueType() {
            return Long.class;
        }

        @Override
        public boolean isStoreByValue() {
            return true;
        }
    }
}
