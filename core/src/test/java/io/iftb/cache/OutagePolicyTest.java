package io.iftb.cache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.iftb.cache.embedded.RespConnection;
import io.iftb.cache.market.DomainCache;
import io.iftb.cache.market.OhlcvBar;
import io.iftb.cache.market.SeriesKey;
import io.iftb.cache.market.Ticker;
import io.iftb.cache.redis.Outage;
import io.iftb.cache.redis.Outage.Kind;
import io.iftb.cache.redis.RedisServerException;
import io.iftb.cache.redis.RedisUnavailableException;
import io.iftb.cache.settings.CacheOptions;
import io.iftb.cache.settings.CacheSettings;
import io.iftb.cache.settings.NearOptions;
import io.iftb.cache.settings.OnUnavailable;
import io.iftb.cache.store.CacheBackend;
import io.iftb.cache.store.EntryStore.Condition;
import io.iftb.cache.store.Lifetimes;
import io.iftb.cache.store.OutageStatus;
import io.iftb.cache.store.OutageStore;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What the typed caches do while their server is unavailable, and that nothing comes back that was overwritten or removed. */
class OutagePolicyTest {

    private static final Duration BUDGET = Duration.ofMillis(500);

    /** 50 ms, and what threads wait for their turn on a machine that is busy with other tests. A tenth of it: 5 ms. */
    private static final Duration SLACK = Duration.ofMillis(Boolean.getBoolean("iftb.test.thorough") ? 50 : 500);

    private static final Lifetimes FOR_EVER = new Lifetimes(Lifetimes.ETERNAL, Lifetimes.ETERNAL);
    private static final SeriesKey OVERWRITTEN = SeriesKey.of("BTCUSDT", "1m");
    private static final SeriesKey REMOVED = SeriesKey.of("ETHUSDT", "1m");
    private static final SeriesKey LEFT = SeriesKey.of("XRPUSDT", "1m");

    @TempDir
    Path folder;

    private static RedisServerException away() {
        return new RedisUnavailableException("Redis did not answer; check it", null);
    }

    private static MarketCaches open(String uri) {
        return MarketCaches.open(
                CacheSettings.builder().redisUri(uri).operationTimeout(BUDGET).build());
    }

    private static CacheOptions<String, String> missing(String name) {
        return CacheOptions.of(name, String.class, String.class).withOnUnavailable(OnUnavailable.MISS);
    }

    private static Ticker ticker(int number) {
        return new Ticker(1, 2, number, 1, 1, 1, 0, 1_700_000_040_000L);
    }

    private static List<OhlcvBar> bars(int from, int to, int number) {
        List<OhlcvBar> bars = new ArrayList<>();
        for (int i = from; i < to; i++) {
            bars.add(new OhlcvBar(i * 60_000L, 1, 100, 1, 1, number));
        }
        return bars;
    }

    private static void put(CacheBackend<String, String> cache, String key, String value) {
        cache.store()
                .put(key, cache.codec().encode(value), FOR_EVER, Condition.ANY)
                .join();
    }

    private static @Nullable String get(CacheBackend<String, String> cache, String key) {
        return cache.decode(key, cache.store().get(key, Lifetimes.KEEP).join());
    }

    /** Calls one after the other, of which none may throw or last longer than its budget. */
    private static final class Calls {

        private long longest;
        private final List<Long> whileOpen = new ArrayList<>();
        private final MarketCaches caches;

        Calls(MarketCaches caches) {
            this.caches = caches;
        }

        void make(Runnable call) {
            boolean open = caches.breaker().open();
            long start = System.nanoTime();
            call.run();
            long nanos = System.nanoTime() - start;
            longest = Math.max(longest, nanos);
            if (open) {
                whileOpen.add(nanos);
            }
        }

        /** The time that 99 of 100 of the calls did not exceed that were begun while the breaker was open. */
        Duration p99WhileOpen() {
            List<Long> sorted = whileOpen.stream().sorted().toList();
            return Duration.ofNanos(sorted.get(sorted.size() * 99 / 100));
        }
    }

