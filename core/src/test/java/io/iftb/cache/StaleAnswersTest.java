package io.iftb.cache;

import static io.iftb.cache.NearProgram.near;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.iftb.cache.embedded.EmbeddedServer;
import io.iftb.cache.market.BarKey;
import io.iftb.cache.market.BarSeries;
import io.iftb.cache.market.OhlcvBar;
import io.iftb.cache.market.SeriesKey;
import io.iftb.cache.market.Ticker;
import io.iftb.cache.redis.Outage;
import io.iftb.cache.redis.Outage.Kind;
import io.iftb.cache.settings.CacheOptions;
import io.iftb.cache.settings.CacheSettings;
import io.iftb.cache.settings.Freshness;
import io.iftb.cache.settings.NearOptions;
import io.iftb.cache.settings.OnUnavailable;
import io.iftb.cache.settings.SettingException;
import io.iftb.cache.store.Aged;
import io.iftb.cache.store.CacheBackend;
import io.iftb.cache.store.EntryStore.Condition;
import io.iftb.cache.store.Lifetimes;
import io.iftb.cache.store.OutageStatus;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What a near cache gives out while its server is unavailable, until when, and that none of it is read afterwards. */
@Timeout(120)
class StaleAnswersTest {

    private static final Duration BUDGET = Duration.ofMillis(500);
    private static final long FOR_EVER = Lifetimes.ETERNAL;
    private static final SeriesKey HELD = SeriesKey.of("BTCUSDT", "1m");
    private static final SeriesKey WRITTEN = SeriesKey.of("ETHUSDT", "1m");
    private static final SeriesKey REMOVED = SeriesKey.of("XRPUSDT", "1m");
    private static final SeriesKey CHANGED = SeriesKey.of("SOLUSDT", "1m");
    private static final long LAST = 9 * 60_000L;
    private static final SeriesKey UNREAD = SeriesKey.of("ADAUSDT", "1m");
    private static final List<SeriesKey> ALL = List.of(HELD, WRITTEN, REMOVED, CHANGED, UNREAD);

    @TempDir
    Path folder;

    /** A program whose near caches give out what they hold. */
    private static final class Program implements AutoCloseable {

        private final MarketCaches caches;
        private final CacheBackend<String, String> words;
        private final CacheBackend<BarKey, OhlcvBar> bars;

        Program(String uri, Duration staleAge) {
            this.caches = MarketCaches.open(CacheSettings.builder()
                    .redisUri(uri)
                    .operationTimeout(BUDGET)
                    .onUnavailable(OnUnavailable.STALE)
                    .staleAge(staleAge)
                    .cache(CacheOptions.of("ohlcv", BarKey.class, OhlcvBar.class)
                            .withNear(NearOptions.DEFAULT))
                    .build());
            this.bars = caches.backend(
                    CacheOptions.of("ohlcv", BarKey.class, OhlcvBar.class).withNear(NearOptions.DEFAULT));
            this.words = caches.backend(
                    CacheOptions.of("words", String.class, String.class).withNear(NearOptions.DEFAULT));
            await().until(() ->
                    near(words).status().isHearing() && near(bars).status().isHearing());
        }

        void put(String key, String value) {
            put(key, value, FOR_EVER);
        }

        void put(String key, String value, long lifetime) {
            words.store()
                    .put(key, words.codec().encode(value), new Lifetimes(lifetime, lifetime), Condition.ANY)
                    .join();
        }

        @Nullable
        String get(String key) {
            String held = near(words).get(key);
            return held != null ? held : words.decode(key, near(words).read(key).join());
        }

        void hold(String... keys) {
            for (String key : keys) {
                await().until(() -> get(key) != null && near(words).get(key) != null);
            }
        }

        void hold(List<SeriesKey> all) {
            for (SeriesKey series : all) {
                await().until(() -> !caches.ohlcv().latest(series, 10).isEmpty()
                        && near(bars).get(BarKey.of(series, LAST)) != null);
            }
        }

        /** Hears what was written so far, so that no message of it takes anything away afterwards. */
        void hear() {
            caches.ohlcv().latest(HELD, 1, Freshness.FENCED);
        }

        OutageStatus status() {
            return requireNonNull(words.outage()).status();
        }

        /** Reads until nothing of it is fresh: then the bound is over, too. */
        void awaitStale(String key) {
            await().until(() -> {
                get(key);
                return status().stale() > 0
                        && caches.ohlcv().latestAged(HELD, 10).isStale();
            });
        }

