package io.iftb.cache;

import static java.util.Objects.requireNonNull;

import io.iftb.cache.market.BarKey;
import io.iftb.cache.market.OhlcvBar;
import io.iftb.cache.settings.CacheOptions;
import io.iftb.cache.settings.CacheSettings;
import io.iftb.cache.settings.NearOptions;
import io.iftb.cache.store.CacheBackend;
import io.iftb.cache.store.EntryStore.Condition;
import io.iftb.cache.store.Lifetimes;
import io.iftb.cache.store.NearReads;
import io.iftb.cache.store.NearStatus;
import java.time.Duration;
import java.util.function.UnaryOperator;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;
import org.jspecify.annotations.Nullable;

/** A program with near caches of texts, {@code words}, and of candles. */
final class NearProgram implements AutoCloseable {

    static final String CACHE = "words";
    static final Duration OPERATION = Duration.ofSeconds(2);

    private static final Duration PATIENCE = Duration.ofSeconds(30);

    final MarketCaches caches;
    final CacheBackend<String, String> words;
    final CacheBackend<BarKey, OhlcvBar> bars;

    private NearProgram(CacheSettings.Builder settings, NearOptions near) {
        CacheOptions<BarKey, OhlcvBar> candles =
                CacheOptions.of("ohlcv", BarKey.class, OhlcvBar.class).withNear(near);
        this.caches = MarketCaches.open(settings.cache(candles).build());
        this.words = caches.backend(
                CacheOptions.of(CACHE, String.class, String.class).withNear(near));
        this.bars = caches.backend(candles);
    }

    /** Opens it, and waits until it hears what changes. */
    static NearProgram open(String uri) {
        return open(uri, NearOptions.DEFAULT).awaitHearing();
    }

    /** Opens it; perhaps it never hears anything. */
    static NearProgram open(String uri, NearOptions near) {
        return new NearProgram(settings(uri), near);
    }

    static NearProgram open(String uri, UnaryOperator<CacheSettings.Builder> settings) {
        return new NearProgram(settings.apply(settings(uri)), NearOptions.DEFAULT);
    }

    private static CacheSettings.Builder settings(String uri) {
        return CacheSettings.builder().redisUri(uri).operationTimeout(OPERATION);
    }

    /** Looks often, since what is awaited here comes within a round trip. */
    static ConditionFactory await() {
        return Awaitility.await().atMost(PATIENCE).pollDelay(Duration.ZERO).pollInterval(Duration.ofMillis(2));
    }

    NearProgram awaitHearing() {
        await().atMost(PATIENCE)
                .until(() -> status().isHearing() && near(bars).status().isHearing());
        return this;
    }

    static <K, V> NearReads<K, V> near(CacheBackend<K, V> cache) {
        return requireNonNull(cache.near());
    }

    NearStatus status() {
        return near(words).status();
    }

    /** What this JVM answers by itself; null if it asks. */
    @Nullable
    String hit(String key) {
        return near(words).get(key);
    }

    /** As a caller reads. */
    @Nullable
    String read(String key) {
        String held = hit(key);
        return held != null ? held : words.decode(key, near(words).read(key).join());
    }

    /** As an operation reads that decides by what is there. */
    @Nullable
    String readToDecide(String key) {
        return words.decode(key, words.store().get(key, Lifetimes.KEEP).join());
    }

    void put(String key, String value) {
        words.store()
                .put(
                        key,
                        words.codec().encode(value),
                        new Lifetimes(Lifetimes.ETERNAL, Lifetimes.ETERNAL),
                        Condition.ANY)
                .join();
    }

    /** Reads until the value is held: the message of an earlier write may take it away once more. */
    void hold(String key, String value) {
        await().until(() -> value.equals(read(key)) && value.equals(hit(key)));
    }

    @Override
    public void close() {
        caches.close();
    }
}
