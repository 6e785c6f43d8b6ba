package io.iftb.cache.jcache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.iftb.cache.MarketCaches;
import io.iftb.cache.settings.Setting;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import javax.cache.Cache;
import javax.cache.CacheException;
import javax.cache.configuration.MutableConfiguration;
import javax.cache.integration.CacheLoader;
import javax.cache.processor.EntryProcessor;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Values of classes that this program has not stored yet, written by another one: present and unreadable, never destroyed.
 * The other program is a provider of its own, which trusts what it has stored and shares nothing but the server.
 */
class UnreadableValueTest {

    private static final String KEY = "k";

    private final JCacheFixture before = JCacheFixture.open();
    private final JCacheFixture restarted =
            JCacheFixture.builder().namespace(before.namespace()).build();

    @BeforeEach
    void store() {
        cache(before, "counters").put(KEY, new Counter(41));
    }

    @AfterEach
    void close() {
        before.close();
        restarted.close();
    }

    @ParameterizedTest
    @EnumSource
    void reads_valueOfUnknownClass_missAndIsPresent(Form form) {
        RedisCache<Object, Object> plain = cache(restarted, "counters");
        Cache<Object, Object> cache = form.of(plain);

        assertThat(cache.get(KEY)).isNull();
        assertThat(cache.getAll(Set.of(KEY))).isEmpty();
        assertThat(cache.iterator().hasNext()).isFalse();
        assertThat(cache.containsKey(KEY)).isTrue();
        assertThat(cache.putIfAbsent(KEY, "other")).isFalse();
        assertThat(plain.backend().counters().corrupt()).isPositive();
        assertStoredIs(new Counter(41));
    }

    @ParameterizedTest
    @EnumSource
    void writes_valueOfUnknownClass_replaceIt(Form form) {
        Cache<Object, Object> cache = form.of(cache(restarted, "counters"));

        cache.put(KEY, "put");
        assertStoredIs("put");
        cache(before, "counters").put(KEY, new Counter(41));
        assertThat(cache.replace(KEY, "replaced")).isTrue();
        assertStoredIs("replaced");
        cache(before, "counters").put(KEY, new Counter(41));
        assertThat(cache.remove(KEY)).isTrue();
        assertThat(cache(before, "counters").containsKey(KEY)).isFalse();
    }

    @ParameterizedTest
    @EnumSource
    void put_cacheAside_hitsFromThenOn(Form form) {
        cache(before, "counters").put("other", new Counter(7));
        Cache<Object, Object> cache = form.of(cache(restarted, "counters"));
        assertThat(cache.get("other")).isNull();

        cache.put(KEY, new Counter(1));

        assertThat(cache.get("other")).isEqualTo(new Counter(7));
    }

    record Desk(String name, List<Counter> counters) {}

    /** As an annotated method does that returns a desk. */
    @Test
    void reads_valueOfDeclaredClass_hitAtOnce() {
        Desk desk = new Desk("spot", List.of(new Counter(1), new Counter(2)));
        cache(before, "counters").put("desk", desk);
        Cache<Object, Object> cache = cache(restarted, "counters");
        MarketCaches caches = restarted.manager().unwrap(MarketCaches.class);
        assertThat(cache.get("desk")).isNull();

        caches.declareValues("others", Desk.class);
        assertThat(cache.get("desk")).as("of another cache").isNull();
        caches.declareValues("counters", Desk.class);

        assertThat(cache.get("desk")).isEqualTo(desk);
        assertThat(cache.get(KEY)).as("a class that a desk declares").isEqualTo(new Counter(41));
    }

    @Test
    void reads_valueOfDeclaredClass_whenOnlyListedOnesAreTrusted_miss() {
        try (JCacheFixture strict = JCacheFixture.builder()
                .namespace(before.namespace())
                .with(Setting.TRUST, "listed")
                .build()) {
            Cache<Object, Object> cache = cache(strict, "counters");
            strict.manager().unwrap(MarketCaches.class).declareValues("counters", Counter.class);

            assertThat(cache.get(KEY)).isNull();
        }
    }

    @ParameterizedTest
    @EnumSource
    void invoke_increment_countsOnOrFailsAndNeverBeginsAgain(Form form) {
        Cache<Object, Object> cache = form.of(cache(restarted, "counters"));

        assertThat(cache.<Object>invoke(KEY, increment())).isEqualTo(42);

        assertStoredIs(new Counter(42));
    }

