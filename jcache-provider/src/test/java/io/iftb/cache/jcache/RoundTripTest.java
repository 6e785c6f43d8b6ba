package io.iftb.cache.jcache;

import static org.assertj.core.api.Assertions.assertThat;

import io.iftb.cache.LlmCache;
import io.iftb.cache.MarketDataCache;
import io.iftb.cache.OhlcvCache;
import io.iftb.cache.embedded.EmbeddedServer;
import io.iftb.cache.market.Analysis;
import io.iftb.cache.market.AnalysisKey;
import io.iftb.cache.market.BarKey;
import io.iftb.cache.market.OhlcvBar;
import io.iftb.cache.market.SeriesKey;
import io.iftb.cache.market.Ticker;
import io.iftb.cache.market.Timeframe;
import io.iftb.cache.settings.Setting;
import io.iftb.cache.settings.SettingSources;
import java.io.IOException;
import java.net.URI;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Properties;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.function.IntFunction;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import javax.cache.Cache;
import javax.cache.CacheManager;
import javax.cache.configuration.MutableConfiguration;
import javax.cache.expiry.AccessedExpiryPolicy;
import javax.cache.expiry.CreatedExpiryPolicy;
import javax.cache.expiry.Duration;
import javax.cache.expiry.EternalExpiryPolicy;
import javax.cache.expiry.ExpiryPolicy;
import javax.cache.expiry.ModifiedExpiryPolicy;
import javax.cache.expiry.TouchedExpiryPolicy;
import org.assertj.core.api.SoftAssertions;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * How often an operation waits for the server, counted on the wire: on the entry store and on the candle store, blocking
 * and asynchronous, under every policy of the specification, and for a cache with a listener.
 */
class RoundTripTest {

    private static final int MANY = 1_000;
    private static final int ATTEMPTS = 3;

    private static final Timeframe HOUR = Timeframe.parse("1h");

    @Nullable
    private static EmbeddedServer server;

    @Nullable
    private static CountingProxy proxy;

    private static final IftbCachingProvider PROVIDER =
            new IftbCachingProvider(new SettingSources(Properties::new, name -> ""));

    @BeforeAll
    static void open() throws IOException {
        server = EmbeddedServer.start();
        proxy = new CountingProxy(server.uri());
    }

    @AfterAll
    static void close() {
        PROVIDER.close();
        proxy().close();
        Objects.requireNonNull(server).close();
    }

    private static CountingProxy proxy() {
        return Objects.requireNonNull(proxy);
    }

    /** Round trips are counted here, not timed: a busy machine may take long over each. */
    private static CacheManager manager() {
        Properties patient = new Properties();
        patient.setProperty(Setting.OPERATION_TIMEOUT.propertyName(), "60s");
        return PROVIDER.getCacheManager(URI.create(proxy().address()), null, patient);
    }

    // ---- one entry

    static Stream<Subject<?, ?>> subjects() {
        return Stream.of(texts(), bars())
                .flatMap(kind -> Stream.of(
                                new EternalExpiryPolicy(),
                                new CreatedExpiryPolicy(Duration.ONE_HOUR),
                                new ModifiedExpiryPolicy(Duration.ONE_HOUR),
                                new AccessedExpiryPolicy(Duration.ONE_HOUR),
                                new TouchedExpiryPolicy(Duration.ONE_HOUR))
                        .flatMap(policy -> Stream.of(kind.with(policy, "blocking"), kind.with(policy, "async"))));
    }

    @ParameterizedTest
    @MethodSource("subjects")
    void plainOperation_ofOneEntry_isOneRoundTrip(Subject<?, ?> subject) {
        subject.assertTrips(
                Map.ofEntries(
                        Map.entry(EntryCase.GET, 1),
                        Map.entry(EntryCase.PUT, 1),
                        Map.entry(EntryCase.REMOVE, 1),
                        Map.entry(EntryCase.CONTAINS_KEY, 1),
                        Map.entry(EntryCase.PUT_IF_ABSENT, 1),
                        Map.entry(EntryCase.REPLACE, 1),
                        Map.entry(EntryCase.GET_AND_PUT, 1),
                        Map.entry(EntryCase.GET_AND_REMOVE, 1),
                        Map.entry(EntryCase.GET_AND_REPLACE, 1),
                        Map.entry(EntryCase.GET_ALL, 1),
                        Map.entry(EntryCase.PUT_ALL, 1),
                        Map.entry(EntryCase.REMOVE_ALL_OF, 1)),
                true);
    }

