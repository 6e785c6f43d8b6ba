package io.iftb.cache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.iftb.cache.embedded.EmbeddedServer;
import io.iftb.cache.embedded.RespConnection;
import io.iftb.cache.market.Analysis;
import io.iftb.cache.market.AnalysisKey;
import io.iftb.cache.market.BarKey;
import io.iftb.cache.market.BarSeries;
import io.iftb.cache.market.BarSeriesBuilder;
import io.iftb.cache.market.DomainCache;
import io.iftb.cache.market.FearGreed;
import io.iftb.cache.market.FundingRate;
import io.iftb.cache.market.OhlcvBar;
import io.iftb.cache.market.SeriesKey;
import io.iftb.cache.market.Ticker;
import io.iftb.cache.redis.RedisUnavailableException;
import io.iftb.cache.settings.CacheSettings;
import io.iftb.cache.settings.OnUnavailable;
import io.iftb.cache.store.CacheBackend;
import io.iftb.cache.store.CacheCounters;
import io.iftb.cache.store.EntryStore;
import io.iftb.cache.store.Lifetimes;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Tag("servers")
class MarketCachesTest {

    private static final Ticker TICKER = new Ticker(1, 2, 1.5, 1000, 3, 0.5, -2.5, 7);
    private static final FundingRate RATE = new FundingRate(-0.0001, 8);
    private static final FearGreed GREED = new FearGreed(80, "Extreme Greed", 9);
    private static final AnalysisKey KEY = new AnalysisKey("sentiment", LlmCache.hash("input"));
    private static final Analysis ANALYSIS = new Analysis("{\"score\": 0.5, \"why\": \"ü🚀\"}");
    private static final SeriesKey BTC = SeriesKey.of("BTCUSDT", "1h");
    private static final long START = 1_700_000_000_000L;
    private static final long HOUR = 3_600_000;
    private static final String NASTY = "A:{B}*?[C]\\ %🚀";

    private MarketCaches caches;
    private RespConnection raw;

    @BeforeEach
    void open() {
        TestServer.flush();
        raw = TestServer.raw();
        caches = MarketCaches.open(TestServer.uri());
    }

    @AfterEach
    void close() throws IOException {
        caches.close();
        raw.close();
    }

    @Test
    void typedCaches_whatWasPut_comesBackUnderReadableKeysForItsLifetime() throws IOException {
        caches.market().putTicker("BTCUSDT", TICKER);
        caches.market().putFundingRate("BTCUSDT", RATE);
        caches.market().putFearGreed(GREED);
        caches.llm().put(KEY, ANALYSIS);
        caches.ohlcv().put(BTC, bars(3));

        assertThat(caches.market().ticker("BTCUSDT")).contains(TICKER);
        assertThat(caches.market().fundingRate("BTCUSDT")).contains(RATE);
        assertThat(caches.market().fearGreed()).contains(GREED);
        assertThat(caches.llm().get(KEY)).contains(ANALYSIS);
        assertThat(caches.ohlcv().latest(BTC, 10).bars()).isEqualTo(bars(3));
        Map<String, Long> seconds = Map.of(
                "ticker:BTCUSDT", 10L,
                "funding:BTCUSDT", 60L,
                "fear_greed", 300L,
                "llm:sentiment:c96c6d5be8d08a12e7b5cdc1b207fa6b2430974c86803d8891675e76fd992c20", 300L,
                "ohlcv:{BTCUSDT:1h}", 300L);
        assertThat(raw.list("KEYS", "*")).containsExactlyInAnyOrderElementsOf(seconds.keySet());
        for (Map.Entry<String, Long> each : seconds.entrySet()) {
            assertThat(raw.number("PTTL", each.getKey()))
                    .isBetween(each.getValue() * 1000 - 5000, each.getValue() * 1000);
        }
    }