    @ParameterizedTest
    @EnumSource
    void invokeAll_increment_countsOn(Form form) {
        Cache<Object, Object> cache = form.of(cache(restarted, "counters"));

        assertThat(Objects.requireNonNull(
                                cache.invokeAll(Set.of(KEY), increment()).get(KEY))
                        .get())
                .isEqualTo(42);

        assertStoredIs(new Counter(42));
    }

    @ParameterizedTest
    @EnumSource
    void changesThatGiveTheClass_decideOnTheValue(Form form) {
        Cache<Object, Object> cache = form.of(cache(restarted, "counters"));
        assertThat(cache.replace(KEY, new Counter(41), new Counter(42))).isTrue();
        assertStoredIs(new Counter(42));

        Cache<Object, Object> other = form.of(cacheOfANewProgram());
        assertThat(other.getAndPut(KEY, new Counter(43))).isEqualTo(new Counter(42));
        assertStoredIs(new Counter(43));
        Cache<Object, Object> third = form.of(cacheOfANewProgram());
        assertThat(third.remove(KEY, new Counter(1))).isFalse();
        assertThat(third.remove(KEY, new Counter(43))).isTrue();
    }

    @ParameterizedTest
    @EnumSource
    void changesThatNeedTheValue_unreadable_failByNameAndChangeNothing(Form form) {
        RedisCache<Object, Object> plain = cache(restarted, "counters");
        Cache<Object, Object> cache = form.of(plain);
        List<Consumer<Cache<Object, Object>>> calls = List.of(
                c -> c.getAndPut(KEY, "other"),
                c -> c.getAndReplace(KEY, "other"),
                c -> c.getAndRemove(KEY),
                c -> c.replace(KEY, "old", "new"),
                c -> c.remove(KEY, "old"),
                c -> c.invoke(KEY, (entry, arguments) -> entry.getValue()),
                c -> c.invoke(
                        KEY,
                        (entry, arguments) ->
                                Objects.requireNonNull(entry.getValue()).toString()),
                c -> c.invoke(KEY, (entry, arguments) -> {
                    entry.setValue("other");
                    return null;
                }),
                c -> c.invoke(KEY, (entry, arguments) -> {
                    entry.remove();
                    return null;
                }),
                c -> Objects.requireNonNull(c.invokeAll(Set.of(KEY), (entry, arguments) -> entry.exists())
                                .get(KEY))
                        .get());

        for (Consumer<Cache<Object, Object>> call : calls) {
            assertThatExceptionOfType(CacheException.class)
                    .isThrownBy(() -> call.accept(cache))
                    .withMessageContaining(Counter.class.getName())
                    .withMessageContaining("iftb.cache.trusted");
            assertStoredIs(new Counter(41));
        }
    }

    @Test
    void loader_unreadableValue_isAMissAndItsClassMakesTheValueReadable() {
        AtomicInteger loads = new AtomicInteger();
        MutableConfiguration<Object, Object> configuration = new MutableConfiguration<>()
                .setReadThrough(true)
                .setCacheLoaderFactory(() -> new Loader(loads, new Counter(5)));
        Cache<Object, Object> cache = restarted.manager().createCache("counters", configuration);

        assertThat(cache.get(KEY)).isEqualTo(new Counter(41));
        assertThat(cache.get(KEY)).isEqualTo(new Counter(41));

        assertThat(loads).hasValue(1);
        assertStoredIs(new Counter(41));
    }

    @Test
    void loader_unreadableValueOfAnotherClass_isReplaced() {
        MutableConfiguration<Object, Object> configuration = new MutableConfiguration<>()
                .setReadThrough(true)
                .setCacheLoaderFactory(() -> new Loader(new AtomicInteger(), "loaded"));
        Cache<Object, Object> cache = restarted.manager().createCache("counters", configuration);

        assertThat(cache.getAll(Set.of(KEY))).isEqualTo(Map.of(KEY, "loaded"));

        assertStoredIs("loaded");
    }

    @Test
    void removeAll_keyOfUnknownClassWithAListener_removesIt() {
        cache(before, "keys").put(new Id(1), "v");
        RedisCache<Object, Object> cache = cache(restarted, "keys");
        Form.HEARD.of(cache);
        assertThat(cache.iterator().hasNext()).isFalse();
        assertThat(cache.backend().counters().corrupt()).isPositive();

        cache.removeAll();

        assertThat(cache(before, "keys").get(new Id(1))).isNull();
    }

    @Test
    void open_again_stillTrustsWhatWasStored() {
        cache(restarted, "counters").put("mine", new Counter(1));
        cache(restarted, "counters").close();

        assertThat(cache(restarted, "counters").get(KEY)).isEqualTo(new Counter(41));
    }