    @ParameterizedTest
    @MethodSource("subjects")
    void comparingOperation_ofOneEntryThatIsThere_isTwoRoundTrips(Subject<?, ?> subject) {
        subject.assertTrips(
                Map.of(
                        EntryCase.INVOKE_GET_AND_SET, 2,
                        EntryCase.INVOKE_REMOVE, 2,
                        EntryCase.INVOKE_ALL_SET, 2,
                        EntryCase.INVOKE_NOTHING, 1,
                        EntryCase.INVOKE_EXISTS, 1,
                        EntryCase.REPLACE_EQUAL, 2,
                        EntryCase.REMOVE_EQUAL, 2),
                true);
    }

    @ParameterizedTest
    @MethodSource("subjects")
    void comparingOperation_nothingThere_isOneRoundTripUnlessItStores(Subject<?, ?> subject) {
        subject.assertTrips(
                Map.of(
                        EntryCase.INVOKE_GET_AND_SET, 2,
                        EntryCase.INVOKE_GET, 1,
                        EntryCase.REPLACE_EQUAL, 1,
                        EntryCase.REMOVE_EQUAL, 1),
                false);
    }

    @Test
    void write_thatAListenerHears_isTwoRoundTripsAndAReadOne() {
        for (Subject<?, ?> subject : List.of(
                texts().with(new ModifiedExpiryPolicy(Duration.ONE_HOUR), "heard"),
                bars().with(new ModifiedExpiryPolicy(Duration.ONE_HOUR), "heard"))) {
            subject.assertTrips(
                    Map.of(
                            EntryCase.GET, 1,
                            EntryCase.GET_ALL, 1,
                            EntryCase.CONTAINS_KEY, 1,
                            EntryCase.PUT, 2,
                            EntryCase.PUT_ALL, 2,
                            EntryCase.GET_AND_REPLACE, 2,
                            EntryCase.REMOVE, 2,
                            EntryCase.REMOVE_ALL_OF, 2),
                    true);
        }
    }

    // ---- batches

    @ParameterizedTest
    @MethodSource("subjects")
    void batch_thousandEntries_isOneRoundTrip(Subject<?, ?> subject) {
        subject.assertBatches(1);
    }

    @Test
    void batch_thousandEntriesThatAListenerHears_isOneRoundTripToReadAndOneToWrite() {
        texts().with(new ModifiedExpiryPolicy(Duration.ONE_HOUR), "heard").assertBatches(2);
        bars().with(new ModifiedExpiryPolicy(Duration.ONE_HOUR), "heard").assertBatches(2);
    }

    @ParameterizedTest
    @MethodSource("subjects")
    void invokeAll_hundredEntries_isTwoRoundTrips(Subject<?, ?> subject) {
        subject.assertInvokeAll(2);
    }

    // ---- typed caches

    @Test
    void typedCaches_anyRead_isOneRoundTrip() {
        OhlcvCache candles = manager().unwrap(OhlcvCache.class);
        List<SeriesKey> universe = IntStream.range(0, 50)
                .mapToObj(i -> new SeriesKey("S" + i, HOUR))
                .toList();
        List<OhlcvBar> bars =
                IntStream.range(0, MANY).mapToObj(RoundTripTest::bar).toList();
        universe.forEach(series -> candles.put(series, bars));
        SeriesKey first = universe.get(0);
        candles.range(first, 0, 1);
        MarketDataCache market = manager().unwrap(MarketDataCache.class);
        LlmCache llm = manager().unwrap(LlmCache.class);
        AnalysisKey key = new AnalysisKey("sentiment", LlmCache.hash("prompt"));

        assertThat(trips(() -> candles.latest(first, 100).size())).isEqualTo("100 in 1");
        assertThat(trips(() -> candles.latestAsync(first, 100)
                        .toCompletableFuture()
                        .join()
                        .size()))
                .isEqualTo("100 in 1");
        assertThat(trips(() -> candles.latest(universe, 100).size())).isEqualTo("50 in 1");
        assertThat(trips(() -> candles.latestBar(first).isPresent())).isEqualTo("true in 1");
        assertThat(trips(() -> candles.range(first, 0, Long.MAX_VALUE).size())).isEqualTo("1000 in 1");
        assertThat(trips(() -> {
                    candles.put(first, bars);
                    return "put";
                }))
                .isEqualTo("put in 1");
        assertThat(trips(() -> {
                    market.putTicker("BTCUSDT", new Ticker(1, 2, 1.5, 10, 3, 0.5, 0.1, 0));
                    return "put";
                }))
                .isEqualTo("put in 1");
        assertThat(trips(() -> market.ticker("BTCUSDT").isPresent())).isEqualTo("true in 1");
        assertThat(trips(() -> {
                    llm.put(key, new Analysis("{}"));
                    return "put";
                }))
                .isEqualTo("put in 1");
        assertThat(trips(() -> llm.get(key).isPresent())).isEqualTo("true in 1");
    }

