package io.iftb.cache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.iftb.cache.embedded.EmbeddedServer;
import io.iftb.cache.embedded.RespConnection;
import io.iftb.cache.market.Analysis;
import io.iftb.cache.market.AnalysisKey;
import io.iftb.cache.market.DomainCache;
import io.iftb.cache.market.OhlcvBar;
import io.iftb.cache.market.SeriesKey;
import io.iftb.cache.redis.Outage;
import io.iftb.cache.redis.Outage.Kind;
import io.iftb.cache.settings.CacheOptions;
import io.iftb.cache.settings.CacheSettings;
import io.iftb.cache.settings.OnUnavailable;
import io.iftb.cache.store.CacheBackend;
import io.iftb.cache.store.EntryStore.Condition;
import io.iftb.cache.store.Lifetimes;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.IntConsumer;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A whole cache is to be removed after an outage, and its program writes all the time. */
@Timeout(60)
class WholeCacheRemovalTest {

    private static final Duration BUDGET = Duration.ofSeconds(3);
    private static final Lifetimes FOR_EVER = new Lifetimes(Lifetimes.ETERNAL, Lifetimes.ETERNAL);

    /** How many keys the server has, of which some stay, so that each removal takes some round trips. */
    private static final int KEYS = 12_000;

    /** How many keys a program writes: fewer than are remembered one by one during the removal, or more. */
    private static final int FEW = 100;

    private static final int MANY = 20_000;

    @TempDir
    Path folder;

    private static MarketCaches open(String uri) {
        return MarketCaches.open(
                CacheSettings.builder().redisUri(uri).operationTimeout(BUDGET).build());
    }

    private static CacheBackend<String, String> words(MarketCaches caches) {
        return cache(caches, "words");
    }

    private static CacheBackend<String, String> cache(MarketCaches caches, String name) {
        return caches.backend(CacheOptions.of(name, String.class, String.class).withOnUnavailable(OnUnavailable.MISS));
    }

    private static void put(CacheBackend<String, String> cache, String key, String value) {
        cache.store()
                .put(key, cache.codec().encode(value), FOR_EVER, Condition.ANY)
                .join();
    }

    private static @Nullable String get(CacheBackend<String, String> cache, String key) {
        return cache.decode(key, cache.store().get(key, Lifetimes.KEEP).join());
    }

    private static void fill(CacheBackend<String, String> cache) {
        Map<String, byte[]> many = new HashMap<>();
        for (int i = 0; i < KEYS; i++) {
            many.put("key" + i, cache.codec().encode("old"));
        }
        cache.store().putAll(many, FOR_EVER).join();
    }

    private static boolean isRemoved(MarketCaches caches) {
        return !caches.breaker().open() && !caches.health().outages().remembersAll();
    }

    /** Does something while another thread writes again and again. */
    private static void whileWriting(IntConsumer write, Runnable action) {
        AtomicBoolean isOver = new AtomicBoolean();
        CompletableFuture<Void> writing = CompletableFuture.runAsync(() -> {
            for (int i = 0; !isOver.get(); i++) {
                write.accept(i);
            }
        });
        try {
            action.run();
        } finally {
            isOver.set(true);
            writing.join();
        }
    }

    /** Another program stores entries after the removal has passed their keys; this one removes them again. */
    @Test
    void clear_droppedAndEntriesThatAreRemovedMeanwhile_endsAndTheyAreNotRead() {
        try (Outage outage = new Outage(Kind.STOPPED, folder);
                MarketCaches here = open(outage.uri());
                MarketCaches other = open(outage.uri())) {
            CacheBackend<String, String> words = words(here);
            CacheBackend<String, String> there = words(other);
            fill(words);
            fill(cache(here, "others"));
            outage.begin();
            words.store().clear().join();
            List<String> removed = new ArrayList<>();
            whileWriting(i -> put(words, "written" + i % FEW, "new"), () -> {
                outage.end();
                await().pollInterval(Duration.ofMillis(1)).until(() -> {
                    String key = "removed" + removed.size();
                    put(there, key, "old");
                    words.store().remove(key).join();
                    removed.add(key);
                    return isRemoved(here);
                });

                assertThat(removed)
                        .allSatisfy(key -> assertThat(get(words, key)).isNull());
                assertThat(get(words, "key0")).isNull();
                put(words, "key0", "new");
                assertThat(get(words, "key0")).isEqualTo("new");
            });
        }
    }

    @Test
    void clear_droppedAndManyKeysAreWrittenMeanwhile_ends() {
        try (Outage outage = new Outage(Kind.STOPPED, folder);
                MarketCaches caches = open(outage.uri())) {
            CacheBackend<String, String> words = words(caches);
            fill(words);
            fill(cache(caches, "others"));
            outage.begin();
            words.store().clear().join();
            assertEnds(outage, caches, i -> put(words, "written" + i % MANY, "new"));

            assertThat(get(words, "key0")).isNull();
            put(words, "key0", "new");
            assertThat(get(words, "key0")).isEqualTo("new");
        }
    }

