package io.iftb.cache.jcache;

import static org.assertj.core.api.Assertions.assertThat;

import io.iftb.cache.market.BarKey;
import io.iftb.cache.market.OhlcvBar;
import io.iftb.cache.market.Timeframe;
import io.iftb.cache.store.CacheBackend;
import io.iftb.cache.store.EntryStore.Condition;
import io.iftb.cache.store.Lifetimes;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import javax.cache.Cache;
import javax.cache.configuration.MutableConfiguration;
import javax.cache.expiry.CreatedExpiryPolicy;
import javax.cache.expiry.Duration;
import javax.cache.expiry.ExpiryPolicy;
import javax.cache.integration.CompletionListenerFuture;
import javax.cache.processor.EntryProcessorResult;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every operation that loads, on an absent and on a present entry: result, value, lifetime, statistics and events, on the
 * entry store and on the candle store, blocking and asynchronous, with a policy of the specification and with a custom
 * one. An entry holds {@code a}, the loader has {@code b}, and {@code c} is a third value.
 */
class ReadThroughMatrixTest {

    private static final String HIT = "1 hits, 0 misses, 0 puts";
    private static final String MISS = "0 hits, 1 misses, 0 puts";
    private static final String NONE = "0 hits, 0 misses, 0 puts";
    private static final long BEFORE = 1_000_000;
    private static final Duration MINUTE = new Duration(TimeUnit.SECONDS, 60);

    private final JCacheFixture fixture = JCacheFixture.open();

    @AfterEach
    void close() {
        fixture.close();
    }

    /** An operation and its expected outcome. */
    enum Load {
        GET(new Expected("b", "b set", MISS, "CREATED null -> b"), new Expected("a", "a", HIT)) {
            @Override
            <K, V> @Nullable Object run(Cache<K, V> cache, K key, V c) {
                return cache.get(key);
            }
        },
        GET_ALL(new Expected("b", "b set", MISS, "CREATED null -> b"), new Expected("a", "a", HIT)) {
            @Override
            <K, V> @Nullable Object run(Cache<K, V> cache, K key, V c) {
                return cache.getAll(Set.of(key)).get(key);
            }
        },
        LOAD_ALL(new Expected("null", "b set", NONE, "CREATED null -> b"), new Expected("null", "a", NONE)) {
            @Override
            <K, V> @Nullable Object run(Cache<K, V> cache, K key, V c) throws Exception {
                return loadAll(cache, key, false);
            }
        },
        LOAD_ALL_REPLACING(
                new Expected("null", "b set", NONE, "CREATED null -> b"),
                new Expected("null", "b", NONE, "UPDATED a -> b")) {
            @Override
            <K, V> @Nullable Object run(Cache<K, V> cache, K key, V c) throws Exception {
                return loadAll(cache, key, true);
            }
        },
        INVOKE_EXISTS(new Expected("false", "none", MISS), new Expected("true", "a", HIT)) {
            @Override
            <K, V> Object run(Cache<K, V> cache, K key, V c) {
                return cache.invoke(key, (entry, arguments) -> entry.exists());
            }
        },
        INVOKE_GET(new Expected("b", "b set", MISS, "CREATED null -> b"), new Expected("a", "a", HIT)) {
            @Override
            <K, V> @Nullable Object run(Cache<K, V> cache, K key, V c) {
                return cache.invoke(key, (entry, arguments) -> entry.getValue());
            }
        },
        INVOKE_ALL_GET(new Expected("b", "b set", MISS, "CREATED null -> b"), new Expected("a", "a", HIT)) {
            @Override
            <K, V> @Nullable Object run(Cache<K, V> cache, K key, V c) {
                EntryProcessorResult<V> result = cache.invokeAll(Set.of(key), (entry, arguments) -> entry.getValue())
                        .get(key);
                return Objects.requireNonNull(result).get();
            }
        },
        INVOKE_GET_AND_SET(
                new Expected("b", "c set", "0 hits, 1 misses, 1 puts", "CREATED null -> c"),
                new Expected("a", "c", "1 hits, 0 misses, 1 puts", "UPDATED a -> c")) {
            @Override
            <K, V> @Nullable Object run(Cache<K, V> cache, K key, V c) {
                return cache.invoke(key, (entry, arguments) -> {
                    V before = entry.getValue();
                    entry.setValue(c);
                    return before;
                });
            }
        },
        INVOKE_GET_AND_REMOVE(new Expected("b", "none", MISS), new Expected("a", "none", HIT, "REMOVED a -> a")) {
            @Override
            <K, V> @Nullable Object run(Cache<K, V> cache, K key, V c) {
                return cache.invoke(key, (entry, arguments) -> {
                    V before = entry.getValue();
                    entry.remove();
                    return before;
                });
            }
        };

        @SuppressWarnings("ImmutableEnumChecker") // texts
        private final Expected whenAbsent;

        @SuppressWarnings("ImmutableEnumChecker") // texts
        private final Expected whenPresent;

        Load(Expected whenAbsent, Expected whenPresent) {
            this.whenAbsent = whenAbsent;
            this.whenPresent = whenPresent;
        }