    @ParameterizedTest
    @EnumSource
    @Timeout(60)
    void miss_serverOutAndBack_throwsNothingAndNothingComesBack(Kind kind) {
        try (Outage outage = new Outage(kind, folder);
                MarketCaches caches = open(outage.uri())) {
            CacheBackend<String, String> words = caches.backend(missing("words"));
            for (String key : List.of("overwritten", "removed", "left")) {
                put(words, key, "old");
            }
            for (SeriesKey series : List.of(OVERWRITTEN, REMOVED, LEFT)) {
                caches.ohlcv().put(series, bars(0, 10, 1), OhlcvCache.NEVER);
            }

            outage.begin();
            Calls calls = new Calls(caches);
            for (int i = 0; i < 200; i++) {
                calls.make(() -> put(words, "overwritten", "new"));
                calls.make(
                        () -> assertThat(words.store().remove("removed").join()).isFalse());
                calls.make(() -> assertThat(get(words, "left")).isNull());
                calls.make(() ->
                        assertThat(caches.ohlcv().latest(LEFT, 5).isEmpty()).isTrue());
                calls.make(() -> caches.ohlcv().put(OVERWRITTEN, bars(5, 12, 2), OhlcvCache.NEVER));
                calls.make(() -> assertThat(caches.ohlcv().invalidate(REMOVED)).isFalse());
                calls.make(() -> assertThat(caches.market().ticker("BTC")).isEmpty());
                calls.make(() -> caches.market().putTicker("BTC", ticker(1)));
            }
            System.out.printf(
                    "%s: longest %s, p99 while open %s%n", kind, Duration.ofNanos(calls.longest), calls.p99WhileOpen());
            assertThat(Duration.ofNanos(calls.longest))
                    .isLessThan(BUDGET.plus(BUDGET.dividedBy(10)).plus(SLACK));
            assertThat(calls.p99WhileOpen()).isLessThan(SLACK.dividedBy(10));
            assertThat(caches.health().reachable()).isFalse();
            assertThat(caches.health().outages().dropped()).isGreaterThan(900);
            assertThat(caches.health().outages().remembered()).isEqualTo(5);

            outage.end();
            long well = System.nanoTime();
            await().pollInterval(Duration.ofMillis(1)).until(() -> {
                assertThat(get(words, "overwritten")).isNotEqualTo("old");
                assertThat(get(words, "removed")).isNull();
                assertThat(caches.ohlcv().latest(OVERWRITTEN, 12).bars())
                        .noneMatch(bar -> bar.openTime() >= 5 * 60_000L && bar.volume() == 1);
                assertThat(caches.ohlcv().latest(REMOVED, 12).isEmpty()).isTrue();
                return "old".equals(get(words, "left"))
                        && caches.ohlcv().latest(LEFT, 12).size() == 10;
            });
            assertThat(Duration.ofNanos(System.nanoTime() - well)).isLessThan(Duration.ofSeconds(1));
            await().until(() -> caches.health().outages().remembered() == 0);
            assertThat(caches.ohlcv().latest(OVERWRITTEN, 12).size()).isBetween(5, 12);
            assertServerForgot(outage);
        }
    }

    @Test
    void miss_seriesThatCannotBeRead_doesNotStopTheRemovalOfOthers() throws Exception {
        try (Outage outage = new Outage(Kind.STOPPED, folder);
                MarketCaches caches = open(outage.uri());
                RespConnection raw =
                        RespConnection.tcp(URI.create(outage.directUri()).getPort())) {
            for (SeriesKey series : List.of(OVERWRITTEN, REMOVED)) {
                caches.ohlcv().put(series, bars(0, 10, 1), OhlcvCache.NEVER);
            }
            raw.call("SETRANGE", "ohlcv:{" + REMOVED + "}", "8", "no expiry"); // of its first row
            outage.begin();
            for (int i = 0; i < 6; i++) {
                caches.ohlcv().put(REMOVED, bars(i, i + 1, 2), OhlcvCache.NEVER);
                caches.ohlcv().put(OVERWRITTEN, bars(i, i + 1, 2), OhlcvCache.NEVER);
            }
            assertThat(caches.health().outages().remembered()).isEqualTo(2);

            outage.end();

            await().until(() -> caches.health().outages().remembered() == 0);
            assertThat(caches.ohlcv().latest(OVERWRITTEN, 12).bars()).hasSize(4);
        }
    }