    /** All keys of one call are refused together, and the removal may end while they are remembered. */
    @Test
    void clear_droppedAndManyEntriesAreWrittenAtOnceMeanwhile_ends() {
        try (Outage outage = new Outage(Kind.STOPPED, folder);
                MarketCaches caches = open(outage.uri())) {
            CacheBackend<String, String> words = words(caches);
            fill(words);
            fill(cache(caches, "others"));
            outage.begin();
            words.store().clear().join();
            assertEnds(outage, caches, i -> fill(words));
        }
    }

    @Tag("thorough")
    @Test
    void clear_ofCandlesDroppedAndBarsArePutMeanwhile_ends() {
        try (Outage outage = new Outage(Kind.STOPPED, folder);
                MarketCaches caches = open(outage.uri())) {
            List<OhlcvBar> bars = List.of(new OhlcvBar(0, 1, 2, 1, 2, 10));
            SeriesKey series = SeriesKey.of("BTCUSDT", "1m");
            fill(words(caches));
            caches.ohlcv().put(series, bars);
            outage.begin();
            caches.ohlcv().clear();
            assertEnds(outage, caches, i -> caches.ohlcv().put(SeriesKey.of("PAIR" + i % FEW, "1m"), bars));

            assertThat(caches.ohlcv().latest(series, 1).isEmpty()).isTrue();
            caches.ohlcv().put(series, bars);
            assertThat(caches.ohlcv().latest(series, 1).bars()).isEqualTo(bars);
        }
    }

    @Tag("thorough")
    @Test
    void clear_ofAnalysesDroppedAndTheyArePutMeanwhile_endsAndTheyAreComputedOnce() {
        try (Outage outage = new Outage(Kind.STOPPED, folder);
                MarketCaches caches = open(outage.uri())) {
            AnalysisKey key = new AnalysisKey("sentiment", "key");
            fill(words(caches));
            caches.llm().put(key, new Analysis("\"old\""));
            outage.begin();
            caches.backend(CacheOptions.of(DomainCache.LLM.cacheName(), AnalysisKey.class, Analysis.class)
                            .withOnUnavailable(OnUnavailable.MISS))
                    .store()
                    .clear()
                    .join();
            assertEnds(
                    outage,
                    caches,
                    i -> caches.llm().put(new AnalysisKey("sentiment", "key" + i % FEW), new Analysis("\"new\"")));

            Analysis computed = new Analysis("\"computed\"");
            assertThat(caches.llm().computeIfAbsent(key, () -> computed)).isEqualTo(computed);
            assertThat(caches.llm().computeIfAbsent(key, () -> {
                        throw new AssertionError("computes twice");
                    }))
                    .isEqualTo(computed);
        }
    }

    private static void assertEnds(Outage outage, MarketCaches caches, IntConsumer write) {
        assertThat(caches.health().outages().remembersAll()).isTrue();
        whileWriting(write, () -> {
            outage.end();
            await().pollInterval(Duration.ofMillis(1)).until(() -> isRemoved(caches));
        });
        await().until(() -> isRemoved(caches) && caches.health().outages().remembered() == 0);
    }

    @Test
    void removal_userMayNotScan_isLoggedOnceAndMadeLater() throws Exception {
        try (CapturedLog log = new CapturedLog();
                EmbeddedServer server = EmbeddedServer.start();
                RespConnection raw = RespConnection.tcp(server.port())) {
            raw.call("ACL", "SETUSER", "bot", "reset", "on", ">secret", "~*", "&*", "+@all", "-scan");
            try (MarketCaches caches = open(server.uri().replace("redis://", "redis://bot:secret@"))) {
                CacheBackend<String, String> words = words(caches);
                put(words, "key", "old");
                Objects.requireNonNull(words.outage()).dropAll();
                await().until(() -> Pattern.compile("cmdstat_scan:.*rejected_calls=([3-9]|\\d\\d)")
                        .matcher(raw.call("INFO", "commandstats"))
                        .find());
                assertThat(get(words, "key")).isNull();
                assertThat(log.lines("WARN").stream().filter(line -> line.contains("'words'")))
                        .singleElement()
                        .asString()
                        .contains(server.uri(), "cannot be removed", "ACL SETUSER");

                raw.call("ACL", "SETUSER", "bot", "+scan");
                await().until(() -> isRemoved(caches));
                put(words, "key", "new");
                assertThat(get(words, "key")).isEqualTo("new");
            }
        }
    }
}
