package io.iftb.cache.jcache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;

import io.iftb.cache.MarketCaches;
import io.iftb.cache.market.BarKey;
import io.iftb.cache.market.OhlcvBar;
import io.iftb.cache.market.Timeframe;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Objects;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import javax.cache.Cache;
import javax.cache.CacheException;
import javax.cache.configuration.CompleteConfiguration;
import javax.cache.configuration.MutableConfiguration;
import javax.cache.expiry.AccessedExpiryPolicy;
import javax.cache.expiry.Duration;
import javax.cache.expiry.ExpiryPolicy;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class RedisCacheTest {

    private static final BarKey BAR_KEY = new BarKey("BTCUSDT", Timeframe.parse("1h"), 3_600_000);

    private final JCacheFixture fixture = JCacheFixture.open();
    private final RedisCache<String, String> cache = fixture.cache("texts", String.class, String.class);

    @AfterEach
    void close() {
        fixture.close();
    }

    // ---- batches

    @Test
    void getAll_someKeysPresent_givesThose() {
        cache.put("a", "1");
        cache.put("c", "3");

        assertThat(cache.getAll(Set.of("a", "b", "c"))).isEqualTo(Map.of("a", "1", "c", "3"));
    }

    @Test
    void getAll_noKeys_givesNothing() {
        assertThat(cache.getAll(Set.of())).isEmpty();
    }

    @Test
    void putAll_thousandEntries_allComeBack() {
        Map<String, String> entries = new HashMap<>();
        IntStream.range(0, 1_000).forEach(i -> entries.put("k" + i, "v" + i));

        cache.putAll(entries);

        assertThat(cache.getAll(entries.keySet())).isEqualTo(entries);
    }

    @Test
    void putAll_nullValueMidMap_storesNothing() {
        Map<String, @Nullable String> entries = new LinkedHashMap<>();
        entries.put("a", "1");
        entries.put("b", null);
        entries.put("c", "3");

        assertThatNullPointerException().isThrownBy(() -> cache.putAll(entries));

        assertThat(cache).isEmpty();
    }

    @Test
    void putAll_wrongTypeMidMap_storesNothing() {
        Map<String, Object> entries = new LinkedHashMap<>();
        entries.put("a", "1");
        entries.put("b", 2);

        assertThatExceptionOfType(ClassCastException.class)
                .isThrownBy(() -> raw(cache).putAll(entries));

        assertThat(cache).isEmpty();
    }

    @Test
    void removeAll_ofKeys_leavesTheOthers() {
        cache.putAll(Map.of("a", "1", "b", "2", "c", "3"));

        cache.removeAll(Set.of("a", "c", "z"));

        assertThat(keys(cache)).containsExactly("b");
    }

    // ---- removal of everything

    @Test
    void clear_besideAnotherCache_leavesThatOne() {
        RedisCache<String, String> other = fixture.cache("texts2", String.class, String.class);
        RedisCache<String, String> part = fixture.cache("tex", String.class, String.class);
        Stream.of(cache, other, part).forEach(each -> each.put("k", "v"));

        cache.clear();

        assertThat(cache.get("k")).isNull();
        assertThat(other.get("k")).isEqualTo("v");
        assertThat(part.get("k")).isEqualTo("v");
    }

    @Test
    void removeAll_ofEverything_emptiesTheCache() {
        cache.putAll(Map.of("a", "1", "b", "2"));

        cache.removeAll();

        assertThat(cache).isEmpty();
    }

    // ---- iteration

    @Test
    void iterator_manyEntries_givesEachOnce() {
        Map<String, String> entries = new HashMap<>();
        IntStream.range(0, 3_000).forEach(i -> entries.put("k" + i, "v" + i));
        cache.putAll(entries);

        List<String> seen = keys(cache);

        assertThat(seen).doesNotHaveDuplicates().hasSameElementsAs(entries.keySet());
    }

    @Test
    void iterator_ofBars_givesEachOnce() {
        Cache<BarKey, OhlcvBar> bars = bars();
        Map<BarKey, OhlcvBar> entries = new HashMap<>();
        for (String symbol : List.of("BTCUSDT", "odd:{*}?[] \\é")) {
            IntStream.range(0, 50).forEach(i -> entries.put(key(symbol, i), bar(i)));
        }
        bars.putAll(entries);

        Map<BarKey, OhlcvBar> seen = new HashMap<>();
        bars.forEach(
                entry -> assertThat(seen.put(entry.getKey(), entry.getValue())).isNull());

        assertThat(seen).isEqualTo(entries);
    }

    @Test
    void iteratorRemove_afterNext_removesThatEntry() {
        cache.putAll(Map.of("a", "1", "b", "2"));
        Iterator<Cache.Entry<String, String>> iterator = cache.iterator();
        String removed = iterator.next().getKey();

        iterator.remove();

        assertThat(cache.containsKey(removed)).isFalse();
        assertThat(keys(cache)).hasSize(1);
    }

    @Test
    void iteratorRemove_withoutNext_isRefused() {
        cache.put("a", "1");
        Iterator<Cache.Entry<String, String>> iterator = cache.iterator();

        assertThatIllegalStateException().isThrownBy(iterator::remove);
        iterator.next();
        iterator.remove();
        assertThatIllegalStateException().isThrownBy(iterator::remove);
    }

    @Test
    void iteratorNext_atTheEnd_throws() {
        Iterator<Cache.Entry<String, String>> iterator = cache.iterator();

        assertThatExceptionOfType(NoSuchElementException.class).isThrownBy(iterator::next);
    }

    @Test
    void iterator_ofAClosedCache_isRefused() {
        cache.put("a", "1");
        Iterator<Cache.Entry<String, String>> iterator = cache.iterator();
        cache.close();

        assertThatIllegalStateException().isThrownBy(iterator::hasNext);
        assertThatIllegalStateException().isThrownBy(iterator::next);
    }

    @Test
    void entryUnwrap_unknownType_isRefused() {
        cache.put("a", "1");
        Cache.Entry<String, String> entry = cache.iterator().next();

        assertThat(entry.unwrap(Cache.Entry.class)).isSameAs(entry);
        assertThatIllegalArgumentException().isThrownBy(() -> entry.unwrap(String.class));
    }

    // ---- store by value

    @Test
    void put_valueMutatedLater_doesNotChangeTheCache() {
        RedisCache<String, Roster> lists = lists();
        Roster value = new Roster("a");
        lists.put("k", value);

        value.names.add("b");

        assertThat(Objects.requireNonNull(lists.get("k")).names).containsExactly("a");
    }

    @Test
    void get_resultMutated_doesNotChangeTheCache() {
        RedisCache<String, Roster> lists = lists();
        lists.put("k", new Roster("a"));

        Roster got = lists.get("k");
        assertThat(got).isNotNull();
        got.names.add("b");

        assertThat(Objects.requireNonNull(lists.get("k")).names).containsExactly("a");
    }

    @Test
    void replace_arrayWithEqualElements_replaces() {
        RedisCache<String, byte[]> arrays = fixture.cache("arrays", String.class, byte[].class);
        arrays.put("k", new byte[] {1, 2});

        assertThat(arrays.replace("k", new byte[] {1, 2}, new byte[] {3})).isTrue();
        assertThat(arrays.get("k")).containsExactly(3);
    }

    // ---- values that are not ours

    @ParameterizedTest
    @ValueSource(strings = {"not ours", "", "\u0000\u0000\u0000"})
    void get_valueOfAnotherProgram_isACountedMiss(String foreign) {
        cache.putAll(Map.of("bad", "1", "good", "2"));
        String redisKey = fixture.raw().key("*" + fixture.namespace() + "*texts*bad");
        fixture.raw().send("SET", redisKey, foreign);

        assertThat(cache.get("bad")).isNull();

        assertThat(cache.stored().counters().corrupt()).isPositive();
        assertThat(cache.getAll(Set.of("bad", "good"))).isEqualTo(Map.of("good", "2"));
        assertThat(keys(cache)).containsExactly("good");
        cache.put("bad", "3");
        assertThat(cache.get("bad")).isEqualTo("3");
    }

    @Test
    void get_keyOfAnotherType_isAMissAndStays() {
        cache.putAll(Map.of("bad", "1", "good", "2"));
        String redisKey = fixture.raw().key("*" + fixture.namespace() + "*texts*bad");
        fixture.raw().send("DEL", redisKey);
        fixture.raw().send("RPUSH", redisKey, "x");

        assertThat(cache.get("bad")).isNull();
        assertThat(cache.getAll(Set.of("bad", "good"))).isEqualTo(Map.of("good", "2"));
        assertThat(keys(cache)).containsExactly("good");
        assertThat(fixture.raw().send("LLEN", redisKey)).isEqualTo(1L);
    }

    @ParameterizedTest
    @EnumSource(RaceTest.Path.class)
    void get_keyOfAnotherTypeUnderAnAccessPolicy_isAMissAndStays(RaceTest.Path path) {
        ExpiryPolicy policy = new AccessedExpiryPolicy(Duration.ONE_HOUR);
        RedisCache<String, String> accessed = fixture.cache(
                "accessed", String.class, String.class, path == RaceTest.Path.FAST ? policy : new SameMeaning(policy));
        accessed.put("bad", "1");
        String redisKey = fixture.raw().key("*" + fixture.namespace() + "*accessed*bad");
        fixture.raw().send("DEL", redisKey);
        fixture.raw().send("RPUSH", redisKey, "x");

        assertThat(accessed.get("bad")).isNull();
        assertThat(accessed.getAll(Set.of("bad"))).isEmpty();
        assertThat(accessed.iterator().hasNext()).isFalse();
        assertThat(fixture.raw().send("LLEN", redisKey)).isEqualTo(1L);
    }

    @Test
    void get_truncatedSeries_isAMissAndOtherSeriesWork() {
        Cache<BarKey, OhlcvBar> bars = bars();
        BarKey other = key("ETHUSDT", 1);
        bars.put(BAR_KEY, bar(1));
        bars.put(other, bar(1));
        String head = fixture.raw().key("*" + fixture.namespace() + "*BTCUSDT*");
        fixture.raw().send("SET", head, new byte[55]);

        assertThat(bars.get(BAR_KEY)).isNull();
        assertThat(bars.get(other)).isEqualTo(bar(1));
    }

    @Test
    void put_barOfAnotherOpenTime_isRefusedAndStoresNothing() {
        Cache<BarKey, OhlcvBar> bars = bars();

        assertThatIllegalArgumentException()
                .isThrownBy(() -> bars.put(BAR_KEY, bar(2)))
                .withMessageContaining("3600000");
        assertThat(bars.containsKey(BAR_KEY)).isFalse();
    }

    // ---- checks

    static Stream<Use> uses() {
        return Stream.of(
                new Use("get", cache -> cache.get(none())),
                new Use("getAll", cache -> cache.getAll(none())),
                new Use("getAll of null", cache -> cache.getAll(new HashSet<>(Arrays.asList("a", null)))),
                new Use("containsKey", cache -> cache.containsKey(none())),
                new Use("put key", cache -> cache.put(none(), "v")),
                new Use("put value", cache -> cache.put("k", none())),
                new Use("putAll", cache -> cache.putAll(none())),
                new Use("putIfAbsent key", cache -> cache.putIfAbsent(none(), "v")),
                new Use("putIfAbsent value", cache -> cache.putIfAbsent("k", none())),
                new Use("getAndPut key", cache -> cache.getAndPut(none(), "v")),
                new Use("getAndPut value", cache -> cache.getAndPut("k", none())),
                new Use("remove", cache -> cache.remove(none())),
                new Use("remove key", cache -> cache.remove(none(), "v")),
                new Use("remove value", cache -> cache.remove("k", none())),
                new Use("getAndRemove", cache -> cache.getAndRemove(none())),
                new Use("replace key", cache -> cache.replace(none(), "v")),
                new Use("replace value", cache -> cache.replace("k", none())),
                new Use("replace old key", cache -> cache.replace(none(), "v", "w")),
                new Use("replace old value", cache -> cache.replace("k", none(), "w")),
                new Use("replace new value", cache -> cache.replace("k", "v", none())),
                new Use("getAndReplace key", cache -> cache.getAndReplace(none(), "v")),
                new Use("getAndReplace value", cache -> cache.getAndReplace("k", none())),
                new Use("removeAll", cache -> cache.removeAll(none())),
                new Use("loadAll", cache -> cache.loadAll(none(), true, null)),
                new Use("invoke key", cache -> cache.invoke(none(), (entry, arguments) -> null)),
                new Use("invoke processor", cache -> cache.invoke("k", none())),
                new Use("invokeAll", cache -> cache.invokeAll(none(), (entry, arguments) -> null)),
                new Use("register", cache -> cache.registerCacheEntryListener(none())),
                new Use("deregister", cache -> cache.deregisterCacheEntryListener(none())));
    }

    @ParameterizedTest
    @MethodSource("uses")
    void anyOperation_nullArgument_isRefused(Use use) {
        assertThatNullPointerException().isThrownBy(() -> use.on(cache));
    }

    @ParameterizedTest
    @MethodSource("uses")
    void anyOperation_closedCacheAndNullArgument_saysThatItIsClosed(Use use) {
        cache.close();

        assertThatIllegalStateException().isThrownBy(() -> use.on(cache)).withMessage("Cache 'texts' is closed");
    }

    @Test
    void clearAndIterator_closedCache_areRefused() {
        cache.close();

        assertThatIllegalStateException().isThrownBy(cache::clear);
        assertThatIllegalStateException().isThrownBy(cache::removeAll);
        assertThatIllegalStateException().isThrownBy(cache::iterator);
    }

    static Stream<Use> wrongTypes() {
        return Stream.of(
                new Use("key of get", cache -> raw(cache).get(1)),
                new Use("key of put", cache -> raw(cache).put(1, "v")),
                new Use("value of put", cache -> raw(cache).put("k", 1)),
                new Use("value of putIfAbsent", cache -> raw(cache).putIfAbsent("k", 1)),
                new Use("value of getAndPut", cache -> raw(cache).getAndPut("k", 1)),
                new Use("value of replace", cache -> raw(cache).replace("k", 1)),
                new Use("new value of replace", cache -> raw(cache).replace("k", "v", 1)),
                new Use("key of removeAll", cache -> raw(cache).removeAll(Set.of(1))));
    }

    @ParameterizedTest
    @MethodSource("wrongTypes")
    void anyOperation_wrongType_saysWhatIsConfigured(Use use) {
        assertThatExceptionOfType(ClassCastException.class)
                .isThrownBy(() -> use.on(cache))
                .withMessageContaining("java.lang.Integer")
                .withMessageContaining("cache 'texts'")
                .withMessageContaining("java.lang.String");
    }

    @Test
    void put_untypedCache_takesAnyTrustedType() {
        RedisCache<Object, Object> untyped = fixture.cache("untyped", Object.class, Object.class);

        untyped.put("text", 1);
        untyped.put(1L, "long");

        assertThat(untyped.get("text")).isEqualTo(1);
        assertThat(untyped.get(1L)).isEqualTo("long");
    }

    @Test
    void put_untrustedClass_namesTheClassAndTheCache() {
        RedisCache<String, Object> untyped = fixture.cache("untyped", String.class, Object.class);

        assertThatExceptionOfType(CacheException.class)
                .isThrownBy(() -> untyped.put("k", new Untrusted()))
                .withMessageContaining(Untrusted.class.getName())
                .withMessageContaining("'untyped'");
    }

    // ---- the cache itself

    static Stream<Call> usesOfAnUntrustedKey() {
        return Stream.of(
                cache -> raw(cache).get(new Untrusted()),
                cache -> raw(cache).getAll(Set.of("k", new Untrusted())),
                cache -> raw(cache).containsKey(new Untrusted()),
                cache -> raw(cache).put(new Untrusted(), "v"),
                cache -> raw(cache).putAll(Map.of(new Untrusted(), "v")),
                cache -> raw(cache).replace(new Untrusted(), "v", "w"),
                cache -> raw(cache).remove(new Untrusted()),
                cache -> raw(cache).removeAll(Set.of(new Untrusted())),
                cache -> raw(cache).invoke(new Untrusted(), (entry, arguments) -> null),
                cache -> raw(cache).invokeAll(Set.of("k", new Untrusted()), (entry, arguments) -> null));
    }

    @ParameterizedTest
    @MethodSource("usesOfAnUntrustedKey")
    @SuppressWarnings("unchecked") // as untyped code sees it
    void anyOperation_untrustedClassOfAKey_namesTheClassAndTheCache(Call call) {
        RedisCache<?, ?> untyped = fixture.cache("untyped", Object.class, Object.class);

        assertThatExceptionOfType(CacheException.class)
                .isThrownBy(() -> call.on((Cache<String, String>) untyped))
                .withMessageContaining(Untrusted.class.getName())
                .withMessageContaining("'untyped'");
    }

    @Test
    void put_valueThatCannotBeStored_namesTheCache() {
        RedisCache<String, Object> untyped = fixture.cache("untyped", String.class, Object.class);
        Object deep = "bottom";
        for (int depth = 0; depth < 1_000; depth++) {
            deep = new ArrayList<>(List.of(deep));
        }
        Object value = deep;

        assertThatIllegalArgumentException()
                .isThrownBy(() -> untyped.put("k", value))
                .withMessageContaining("'untyped'")
                .withMessageContaining("ArrayList");
    }

    @Test
    void close_twice_isFineAndKeepsTheData() {
        cache.put("k", "v");

        cache.close();
        cache.close();

        assertThat(cache.isClosed()).isTrue();
        assertThat(fixture.manager().<String, String>getCache("texts")).isNull();
        assertThat(fixture.cache("texts", String.class, String.class).get("k")).isEqualTo("v");
    }

    @Test
    void getConfiguration_ofAChangedConfiguration_staysAsItWas() {
        MutableConfiguration<String, Long> mutable =
                new MutableConfiguration<String, Long>().setTypes(String.class, Long.class);
        Cache<String, Long> created = fixture.manager().createCache("counts", mutable);
        MutableConfiguration<String, Long> before = new MutableConfiguration<>(mutable);
        mutable.setStatisticsEnabled(true);

        CompleteConfiguration<String, Long> configuration = configuration(created);

        assertThat((Object) configuration)
                .isEqualTo(before)
                .hasSameHashCodeAs(before)
                .isNotEqualTo(mutable);
        assertThat(configuration.isStatisticsEnabled()).isFalse();
        assertThatIllegalArgumentException()
                .isThrownBy(() -> created.getConfiguration(CountsConfiguration.class))
                .withMessageContaining("counts");
    }

    @Test
    void unwrap_knownTypes_givesThem() {
        assertThat((Object) cache.unwrap(Cache.class)).isSameAs(cache);
        assertThat((Object) cache.unwrap(RedisCache.class)).isSameAs(cache);
        assertThat(cache.unwrap(MarketCaches.class)).isSameAs(fixture.manager().unwrap(MarketCaches.class));
    }

    @Test
    void unwrap_unknownType_isRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> cache.unwrap(Thread.class))
                .withMessageContaining("java.lang.Thread");
        assertThatNullPointerException().isThrownBy(() -> cache.unwrap(none())).withMessage("type");
        assertThatNullPointerException()
                .isThrownBy(() -> cache.getConfiguration(none()))
                .withMessage("type");
    }

    // ---- helpers

    private RedisCache<String, Roster> lists() {
        return fixture.cache("lists", String.class, Roster.class);
    }

    private Cache<BarKey, OhlcvBar> bars() {
        return fixture.domainCache("ohlcv", BarKey.class, OhlcvBar.class);
    }

    private static BarKey key(String symbol, int hour) {
        return new BarKey(symbol, Timeframe.parse("1h"), hour * 3_600_000L);
    }

    private static OhlcvBar bar(int hour) {
        return new OhlcvBar(hour * 3_600_000L, 1, 2, 0.5, 1.5, hour);
    }

    private static List<String> keys(Cache<String, String> cache) {
        List<String> keys = new ArrayList<>();
        cache.forEach(entry -> keys.add(entry.getKey()));
        return keys;
    }

    @SuppressWarnings("unchecked") // a class literal has no type arguments
    private static <K, V> CompleteConfiguration<K, V> configuration(Cache<K, V> cache) {
        return (CompleteConfiguration<K, V>) cache.getConfiguration(CompleteConfiguration.class);
    }

    /** A cache as untyped code sees it. */
    @SuppressWarnings("unchecked")
    private static Cache<Object, Object> raw(Cache<?, ?> cache) {
        return (Cache<Object, Object>) cache;
    }

    /** Null, as code without null checks passes it. */
    @SuppressWarnings({"NullAway", "TypeParameterUnusedInFormals"})
    private static <T> T none() {
        return null;
    }

    /** A value that can change. */
    static final class Roster implements Serializable {

        private static final long serialVersionUID = 1L;

        private final ArrayList<String> names = new ArrayList<>();

        @SuppressWarnings("unused") // the codec makes an empty one
        private Roster() {}

        Roster(String name) {
            names.add(name);
        }
    }

    /** Not a type of any cache, and not trusted. */
    static final class Untrusted {}

    /** A class of configuration that no cache has. */
    static final class CountsConfiguration extends MutableConfiguration<String, Long> {

        private static final long serialVersionUID = 1L;
    }

    /** A use of a cache, with a name for the report. */
    record Use(String name, Call call) {

        void on(Cache<String, String> cache) throws Throwable {
            ThrowingCallable bound = () -> call.on(cache);
            bound.call();
        }

        @Override
        public String toString() {
            return name;
        }
    }

    /** What is done to a cache. */
    @FunctionalInterface
    interface Call {
        void on(Cache<String, String> cache);
    }
}
