package io.iftb.cache.jcache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.iftb.cache.market.BarKey;
import io.iftb.cache.market.OhlcvBar;
import io.iftb.cache.market.Timeframe;
import io.iftb.cache.settings.CacheSetting;
import io.iftb.cache.store.CacheBackend;
import io.iftb.cache.store.EntryStore.Condition;
import io.iftb.cache.store.Lifetimes;
import io.iftb.cache.store.NearReads;
import java.io.Serializable;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import javax.cache.Cache;
import javax.cache.configuration.MutableConfiguration;
import javax.cache.expiry.AccessedExpiryPolicy;
import javax.cache.expiry.CreatedExpiryPolicy;
import javax.cache.expiry.Duration;
import javax.cache.expiry.EternalExpiryPolicy;
import javax.cache.expiry.ExpiryPolicy;
import javax.cache.expiry.ModifiedExpiryPolicy;
import javax.cache.expiry.TouchedExpiryPolicy;
import javax.cache.management.CacheStatisticsMXBean;
import org.assertj.core.api.SoftAssertions;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every operation on an absent and on a present entry, under every policy of the specification: the fast path and the
 * general path give the result, the value, the lifetime, the statistics and the events that the table of {@link EntryCase}
 * asks for, on the entry store and on the candle store, alone, with a listener, with a writer and in the asynchronous form.
 */
class ParityMatrixTest {

    private static final boolean THOROUGH = Boolean.getBoolean("iftb.test.thorough");

    /** The lifetime that an entry has before an operation, ms. */
    private static final long BEFORE = 1_000_000;

    /** The lifetime that a policy sets, ms. */
    private static final long SET = 60_000;

    private static final Duration MINUTE = new Duration(TimeUnit.MILLISECONDS, SET);

    @Nullable
    private static JCacheFixture fast;

    @Nullable
    private static JCacheFixture general;

    @Nullable
    private static JCacheFixture near;

    @BeforeAll
    static void open() {
        fast = JCacheFixture.open();
        general = JCacheFixture.open();
        near = JCacheFixture.builder()
                .with(CacheSetting.NEAR, "*", "on")
                .with(CacheSetting.NEAR, BARS.cache, "on")
                .build();
    }

    @AfterAll
    static void close() {
        Objects.requireNonNull(fast).close();
        Objects.requireNonNull(general).close();
        Objects.requireNonNull(near).close();
    }

    static Stream<Arguments> kindsAndPolicies() {
        return Stream.of(TEXTS, RECORDS, BARS)
                .flatMap(kind -> Stream.of(
                                new EternalExpiryPolicy(),
                                new CreatedExpiryPolicy(MINUTE),
                                new CreatedExpiryPolicy(Duration.ZERO),
                                new ModifiedExpiryPolicy(MINUTE),
                                new ModifiedExpiryPolicy(Duration.ZERO),
                                new AccessedExpiryPolicy(MINUTE),
                                new AccessedExpiryPolicy(Duration.ZERO),
                                new AccessedExpiryPolicy(Duration.ETERNAL),
                                new TouchedExpiryPolicy(MINUTE),
                                new TouchedExpiryPolicy(Duration.ZERO))
                        .map(policy -> Arguments.of(kind, policy)));
    }

    @ParameterizedTest(name = "{0}, {1}")
    @MethodSource("kindsAndPolicies")
    void anyOperation_underAnyPolicy_doesTheSameOnBothPaths(Kind<?, ?> kind, ExpiryPolicy policy) {
        for (Form form : forms(kind, policy)) {
            runAll(kind, policy, Objects.requireNonNull(fast), policy, form);
            runAll(kind, policy, Objects.requireNonNull(general), new SameMeaning(policy), form);
            if (THOROUGH
                    || form == Form.PLAIN
                    || form == Form.ASYNC_HEARD) { // what hears and writes is above near caches
                runAll(kind, policy, Objects.requireNonNull(near), policy, form);
            }
        }
    }

    /** Records differ from texts in their codec only; writers and asynchronous calls do not see the kind of policy. */
    private static List<Form> forms(Kind<?, ?> kind, ExpiryPolicy policy) {
        if (kind.equals(RECORDS)) {
            return THOROUGH ? List.of(Form.PLAIN, Form.HEARD) : List.of(Form.PLAIN);
        }
        boolean isFull =
                THOROUGH || policy instanceof EternalExpiryPolicy || policy.equals(new AccessedExpiryPolicy(MINUTE));
        return isFull ? List.of(Form.values()) : List.of(Form.PLAIN, Form.HEARD);
    }