    @Test
    void proxy_severalRoundTrips_countsEach() {
        texts().with(new EternalExpiryPolicy(), "blocking").withCache(cache -> {
            cache.put("k", "v");

            assertThat(trips(() -> cache.get("k") + cache.get("k") + cache.containsKey("k")))
                    .isEqualTo("vvtrue in 3");
        });
    }

    /** Once the index of a series is known: reads of history, and writes to it. */
    @Test
    void history_ofAKnownIndex_isReadInOneRoundTripAndChangedInTwo() {
        OhlcvCache candles = manager().unwrap(OhlcvCache.class);
        SeriesKey series = new SeriesKey("HISTORY", HOUR);
        List<OhlcvBar> all =
                IntStream.range(0, 30_000).mapToObj(RoundTripTest::bar).toList();
        List<OhlcvBar> stored = new ArrayList<>(all.subList(0, 10_000));
        stored.addAll(all.subList(20_000, 30_000));
        candles.put(series, stored.subList(10_000, 20_000), OhlcvCache.NEVER);
        candles.put(series, stored.subList(0, 10_000), OhlcvCache.NEVER);
        long from = all.get(5_000).openTime();
        candles.range(series, from, from + 1);

        assertThat(trips(() -> candles.latest(series, 5_000).size())).isEqualTo("5000 in 1");
        assertThat(trips(() ->
                        candles.range(series, from, all.get(6_000).openTime()).size()))
                .isEqualTo("1000 in 1");
        AtomicInteger next = new AtomicInteger(11_000);
        assertThat(trips(() -> {
                    int first = next.getAndAdd(1_500);
                    candles.put(series, all.subList(first, first + 1_000), OhlcvCache.NEVER); // between pages
                    return "put";
                }))
                .isEqualTo("put in 1");
        int late = fewest(2, () -> {}, () -> candles.put(series, all.subList(5_000, 5_001), OhlcvCache.NEVER));
        assertThat(late).isEqualTo(2);
    }

    private static String trips(Supplier<Object> call) {
        AtomicReference<Object> result = new AtomicReference<>();
        int trips = fewest(1, () -> {}, () -> result.set(call.get()));
        return result + " in " + trips;
    }

    /**
     * The round trips of a call, after a preparation. More than expected are counted again: a thread that has more to send
     * may wait so long for a core of a busy machine that one round trip counts as two, but two never count as one.
     */
    private static int fewest(int expected, Runnable preparation, Runnable call) {
        int fewest = Integer.MAX_VALUE;
        for (int attempt = 0; attempt < ATTEMPTS && fewest > expected; attempt++) {
            preparation.run();
            fewest = Math.min(fewest, proxy().during(call));
        }
        return fewest;
    }

    // ---- subjects

    private static Kind<String, String> texts() {
        return new Kind<>("texts", String.class, String.class, i -> "k" + i, i -> "v" + i, key -> "c" + key);
    }

    /** A key in the middle of many of one series. */
    private static Kind<BarKey, OhlcvBar> bars() {
        return new Kind<>(
                "ohlcv",
                BarKey.class,
                OhlcvBar.class,
                i -> new BarKey("BTCUSDT", HOUR, i * 3_600_000L),
                RoundTripTest::bar,
                bar -> new OhlcvBar(bar.openTime(), 2, 3, 1.5, 2.5, 20));
    }

    private static OhlcvBar bar(int i) {
        return new OhlcvBar(i * 3_600_000L, 1, 2, 0.5, 1.5, 10);
    }

