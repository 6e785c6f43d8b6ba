package io.iftb.cache.jcache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;

import io.iftb.cache.MarketCaches;
import io.iftb.cache.settings.Setting;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import javax.cache.Cache;
import javax.cache.CacheException;
import javax.cache.configuration.CompleteConfiguration;
import javax.cache.configuration.MutableConfiguration;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What a cache refuses, with which messages, and other information about itself. */
class RedisCacheChecksTest {

    private final JCacheFixture fixture =
            JCacheFixture.builder().with(Setting.TRUST, "listed").build();
    private final RedisCache<String, String> cache = fixture.cache("texts", String.class, String.class);

    @AfterEach
    void close() {
        fixture.close();
    }

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

    /** Not a type of any cache, and not trusted. */
    static final class Untrusted {}

    /** A configuration class that no cache supports. */
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

    /** An action on a cache. */
    @FunctionalInterface
    interface Call {
        void on(Cache<String, String> cache);
    }
}
