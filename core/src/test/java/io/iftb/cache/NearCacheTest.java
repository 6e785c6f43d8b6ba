package io.iftb.cache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.iftb.cache.embedded.EmbeddedServer;
import io.iftb.cache.embedded.RespConnection;
import io.iftb.cache.market.BarKey;
import io.iftb.cache.market.DomainCache;
import io.iftb.cache.market.FearGreed;
import io.iftb.cache.market.FundingRate;
import io.iftb.cache.market.OhlcvBar;
import io.iftb.cache.market.SeriesKey;
import io.iftb.cache.settings.CacheExpiry;
import io.iftb.cache.settings.CacheOptions;
import io.iftb.cache.settings.CacheSettings;
import io.iftb.cache.settings.Freshness;
import io.iftb.cache.settings.NearOptions;
import io.iftb.cache.store.CacheBackend;
import io.iftb.cache.store.EntryStore.Condition;
import io.iftb.cache.store.Lifetimes;
import io.iftb.cache.store.NearReads;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import org.awaitility.core.ConditionFactory;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Two programs with near caches, and a third that knows nothing of them, on one server. */
@Tag("servers")
class NearCacheTest {

    private static final SeriesKey BTC = SeriesKey.of("BTCUSDT", "1h");
    private static final long HOUR = 3_600_000;

    private static EmbeddedServer server;
    private static RespConnection raw;
    private MarketCaches here;
    private MarketCaches there;

    @BeforeAll
    static void start() throws IOException {
        server = EmbeddedServer.start();
        raw = RespConnection.tcp(server.port());
    }

    @AfterAll
    static void stop() throws IOException {
        raw.close();
        server.close();
    }

    @BeforeEach
    void open() throws IOException {
        raw.call("FLUSHALL");
        here = open(NearOptions.DEFAULT);
        there = open(NearOptions.DEFAULT);
    }

    @AfterEach
    void close() {
        here.close();
        there.close();
    }

    @SuppressWarnings("unchecked")
    private static MarketCaches open(NearOptions near) {
        CacheSettings.Builder settings = CacheSettings.builder().redisUri(server.uri());
        for (DomainCache domain : DomainCache.values()) {
            settings.cache(((CacheOptions<Object, Object>) CacheOptions.of(domain)).withNear(near));
        }
        MarketCaches caches = MarketCaches.open(settings.build());
        for (DomainCache domain : DomainCache.values()) {
            awaitHearing(caches.backend(CacheOptions.of(domain).withNear(near)));
        }
        return caches;
    }

    private static void awaitHearing(CacheBackend<?, ?> cache) {
        soon().until(() -> near(cache).status().isHearing());
    }

    private static <K, V> NearReads<K, V> near(CacheBackend<K, V> cache) {
        NearReads<K, V> near = cache.near();
        assertThat(near).isNotNull();
        return near;
    }

    /** From now on no earlier write takes anything away. */
    private void heardAll() {
        here.ohlcv().latest(SeriesKey.of("OTHER", "1m"), 1, Freshness.FENCED);
    }

    private <V> CacheBackend<String, V> other(MarketCaches caches, String name, Class<V> type) {
        CacheBackend<String, V> cache =
                caches.backend(CacheOptions.of(name, String.class, type).withNear(NearOptions.DEFAULT));
        awaitHearing(cache);
        return cache;
    }

    private static Map<String, Long> commands(Runnable action) throws IOException {
        Map<String, Long> before = TestServer.calls(raw);
        action.run();
        Map<String, Long> commands = new TreeMap<>(TestServer.more(before, TestServer.calls(raw)));
        commands.keySet().removeAll(List.of("info", "role", "ping", "time"));
        return commands;
    }

    private static List<OhlcvBar> bars(int from, int count, double close) {
        List<OhlcvBar> bars = new ArrayList<>();
        for (int i = from; i < from + count; i++) {
            bars.add(new OhlcvBar(i * HOUR, 1, 1_000, 1, close, i));
        }
        return bars;
    }

    // ---- entries