    /** A cache by its types, keys and values. */
    private record Kind<K, V>(
            String cache,
            Class<K> keyType,
            Class<V> valueType,
            IntFunction<K> keys,
            IntFunction<V> values,
            UnaryOperator<V> other) {

        Subject<K, V> with(ExpiryPolicy policy, String form) {
            return new Subject<>(this, policy, form);
        }
    }

    /** A cache in one of its forms under a policy. */
    record Subject<K, V>(Kind<K, V> kind, ExpiryPolicy policy, String form) {

        Cache<K, V> open() {
            Cache<K, V> cache = manager()
                    .createCache(
                            kind.cache,
                            new MutableConfiguration<K, V>()
                                    .setTypes(kind.keyType, kind.valueType)
                                    .setExpiryPolicyFactory(() -> policy));
            if (form.equals("heard")) {
                cache.registerCacheEntryListener(new EventLog<K, V>().synchronousConfiguration());
            }
            return form.equals("async") ? new AsyncAsCache<>(cache) : cache;
        }

        /** A cache that is gone afterwards, however the test ends. */
        void withCache(Consumer<Cache<K, V>> test) {
            try {
                test.accept(open());
            } finally {
                manager().destroyCache(kind.cache);
            }
        }

        /** Asserts the round trips of operations on one entry, after a first time that loads scripts. */
        void assertTrips(Map<EntryCase, Integer> expected, boolean present) {
            withCache(cache -> {
                K key = kind.keys.apply(1);
                V a = kind.values.apply(1);
                Runnable preparation = () -> prepare(cache, key, present ? a : null);
                SoftAssertions softly = new SoftAssertions();
                expected.forEach((operation, trips) -> {
                    Runnable run = () -> operation.run(cache, key, a, kind.other.apply(a), kind.other.apply(a));
                    preparation.run();
                    run.run();
                    softly.assertThat(fewest(trips, preparation, run))
                            .as("%s by %s", operation, this)
                            .isEqualTo(trips);
                });
                softly.assertAll();
            });
        }

        private static <K, V> void prepare(Cache<K, V> cache, K key, @Nullable V value) {
            cache.remove(key);
            if (value != null) {
                cache.put(key, value);
            }
        }

        /** Asserts the round trips of batches, after a first time that loads scripts. */
        void assertBatches(int trips) {
            withCache(cache -> {
                Map<K, V> entries = entries(MANY);
                Runnable put = () -> cache.putAll(entries);
                Runnable get = () -> cache.getAll(entries.keySet());
                Runnable remove = () -> cache.removeAll(entries.keySet());
                put.run();
                assertThat(cache.getAll(entries.keySet())).isEqualTo(entries);
                remove.run();
                assertThat(cache.getAll(entries.keySet())).isEmpty();

                assertThat(fewest(trips, remove, put)).as("putAll").isEqualTo(trips);
                assertThat(fewest(1, put, get)).as("getAll").isEqualTo(1);
                assertThat(fewest(trips, put, put)).as("putAll again").isEqualTo(trips);
                assertThat(fewest(trips, put, remove)).as("removeAll").isEqualTo(trips);
            });
        }

        /** Asserts the round trips of processors for many entries, half of which are there. */
        void assertInvokeAll(int trips) {
            withCache(cache -> {
                Map<K, V> entries = entries(100);
                Runnable preparation = () -> {
                    cache.removeAll(entries.keySet());
                    cache.putAll(entries(50));
                };
                Runnable run = () -> cache.invokeAll(entries.keySet(), (entry, arguments) -> {
                    V before = entry.getValue();
                    entry.setValue(before == null ? Objects.requireNonNull(entries.get(entry.getKey())) : before);
                    return true;
                });
                run.run();

                assertThat(fewest(trips, preparation, run)).isEqualTo(trips);
                assertThat(cache.getAll(entries.keySet())).isEqualTo(entries);
            });
        }

        private Map<K, V> entries(int count) {
            return IntStream.range(0, count)
                    .boxed()
                    .collect(Collectors.toMap(kind.keys::apply, kind.values::apply, (a, b) -> a, LinkedHashMap::new));
        }

        @Override
        public String toString() {
            return kind.cache + ", " + policy.getClass().getSimpleName() + ", " + form;
        }
    }
}