    @Test
    void typedCaches_asyncForms_sameAsBlocking() {
        assertThat(done(caches.market().tickerAsync("BTCUSDT"))).isEmpty();
        done(caches.market().putTickerAsync("BTCUSDT", TICKER));
        done(caches.market().putFundingRateAsync("BTCUSDT", RATE));
        done(caches.market().putFearGreedAsync(GREED));
        done(caches.llm().putAsync(KEY, ANALYSIS));
        done(caches.ohlcv().putAsync(BTC, bars(3)));
        done(caches.ohlcv().putAsync(BTC, bars(4), OhlcvCache.NEVER));

        assertThat(done(caches.market().tickerAsync("BTCUSDT"))).contains(TICKER);
        assertThat(done(caches.market().fundingRateAsync("BTCUSDT"))).contains(RATE);
        assertThat(done(caches.market().fearGreedAsync())).contains(GREED);
        assertThat(done(caches.llm().getAsync(KEY))).contains(ANALYSIS);
        assertThat(done(caches.ohlcv().latestAsync(BTC, 2)).bars()).isEqualTo(bars(4).subList(2, 4));
        assertThat(done(caches.ohlcv().latestBarAsync(BTC))).contains(bars(4).get(3));
        assertThat(done(caches.ohlcv().rangeAsync(BTC, START + HOUR, START + 3 * HOUR, 10))
                        .bars())
                .isEqualTo(bars(4).subList(1, 3));
        assertThat(done(caches.ohlcv().latestAsync(List.of(BTC, SeriesKey.of("X", "1m")), 2)))
                .isEqualTo(caches.ohlcv().latest(List.of(BTC, SeriesKey.of("X", "1m")), 2));
        assertThat(done(caches.ohlcv().invalidateAsync(BTC))).isTrue();
        assertThat(caches.ohlcv().latestBar(BTC)).isEmpty();
    }