    @Test
    void get_secondTime_isNotSent() throws IOException {
        here.market().putFundingRate("BTCUSDT", new FundingRate(0.01, 1));
        heardAll();
        assertThat(here.market().fundingRate("BTCUSDT")).contains(new FundingRate(0.01, 1));

        Map<String, Long> commands = commands(() -> {
            for (int i = 0; i < 1_000; i++) {
                assertThat(here.market().fundingRate("BTCUSDT")).contains(new FundingRate(0.01, 1));
            }
        });

        assertThat(commands).isEmpty();
        assertThat(here.counters(DomainCache.FUNDING).hits()).isEqualTo(1_001);
    }

    @Test
    void get_firstTime_isOneRoundTripOfTwoPlainCommands() throws IOException {
        there.market().putFundingRate("BTCUSDT", new FundingRate(0.01, 1));

        assertThat(commands(() -> here.market().fundingRate("BTCUSDT"))).isEqualTo(Map.of("get", 1L, "pttl", 1L));
    }

    @Test
    void get_afterOwnWrite_isThatWrite() {
        for (int i = 0; i < 500; i++) {
            here.market().putFundingRate("BTCUSDT", new FundingRate(i, i));
            assertThat(here.market().fundingRate("BTCUSDT")).contains(new FundingRate(i, i));
            assertThat(here.market().fundingRate("BTCUSDT")).contains(new FundingRate(i, i));
        }
    }

    @Test
    void get_afterWriteOfOthers_isSoonThatWrite() throws IOException {
        CacheBackend<String, String> cache = other(here, "words", String.class);
        CacheBackend<String, String> same = other(there, "words", String.class);
        for (int i = 0; i < 200; i++) {
            String written = "word " + i;
            same.store()
                    .put("key", same.codec().encode(written), Lifetimes.of(Duration.ofMinutes(5)), Condition.ANY)
                    .join();
            soon().untilAsserted(() -> assertThat(read(cache, "key")).isEqualTo(written));
        }
        assertThat(raw.call("DEL", "words:key")).isEqualTo(":1");
        soon().untilAsserted(() -> assertThat(read(cache, "key")).isNull());
    }

    private static <V> @Nullable V read(CacheBackend<String, V> cache, String key) {
        V held = near(cache).get(key);
        return held != null ? held : cache.decode(key, near(cache).read(key).join());
    }

    @Test
    void get_entryThatExpires_isAbsentInTime() throws Exception {
        CacheBackend<String, String> cache = other(here, "words", String.class);
        cache.store()
                .put("key", cache.codec().encode("a"), Lifetimes.of(Duration.ofMillis(1_500)), Condition.ANY)
                .join();
        heardAll();
        assertThat(read(cache, "key")).isEqualTo("a");
        assertThat(near(cache).get("key")).isEqualTo("a");

        long until = System.nanoTime() + 1_510_000_000;
        while (System.nanoTime() < until) {
            Thread.onSpinWait();
        }

        assertThat(near(cache).get("key")).isNull();
        assertThat(read(cache, "key")).isNull();
    }

    @Test
    void get_absent_isAskedEachTime() throws IOException {
        CacheBackend<String, String> cache = other(here, "words", String.class);

        assertThat(commands(() -> {
                    for (int i = 0; i < 5; i++) {
                        assertThat(read(cache, "key")).isNull();
                    }
                }))
                .containsEntry("get", 5L);
    }

    @Test
    void get_afterFlush_isAbsent() throws IOException {
        CacheBackend<String, String> cache = other(here, "words", String.class);
        cache.store()
                .put("key", cache.codec().encode("a"), new Lifetimes(-1, -1), Condition.ANY)
                .join();
        assertThat(read(cache, "key")).isEqualTo("a");

        raw.call("FLUSHALL");

        soon().untilAsserted(() -> assertThat(near(cache).get("key")).isNull());
        assertThat(read(cache, "key")).isNull();
    }