    private static void assertServerForgot(Outage outage) {
        try (MarketCaches other = open(outage.directUri())) {
            CacheBackend<String, String> words = other.backend(missing("words"));
            assertThat(get(words, "overwritten")).isNotEqualTo("old");
            assertThat(get(words, "removed")).isNull();
            assertThat(get(words, "left")).isEqualTo("old");
            assertThat(other.ohlcv().latest(REMOVED, 5).isEmpty()).isTrue();
        }
    }

    @Test
    void put_rememberedEntry_isNotRemovedAfterwards() {
        try (MarketCaches caches = open(TestServer.uri())) {
            CacheBackend<String, String> words = caches.backend(missing("words"));
            OutageStore<String> outage = Objects.requireNonNull(words.outage());
            for (int i = 0; i < 2_000; i++) {
                String value = "value " + i;
                String key = "key " + i % 7;
                outage.drop(away(), key);
                put(words, key, value);
                assertThat(get(words, key)).isEqualTo(value);
            }
            await().until(() -> outage.status().remembered() == 0);
            for (int i = 0; i < 7; i++) {
                assertThat(get(words, "key " + i)).startsWith("value");
            }
        }
    }

    @Test
    void read_rememberedEntry_isPrecededByItsRemoval() {
        TestServer.flush();
        try (MarketCaches caches = open(TestServer.uri());
                MarketCaches other = open(TestServer.uri())) {
            CacheBackend<String, String> words = caches.backend(missing("words"));
            CacheBackend<String, String> there = other.backend(missing("words"));
            OutageStore<String> outage = Objects.requireNonNull(words.outage());
            for (int i = 0; i < 500; i++) {
                put(there, "a", "old");
                put(there, "b", "old");
                outage.drop(away(), "a");
                outage.drop(away(), "b");

                switch (i % 4) {
                    case 0 -> assertThat(get(words, "a")).isNull();
                    case 1 -> assertThat(words.store().contains("a").join()).isFalse();
                    case 2 ->
                        assertThat(words.store()
                                        .getAll(List.of("b", "a"), Lifetimes.KEEP)
                                        .join())
                                .isEmpty();
                    default ->
                        assertThat(Objects.requireNonNull(
                                                words.exact().cursor().next().join())
                                        .entries())
                                .isEmpty();
                }
                await().pollInterval(Duration.ofMillis(1))
                        .until(() -> outage.status().remembered() == 0);
                assertThat(get(there, "b")).isNull();
            }
        }
    }

    @Test
    void read_anotherViewThatFails_isPrecededByTheRemovalToo() {
        TestServer.flush();
        try (MarketCaches caches = open(TestServer.uri());
                MarketCaches other = open(TestServer.uri())) {
            CacheBackend<String, String> words = caches.backend(missing("words"));
            CacheBackend<String, String> failing =
                    caches.backend(missing("words").withOnUnavailable(OnUnavailable.FAIL));
            CacheBackend<String, String> there = other.backend(missing("words"));
            OutageStore<String> outage = Objects.requireNonNull(words.outage());
            assertThat(failing.outage()).isNull();
            for (int i = 0; i < 200; i++) {
                put(there, "a", "old");
                outage.drop(away(), "a");
                assertThat(get(failing, "a")).isNull();
            }
        }
    }