    @Test
    void manager_closedAndOpenedAgain_stillTrustsWhatWasStored() {
        cache(restarted, "counters").put("mine", new Counter(1));
        restarted.manager().close();

        assertThat(cache(restarted, "counters").get(KEY)).isEqualTo(new Counter(41));
        assertThat(cache(restarted, "other").get(KEY)).isNull();
    }

    @Test
    void put_inOneCache_trustsTheClassInNoOther() {
        cache(before, "other").put(KEY, new Counter(1));

        cache(restarted, "counters").put("mine", new Counter(1));

        assertThat(cache(restarted, "other").get(KEY)).isNull();
    }

    @Test
    void put_trustIsListed_isRefused() {
        try (JCacheFixture listed =
                JCacheFixture.builder().with(Setting.TRUST, "listed").build()) {
            assertThatExceptionOfType(CacheException.class)
                    .isThrownBy(() -> cache(listed, "counters").put(KEY, new Counter(1)))
                    .withMessageContaining(Counter.class.getName())
                    .withMessageContaining("iftb.cache.trusted");
        }
    }

    @Test
    void key_enumOfTheJdk_needsNoTrust() {
        try (JCacheFixture listed =
                JCacheFixture.builder().with(Setting.TRUST, "listed").build()) {
            Cache<Object, Object> cache = cache(listed, "states");
            List<Object> key = List.of(Thread.State.BLOCKED, "a");

            cache.put(key, Thread.State.NEW);

            assertThat(cache.get(key)).isEqualTo(Thread.State.NEW);
        }
    }

    @Test
    void processor_syncCall_loadsOnceMoreAndReturnsWhatIsStored() {
        Cache<Object, Object> cache = cache(restarted, "counters");
        AtomicInteger computed = new AtomicInteger();
        EntryProcessor<Object, Object, Object> computing = (entry, arguments) -> {
            if (entry.exists()) {
                return entry.getValue();
            }
            entry.setValue(new Counter(computed.incrementAndGet()));
            return entry.getValue();
        };

        assertThat(cache.<Object>invoke(KEY, computing)).isEqualTo(new Counter(41));
        assertThat(cache.<Object>invoke(KEY, computing)).isEqualTo(new Counter(41));

        assertThat(computed).hasValue(1);
    }

    private JCacheFixture newProgram() {
        JCacheFixture program =
                JCacheFixture.builder().namespace(before.namespace()).build();
        programs.add(program);
        return program;
    }

    private final List<JCacheFixture> programs = new ArrayList<>();

    @AfterEach
    void closePrograms() {
        programs.forEach(JCacheFixture::close);
    }

    private RedisCache<Object, Object> cacheOfANewProgram() {
        return cache(newProgram(), "counters");
    }

    private void assertStoredIs(Object value) {
        assertThat(cache(before, "counters").get(KEY)).isEqualTo(value);
    }

    private static RedisCache<Object, Object> cache(JCacheFixture fixture, String name) {
        @Nullable Cache<Object, Object> known = fixture.manager().getCache(name);
        return known != null ? (RedisCache<Object, Object>) known : fixture.cache(name, Object.class, Object.class);
    }

    private static EntryProcessor<Object, Object, Object> increment() {
        return (entry, arguments) -> {
            int next = entry.exists() ? ((Counter) entry.getValue()).count() + 1 : 1;
            entry.setValue(new Counter(next));
            return next;
        };
    }

    /** A class of a program, which no setting names. */
    record Counter(int count) {}

    /** A class of keys. */
    record Id(int number) {}

    /** Which path operations take. */
    private enum Form {
        PLAIN,
        HEARD,
        ASYNC,
        ASYNC_HEARD;

        Cache<Object, Object> of(RedisCache<Object, Object> cache) {
            if (this == HEARD || this == ASYNC_HEARD) {
                cache.registerCacheEntryListener(new EventLog<Object, Object>().synchronousConfiguration());
            }
            return this == ASYNC || this == ASYNC_HEARD ? new AsyncAsCache<>(cache) : cache;
        }
    }

    private record Loader(AtomicInteger loads, Object value) implements CacheLoader<Object, Object> {

        @Override
        public Object load(Object key) {
            loads.incrementAndGet();
            return value;
        }

        @Override
        public Map<Object, Object> loadAll(Iterable<?> keys) {
            Map<Object, Object> loaded = new HashMap<>();
            keys.forEach(key -> loaded.put(key, load(key)));
            return loaded;
        }
    }
}
