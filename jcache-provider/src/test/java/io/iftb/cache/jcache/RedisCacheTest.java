package io.iftb.cache.jcache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;

import io.iftb.cache.market.BarKey;
import io.iftb.cache.market.OhlcvBar;
import io.iftb.cache.market.Timeframe;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.HashMap;
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
import javax.cache.expiry.AccessedExpiryPolicy;
import javax.cache.expiry.Duration;
import javax.cache.expiry.ExpiryPolicy;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
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

    // ---- foreign values

    @ParameterizedTest
    @ValueSource(strings = {"not ours", "", "\u0000\u0000\u0000"})
    void get_valueOfAnotherProgram_isACountedMiss(String foreign) {
        cache.putAll(Map.of("bad", "1", "good", "2"));
        String redisKey = fixture.raw().key("*" + fixture.namespace() + "*texts*bad");
        fixture.raw().send("SET", redisKey, foreign);

        assertThat(cache.get("bad")).isNull();

        assertThat(cache.backend().counters().corrupt()).isPositive();
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

    /** A cache as untyped code sees it. */
    @SuppressWarnings("unchecked")
    private static Cache<Object, Object> raw(Cache<?, ?> cache) {
        return (Cache<Object, Object>) cache;
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
}
