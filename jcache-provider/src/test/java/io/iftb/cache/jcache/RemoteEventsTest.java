package io.iftb.cache.jcache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

import io.iftb.cache.market.BarKey;
import io.iftb.cache.market.OhlcvBar;
import io.iftb.cache.market.Timeframe;
import io.iftb.cache.settings.CacheSetting;
import io.iftb.cache.settings.Setting;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import javax.cache.Cache;
import javax.cache.CacheException;
import javax.cache.configuration.MutableConfiguration;
import javax.cache.event.CacheEntryEvent;
import javax.cache.event.CacheEntryListenerException;
import javax.cache.expiry.CreatedExpiryPolicy;
import javax.cache.expiry.ExpiryPolicy;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Events between two cache managers that share only the server. */
class RemoteEventsTest {

    private static final String NAMESPACE = "remote-events";

    private final JCacheFixture here = fixture("on");
    private final JCacheFixture there = fixture("on");
    private final RedisCache<String, String> cache = here.cache("texts", String.class, String.class);
    private final RedisCache<String, String> other = there.cache("texts", String.class, String.class);
    private final EventLog<String, String> log = new EventLog<>();
    private final List<String> heard = new ArrayList<>();

    private static JCacheFixture fixture(String texts) {
        return JCacheFixture.builder()
                .namespace(NAMESPACE)
                .with(CacheSetting.REMOTE_EVENTS, "texts", texts)
                .with(CacheSetting.REMOTE_EVENTS, "ohlcv", "on")
                .build();
    }

    @AfterEach
    void close() {
        cache.backend().store().clear().join();
        there.close();
        here.close();
    }

    private void awaitHeard(String... events) {
        await().untilAsserted(() -> {
            heard.addAll(log.take());
            assertThat(heard).containsExactly(events);
        });
        heard.clear();
    }

    @Test
    void operations_there_areHeardHereWithTheirOldValues() {
        cache.registerCacheEntryListener(log.asynchronousConfiguration());

        other.put("k", "1");
        other.replace("k", "2");
        other.getAndPut("k", "3");
        other.invoke("k", (entry, arguments) -> {
            entry.setValue("4");
            return null;
        });
        other.getAndRemove("k");
        other.putIfAbsent("k", "5");
        other.remove("k", "5");
        other.remove("k");

        awaitHeard(
                "CREATED null -> 1",
                "UPDATED 1 -> 2",
                "UPDATED 2 -> 3",
                "UPDATED 3 -> 4",
                "REMOVED 4 -> 4",
                "CREATED null -> 5",
                "REMOVED 5 -> 5");
    }

    @Test
    void batches_there_areHeardHere() {
        cache.registerCacheEntryListener(log.asynchronousConfiguration());

        other.putAll(Map.of("a", "1", "b", "1"));
        other.removeAll(Set.of("a", "c"));
        other.removeAll();

        await().untilAsserted(() -> {
            heard.addAll(log.take());
            assertThat(heard)
                    .containsExactlyInAnyOrder(
                            "CREATED null -> 1", "CREATED null -> 1", "REMOVED 1 -> 1", "REMOVED 1 -> 1");
        });
    }

    @Test
    void candles_there_areHeardHere() {
        EventLog<BarKey, OhlcvBar> bars = new EventLog<>();
        BarKey key = new BarKey("BTC:*{}", Timeframe.parse("1h"), -3_600_000);
        OhlcvBar bar = new OhlcvBar(-3_600_000, 1, 2, 0.5, 1.5, 10);
        here.domainCache("ohlcv", BarKey.class, OhlcvBar.class)
                .registerCacheEntryListener(bars.asynchronousConfiguration());
        Cache<BarKey, OhlcvBar> candles = there.domainCache("ohlcv", BarKey.class, OhlcvBar.class);

        candles.put(key, bar);
        candles.remove(key);

        List<String> events = new ArrayList<>();
        await().untilAsserted(() -> {
            events.addAll(bars.take());
            assertThat(events).containsExactly("CREATED null -> " + bar, "REMOVED " + bar + " -> " + bar);
        });
    }

