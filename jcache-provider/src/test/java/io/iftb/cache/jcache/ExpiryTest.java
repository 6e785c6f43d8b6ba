package io.iftb.cache.jcache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.iftb.cache.market.BarKey;
import io.iftb.cache.market.OhlcvBar;
import io.iftb.cache.market.Ticker;
import io.iftb.cache.market.Timeframe;
import java.io.Closeable;
import java.time.Instant;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import javax.cache.Cache;
import javax.cache.expiry.AccessedExpiryPolicy;
import javax.cache.expiry.CreatedExpiryPolicy;
import javax.cache.expiry.Duration;
import javax.cache.expiry.ExpiryPolicy;
import javax.cache.expiry.ModifiedExpiryPolicy;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Which methods of an expiry policy are called, the effect of their results, and lifetimes by the server's clock. */
class ExpiryTest {

    private static final Answer BROKEN = () -> {
        throw new IllegalStateException("this policy is broken on purpose");
    };

    private static final Duration SHORT = new Duration(TimeUnit.MILLISECONDS, 150);

    private final JCacheFixture fixture = JCacheFixture.open();

    @AfterEach
    void close() {
        fixture.close();
    }

    // ---- questions

    @ParameterizedTest
    @EnumSource
    void anyOperation_customPolicy_asksOnlyForWhatHappened(EntryCase operation) {
        CountingPolicy policy = new CountingPolicy();
        Cache<String, String> cache = fixture.cache("texts", String.class, String.class, policy);

        operation.run(cache, "k", "a", "b", "c");
        assertThat(policy.asked()).as("absent").isEqualTo(questions(operation.effect(false)));

        cache.put("k", "a");
        policy.asked();
        operation.run(cache, "k", "a", "b", "c");
        assertThat(policy.asked()).as("present").isEqualTo(questions(operation.effect(true)));
    }

    private static List<String> questions(EntryCase.Effect effect) {
        return switch (effect) {
            case CREATION -> List.of("creation");
            case UPDATE -> List.of("update");
            case ACCESS -> List.of("access");
            case NONE, REMOVAL -> List.of();
        };
    }

    @Test
    void putAll_someKeysPresent_asksForEachWhatHappened() {
        CountingPolicy policy = new CountingPolicy();
        Cache<String, String> cache = fixture.cache("texts", String.class, String.class, policy);
        cache.put("b", "2");
        policy.asked();

        cache.putAll(Map.of("a", "1", "b", "2", "c", "3"));

        assertThat(policy.asked()).containsExactlyInAnyOrder("creation", "update", "creation");
        assertThat(cache.getAll(Set.of("a", "b", "c"))).hasSize(3);
        assertThat(policy.asked()).containsExactly("access", "access", "access");
    }

    // ---- answers

    @Test
    void put_policyThatThrows_keepsTheEntryForTheCachesLifetime() {
        Cache<String, String> cache = fixture.cache("texts", String.class, String.class, new Answering(BROKEN));

        cache.put("k", "v");
        cache.put("k", "w");

        assertThat(cache.get("k")).isEqualTo("w");
        assertThat(pttl("texts")).isEqualTo(-1);
    }

    @Test
    void put_policyThatThrowsOnADomainCache_usesItsLifetime() {
        Cache<String, Ticker> tickers = fixture.cache("ticker", String.class, Ticker.class, new Answering(BROKEN));

        tickers.put("BTCUSDT", ticker());

        assertThat(pttl("ticker")).isBetween(1L, 10_000L);
    }

    @Test
    void put_policyWithoutAnAnswer_createsForTheCachesLifetime() {
        Cache<String, String> cache = fixture.cache("texts", String.class, String.class, new Answering(() -> null));

        cache.put("k", "v");

        assertThat(cache.get("k")).isEqualTo("v");
        assertThat(pttl("texts")).isEqualTo(-1);
    }

    @Test
    void put_longestDuration_isEternal() {
        Duration longest = new Duration(TimeUnit.DAYS, Long.MAX_VALUE);
        Cache<String, String> fast =
                fixture.cache("fast", String.class, String.class, new CreatedExpiryPolicy(longest));
        Cache<String, String> general =
                fixture.cache("general", String.class, String.class, new Answering(() -> longest));

        fast.put("k", "v");
        general.put("k", "v");

        assertThat(pttl("fast")).isEqualTo(-1);
        assertThat(pttl("general")).isEqualTo(-1);
    }

    @Test
    void get_domainCacheWithoutConfiguration_hasItsLifetimeAfterEachWrite() {
        Cache<String, Ticker> tickers = fixture.domainCache("ticker", String.class, Ticker.class);
        tickers.put("BTCUSDT", ticker());
        fixture.raw().send("PEXPIRE", key("ticker"), 1_000_000);

        tickers.get("BTCUSDT");
        assertThat(pttl("ticker")).isGreaterThan(10_000);

        tickers.put("BTCUSDT", ticker());
        assertThat(pttl("ticker")).isBetween(1L, 10_000L);
    }

    // ---- time

    @Test
    void anyRead_expiredEntry_findsNothing() {
        Cache<String, String> cache =
                fixture.cache("texts", String.class, String.class, new ModifiedExpiryPolicy(SHORT));
        cache.put("k", "v");
        assertThat(cache.containsKey("k")).isTrue();

        await().until(() -> !cache.containsKey("k"));

        assertThat(cache.get("k")).isNull();
        assertThat(cache.getAll(Set.of("k"))).isEmpty();
        assertThat(cache.iterator().hasNext()).isFalse();
        assertThat(cache.replace("k", "w")).isFalse();
        assertThat(cache.getAndRemove("k")).isNull();
        assertThat(cache.putIfAbsent("k", "w")).isTrue();
    }