    @Test
    void get_valueThatCanChange_isACopyForEachReader() {
        CacheBackend<String, int[]> cache = other(here, "arrays", int[].class);
        cache.store()
                .put("key", cache.codec().encode(new int[] {1, 2}), new Lifetimes(-1, -1), Condition.ANY)
                .join();
        heardAll();
        int[] read = read(cache, "key");
        assertThat(read).isNotNull();
        Arrays.fill(read, 7);
        int[] first = near(cache).get("key");
        int[] second = near(cache).get("key");

        assertThat(first).containsExactly(1, 2).isNotSameAs(second);
        Arrays.fill(first, 9);
        assertThat(near(cache).get("key")).containsExactly(1, 2);
    }

    @Test
    void get_valueThatNobodyCanChange_isShared() {
        there.market().putFearGreed(new FearGreed(40, "Fear", 1));
        heardAll();
        assertThat(here.market().fearGreed()).isPresent();

        assertThat(here.market().fearGreed().orElseThrow())
                .isSameAs(here.market().fearGreed().orElseThrow());
    }

    @Test
    void getAll_someHeld_asksForTheOthers() throws IOException {
        CacheBackend<String, String> cache = other(here, "words", String.class);
        for (String key : List.of("a", "b", "c")) {
            cache.store()
                    .put(key, cache.codec().encode(key), new Lifetimes(-1, -1), Condition.ANY)
                    .join();
        }
        heardAll();
        read(cache, "b");

        assertThat(commands(() -> assertThat(near(cache)
                                .readAll(List.of("a", "b", "c", "d"))
                                .join()
                                .keySet())
                        .containsExactly("a", "b", "c")))
                .isEqualTo(Map.of("get", 3L, "pttl", 3L));
        assertThat(near(cache).get("a")).isEqualTo("a");
    }

    @Test
    void open_lifetimeThatReadsChange_keepsNothing() {
        CacheBackend<String, String> cache = here.backend(CacheOptions.of("touched", String.class, String.class)
                .withExpiry(new CacheExpiry(CacheExpiry.Kind.TOUCHED, Duration.ofMinutes(1)))
                .withNear(NearOptions.DEFAULT));

        assertThat(cache.near()).isNull();
    }

    // ---- series

    @Test
    void latest_secondTime_isNotSent() throws IOException {
        here.ohlcv().put(BTC, bars(0, 500, 5));
        heardAll();
        assertThat(here.ohlcv().latest(BTC, 100).bars()).isEqualTo(bars(400, 100, 5));

        Map<String, Long> commands = commands(() -> {
            assertThat(here.ohlcv().latest(BTC, 100).bars()).isEqualTo(bars(400, 100, 5));
            assertThat(here.ohlcv().latest(BTC, 7).bars()).isEqualTo(bars(493, 7, 5));
            assertThat(here.ohlcv().latestBar(BTC)).contains(bars(499, 1, 5).get(0));
            assertThat(here.ohlcv().range(BTC, 450 * HOUR, 460 * HOUR).bars()).isEqualTo(bars(450, 10, 5));
            assertThat(here.ohlcv().latest(List.of(BTC), 50)).containsOnlyKeys(BTC);
        });

        assertThat(commands).isEmpty();
    }

    @Test
    void latest_moreThanHeld_isRead() throws IOException {
        here.ohlcv().put(BTC, bars(0, 500, 5));
        here.ohlcv().latest(BTC, 10);

        assertThat(here.ohlcv().latest(BTC, 300).bars()).isEqualTo(bars(200, 300, 5));
        assertThat(here.ohlcv().latest(BTC, 1_000).bars()).isEqualTo(bars(0, 500, 5));
        assertThat(here.ohlcv().range(BTC, 0, 3 * HOUR).bars()).isEqualTo(bars(0, 3, 5));
    }

    @Test
    void latest_afterOwnWrite_hasIt() {
        here.ohlcv().put(BTC, bars(0, 200, 5));
        for (int i = 0; i < 500; i++) {
            here.ohlcv().put(BTC, bars(199, 1, i + 1));
            assertThat(here.ohlcv().latest(BTC, 100).close(99)).isEqualTo(i + 1);
        }
    }