    @Test
    void hash_ofAnInput_isSha256() {
        assertThat(LlmCache.hash("")).isEqualTo("e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
        assertThat(LlmCache.hash("ü")).hasSize(64).isNotEqualTo(LlmCache.hash("u"));
    }

    @Test
    void counters_hitsAndMisses_countEachCacheApart() {
        caches.market().ticker("BTCUSDT");
        caches.market().putTicker("BTCUSDT", TICKER);
        caches.market().ticker("BTCUSDT");
        caches.market().ticker("BTCUSDT");
        caches.market().fearGreed();
        caches.ohlcv().put(BTC, bars(3));
        caches.ohlcv().latest(BTC, 1);
        caches.ohlcv().range(BTC, 100, 200);
        caches.ohlcv().latest(List.of(BTC, SeriesKey.of("X", "1m")), 1);

        assertCounts(DomainCache.TICKER, 2, 1, 0);
        assertCounts(DomainCache.FEAR_GREED, 0, 1, 0);
        assertCounts(DomainCache.OHLCV, 2, 2, 0);
        assertCounts(DomainCache.LLM, 0, 0, 0);
    }

    @Test
    void entries_notWrittenByUs_areCountedMissesWithOneWarning() throws IOException {
        caches.market().putTicker("GOOD", TICKER);
        raw.call("SET", "ticker:TEXT", "hello");
        raw.call("SET", "ticker:EMPTY", "");
        raw.call("SET", "ticker:LONG", "x".repeat(5_000));
        raw.call("SET", "ticker:BYTES", "\u0001".repeat(55));
        raw.call("LPUSH", "ticker:LIST", "a");
        raw.call("COPY", "ticker:GOOD", "ticker:CUT");
        String cut = "return redis.call('SET', KEYS[1], redis.call('GET', KEYS[1]):sub(1, -4))";
        raw.call("EVAL", cut, "1", "ticker:CUT");

        try (CapturedLog log = new CapturedLog()) {
            for (String symbol : List.of("TEXT", "EMPTY", "LONG", "BYTES", "LIST", "CUT")) {
                assertThat(caches.market().ticker(symbol)).as(symbol).isEmpty();
            }
            assertThat(log.lines("WARN")).singleElement().asString().contains("TEXT", "'ticker'", "counts as a miss");
            assertThat(log.lines("ERROR")).isEmpty();
        }

        assertCounts(DomainCache.TICKER, 0, 6, 6);
        assertThat(caches.market().ticker("GOOD")).contains(TICKER);
        assertThat(raw.call("GET", "ticker:TEXT")).isEqualTo("hello");
        caches.market().putTicker("TEXT", TICKER);
        caches.market().putTicker("LIST", TICKER);
        assertThat(caches.market().ticker("TEXT")).contains(TICKER);
        assertThat(caches.market().ticker("LIST")).contains(TICKER);
    }

    @Test
    void entries_ofAnotherValueType_areCountedMisses() throws IOException {
        caches.market().putFundingRate("BTCUSDT", RATE);
        raw.call("RENAME", "funding:BTCUSDT", "ticker:BTCUSDT");

        assertThat(caches.market().ticker("BTCUSDT")).isEmpty();

        assertCounts(DomainCache.TICKER, 0, 1, 1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"text", "55", "56", "list", "truncated"})
    void candles_notWrittenByUs_areCountedMissesAndOthersGoOn(String kind) throws IOException {
        SeriesKey eth = SeriesKey.of("ETHUSDT", "1h");
        String head = "ohlcv:{BTCUSDT:1h}";
        caches.ohlcv().put(eth, bars(3));
        caches.ohlcv().put(BTC, bars(3));
        switch (kind) {
            case "text" -> raw.call("SET", head, "hello");
            case "list" -> {
                raw.call("DEL", head);
                raw.call("LPUSH", head, "a");
            }
            case "truncated" ->
                raw.call("EVAL", "redis.call('SET', KEYS[1], redis.call('GET', KEYS[1]):sub(1, -4))", "1", head);
            default -> raw.call("SET", head, "x".repeat(Integer.parseInt(kind)));
        }
        CacheBackend<BarKey, OhlcvBar> single = caches.backend("ohlcv", BarKey.class, OhlcvBar.class);

        try (CapturedLog log = new CapturedLog()) {
            assertThat(caches.ohlcv().latest(BTC, 10)).isEqualTo(BarSeries.EMPTY);
            assertThat(caches.ohlcv().latestBar(BTC)).isEmpty();
            assertThat(caches.ohlcv().range(BTC, Long.MIN_VALUE, Long.MAX_VALUE))
                    .isEqualTo(BarSeries.EMPTY);
            Map<SeriesKey, BarSeries> universe = caches.ohlcv().latest(List.of(BTC, eth), 10);
            assertThat(universe).isEqualTo(Map.of(BTC, BarSeries.EMPTY, eth, BarSeries.of(bars(3))));
            BarKey key = BarKey.of(BTC, START + HOUR);
            assertThat(single.read(key, done(single.store().get(key, Lifetimes.KEEP))))
                    .isNull();
            assertThat(log.lines("WARN")).singleElement().asString().contains("BTCUSDT", "'ohlcv'", "counts as a miss");
            assertThat(log.lines("ERROR")).isEmpty();
        }

        CacheCounters counters = caches.counters(DomainCache.OHLCV);
        assertThat(counters.hits()).isEqualTo(1);
        assertThat(counters.misses()).isEqualTo(5);
        assertThat(caches.ohlcv().latest(eth, 10).bars()).isEqualTo(bars(3));
        assertThat(caches.ohlcv().invalidate(BTC)).isTrue();
        caches.ohlcv().put(BTC, bars(3));
        assertThat(caches.ohlcv().latest(BTC, 10).bars()).isEqualTo(bars(3));
    }

    /** A head without its last bytes, so that the result of {@code GETRANGE} begins inside a row. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void latest_headCutAnywhere_givesNoWrongBar(boolean eternal) throws IOException {
        Duration lifetime = eternal ? OhlcvCache.NEVER : Duration.ofMinutes(5);
        for (int cut = 1; cut < 56; cut++) {
            caches.ohlcv().invalidate(BTC);
            caches.ohlcv().put(BTC, bars(50), lifetime);
            raw.call(
                    "EVAL",
                    "redis.call('SET', KEYS[1], redis.call('GET', KEYS[1]):sub(1, -1 - ARGV[1]))",
                    "1",
                    "ohlcv:{BTCUSDT:1h}",
                    String.valueOf(cut));

            for (int limit : new int[] {1, 2, 49, 50, 100}) {
                assertThat(caches.ohlcv().latest(BTC, limit)).isEqualTo(BarSeries.EMPTY);
            }
        }
        assertThat(caches.counters(DomainCache.OHLCV).corrupt()).isEqualTo(5 * 55);
    }

    @Test
    void series_oneForeign_listsTheOthers() throws IOException {
        caches.ohlcv().put(BTC, bars(3), OhlcvCache.NEVER);
        raw.call("SET", "ohlcv:{ETHUSDT:1h}", "text");
        raw.call("SET", "ohlcv:{no series}", "text");

        assertThat(caches.ohlcv().series()).singleElement().satisfies(info -> {
            assertThat(info.series()).isEqualTo(BTC);
            assertThat(info.bars()).isEqualTo(3);
            assertThat(info.firstOpenTime()).isEqualTo(START);
            assertThat(info.lastOpenTime()).isEqualTo(START + 2 * HOUR);
            assertThat(info.bytes()).isPositive();
            assertThat(info.lifetimeLeft()).isNull();
        });
    }

    @Test
    void clearAll_foreignKeys_stayAndAWarningSaysSo() throws IOException {
        CacheBackend<String, String> own = caches.backend("own", String.class, String.class);
        List<String> foreign = List.of(
                "somebody",
                "ticker",
                "ticker:a:b",
                "ticker:a b",
                "ticker:%41",
                "llm:one",
                "fear_greedy",
                "fear_greed:latest",
                "ohlcv",
                "ohlcv:BTCUSDT:1h",
                "ohlcv:{BTCUSDT}",
                "ohlcv:{BTCUSDT:1h}:note",
                "ownx:1");
        for (String key : foreign) {
            raw.call("SET", key, "1");
        }
        caches.market().putTicker(NASTY, TICKER);
        caches.market().putFundingRate("BTCUSDT", RATE);
        caches.market().putFearGreed(GREED);
        caches.llm().put(KEY, ANALYSIS);
        caches.ohlcv().put(BTC, bars(5_000));
        done(own.store().put("k", own.codec().encode("v"), own.lifetimes(), EntryStore.Condition.ANY));

        try (CapturedLog log = new CapturedLog()) {
            caches.clearAll();
            assertThat(log.lines("WARN"))
                    .singleElement()
                    .asString()
                    .contains("Clearing the caches [fear_greed, funding, llm, ohlcv, own, ticker] on "
                            + TestServer.uri());
        }

        assertThat(raw.list("KEYS", "*")).containsExactlyInAnyOrderElementsOf(foreign);
    }

    @Test
    void namespaces_onOneServer_areApart() throws IOException {
        CacheSettings.Builder settings = CacheSettings.builder().redisUri(TestServer.uri());
        try (MarketCaches one = MarketCaches.open(settings.namespace("one").build());
                MarketCaches two = MarketCaches.open(settings.namespace("one*").build())) {
            one.market().putTicker("BTCUSDT", TICKER);
            one.market().putFearGreed(GREED);
            one.ohlcv().put(BTC, bars(2_500));
            one.llm().put(KEY, ANALYSIS);

            assertThat(two.market().ticker("BTCUSDT")).isEmpty();
            assertThat(two.market().fearGreed()).isEmpty();
            assertThat(two.ohlcv().latest(BTC, 1).isEmpty()).isTrue();
            assertThat(two.ohlcv().series()).isEmpty();
            two.ohlcv().put(BTC, bars(1));
            two.clearAll();
            caches.clearAll();

            assertThat(one.market().ticker("BTCUSDT")).contains(TICKER);
            assertThat(one.ohlcv().latest(BTC, 5_000).bars()).isEqualTo(bars(2_500));
            assertThat(raw.list("KEYS", "*"))
                    .contains("one:ticker:BTCUSDT", "one:fear_greed", "one:ohlcv:{BTCUSDT:1h}")
                    .allMatch(key -> key.startsWith("one:"));
            one.clearAll();
            assertThat(raw.number("DBSIZE")).isZero();
        }
    }

    @Test
    void symbols_withCharactersThatMeanSomething_stayInTheirPlace() throws IOException {
        SeriesKey nasty = new SeriesKey(NASTY, BTC.timeframe());
        SeriesKey near = new SeriesKey("A", BTC.timeframe());
        caches.market().putTicker(NASTY, TICKER);
        caches.ohlcv().put(nasty, bars(2_500));
        caches.ohlcv().put(near, bars(1));

        assertThat(caches.market().ticker(NASTY)).contains(TICKER);
        assertThat(caches.ohlcv().latest(nasty, 2_500).bars()).isEqualTo(bars(2_500));
        assertThat(caches.ohlcv().series()).extracting(SeriesInfo::series).containsExactly(near, nasty);
        String escaped = "A%3A%7BB%7D%2A%3F%5BC%5D%5C%20%25%F0%9F%9A%80";
        assertThat(raw.list("KEYS", "*")).contains("ticker:" + escaped, "ohlcv:{" + escaped + ":1h}");
        assertThat(caches.ohlcv().invalidate(nasty)).isTrue();
        assertThat(caches.ohlcv().series()).extracting(SeriesInfo::series).containsExactly(near);
    }

    @Test
    void ohlcv_argumentsThatMakeNoSense_areRefusedInBothForms() {
        OhlcvCache ohlcv = caches.ohlcv();
        for (int limit : new int[] {0, -1, Integer.MIN_VALUE}) {
            String message = "limit " + limit + " is not positive; ask for 1 bar or more";
            refused(() -> ohlcv.latest(BTC, limit), message);
            refused(() -> ohlcv.latestAsync(BTC, limit), message);
            refused(() -> ohlcv.latest(List.of(BTC), limit), message);
            refused(() -> ohlcv.latestAsync(List.of(BTC), limit), message);
            refused(() -> ohlcv.range(BTC, 0, 1, limit), message);
            refused(() -> ohlcv.rangeAsync(BTC, 0, 1, limit), message);
        }
        refused(() -> ohlcv.range(BTC, 2, 1), "the range of time starts at 2, after its end 1; swap them");
        refused(() -> ohlcv.rangeAsync(BTC, 2, 1, 9), "the range of time starts at 2, after its end 1; swap them");
        for (Duration lifetime : List.of(Duration.ZERO, Duration.ofSeconds(-1))) {
            String message = "lifetime " + lifetime + " is not positive; give a positive Duration, or NEVER";
            refused(() -> ohlcv.put(BTC, bars(1), lifetime), message);
            refused(() -> ohlcv.putAsync(BTC, bars(1), lifetime), message);
        }
        assertThat(ohlcv.latest(BTC, 1).isEmpty()).isTrue();
    }

    @Test
    void ohlcv_putColumns_storesTheSameAsPutBars() {
        OhlcvCache ohlcv = caches.ohlcv();
        BarSeries columns = BarSeries.of(bars(3_000));
        List<Runnable> puts = List.of(
                () -> ohlcv.put(BTC, columns),
                () -> ohlcv.put(BTC, columns, OhlcvCache.NEVER),
                () -> done(ohlcv.putAsync(BTC, columns)),
                () -> done(ohlcv.putAsync(BTC, columns, Duration.ofHours(1))));
        for (Runnable put : puts) {
            ohlcv.clear();
            put.run();
            assertThat(ohlcv.latest(BTC, 5_000)).isEqualTo(columns);
        }
        assertThat(ohlcv.series().get(0).lifetimeLeft()).isBetween(Duration.ofMinutes(59), Duration.ofHours(1));
        ohlcv.put(BTC, columns, OhlcvCache.NEVER);
        assertThat(ohlcv.series().get(0).lifetimeLeft()).isNull();
        ohlcv.clear();
        ohlcv.put(BTC, columns);
        assertThat(ohlcv.series().get(0).lifetimeLeft()).isBetween(Duration.ofMinutes(4), Duration.ofMinutes(5));
    }

    @Test
    void ohlcv_putColumnsThatAreNoBars_storesNothing() {
        OhlcvCache ohlcv = caches.ohlcv();
        BarSeries noNumber = new BarSeriesBuilder(2)
                .add(1, 1, 2, 0.5, 1, 3)
                .add(2, 1, Double.NaN, 0.5, 1, 3)
                .build();
        BarSeries noTime =
                new BarSeriesBuilder(1).add(Long.MAX_VALUE, 1, 2, 0.5, 1, 3).build();
        refused(() -> ohlcv.put(BTC, noNumber), "high of the bar at 2 is NaN; it must be a finite number");
        refused(() -> ohlcv.putAsync(BTC, noNumber), "high of the bar at 2 is NaN; it must be a finite number");
        assertThatThrownBy(() -> ohlcv.put(BTC, noTime)).isInstanceOf(IllegalArgumentException.class);
        BarSeries good = BarSeries.of(bars(1));
        refused(
                () -> ohlcv.put(BTC, good, Duration.ZERO),
                "lifetime PT0S is not positive; give a positive Duration, or NEVER");
        assertThat(ohlcv.series()).isEmpty();
    }

    @Test
    void ohlcv_edgesOfArguments_areFine() {
        OhlcvCache ohlcv = caches.ohlcv();
        ohlcv.put(BTC, List.of());
        assertThat(ohlcv.series()).isEmpty();
        assertThat(ohlcv.latest(List.of(), 1)).isEmpty();
        ohlcv.put(BTC, bars(3_000), OhlcvCache.NEVER);

        assertThat(ohlcv.latest(BTC, Integer.MAX_VALUE).bars()).isEqualTo(bars(3_000));
        assertThat(ohlcv.latest(List.of(BTC, BTC), Integer.MAX_VALUE).get(BTC)).isEqualTo(BarSeries.of(bars(3_000)));
        assertThat(ohlcv.range(BTC, 5, 5)).isEqualTo(BarSeries.EMPTY);
        assertThat(ohlcv.range(BTC, Long.MIN_VALUE + 1, Long.MAX_VALUE - 1).bars())
                .isEqualTo(bars(3_000));
        assertThat(ohlcv.range(BTC, Long.MAX_VALUE, Long.MAX_VALUE)).isEqualTo(BarSeries.EMPTY);
        assertThat(ohlcv.range(BTC, Long.MIN_VALUE, Long.MIN_VALUE)).isEqualTo(BarSeries.EMPTY);
    }

    @Test
    void stored_domainNameWithOtherTypes_isRefused() {
        refused(
                () -> caches.backend("ticker", String.class, FundingRate.class),
                "cache 'ticker' holds java.lang.String → io.iftb.cache.market.Ticker, not java.lang.String →"
                        + " io.iftb.cache.market.FundingRate; use these types or another name");
    }

    @Test
    void health_serverKilled_saysWhy() {
        EmbeddedServer server = EmbeddedServer.start();
        CacheSettings settings = CacheSettings.builder()
                .redisUri(server.uri())
                .operationTimeout(Duration.ofSeconds(1))
                .breakerFailures(0)
                .onUnavailable(OnUnavailable.FAIL)
                .build();
        try (MarketCaches doomed = MarketCaches.open(settings)) {
            assertThat(doomed.health().reachable()).isTrue();
            doomed.market().putTicker("BTCUSDT", TICKER);
            ProcessHandle.of(server.pid()).ifPresent(ProcessHandle::destroyForcibly);
            await().until(() -> !server.isAlive());
            String problem = "no Redis server answers at " + server.uri()
                    + "; start one there, or set its address (iftb.cache.redis.uri)";

            await().untilAsserted(() -> assertThat(doomed.health().problem()).isEqualTo(problem));

            Health health = doomed.health();
            assertThat(health)
                    .isEqualTo(new Health(
                            server.uri(),
                            false,
                            problem,
                            null,
                            null,
                            null,
                            0,
                            null,
                            null,
                            health.breaker(),
                            List.of(new PrimaryHealth(server.uri(), problem, null, null, 0, health.breaker())),
                            health.outages()));
            assertThatThrownBy(() -> doomed.market().ticker("BTCUSDT"))
                    .isExactlyInstanceOf(RedisUnavailableException.class)
                    .hasMessage(problem);
            assertThatThrownBy(() -> doomed.ohlcv().latest(BTC, 1)).hasMessage(problem);
            assertThatThrownBy(() -> doomed.ohlcv().put(BTC, bars(1))).hasMessage(problem);
            assertThat(doomed.market().tickerAsync("BTCUSDT"))
                    .failsWithin(Duration.ofSeconds(2))
                    .withThrowableThat()
                    .withMessageContaining(problem);
        } finally {
            server.close();
        }
    }

    @Test
    void open_addressThatIsNone_isRefused() {
        refused(
                () -> MarketCaches.open("redis://u:s3cr3t"),
                "server address 'redis://u:…' has a port that is not a number from 1 to 65535; write redis://host:port,"
                        + " rediss://host:port, redis-sentinel://host:port,host:port/name,"
                        + " redis-cluster://host:port,host:port, redis+uds:///path/to/socket, or embedded");
    }

    @Test
    void settings_asText_holdNoPassword() {
        CacheSettings settings = CacheSettings.builder()
                .redisUri("redis://u:s3cr3t@h")
                .password("s3cr3t".toCharArray())
                .build();

        assertThat(settings.toString()).doesNotContain("s3cr3t");
        assertThat(settings.password()).isEqualTo("s3cr3t".toCharArray());
    }

    @Test
    void bars_withTheBytesOfTheRow_areBigEndianRows() throws IOException {
        caches.ohlcv().put(BTC, List.of(new OhlcvBar(258, 1, 2, 1, 2, 3)), OhlcvCache.NEVER);

        String hex = raw.call(
                "EVAL",
                "return (redis.call('GET', KEYS[1]):gsub('.', function(c) return string.format('%02x', c:byte()) end))",
                "1",
                "ohlcv:{BTCUSDT:1h}");

        byte[] row = java.util.HexFormat.of().parseHex(hex);
        ByteBuffer buffer = ByteBuffer.wrap(row);
        assertThat(row).hasSize(56);
        assertThat(buffer.getLong()).isEqualTo(258);
        assertThat(buffer.getLong()).isEqualTo(Long.MAX_VALUE);
        assertThat(buffer.getDouble()).isEqualTo(1);
    }

    private void assertCounts(DomainCache cache, long hits, long misses, long corrupt) {
        CacheCounters counters = caches.counters(cache);
        assertThat(List.of(counters.hits(), counters.misses(), counters.corrupt()))
                .as(cache.cacheName())
                .containsExactly(hits, misses, corrupt);
    }

    private static void refused(org.assertj.core.api.ThrowableAssert.ThrowingCallable action, String message) {
        assertThatIllegalArgumentException().isThrownBy(action).withMessage(message);
    }

    private static List<OhlcvBar> bars(int count) {
        return java.util.stream.IntStream.range(0, count)
                .mapToObj(i -> new OhlcvBar(START + i * HOUR, i, i + 2, i, i + 1, i))
                .toList();
    }

    private static <T> T done(CompletionStage<T> stage) {
        return stage.toCompletableFuture().join();
    }
}
