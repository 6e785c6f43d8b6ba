package io.iftb.cache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.awaitility.Awaitility.await;

import io.iftb.cache.embedded.RespConnection;
import io.iftb.cache.market.Analysis;
import io.iftb.cache.market.AnalysisKey;
import io.iftb.cache.market.BarKey;
import io.iftb.cache.market.DomainCache;
import io.iftb.cache.market.OhlcvBar;
import io.iftb.cache.market.SeriesKey;
import io.iftb.cache.market.Ticker;
import io.iftb.cache.settings.CacheExpiry;
import io.iftb.cache.settings.CacheOptions;
import io.iftb.cache.settings.CacheSettings;
import io.iftb.cache.settings.RefreshAhead;
import io.iftb.cache.settings.SettingException;
import io.iftb.cache.store.CacheBackend;
import io.iftb.cache.store.EntryStore.Condition;
import java.io.IOException;
import java.lang.ref.WeakReference;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The effect of settings on typed caches, and which caches are open. */
class MarketCachesSettingsTest {

    private static final Ticker TICKER = new Ticker(1, 2, 1.5, 1000, 3, 0.5, -2.5, 7);
    private static final SeriesKey BTC = SeriesKey.of("BTCUSDT", "1h");
    private static final List<OhlcvBar> BAR = List.of(new OhlcvBar(1_700_000_000_000L, 1, 2, 0.5, 1.5, 10));

    private RespConnection raw;

    @BeforeEach
    void connect() {
        TestServer.flush();
        raw = TestServer.raw();
    }

    @AfterEach
    void close() throws IOException {
        System.getProperties().keySet().removeIf(name -> name.toString().startsWith("iftb.cache."));
        raw.close();
    }

    // ---- open()