    @Test
    void anyRead_expiredBar_findsNothing() {
        Cache<BarKey, OhlcvBar> bars =
                fixture.cache("ohlcv", BarKey.class, OhlcvBar.class, new ModifiedExpiryPolicy(SHORT));
        BarKey key = new BarKey("BTCUSDT", Timeframe.parse("1h"), 3_600_000);
        bars.put(key, new OhlcvBar(3_600_000, 1, 2, 0.5, 1.5, 10));

        await().until(() -> !bars.containsKey(key));

        assertThat(bars.get(key)).isNull();
        assertThat(bars.iterator().hasNext()).isFalse();
    }

    @Test
    void get_accessedPolicy_keepsTheEntryAliveWhileItIsRead() {
        Duration lifetime = new Duration(TimeUnit.MILLISECONDS, 400);
        Cache<String, String> cache =
                fixture.cache("texts", String.class, String.class, new AccessedExpiryPolicy(lifetime));
        cache.put("read", "v");
        cache.put("unread", "v");

        await().pollInterval(java.time.Duration.ofMillis(20)).until(() -> {
            assertThat(cache.get("read")).isEqualTo("v");
            return !cache.containsKey("unread");
        });

        assertThat(cache.get("read")).isEqualTo("v");
    }

    @Test
    void iterator_slowReader_doesNotSeeWhatExpiredMeanwhile() {
        Cache<Integer, String> cache = fixture.cache("texts", Integer.class, String.class);
        for (int i = 0; i < 10; i++) {
            cache.put(i, "v");
        }
        Iterator<Cache.Entry<Integer, String>> iterator = cache.iterator();
        iterator.next();
        fixture.raw()
                .keys("*" + fixture.namespace() + "*texts*")
                .forEach(key -> fixture.raw().send("PEXPIRE", key, 1));

        await().pollDelay(java.time.Duration.ofMillis(150)).until(() -> !cache.containsKey(9));

        assertThat(iterator.hasNext()).isFalse();
    }

    @Test
    void iterator_pauseBetweenHasNextAndNext_goesOnToTheNextLiveEntry() {
        Cache<Integer, String> cache = fixture.cache("texts", Integer.class, String.class);
        cache.put(1, "v");
        cache.put(2, "v");
        Iterator<Cache.Entry<Integer, String>> both = cache.iterator();
        assertThat(both.hasNext()).isTrue();
        Iterator<Cache.Entry<Integer, String>> again = cache.iterator();
        int promised = again.next().getKey();
        cache.put(3 - promised, "new");
        cache.remove(promised);

        await().pollDelay(java.time.Duration.ofMillis(150)).until(() -> !cache.containsKey(promised));

        Cache.Entry<Integer, String> next = both.next();
        assertThat(next.getKey()).isEqualTo(3 - promised);
        assertThat(next.getValue()).isEqualTo("new");
        assertThat(both.hasNext()).isFalse();
    }

    @Test
    void iterator_pauseBetweenHasNextAndNextAndNothingIsLeft_keepsItsPromise() {
        Cache<Integer, String> cache = fixture.cache("texts", Integer.class, String.class);
        cache.put(1, "v");
        Iterator<Cache.Entry<Integer, String>> iterator = cache.iterator();
        assertThat(iterator.hasNext()).isTrue();
        cache.remove(1);

        await().pollDelay(java.time.Duration.ofMillis(150)).until(() -> !cache.containsKey(1));

        assertThat(iterator.next().getValue()).isEqualTo("v");
        assertThat(iterator.hasNext()).isFalse();
    }

    // ---- the policy itself

    @Test
    void close_closeablePolicy_closesItOnce() {
        CloseablePolicy policy = new CloseablePolicy();
        Cache<String, String> cache = fixture.cache("texts", String.class, String.class, policy);

        cache.close();
        cache.close();

        assertThat(policy.closed).hasValue(1);
    }

    @Test
    void destroyCache_closeablePolicy_closesIt() {
        CloseablePolicy policy = new CloseablePolicy();
        fixture.cache("texts", String.class, String.class, policy);

        fixture.manager().destroyCache("texts");

        assertThat(policy.closed).hasValue(1);
    }

    private String key(String cacheName) {
        return fixture.raw().key("*" + fixture.namespace() + "*" + cacheName + "*");
    }

    private long pttl(String cacheName) {
        return (Long) Objects.requireNonNull(fixture.raw().send("PTTL", key(cacheName)));
    }

    private static Ticker ticker() {
        return new Ticker(1, 2, 1.5, 10, 3, 0.5, 0.1, Instant.EPOCH.toEpochMilli());
    }

    /** A policy that returns the same for every method. */
    private record Answering(Answer answer) implements ExpiryPolicy {

        @Override
        public @Nullable Duration getExpiryForCreation() {
            return answer.get();
        }

        @Override
        public @Nullable Duration getExpiryForAccess() {
            return answer.get();
        }

        @Override
        public @Nullable Duration getExpiryForUpdate() {
            return answer.get();
        }
    }

    @FunctionalInterface
    private interface Answer {
        @Nullable
        Duration get();
    }

    /** A policy that counts how often it is closed. */
    private static final class CloseablePolicy implements ExpiryPolicy, Closeable {

        private final AtomicInteger closed = new AtomicInteger();

        @Override
        public Duration getExpiryForCreation() {
            return Duration.ETERNAL;
        }

        @Override
        public @Nullable Duration getExpiryForAccess() {
            return null;
        }

        @Override
        public @Nullable Duration getExpiryForUpdate() {
            return null;
        }

        @Override
        public void close() {
            closed.incrementAndGet();
        }
    }
}