    @Test
    void latest_afterWriteOfOthers_soonHasIt() {
        there.ohlcv().put(BTC, bars(0, 3_000, 5));
        here.ohlcv().latest(BTC, 100);
        for (int i = 0; i < 50; i++) {
            double close = i + 10;
            there.ohlcv().put(BTC, bars(2_999, 1, close));
            soon().untilAsserted(() ->
                    assertThat(here.ohlcv().latest(BTC, 100).close(99)).isEqualTo(close));
        }
        there.ohlcv().invalidate(BTC);
        soon().untilAsserted(
                        () -> assertThat(here.ohlcv().latest(BTC, 100).size()).isZero());
    }

    @Test
    void latest_fenced_seesWhatWasAcknowledgedBefore() {
        there.ohlcv().put(BTC, bars(0, 200, 5));
        for (int i = 0; i < 500; i++) {
            there.ohlcv().put(BTC, bars(199, 1, i + 1));
            assertThat(here.ohlcv().latest(BTC, 100, Freshness.FENCED).close(99))
                    .isEqualTo(i + 1);
        }
    }

    @Test
    void latest_fencedAndHeld_sendsNoData() throws IOException {
        here.ohlcv().put(BTC, bars(0, 200, 5));
        heardAll();
        here.ohlcv().latest(BTC, 100);

        assertThat(commands(() -> here.ohlcv().latest(BTC, 100, Freshness.FENCED)))
                .isEmpty();
    }

    @Test
    void latest_barsThatExpire_areAbsentInTime() {
        here.ohlcv().put(BTC, bars(0, 5, 5), Duration.ofMillis(400));
        here.ohlcv().put(BTC, bars(5, 5, 5));
        assertThat(here.ohlcv().latest(BTC, 10).size()).isEqualTo(10);

        await().pollInterval(Duration.ofMillis(5))
                .untilAsserted(
                        () -> assertThat(here.ohlcv().latest(BTC, 10).bars()).isEqualTo(bars(5, 5, 5)));
    }

    @Test
    void bar_ofHeldSeries_isNotSent() throws IOException {
        long now = System.currentTimeMillis() / HOUR;
        List<OhlcvBar> recent = bars((int) now - 50, 50, 5);
        there.ohlcv().put(BTC, recent);
        heardAll();
        CacheBackend<BarKey, OhlcvBar> cache = here.backend(
                CacheOptions.of("ohlcv", BarKey.class, OhlcvBar.class).withNear(NearOptions.DEFAULT));
        BarKey key = BarKey.of(BTC, recent.get(10).openTime());
        assertThat(cache.decode(key, near(cache).read(key).join())).isEqualTo(recent.get(10));

        assertThat(commands(() -> {
                    for (OhlcvBar bar : recent) {
                        assertThat(near(cache).get(BarKey.of(BTC, bar.openTime())))
                                .isEqualTo(bar);
                    }
                }))
                .isEmpty();
    }

    // ---- chosen series

    @Test
    void reads_seriesChosen_onlyTheseAreHeld() throws IOException {
        SeriesKey eth = SeriesKey.of("ETHUSDT", "1h");
        there.ohlcv().put(BTC, bars(0, 200, 5));
        there.ohlcv().put(eth, bars(0, 200, 7));
        try (MarketCaches chosen = openCandles(NearOptions.DEFAULT.withSeries(List.of(BTC)))) {
            chosen.ohlcv().latest(List.of(BTC, eth), 100);

            assertThat(commands(() -> assertThat(chosen.ohlcv().latest(List.of(BTC, eth), 100))
                            .hasSize(2)
                            .hasEntrySatisfying(
                                    BTC, bars -> assertThat(bars.bars()).isEqualTo(bars(100, 100, 5)))
                            .hasEntrySatisfying(
                                    eth, bars -> assertThat(bars.bars()).isEqualTo(bars(100, 100, 7)))))
                    .containsOnly(Map.entry("getrange", 1L));
            assertThat(commands(() -> chosen.ohlcv().latest(eth, 100))).containsOnly(Map.entry("getrange", 1L));
            assertThat(commands(() -> chosen.ohlcv().latest(BTC, 100))).isEmpty();
            assertThat(chosen.ohlcv().latest(eth, 100, Freshness.FENCED).bars()).isEqualTo(bars(100, 100, 7));
        }
    }