    @Test
    void times_thatAreTooLong_areRefusedWithTheirRange() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> CacheSettings.builder().operationTimeout(OhlcvCache.NEVER))
                .withMessageContaining("is outside 1 ms .. 1 h");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> RefreshAhead.before(OhlcvCache.NEVER))
                .withMessageContaining("a time of up to 365 days");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> CacheOptions.of("ohlcv", BarKey.class, OhlcvBar.class)
                        .withExpiry(CacheExpiry.parse("close 4h")))
                .withMessageContaining("cannot end at the close");
    }

    @Test
    void open_noArguments_takesTheSystemPropertiesAndTheirFile(@TempDir Path folder) throws IOException {
        Path file = Files.writeString(folder.resolve("bot.yaml"), """
                iftb.cache:
                  redis.uri: redis://127.0.0.1:1
                  namespace: bot1
                  caches:
                    ticker: {expiry: modified 50s}
                    ohlcv: {expiry: created 2h}
                    orders: {namespace: shared, expiry: created 1h}
                """);
        System.setProperty("iftb.cache.config", file.toUri().toString());
        System.setProperty("iftb.cache.redis.uri", TestServer.uri());

        try (MarketCaches caches = MarketCaches.open()) {
            caches.market().putTicker("BTCUSDT", TICKER);
            caches.ohlcv().put(BTC, BAR);
            put(caches.backend("orders", String.class, String.class), "1", "buy");
        }

        assertThat(ttl("bot1:ticker:BTCUSDT")).isBetween(40_000L, 50_000L);
        assertThat(ttl("bot1:ohlcv:{BTCUSDT:1h}")).isBetween(7_000_000L, 7_200_000L);
        assertThat(ttl("shared:orders:1")).isBetween(3_500_000L, 3_600_000L);
    }

    @Test
    void connect_noArguments_takesTheSystemProperties() throws IOException {
        System.setProperty("iftb.cache.redis.uri", TestServer.uri());
        System.setProperty("iftb.cache.namespace", "bot2");

        try (RedisClient client = RedisClient.connect()) {
            client.set("mine", "1");
        }

        assertThat(raw.call("GET", "bot2:mine")).isEqualTo("1");
    }

    @Test
    void open_wrongSetting_isRefusedByName() {
        System.setProperty("iftb.cache.caches.ticker.expiry", "soon");

        assertThatExceptionOfType(SettingException.class)
                .isThrownBy(MarketCaches::open)
                .withMessageStartingWith("Setting iftb.cache.caches.ticker.expiry in the system properties is 'soon'");
    }

    // ---- the options of a cache

    @ParameterizedTest
    @CsvSource({
        "created 50s, 1000, 1000",
        "modified 50s, 50000, 1000",
        "accessed 50s, 1000, 50000",
        "touched 50s, 50000, 50000"
    })
    void expiry_ofADomainCache_holdsInItsTypedCache(String expiry, long afterUpdate, long afterRead)
            throws IOException {
        try (MarketCaches caches = open(CacheOptions.of(DomainCache.TICKER).withExpiry(CacheExpiry.parse(expiry)))) {
            caches.market().putTicker("BTCUSDT", TICKER);
            assertThat(ttl("ticker:BTCUSDT")).isBetween(40_000L, 50_000L);

            raw.call("PEXPIRE", "ticker:BTCUSDT", "1000");
            caches.market().putTicker("BTCUSDT", TICKER);
            assertThat(ttl("ticker:BTCUSDT")).isBetween(afterUpdate / 2, afterUpdate);

            raw.call("PEXPIRE", "ticker:BTCUSDT", "1000");
            assertThat(caches.market().ticker("BTCUSDT")).contains(TICKER);
            assertThat(ttl("ticker:BTCUSDT")).isBetween(afterRead / 2, afterRead);
        }
    }

    @Test
    void expiry_eternal_neverEnds() throws IOException {
        try (MarketCaches caches = open(CacheOptions.of(DomainCache.LLM).withExpiry(CacheExpiry.ETERNAL))) {
            caches.llm().put(new AnalysisKey("sentiment", LlmCache.hash("input")), new Analysis("{}"));

            assertThat(ttl("llm:sentiment:" + LlmCache.hash("input"))).isEqualTo(-1);
        }
    }

    @Test
    void namespace_ofDomainCaches_isInFrontOfTheirKeys() throws IOException {
        try (MarketCaches caches = open(
                CacheOptions.of(DomainCache.TICKER).withNamespace("shared"),
                CacheOptions.of(DomainCache.OHLCV).withNamespace("shared"))) {
            caches.market().putTicker("BTCUSDT", TICKER);
            caches.ohlcv().put(BTC, BAR);
            assertThat(raw.list("KEYS", "*"))
                    .contains("shared:ticker:BTCUSDT", "shared:ohlcv:{BTCUSDT:1h}")
                    .allMatch(key -> key.startsWith("shared:"));
            assertThat(caches.ohlcv().latest(BTC, 1).size()).isEqualTo(1);

            caches.clearAll();

            assertThat(raw.list("KEYS", "*")).isEmpty();
        }
    }

    @Test
    void stored_domainCache_isThatOfItsTypedCache() {
        try (MarketCaches caches = open(CacheOptions.of(DomainCache.TICKER).withNamespace("shared"))) {
            caches.market().ticker("BTCUSDT");

            assertThat(caches.backend("ticker", String.class, Ticker.class).counters())
                    .isSameAs(caches.counters(DomainCache.TICKER));
        }
    }

    // ---- which caches are open

    @Test
    void release_cache_isLetGoAndClearAllLeavesItAlone() throws IOException {
        try (MarketCaches caches = open()) {
            put(caches.backend("kept", String.class, String.class), "1", "a");
            WeakReference<CacheBackend<String, String>> closed = released(caches);

            caches.clearAll();

            assertThat(raw.list("KEYS", "*")).containsExactly("closed:1");
            await().until(() -> {
                System.gc();
                return closed.get() == null;
            });
        }
    }

    private static WeakReference<CacheBackend<String, String>> released(MarketCaches caches) {
        CacheBackend<String, String> closed = caches.backend("closed", String.class, String.class);
        put(closed, "1", "a");
        caches.release(closed);
        return new WeakReference<>(closed);
    }

    private static MarketCaches open(CacheOptions<?, ?>... options) {
        CacheSettings.Builder settings = CacheSettings.builder().redisUri(TestServer.uri());
        for (CacheOptions<?, ?> each : options) {
            settings.cache(each);
        }
        return MarketCaches.open(settings.build());
    }

    private static <V> void put(CacheBackend<String, V> cache, String key, V value) {
        cache.store()
                .put(key, cache.codec().encode(value), cache.lifetimes(), Condition.ANY)
                .join();
    }

    private long ttl(String key) throws IOException {
        return Long.parseLong(raw.call("PTTL", key).substring(1));
    }
}