    @Test
    @Timeout(60)
    void miss_moreThanTenThousandEntries_missesUntilTheWholeCacheIsRemoved() {
        try (Outage outage = new Outage(Kind.STOPPED, folder);
                MarketCaches caches = open(outage.uri())) {
            CacheBackend<String, String> words = caches.backend(missing("words"));
            CacheBackend<String, String> others = caches.backend(missing("others"));
            Map<String, byte[]> many = new HashMap<>();
            for (int i = 0; i < 20_000; i++) {
                many.put("key" + i, words.codec().encode("old"));
            }
            words.store().putAll(many, FOR_EVER).join();
            put(others, "key", "old");
            outage.begin();
            await().until(() -> {
                get(words, "key0");
                return caches.breaker().open();
            });
            for (int i = 0; i < 10_001; i++) {
                put(words, "key" + i, "new");
            }
            OutageStore<String> dropped = Objects.requireNonNull(words.outage());
            assertThat(dropped.status())
                    .isEqualTo(new OutageStatus(dropped.status().missed(), 0, Duration.ZERO, 10_001, 0, true));

            outage.end();
            await().pollInterval(Duration.ofMillis(1)).until(() -> {
                assertThat(get(words, "key0")).isNull();
                assertThat(get(words, "key15000")).isNull();
                return !dropped.status().remembersAll();
            });
            put(words, "key0", "newest");
            assertThat(get(words, "key0")).isEqualTo("newest");
            assertThat(get(words, "key15000")).isNull();
            assertThat(get(others, "key")).isEqualTo("old");
        }
    }

    @Test
    @Timeout(60)
    void miss_nearCache_givesNothingThatWasOverwritten() {
        try (Outage outage = new Outage(Kind.STOPPED, folder);
                MarketCaches caches = open(outage.uri())) {
            CacheBackend<String, String> words = caches.backend(missing("words").withNear(NearOptions.DEFAULT));
            var near = Objects.requireNonNull(words.near());
            await().until(() -> near.status().isHearing());
            put(words, "key", "old");
            await().until(() -> near.read("key").join() != null && near.get("key") != null);

            outage.begin();
            assertThat(near.get("key")).isEqualTo("old"); // within the bound
            put(words, "key", "new");
            assertThat(near.get("key")).isNull();
            assertThat(near.read("key").join()).isNull();
            assertThat(near.readAll(List.of("key")).join()).isEmpty();
            outage.end();

            await().pollInterval(Duration.ofMillis(1)).until(() -> {
                assertThat(near.get("key")).isNotEqualTo("old");
                assertThat(words.decode("key", near.read("key").join())).isNotEqualTo("old");
                return !caches.breaker().open() && caches.health().outages().remembered() == 0;
            });
        }
    }

    /** As an operation drops that has not even been sent. */
    @Test
    void drop_entryThatThisJvmHolds_isLetGoAtOnce() {
        TestServer.flush();
        try (MarketCaches caches = open(TestServer.uri())) {
            CacheBackend<String, String> words = caches.backend(missing("words").withNear(NearOptions.DEFAULT));
            var near = Objects.requireNonNull(words.near());
            await().until(() -> near.status().isHearing());
            for (int i = 0; i < 100; i++) {
                put(words, "key", "old");
                await().pollInterval(Duration.ofMillis(1))
                        .until(() -> near.read("key").join() != null && near.get("key") != null);

                Objects.requireNonNull(words.outage()).drop(away(), "key");

                assertThat(near.get("key")).isNull();
                assertThat(near.read("key").join()).isNull();
            }
        }
    }