    @Test
    void writes_seriesChosen_thoseOfOthersAreNotAnnounced() {
        SeriesKey eth = SeriesKey.of("ETHUSDT", "1h");
        try (MarketCaches chosen = openCandles(NearOptions.DEFAULT.withSeries(List.of(BTC)))) {
            long before = changesHeard(chosen);
            there.ohlcv().put(eth, bars(0, 200, 7));
            there.ohlcv().put(BTC, bars(0, 200, 5));
            chosen.ohlcv().latest(BTC, 100, Freshness.FENCED);
            long ofHead = changesHeard(chosen) - before;
            there.ohlcv().put(eth, bars(200, 1, 7));
            chosen.ohlcv().latest(BTC, 100, Freshness.FENCED);

            assertThat(ofHead).isPositive();
            assertThat(changesHeard(chosen) - before).isEqualTo(ofHead);
            soon().untilAsserted(() ->
                    assertThat(chosen.ohlcv().latest(BTC, 100).close(99)).isEqualTo(5));
        }
    }

    private static long changesHeard(MarketCaches caches) {
        return Objects.requireNonNull(caches.health().near()).changes();
    }

    private MarketCaches openCandles(NearOptions near) {
        CacheOptions<BarKey, OhlcvBar> candles =
                CacheOptions.of("ohlcv", BarKey.class, OhlcvBar.class).withNear(near);
        MarketCaches caches = MarketCaches.open(
                CacheSettings.builder().redisUri(server.uri()).cache(candles).build());
        awaitHearing(caches.backend(candles));
        return caches;
    }

    // ---- trouble

    @Test
    void get_connectionOfTrackingKilled_isNeverStale() throws IOException {
        CacheBackend<String, String> cache = other(here, "words", String.class);
        CacheBackend<String, String> same = other(there, "words", String.class);
        long epochs = near(cache).status().epochs();
        for (int i = 0; i < 10; i++) {
            String written = "word " + i;
            same.store()
                    .put("key", same.codec().encode(written), new Lifetimes(-1, -1), Condition.ANY)
                    .join();
            soon().untilAsserted(() -> assertThat(read(cache, "key")).isEqualTo(written));
            for (String client : raw.call("CLIENT", "LIST").lines().toList()) {
                if (client.contains("flags=t")
                        || client.contains("flags=tB")
                        || client.matches(".* flags=[a-zA-Z]*B.*")) {
                    raw.call("CLIENT", "KILL", "ID", client.replaceAll("^id=(\\d+) .*", "$1"));
                }
            }
        }
        soon().until(() -> near(cache).status().isHearing());
        soon().until(() -> "word 9".equals(read(cache, "key"))
                && "word 9".equals(near(cache).get("key")));
        assertThat(near(cache).status().epochs()).as("what was killed").isGreaterThan(epochs);
    }

    @Test
    void get_manyThreads_isOneRead() throws Exception {
        CacheBackend<String, String> cache = other(here, "words", String.class);
        cache.store()
                .put("key", cache.codec().encode("a"), new Lifetimes(-1, -1), Condition.ANY)
                .join();
        List<CompletableFuture<byte[]>> reads = new ArrayList<>();
        heardAll();
        raw.call("CLIENT", "PAUSE", "300", "ALL");
        for (int i = 0; i < 50; i++) {
            reads.add(near(cache).read("key"));
        }
        CompletableFuture.allOf(reads.toArray(new CompletableFuture<?>[0])).join();

        assertThat(near(cache).status().reads()).isEqualTo(1);
    }

    private static ConditionFactory soon() {
        return await().pollDelay(Duration.ZERO).pollInterval(Duration.ofMillis(2));
    }
}