    static Stream<Arguments> kindsAndPoliciesOfAUser() {
        return Stream.of(TEXTS, BARS)
                .flatMap(kind -> Stream.of(
                                new AnsweringPolicy(MINUTE, null, null),
                                new AnsweringPolicy(Duration.ETERNAL, MINUTE, MINUTE),
                                new AnsweringPolicy(Duration.ZERO, Duration.ETERNAL, Duration.ETERNAL),
                                new AnsweringPolicy(MINUTE, Duration.ZERO, Duration.ZERO))
                        .map(policy -> Arguments.of(kind, policy)));
    }

    @ParameterizedTest(name = "{0}, {1}")
    @MethodSource("kindsAndPoliciesOfAUser")
    void anyOperation_underAPolicyOfAUser_doesWhatItAnswers(Kind<?, ?> kind, ExpiryPolicy policy) {
        for (Form form : Form.values()) {
            runAll(kind, policy, Objects.requireNonNull(general), policy, form);
        }
    }

    @ParameterizedTest
    @EnumSource
    void anyOperation_underAPolicyThatThrows_createsForTheCachesLifetimeAndChangesNoOther(Form form) {
        ExpiryPolicy meaning = new AnsweringPolicy(Duration.ETERNAL, null, null);
        runAll(TEXTS, meaning, Objects.requireNonNull(general), new BrokenPolicy(), form);
        runAll(RECORDS, meaning, Objects.requireNonNull(general), new BrokenPolicy(), form);
    }

    static Stream<Arguments> kindsAndForms() {
        return Stream.of(TEXTS, BARS).flatMap(kind -> Stream.of(Form.values()).map(form -> Arguments.of(kind, form)));
    }

    @ParameterizedTest(name = "{0}, {1}")
    @MethodSource("kindsAndForms")
    void anyOperation_onAnEntryThatHasExpired_seesNone(Kind<?, ?> kind, Form form) {
        for (ExpiryPolicy policy : List.of(new ModifiedExpiryPolicy(MINUTE), new AccessedExpiryPolicy(MINUTE))) {
            runAllOnExpired(kind, policy, form);
            runAllOnExpired(kind, new SameMeaning(policy), form);
        }
    }

    private static <K, V> void runAllOnExpired(Kind<K, V> kind, ExpiryPolicy policy, Form form) {
        JCacheFixture fixture = Objects.requireNonNull(fast);
        EventLog<K, V> log = new EventLog<>();
        Cache<K, V> cache = open(kind, fixture, policy, form, log);
        CacheBackend<K, V> stored = fixture.backend(kind.cache, kind.keyType, kind.valueType);
        try {
            for (EntryCase operation : EntryCase.values()) {
                String as = "%s, %s of %s, %s".formatted(operation, form, kind, policy);
                storeExpired(fixture, stored, kind);
                log.take();

                assertThat(operation.run(cache, kind.key, kind.a, kind.b, kind.c))
                        .as(as)
                        .isEqualTo(operation.expected(false, kind.a, kind.b, policy));
                boolean creates = operation.effect(false) == EntryCase.Effect.CREATION;
                assertThat(stored.decode(
                                kind.key,
                                stored.store().get(kind.key, Lifetimes.KEEP).join()))
                        .as(as)
                        .isEqualTo(creates ? kind.b : null);
                assertThat(log.take())
                        .as(as)
                        .isEqualTo(form.isHeard() ? operation.events(false, kind.a, kind.b, policy) : List.of());
            }
        } finally {
            fixture.manager().destroyCache(kind.cache);
        }
    }