    @Test
    void synchronousListener_ownOperation_hasHeardItWhenItReturns() {
        cache.registerCacheEntryListener(log.synchronousConfiguration());

        for (int i = 0; i < 200; i++) {
            cache.put("k" + i, "1");
            assertThat(log.take()).as("put %s", i).containsExactly("CREATED null -> 1");
        }
    }

    @Test
    void synchronousListener_thatThrows_tellsTheCallerHereAndNobodyThere() {
        EventLog<String, String> broken = new EventLog<>() {
            @Override
            void hear(CacheEntryEvent<? extends String, ? extends String> event) {
                super.hear(event);
                throw new IllegalStateException("broken");
            }
        };
        cache.registerCacheEntryListener(broken.synchronousConfiguration());

        assertThatExceptionOfType(CacheEntryListenerException.class).isThrownBy(() -> cache.put("k", "1"));
        other.put("k", "2");

        List<String> events = new ArrayList<>();
        await().untilAsserted(() -> {
            events.addAll(broken.take());
            assertThat(events).containsExactly("CREATED null -> 1", "UPDATED 1 -> 2");
        });
    }

    @Test
    void synchronousListener_thatBlocks_holdsUpNobodyThere() throws Exception {
        CountDownLatch released = new CountDownLatch(1);
        EventLog<String, String> slow = new EventLog<>() {
            @Override
            void hear(CacheEntryEvent<? extends String, ? extends String> event) {
                try {
                    assertThat(released.await(30, TimeUnit.SECONDS)).isTrue();
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
                super.hear(event);
            }
        };
        cache.registerCacheEntryListener(slow.synchronousConfiguration());
        cache.registerCacheEntryListener(log.asynchronousConfiguration());

        IntStream.range(0, 20).forEach(i -> other.put("k", "v" + i));
        await().untilAsserted(() -> {
            heard.addAll(log.take());
            assertThat(heard).hasSize(20);
        });
        released.countDown();

        List<String> events = new ArrayList<>();
        await().untilAsserted(() -> {
            events.addAll(slow.take());
            assertThat(events).isEqualTo(heard);
        });
    }

    @Test
    void listener_thatAnswersWithAnOperation_doesNotWaitForItself() {
        EventLog<String, String> echo = new EventLog<>() {
            @Override
            void hear(CacheEntryEvent<? extends String, ? extends String> event) {
                super.hear(event);
                if (event.getValue().equals("question")) {
                    cache.put(event.getKey(), "answer");
                }
            }
        };
        cache.registerCacheEntryListener(echo.synchronousConfiguration());
        other.registerCacheEntryListener(log.synchronousConfiguration());

        other.put("k", "question");

        awaitHeard("CREATED null -> question", "UPDATED question -> answer");
        assertThat(echo.take()).containsExactly("CREATED null -> question", "UPDATED question -> answer");
    }

    @Test
    void remoteEventsOff_there_areNotHeardHere() {
        cache.registerCacheEntryListener(log.asynchronousConfiguration());
        try (JCacheFixture without = fixture("off")) {
            without.cache("texts", String.class, String.class).put("k", "silent");
        }

        other.put("k", "loud");

        awaitHeard("UPDATED silent -> loud");
    }

    @Test
    void otherNamespaceOrDatabase_sameName_isNotHeardHere() {
        cache.registerCacheEntryListener(log.asynchronousConfiguration());
        for (JCacheFixture.Builder stranger : List.of(
                JCacheFixture.builder().namespace("else"),
                JCacheFixture.builder().namespace(NAMESPACE).with(Setting.REDIS_DATABASE, "1"))) {
            try (JCacheFixture fixture =
                    stranger.with(CacheSetting.REMOTE_EVENTS, "texts", "on").build()) {
                fixture.cache("texts", String.class, String.class).put("k", "stranger");
            }
        }

        other.put("k", "ours");

        awaitHeard("CREATED null -> ours");
    }

    @Test
    void accessThatEndsAnEntry_there_isExpiredHere() {
        cache.registerCacheEntryListener(log.asynchronousConfiguration());
        there.manager().destroyCache("texts");
        RedisCache<String, String> updated = there.cache("texts", String.class, String.class, new GoneWhenRead());

        updated.put("k", "1");
        updated.get("k");
        updated.put("k", "2");
        updated.iterator().next();

        awaitHeard("CREATED null -> 1", "EXPIRED 1 -> 1", "CREATED null -> 2", "EXPIRED 2 -> 2");
    }

    @Test
    void bornExpired_there_isNotHeardHere() {
        cache.registerCacheEntryListener(log.asynchronousConfiguration());
        there.manager().destroyCache("texts");
        RedisCache<String, String> never = there.cache(
                "texts", String.class, String.class, new CreatedExpiryPolicy(javax.cache.expiry.Duration.ZERO));

        never.put("k", "never");
        cache.put("k", "1");

        awaitHeard("CREATED null -> 1");
    }

    @Test
    void connectionForNews_killed_operationsGoOnAndEventsComeAgain() {
        cache.registerCacheEntryListener(log.synchronousConfiguration());
        here.raw().send("CLIENT", "KILL", "TYPE", "pubsub");

        for (int i = 0; i < 20; i++) {
            cache.put("k" + i, "1");
            assertThat(log.take()).as("put %s", i).containsExactly("CREATED null -> 1");
        }

        await().atMost(Duration.ofSeconds(20)).untilAsserted(() -> {
            other.put("k", "again");
            assertThat(log.take()).isNotEmpty();
        });
    }

    /** The first key tells that messages do not come; the others do not wait for that too. */
    @Test
    void connectionForNews_killed_aBatchWaitsOnce() {
        cache.registerCacheEntryListener(log.synchronousConfiguration());
        Map<String, String> entries = new HashMap<>();
        IntStream.range(0, 20).forEach(i -> entries.put("k" + i, "1"));
        here.raw().send("CLIENT", "KILL", "TYPE", "pubsub");

        long began = System.nanoTime();
        cache.putAll(entries);

        assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(Duration.ofSeconds(5));
        assertThat(log.take()).hasSize(20).containsOnly("CREATED null -> 1");
    }

    @Test
    void listeners_none_subscribeToNothing() {
        String channel = "iftb-cache:changes:0:" + NAMESPACE + ":texts:";
        assertThat(subscribers(channel)).isZero();

        var configuration = log.asynchronousConfiguration();
        cache.registerCacheEntryListener(configuration);
        assertThat(subscribers(channel)).isEqualTo(1);

        cache.close();
        await().untilAsserted(() -> assertThat(subscribers(channel)).isZero());
    }

    private long subscribers(String channel) {
        List<?> reply = (List<?>) Objects.requireNonNull(here.raw().send("PUBSUB", "NUMSUB", channel));
        return (Long) reply.get(1);
    }

    @Test
    void createCache_userWhoMayNotPublish_isRefusedAtOnce() {
        here.raw().send("ACL", "SETUSER", "quiet", "on", ">secret", "~*", "+@all", "resetchannels");
        try (JCacheFixture quiet = JCacheFixture.builder()
                .with(CacheSetting.REMOTE_EVENTS, "texts", "on")
                .with(Setting.REDIS_USER, "quiet")
                .with(Setting.REDIS_PASSWORD, "secret")
                .build()) {
            assertThatExceptionOfType(CacheException.class)
                    .isThrownBy(() -> quiet.cache("texts", String.class, String.class))
                    .withMessageContaining("Cache 'texts': Redis at")
                    .withMessageContaining("channel")
                    .withMessageNotContaining("secret");
            assertThat(quiet.manager().getCacheNames()).isEmpty();
        }
    }

    @Test
    void createCache_withListenerInItsConfiguration_hearsOthers() {
        here.manager().destroyCache("texts");
        here.manager()
                .createCache(
                        "texts",
                        new MutableConfiguration<String, String>()
                                .setTypes(String.class, String.class)
                                .addCacheEntryListenerConfiguration(log.asynchronousConfiguration()));

        other.put("k", "1");

        awaitHeard("CREATED null -> 1");
    }

    /** Ends an entry when it is read. */
    private static final class GoneWhenRead implements ExpiryPolicy {

        @Override
        public javax.cache.expiry.Duration getExpiryForCreation() {
            return javax.cache.expiry.Duration.ETERNAL;
        }

        @Override
        public javax.cache.expiry.Duration getExpiryForAccess() {
            return javax.cache.expiry.Duration.ZERO;
        }

        @Override
        public javax.cache.expiry.@Nullable Duration getExpiryForUpdate() {
            return null;
        }
    }
}