        @Override
        public void close() {
            caches.close();
        }
    }

    private static ConditionFactory await() {
        return Awaitility.await()
                .atMost(Duration.ofSeconds(40))
                .pollDelay(Duration.ZERO)
                .pollInterval(Duration.ofMillis(2));
    }

    private static List<OhlcvBar> bars(int volume) {
        List<OhlcvBar> bars = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            bars.add(new OhlcvBar(i * 60_000L, 1, 100, 1, 1, volume));
        }
        return bars;
    }

    private static boolean isOld(BarSeries bars) {
        return bars.bars().stream().anyMatch(bar -> bar.volume() == 1);
    }

    @ParameterizedTest
    @EnumSource
    void stale_serverOutAndBack_givesWhatIsHeldAndNothingOfItAfterwards(Kind kind) {
        try (Outage outage = new Outage(kind, folder);
                CapturedLog log = new CapturedLog();
                Program here = new Program(outage.uri(), Duration.ofMinutes(5))) {
            for (String key : List.of("held", "put", "removed", "changed", "unread")) {
                here.put(key, "old");
            }
            ALL.forEach(series -> here.caches.ohlcv().put(series, bars(1), OhlcvCache.NEVER));
            here.hear();
            here.hold("held", "put", "removed", "changed", "unread");
            here.hold(ALL);

            outage.begin();
            here.awaitStale("held");
            assertThat(here.get("held")).isEqualTo("old");
            assertThat(here.words.store().contains("held").join()).isTrue();
            assertThat(near(here.words).readAll(List.of("held", "none")).join()).containsOnlyKeys("held");
            Aged<BarSeries> aged = here.caches.ohlcv().latestAged(HELD, 10);
            assertThat(aged.value().size()).isEqualTo(10);
            assertThat(aged.age()).isBetween(Duration.ofMillis(1), Duration.ofMinutes(1));
            assertThat(here.caches.ohlcv().latest(HELD, 5).size()).isEqualTo(5);
            assertThat(here.caches.ohlcv().range(HELD, 0, 120_000).size()).isEqualTo(2);
            assertThat(here.caches.ohlcv().latest(ALL, 10))
                    .allSatisfy((series, bars) -> assertThat(bars.size()).isEqualTo(10));
            assertThat(here.caches.ohlcv().latest(HELD, 10, Freshness.FENCED).isEmpty())
                    .isTrue();
            assertThat(here.caches.market().ticker("BTC")).isEmpty();

            here.put("put", "new");
            assertThat(here.words.store().remove("removed").join()).isFalse();
            here.caches.ohlcv().put(WRITTEN, bars(2), OhlcvCache.NEVER);
            assertThat(here.caches.ohlcv().invalidate(REMOVED)).isFalse();
            assertThat(here.get("put")).isNull();
            assertThat(here.get("removed")).isNull();
            assertThat(here.caches.ohlcv().latest(WRITTEN, 10).isEmpty()).isTrue();
            assertThat(here.caches.ohlcv().latestAged(REMOVED, 10))
                    .isEqualTo(new Aged<>(BarSeries.EMPTY, Duration.ZERO));
            assertThat(here.get("changed")).isEqualTo("old");
            assertSaid(here, log);

            if (kind == Kind.BLACK_HOLE) { // others reach it
                change(outage);
                outage.end();
            } else {
                outage.end();
                change(outage);
            }
            assertNothingOldAfterwards(here);
            await().until(() -> log.text().contains("answers reads of cache 'words' again"));
            assertThat(here.status().staleAge()).isZero();
            assertThat(here.caches.ohlcv().latestAged(HELD, 10).isStale()).isFalse();
        }
    }

    private static void assertSaid(Program here, CapturedLog log) {
        assertThat(log.text())
                .containsOnlyOnce("reads of cache 'words' are answered with what this JVM holds")
                .containsOnlyOnce("reads of cache 'ohlcv' are answered with what this JVM holds");
        OutageStatus all = here.caches.health().outages();
        assertThat(all.stale()).isGreaterThan(here.status().stale());
        assertThat(all.staleAge()).isPositive();
        assertThat(all.dropped()).isEqualTo(4);
        assertThat(all.remembered()).isEqualTo(4);
    }

    /** Another program changes what was held, as soon as it can. */
    private static void change(Outage outage) {
        try (MarketCaches there = open(outage.directUri())) {
            CacheBackend<String, String> words = there.backend(CacheOptions.of("words", String.class, String.class));
            Lifetimes lifetimes = new Lifetimes(FOR_EVER, FOR_EVER);
            byte[] newest = words.codec().encode("newest");
            words.store()
                    .putAll(Map.of("changed", newest, "unread", newest), lifetimes)
                    .join();
            there.ohlcv().put(UNREAD, bars(3), OhlcvCache.NEVER);
            there.ohlcv().put(CHANGED, bars(3), OhlcvCache.NEVER);
        }
    }

    /** What this program dropped never comes back, and what another changed never once the new was seen. */
    private static void assertNothingOldAfterwards(Program here) {
        boolean[] seen = new boolean[2];
        await().until(() -> {
            assertThat(here.get("put")).isNotEqualTo("old");
            assertThat(here.get("removed")).isNull();
            assertThat(isOld(here.caches.ohlcv().latest(WRITTEN, 10))).isFalse();
            assertThat(here.caches.ohlcv().latest(REMOVED, 10).isEmpty()).isTrue();
            String changed = here.get("changed");
            BarSeries bars = here.caches.ohlcv().latest(CHANGED, 10);
            assertThat(seen[0] && "old".equals(changed)).isFalse();
            assertThat(seen[1] && isOld(bars)).isFalse();
            seen[0] |= "newest".equals(changed);
            seen[1] |= !isOld(bars);
            return seen[0]
                    && seen[1]
                    && near(here.words).status().isHearing()
                    && "newest".equals(near(here.words).get("changed"))
                    && here.caches.health().outages().remembered() == 0;
        });
        assertThat(here.get("held")).isEqualTo("old");
        here.hear(); // nobody has read these since, so that only the new connection can have dropped them
        assertThat(here.get("unread")).isEqualTo("newest");
        assertThat(isOld(here.caches.ohlcv().latest(UNREAD, 10))).isFalse();
    }

    private static MarketCaches open(String uri) {
        return MarketCaches.open(CacheSettings.builder().redisUri(uri).build());
    }

    @Test
    void stale_olderThanAllowed_isNotGivenOut() {
        Duration allowed = Duration.ofSeconds(4);
        try (Outage outage = new Outage(Kind.KILLED, folder);
                Program here = new Program(outage.uri(), allowed)) {
            here.put("key", "old");
            here.caches.ohlcv().put(HELD, bars(1), OhlcvCache.NEVER);
            here.hear();
            here.hold("key");
            here.hold(List.of(HELD));
            outage.begin();
            long began = System.nanoTime();
            here.awaitStale("key");
            await().until(() -> {
                long asked = System.nanoTime();
                boolean given = here.get("key") != null;
                Aged<BarSeries> bars = here.caches.ohlcv().latestAged(HELD, 10);
                assertThat(bars.age()).isLessThan(allowed.plusMillis(500));
                if (asked - began > allowed.toNanos()) {
                    assertThat(given).isFalse();
                    assertThat(bars.value().isEmpty()).isTrue();
                }
                return !given && bars.value().isEmpty();
            });
            assertThat(Duration.ofNanos(System.nanoTime() - began)).isGreaterThan(allowed.minusMillis(1_100));
            assertThat(here.status().missed()).isPositive();
        }
    }

    @Test
    void stale_entryWhoseLifetimeHasEnded_isNotGivenOut() {
        try (Outage outage = new Outage(Kind.KILLED, folder);
                Program here = new Program(outage.uri(), Duration.ofMinutes(5))) {
            here.put("short", "old", 6_000);
            long end = System.nanoTime() + Duration.ofMillis(6_100).toNanos();
            here.put("long", "old");
            here.caches.ohlcv().put(HELD, bars(1), OhlcvCache.NEVER);
            here.hear();
            here.hold("short", "long");
            here.hold(List.of(HELD));
            outage.begin();
            here.awaitStale("long");
            assertThat(here.get("short")).isEqualTo("old");
            await().until(() -> {
                boolean isOver = System.nanoTime() - end > 0;
                boolean given = here.get("short") != null;
                assertThat(isOver && given).isFalse();
                return isOver;
            });
            assertThat(here.get("long")).isEqualTo("old");
        }
    }

    /** What failed does not take away what was held. */
    @Test
    void latest_moreBarsThanAreHeld_leavesThemWhenItFails() {
        try (Outage outage = new Outage(Kind.STOPPED, folder);
                Program here = new Program(outage.uri(), Duration.ofMinutes(5))) {
            List<OhlcvBar> many = new ArrayList<>();
            for (int i = 0; i < 50; i++) {
                many.add(new OhlcvBar((i - 40) * 60_000L, 1, 100, 1, 1, 1));
            }
            here.caches.ohlcv().put(HELD, many, OhlcvCache.NEVER);
            here.hear();
            here.hold(List.of(HELD));
            outage.begin();
            assertThat(here.caches.ohlcv().latest(HELD, 40).isEmpty()).isTrue();
            here.put("other", "key"); // so that the breaker counts on
            await().until(() -> here.caches.ohlcv().latestAged(HELD, 10).isStale());
            assertThat(here.caches.ohlcv().latest(HELD, 10).size()).isEqualTo(10);
        }
    }

    @Test
    void flush_onALivingConnection_dropsAll() {
        try (EmbeddedServer server = EmbeddedServer.start();
                Program here = new Program(server.uri(), Duration.ofMinutes(5));
                MarketCaches there = open(server.uri())) {
            here.put("key", "old");
            here.hold("key");
            there.client(org.redisson.api.RedissonClient.class)
                    .orElseThrow()
                    .getKeys()
                    .flushdb();
            await().until(() -> here.get("key") == null);
            assertThat(near(here.words).status().size()).isLessThanOrEqualTo(1);
        }
    }

    @Test
    void stale_cacheWithoutNearCache_isRefusedOrMisses() {
        try (MarketCaches caches = MarketCaches.open(CacheSettings.builder()
                .redisUri(TestServer.uri())
                .onUnavailable(OnUnavailable.STALE)
                .build())) {
            CacheOptions<String, String> words = CacheOptions.of("words", String.class, String.class);
            assertThat(caches.backend(words).options().onUnavailable()).isEqualTo(OnUnavailable.MISS);
            assertThat(caches.backend(words.withNear(NearOptions.DEFAULT))
                            .options()
                            .onUnavailable())
                    .isEqualTo(OnUnavailable.STALE);
            assertThatThrownBy(() -> caches.backend(words.withOnUnavailable(OnUnavailable.STALE)))
                    .isInstanceOf(SettingException.class)
                    .hasMessage(
                            "cache 'words' is to give out what this JVM holds while its server is unavailable (stale), but"
                                    + " holds nothing; set iftb.cache.caches.words.near to on, or"
                                    + " iftb.cache.caches.words.on-unavailable to miss");
        }
        assertThatThrownBy(() -> MarketCaches.open(CacheSettings.builder()
                        .redisUri(TestServer.uri())
                        .cache(CacheOptions.of("ticker", String.class, Ticker.class)
                                .withOnUnavailable(OnUnavailable.STALE))
                        .build()))
                .isInstanceOf(SettingException.class)
                .hasMessageContaining("iftb.cache.caches.ticker.near");
        assertThatThrownBy(() ->
                        CacheOptions.of("words", String.class, String.class).withStaleAge(Duration.ofDays(2)))
                .hasMessage("stale age of cache 'words' PT48H is outside 1 ms .. 1 day");
    }

    @Test
    void stale_cacheWhoseReadsAreFenced_misses() {
        CacheOptions<String, String> fenced = CacheOptions.of("words", String.class, String.class)
                .withNear(NearOptions.DEFAULT.withFreshness(Freshness.FENCED));
        CacheSettings all =
                CacheSettings.builder().onUnavailable(OnUnavailable.STALE).build();
        CacheSettings none = CacheSettings.builder().build();
        assertThat(fenced.answering(all, OnUnavailable.FAIL).onUnavailable()).isEqualTo(OnUnavailable.MISS);
        assertThat(fenced.withOnUnavailable(OnUnavailable.STALE)
                        .answering(none, OnUnavailable.FAIL)
                        .onUnavailable())
                .isEqualTo(OnUnavailable.MISS);
    }

    @Test
    void ageOfOneCache_goesBeforeThatOfAll() {
        CacheSettings settings = CacheSettings.builder()
                .onUnavailable(OnUnavailable.STALE)
                .staleAge(Duration.ofMinutes(1))
                .build();
        CacheOptions<String, String> words =
                CacheOptions.of("words", String.class, String.class).withNear(NearOptions.DEFAULT);
        assertThat(Map.of(
                        "all",
                                requireNonNull(words.answering(settings, OnUnavailable.FAIL)
                                        .staleAge()),
                        "own",
                                requireNonNull(words.withStaleAge(Duration.ofSeconds(1))
                                        .answering(settings, OnUnavailable.FAIL)
                                        .staleAge())))
                .isEqualTo(Map.of("all", Duration.ofMinutes(1), "own", Duration.ofSeconds(1)));
    }
}