    /** An entry that has expired; the row of a bar is still there, as long as other rows keep its key alive. */
    private static <K, V> void storeExpired(JCacheFixture fixture, CacheBackend<K, V> stored, Kind<K, V> kind) {
        stored.store().remove(kind.key).join();
        byte[] bytes = stored.codec().encode(kind.a);
        long lifetime = kind.cache.equals(BARS.cache) ? BEFORE : 1;
        stored.store()
                .put(kind.key, bytes, new Lifetimes(lifetime, lifetime), Condition.ANY)
                .join();
        if (kind.cache.equals(BARS.cache)) {
            RawRedis raw = fixture.raw();
            String head = raw.key("*" + fixture.namespace() + "*" + kind.cache + "*");
            byte[] row = (byte[]) Objects.requireNonNull(raw.send("GET", head));
            ByteBuffer.wrap(row).putLong(8, System.currentTimeMillis() - 1_000);
            raw.send("SET", head, row);
        }
        await().pollInterval(java.time.Duration.ofMillis(1))
                .until(() -> !stored.store().contains(kind.key).join());
    }

    private static <K, V> void runAll(
            Kind<K, V> kind, ExpiryPolicy meaning, JCacheFixture fixture, ExpiryPolicy policy, Form form) {
        EventLog<K, V> log = new EventLog<>();
        Cache<K, V> used = open(kind, fixture, policy, form, log);
        RedisCache<?, ?> cache = used.unwrap(RedisCache.class);
        try {
            SoftAssertions softly = new SoftAssertions();
            for (EntryCase operation : EntryCase.values()) {
                for (boolean present : List.of(false, true)) {
                    String path = (policy == meaning ? "fast " : "general ") + form;
                    String as = "%s, %s path, entry %s".formatted(operation, path, present ? "present" : "absent");
                    OperationResult expected = expected(kind, operation, present, meaning);
                    softly.assertThat(actual(fixture, used, kind, operation, present))
                            .as(as)
                            .isEqualTo(expected);
                    softly.assertThat(counts(cache)).as(as).isEqualTo(operation.counts(present, meaning));
                    softly.assertThat(log.take())
                            .as(as)
                            .isEqualTo(form.isHeard() ? operation.events(present, kind.a, kind.b, meaning) : List.of());
                }
            }
            softly.assertAll();
        } finally {
            fixture.manager().destroyCache(kind.cache);
        }
    }

    private static <K, V> Cache<K, V> open(
            Kind<K, V> kind, JCacheFixture fixture, ExpiryPolicy policy, Form form, EventLog<K, V> log) {
        Cache<K, V> cache = fixture.manager()
                .createCache(
                        kind.cache,
                        new MutableConfiguration<K, V>()
                                .setTypes(kind.keyType, kind.valueType)
                                .setExpiryPolicyFactory(() -> policy)
                                .setStatisticsEnabled(true)
                                .setWriteThrough(form == Form.WRITTEN)
                                .setCacheWriterFactory(SilentWriter::new));
        if (form.isHeard()) {
            cache.registerCacheEntryListener(log.synchronousConfiguration());
        }
        return form == Form.ASYNC || form == Form.ASYNC_HEARD ? new AsyncAsCache<>(cache) : cache;
    }

    /** What the statistics counted since the last time. */
    private static EntryCase.Counts counts(RedisCache<?, ?> cache) {
        CacheStatisticsMXBean statistics = cache.statistics();
        EntryCase.Counts counts = new EntryCase.Counts(
                statistics.getCacheHits(),
                statistics.getCacheMisses(),
                statistics.getCachePuts(),
                statistics.getCacheRemovals());
        statistics.clear();
        return counts;
    }

    private static <K, V> OperationResult actual(
            JCacheFixture fixture, Cache<K, V> cache, Kind<K, V> kind, EntryCase operation, boolean present) {
        CacheBackend<K, V> stored = fixture.backend(kind.cache, kind.keyType, kind.valueType);
        stored.store().remove(kind.key).join();
        if (present) {
            byte[] bytes = stored.codec().encode(kind.a);
            stored.store()
                    .put(kind.key, bytes, new Lifetimes(BEFORE, BEFORE), Condition.ANY)
                    .join();
            hold(stored, kind.key);
        }
        Object result = operation.run(cache, kind.key, kind.a, kind.b, kind.c);
        byte[] after = stored.store().get(kind.key, Lifetimes.KEEP).join();
        return new OperationResult(result, stored.decode(kind.key, after), lifetime(fixture, kind));
    }