    @Test
    @Timeout(60)
    void miss_whatDependsOnTheEntry_fails() {
        try (Outage outage = new Outage(Kind.KILLED, folder);
                MarketCaches caches = open(outage.uri())) {
            CacheBackend<String, String> words = caches.backend(missing("words"));
            outage.begin();
            byte[] value = words.codec().encode("new");
            for (int i = 0; i < 10; i++) {
                assertFails(() -> words.store()
                        .put("k", value, FOR_EVER, Condition.ABSENT)
                        .join());
                assertFails(() -> words.store()
                        .put("k", value, FOR_EVER, Condition.PRESENT)
                        .join());
                assertFails(() -> words.store()
                        .getAndPut("k", value, FOR_EVER, Condition.ANY)
                        .join());
                assertFails(() -> words.store().getAndRemove("k").join());
                assertFails(() -> words.store().cursor().next().join());
                assertFails(() -> words.exact().get("k", Lifetimes.KEEP).join());
                assertThatThrownBy(() -> caches.ohlcv().series()).isInstanceOf(RedisServerException.class);
                assertThatThrownBy(() -> caches.ohlcv().compact(LEFT)).isInstanceOf(RedisServerException.class);
            }
            outage.end();
        }
    }

    private static void assertFails(org.assertj.core.api.ThrowableAssert.ThrowingCallable call) {
        assertThatThrownBy(call)
                .isInstanceOf(CompletionException.class)
                .cause()
                .isInstanceOf(RedisServerException.class)
                .hasMessageContaining("redis://127.0.0.1:");
    }

    @Test
    void miss_failureThatIsNoneOfTheServer_isThrown() throws Exception {
        MarketCaches caches = open(TestServer.uri());
        try (caches;
                RespConnection raw = TestServer.raw()) {
            raw.call("CONFIG", "SET", "maxmemory", "1");
            try {
                assertThatThrownBy(() -> caches.market().putTicker("BTC", ticker(1)))
                        .isExactlyInstanceOf(RedisServerException.class)
                        .hasMessageContaining("is out of memory");
                assertThatThrownBy(() -> caches.ohlcv().put(LEFT, bars(0, 3, 1)))
                        .isExactlyInstanceOf(RedisServerException.class)
                        .hasMessageContaining("is out of memory");
            } finally {
                raw.call("CONFIG", "SET", "maxmemory", "0");
            }
            assertThat(caches.health().outages()).isEqualTo(OutageStatus.NONE);
        }
        assertThatThrownBy(() -> caches.market().ticker("BTC"))
                .isExactlyInstanceOf(RedisUnavailableException.class)
                .hasMessageContaining("is closed; open another");
        assertThatThrownBy(() -> caches.market().putTicker("BTC", ticker(1)))
                .isExactlyInstanceOf(RedisUnavailableException.class)
                .hasMessageContaining("is closed; open another");
    }

    @Test
    @Timeout(60)
    void miss_writesThatAreDropped_areNoPuts() {
        try (Outage outage = new Outage(Kind.KILLED, folder);
                MarketCaches caches = open(outage.uri())) {
            caches.ohlcv().put(LEFT, bars(0, 3, 1));
            caches.market().putTicker("BTC", ticker(1));
            outage.begin();
            caches.ohlcv().put(LEFT, bars(0, 3, 1));
            caches.market().putTicker("BTC", ticker(1));

            assertThat(caches.counters(DomainCache.OHLCV).puts()).isEqualTo(1);
            assertThat(caches.counters(DomainCache.TICKER).puts()).isEqualTo(1);
            outage.end();
        }
    }

    @Test
    @Timeout(60)
    void fail_bySetting_throws() {
        try (Outage outage = new Outage(Kind.KILLED, folder);
                MarketCaches caches = MarketCaches.open(CacheSettings.builder()
                        .redisUri(outage.uri())
                        .onUnavailable(OnUnavailable.FAIL)
                        .operationTimeout(BUDGET)
                        .build())) {
            outage.begin();
            assertThatThrownBy(() -> caches.market().ticker("BTC")).isInstanceOf(RedisServerException.class);
            assertThatThrownBy(() -> caches.ohlcv().latest(LEFT, 1)).isInstanceOf(RedisServerException.class);
            assertThatThrownBy(() -> caches.ohlcv().put(LEFT, bars(0, 3, 1))).isInstanceOf(RedisServerException.class);
            assertThat(caches.health().outages()).isEqualTo(OutageStatus.NONE);
            outage.end();
        }
    }
}