        abstract <K, V> @Nullable Object run(Cache<K, V> cache, K key, V c) throws Exception;

        private static <K> @Nullable Object loadAll(Cache<K, ?> cache, K key, boolean replace) throws Exception {
            CompletionListenerFuture done = new CompletionListenerFuture();
            cache.loadAll(Set.of(key), replace, done);
            done.get(10, TimeUnit.SECONDS);
            return null;
        }
    }

    static Stream<Arguments> cases() {
        ExpiryPolicy policy = new CreatedExpiryPolicy(MINUTE);
        return Stream.of(Load.values())
                .flatMap(load -> Stream.of(TEXTS, BARS)
                        .flatMap(kind -> Stream.of(policy, new SameMeaning(policy))
                                .flatMap(each -> Stream.of("blocking", "async")
                                        .map(form -> Arguments.of(load, kind, each, form)))));
    }

    @ParameterizedTest(name = "{0}, {1}, {2}, {3}")
    @MethodSource("cases")
    <K, V> void anyLoad_absentAndPresent_doesWhatTheTableSays(
            Load load, Kind<K, V> kind, ExpiryPolicy policy, String form) throws Exception {
        RedisCache<K, V> cache = (RedisCache<K, V>) fixture.manager()
                .createCache(
                        kind.cache,
                        new MutableConfiguration<K, V>()
                                .setTypes(kind.keyType, kind.valueType)
                                .setExpiryPolicyFactory(() -> policy)
                                .setStatisticsEnabled(true)
                                .setReadThrough(true)
                                .setCacheLoaderFactory(() -> new FakeLoader<>(key -> kind.b)));
        EventLog<K, V> log = new EventLog<>();
        cache.registerCacheEntryListener(log.synchronousConfiguration());
        Cache<K, V> used = form.equals("async") ? new AsyncAsCache<>(cache) : cache;
        for (boolean present : new boolean[] {false, true}) {
            CacheBackend<K, V> stored = fixture.backend(kind.cache, kind.keyType, kind.valueType);
            stored.store().remove(kind.key).join();
            if (present) {
                byte[] bytes = stored.codec().encode(kind.a);
                stored.store()
                        .put(kind.key, bytes, new Lifetimes(BEFORE, BEFORE), Condition.ANY)
                        .join();
            }
            cache.statistics().clear();

            Object result = load.run(used, kind.key, kind.c);

            byte[] after = stored.store().get(kind.key, Lifetimes.KEEP).join();
            assertThat(new Expected(
                            kind.letter(result),
                            (kind.letter(stored.decode(kind.key, after)) + lifetime(kind)).replace("nullnone", "none"),
                            "%s hits, %s misses, %s puts"
                                    .formatted(
                                            cache.statistics().getCacheHits(),
                                            cache.statistics().getCacheMisses(),
                                            cache.statistics().getCachePuts()),
                            log.take().stream().map(kind::letters).toArray(String[]::new)))
                    .as("present: %s", present)
                    .isEqualTo(present ? load.whenPresent : load.whenAbsent);
        }
    }

    /** The lifetime that the server has for the only entry: one set by the policy, none for no entry, or as before. */
    private String lifetime(Kind<?, ?> kind) {
        List<String> keys = fixture.raw().keys("*" + fixture.namespace() + "*" + kind.cache + "*");
        if (keys.isEmpty()) {
            return "none";
        }
        assertThat(keys).hasSize(1);
        long left = (Long) Objects.requireNonNull(fixture.raw().send("PTTL", keys.get(0)));
        assertThat(left).isBetween(1L, BEFORE);
        return left <= 60_000 ? " set" : "";
    }

    private static final Kind<String, String> TEXTS =
            new Kind<>("texts", String.class, String.class, "k", "first", "second", "third");

    private static final Kind<BarKey, OhlcvBar> BARS = new Kind<>(
            "ohlcv",
            BarKey.class,
            OhlcvBar.class,
            new BarKey("BTCUSDT", Timeframe.parse("1h"), 3_600_000),
            new OhlcvBar(3_600_000, 1, 2, 0.5, 1.5, 10),
            new OhlcvBar(3_600_000, 2, 3, 1.5, 2.5, 20),
            new OhlcvBar(3_600_000, 3, 4, 2.5, 3.5, 30));

    /**
     * The outcome of an operation.
     *
     * @param result what it returned
     * @param entry the value of the entry, with {@code set} if the policy has set its lifetime, or {@code none}
     * @param counts the statistics
     * @param events the events in their order
     */
    private record Expected(String result, String entry, String counts, List<String> events) {

        Expected(String result, String entry, String counts, String... events) {
            this(result, entry, counts, List.of(events));
        }
    }

    /** A cache, a key of it, and three values. */
    private record Kind<K, V>(String cache, Class<K> keyType, Class<V> valueType, K key, V a, V b, V c) {

        /** The letter of a value; another object as text. */
        String letter(@Nullable Object value) {
            return letters(String.valueOf(value));
        }

        String letters(String text) {
            return text.replace(a.toString(), "a").replace(b.toString(), "b").replace(c.toString(), "c");
        }

        @Override
        public String toString() {
            return cache;
        }
    }
}