    /** Lets this JVM hold an entry, if the near cache is on. */
    private static <K, V> void hold(CacheBackend<K, V> stored, K key) {
        NearReads<K, V> held = stored.near();
        if (held != null) {
            await().pollDelay(java.time.Duration.ZERO).until(() -> held.status().isHearing());
            held.read(key).join();
        }
    }

    private static <K, V> OperationResult expected(
            Kind<K, V> kind, EntryCase operation, boolean present, ExpiryPolicy policy) {
        Object result = operation.expected(present, kind.a, kind.b, policy);
        return switch (operation.effect(present)) {
            case NONE ->
                present ? new OperationResult(result, kind.a, "as before") : new OperationResult(result, null, "none");
            case REMOVAL -> new OperationResult(result, null, "none");
            case CREATION -> after(result, kind.b, policy.getExpiryForCreation());
            case UPDATE -> after(result, kind.b, policy.getExpiryForUpdate());
            case ACCESS -> after(result, kind.a, policy.getExpiryForAccess());
        };
    }

    private static OperationResult after(@Nullable Object result, Object value, @Nullable Duration duration) {
        if (duration == null) {
            return new OperationResult(result, value, "as before");
        }
        return duration.isZero()
                ? new OperationResult(result, null, "none")
                : new OperationResult(result, value, duration.isEternal() ? "eternal" : "set");
    }

    /** The lifetime that the server has for the only entry of a cache. */
    private static String lifetime(JCacheFixture fixture, Kind<?, ?> kind) {
        RawRedis raw = fixture.raw();
        List<String> keys = raw.keys("*" + fixture.namespace() + "*" + kind.cache + "*");
        if (keys.isEmpty()) {
            return "none";
        }
        assertThat(keys).hasSize(1);
        long left = kind.cache.equals(BARS.cache)
                ? rowLifetime(raw, keys.get(0))
                : (Long) Objects.requireNonNull(raw.send("PTTL", keys.get(0)));
        if (left < 0) {
            return "eternal";
        }
        return left > SET && left <= BEFORE ? "as before" : left <= SET ? "set" : "unknown: " + left;
    }

    /** The expiry in the row of a bar, which is at offset 8 of the 56 bytes. */
    private static long rowLifetime(RawRedis raw, String head) {
        byte[] row = (byte[]) Objects.requireNonNull(raw.send("GET", head));
        assertThat(row).hasSize(56);
        long expiry = ByteBuffer.wrap(row).getLong(8);
        return expiry == Long.MAX_VALUE ? -1 : expiry - System.currentTimeMillis();
    }

    private static final Kind<String, String> TEXTS =
            new Kind<>("texts", String.class, String.class, "k", "a", "b", "c");

    private static final Kind<Long, Order> RECORDS = new Kind<>(
            "orders",
            Long.class,
            Order.class,
            -7L,
            new Order("a", 1, List.of(1.5)),
            new Order("b", 2, List.of()),
            new Order("c", 3, List.of(2.5, 3.5)));

    private static final Kind<BarKey, OhlcvBar> BARS = new Kind<>(
            "ohlcv",
            BarKey.class,
            OhlcvBar.class,
            new BarKey("BTCUSDT", Timeframe.parse("1h"), 3_600_000),
            new OhlcvBar(3_600_000, 1, 2, 0.5, 1.5, 10),
            new OhlcvBar(3_600_000, 2, 3, 1.5, 2.5, 20),
            new OhlcvBar(3_600_000, 3, 4, 2.5, 3.5, 30));

    /** How the operations are called, and which observers there are. */
    private enum Form {
        PLAIN,
        HEARD,
        WRITTEN,
        ASYNC,
        ASYNC_HEARD;

        boolean isHeard() {
            return this == HEARD || this == ASYNC_HEARD;
        }
    }

    /** A user's value class. */
    record Order(String id, int amount, List<Double> prices) implements Serializable {}

    /**
     * The outcome of an operation.
     *
     * @param result what it returned
     * @param value the value of the entry afterwards
     * @param lifetime the lifetime of the entry afterwards
     */
    private record OperationResult(
            @Nullable Object result, @Nullable Object value, String lifetime) {}

    /** A cache, a key of it, and three values. */
    private record Kind<K, V>(String cache, Class<K> keyType, Class<V> valueType, K key, V a, V b, V c) {

        @Override
        public String toString() {
            return cache;
        }
    }
}
