package io.iftb.cache.jcache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.iftb.cache.embedded.EmbeddedServer;
import io.iftb.cache.settings.Setting;
import io.iftb.cache.store.CacheBackend;
import io.iftb.cache.store.EntryStore;
import java.net.URI;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Properties;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import javax.cache.Cache;
import javax.cache.CacheException;
import javax.cache.configuration.MutableConfiguration;
import javax.cache.event.CacheEntryEvent;
import javax.cache.expiry.EternalExpiryPolicy;
import javax.cache.expiry.ExpiryPolicy;
import javax.cache.integration.CacheLoaderException;
import javax.cache.integration.CacheWriter;
import javax.cache.processor.EntryProcessorException;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** The asynchronous form has the same results as the blocking form. */
class AsyncCacheTest {

    private final JCacheFixture fixture = JCacheFixture.open();

    @AfterEach
    void close() {
        fixture.close();
    }

    /** The two ways of an operation through the provider. */
    enum Path {
        FAST,
        GENERAL;

        ExpiryPolicy policy() {
            ExpiryPolicy policy = new EternalExpiryPolicy();
            return this == FAST ? policy : new SameMeaning(policy);
        }
    }

    @ParameterizedTest
    @EnumSource
    void everyOperation_givesWhatTheBlockingOneGives(Path path) throws Exception {
        AsyncCache<String, String> async = async(cache(path));

        assertThat(done(async.get("k"))).isNull();
        assertThat(done(async.putIfAbsent("k", "1"))).isTrue();
        assertThat(done(async.putIfAbsent("k", "2"))).isFalse();
        assertThat(done(async.get("k"))).isEqualTo("1");
        assertThat(done(async.containsKey("k"))).isTrue();
        done(async.put("k", "2"));
        assertThat(done(async.getAndPut("k", "3"))).isEqualTo("2");
        assertThat(done(async.replace("k", "4"))).isTrue();
        assertThat(done(async.replace("k", "none", "5"))).isFalse();
        assertThat(done(async.replace("k", "4", "5"))).isTrue();
        assertThat(done(async.getAndReplace("k", "6"))).isEqualTo("5");
        assertThat(done(async.remove("k", "none"))).isFalse();
        assertThat(done(async.remove("k", "6"))).isTrue();
        assertThat(done(async.remove("k"))).isFalse();
        assertThat(done(async.getAndRemove("k"))).isNull();
        done(async.putAll(Map.of("a", "1", "b", "2", "c", "3")));
        assertThat(done(async.getAll(Set.of("a", "b", "x")))).isEqualTo(Map.of("a", "1", "b", "2"));
        done(async.removeAll(Set.of("a", "x")));
        assertThat(done(async.containsKey("a"))).isFalse();
        assertThat(done(async.<String>invoke("b", (entry, arguments) -> entry.getValue() + arguments[0], "!")))
                .isEqualTo("2!");
        assertThat(done(async.<String>invokeAll(Set.of("b", "c"), (entry, arguments) -> entry.getValue())))
                .containsOnlyKeys("b", "c");
        done(async.removeAll());
        assertThat(done(async.containsKey("b"))).isFalse();
        done(async.put("d", "4"));
        done(async.clear());
        assertThat(done(async.containsKey("d"))).isFalse();
    }

    @ParameterizedTest
    @EnumSource
    void anyOperation_thatFails_failsAsTheBlockingOne(Path path) {
        RedisCache<String, String> cache = cache(path);
        AsyncCache<String, String> async = async(cache);

        assertThat(failure(async.get(none()))).isInstanceOf(NullPointerException.class);
        assertThat(failure(async.put("k", none()))).isInstanceOf(NullPointerException.class);
        assertThat(failure(async.putAll(none()))).isInstanceOf(NullPointerException.class);
        assertThat(failure(async.invoke("k", (entry, arguments) -> {
                    throw new IllegalStateException("broken");
                })))
                .isInstanceOf(EntryProcessorException.class);
        cache.close();
        assertThat(failure(async.get(none()))).isInstanceOf(IllegalStateException.class);
        assertThat(failure(async.put("k", none()))).isInstanceOf(IllegalStateException.class);
        assertThat(failure(async.removeAll())).isInstanceOf(IllegalStateException.class);
        assertThat(failure(async.clear())).isInstanceOf(IllegalStateException.class);
        assertThat(failure(async.loadAll(Set.of("k"), true))).isInstanceOf(IllegalStateException.class);
    }

    static Stream<Arguments> wrongUses() {
        return Stream.concat(RedisCacheChecksTest.uses(), RedisCacheChecksTest.wrongTypes())
                .flatMap(use -> Stream.of(Path.values()).map(path -> Arguments.of(use, path)));
    }

    @ParameterizedTest(name = "{0}, {1}")
    @MethodSource("wrongUses")
    void anyOperation_usedWrongly_failsAsTheBlockingOneOpenAndClosed(RedisCacheChecksTest.Use use, Path path) {
        RedisCache<String, String> cache = cache(path);
        AsyncAsCache<String, String> async = new AsyncAsCache<>(cache);

        assertSameFailure(() -> use.on(cache), () -> use.on(async));
        cache.close();
        assertSameFailure(() -> use.on(cache), () -> use.on(async));
    }

    @ParameterizedTest
    @EnumSource
    void anyOperation_writerThatFails_failsAsTheBlockingOne(EntryCase operation) {
        Cache<String, String> cache = fixture.manager()
                .createCache(
                        "texts",
                        new MutableConfiguration<String, String>()
                                .setTypes(String.class, String.class)
                                .setWriteThrough(true)
                                .setCacheWriterFactory(BrokenWriter::new));
        assertSameOutcome(operation, cache);
    }

    @ParameterizedTest
    @EnumSource
    void anyOperation_listenerThatFails_failsAsTheBlockingOne(EntryCase operation) {
        Cache<String, String> cache = cache(Path.FAST);
        cache.registerCacheEntryListener(
                new EventLog<String, String>() {
                    @Override
                    void hear(CacheEntryEvent<? extends String, ? extends String> event) {
                        throw new IllegalStateException("broken");
                    }
                }.synchronousConfiguration());
        assertSameOutcome(operation, cache);
    }

    @ParameterizedTest
    @EnumSource(
            names = {"GET", "GET_ALL", "PUT", "PUT_ALL", "CONTAINS_KEY", "REMOVE_ALL_OF", "INVOKE_GET_AND_SET", "CLEAR"
            })
    void anyOperation_serverGone_failsAsTheBlockingOne(EntryCase operation) {
        EmbeddedServer server = EmbeddedServer.start();
        Properties properties = new Properties();
        properties.setProperty(Setting.OPERATION_TIMEOUT.propertyName(), "200ms");
        Cache<String, String> cache = fixture.provider()
                .getCacheManager(URI.create(server.uri()), null, properties)
                .createCache("texts", new MutableConfiguration<String, String>().setTypes(String.class, String.class));
        server.close();

        for (Cache<String, String> form : List.of(cache, new AsyncAsCache<>(cache))) {
            assertThatExceptionOfType(CacheException.class)
                    .isThrownBy(() -> operation.run(form, "k", "a", "b", "c"))
                    .withMessageContaining("Cache 'texts': ")
                    .withMessageContaining("127.0.0.1:" + server.port());
        }
    }

    @ParameterizedTest
    @EnumSource
    void close_operationsUnderWay_endsAll(Path path) throws Exception {
        AsyncCache<String, String> async = async(cache(path));
        List<CompletableFuture<?>> puts = new ArrayList<>();
        for (int i = 0; i < 5_000; i++) {
            puts.add(async.put("k" + i, "v").toCompletableFuture());
        }

        fixture.manager().close();

        for (CompletableFuture<?> put : puts) {
            Throwable failure = catchThrowable(() -> put.get(10, TimeUnit.SECONDS));
            if (failure != null) {
                assertThat(failure.getCause()).isInstanceOfAny(CacheException.class, IllegalStateException.class);
            }
        }
    }

    private void assertSameOutcome(EntryCase operation, Cache<String, String> cache) {
        CacheBackend<String, String> stored = fixture.backend("texts", String.class, String.class);
        byte[] bytes = stored.codec().encode("a");
        AsyncAsCache<String, String> async = new AsyncAsCache<>(cache);
        for (boolean present : new boolean[] {false, true}) {
            Runnable prepare = () -> {
                stored.store().remove("k").join();
                if (present) {
                    stored.store()
                            .put("k", bytes, stored.lifetimes(), EntryStore.Condition.ANY)
                            .join();
                }
            };
            prepare.run();
            Throwable expected = catchThrowable(() -> operation.run(cache, "k", "a", "b", "c"));
            prepare.run();
            Throwable actual = catchThrowable(() -> operation.run(async, "k", "a", "b", "c"));
            assertSame(expected, actual);
        }
    }

    private static void assertSameFailure(ThrowingCallable blocking, ThrowingCallable async) {
        Throwable expected = catchThrowable(blocking);
        assertThat(expected).isNotNull();
        assertSame(expected, catchThrowable(async));
    }

    private static void assertSame(@Nullable Throwable expected, @Nullable Throwable actual) {
        if (expected == null) {
            assertThat(actual).isNull();
        } else {
            assertThat(actual).hasSameClassAs(expected).hasMessage(expected.getMessage());
        }
    }

    @ParameterizedTest
    @EnumSource
    void dependentAction_runsInAThreadOfTheManager(Path path) throws Exception {
        AsyncCache<String, String> async = async(cache(path));
        AtomicReference<String> thread = new AtomicReference<>();

        for (int i = 0; i < 200; i++) {
            done(async.get("k").thenRun(() -> thread.set(Thread.currentThread().getName())));
            assertThat(thread.get()).doesNotContain("netty").doesNotContain("redisson");
        }
    }

    @ParameterizedTest
    @EnumSource
    void loadAll_isDoneOnceAllIsStored(Path path) throws Exception {
        RedisCache<String, String> cache = (RedisCache<String, String>) fixture.manager()
                .createCache(
                        "loaded",
                        new MutableConfiguration<String, String>()
                                .setTypes(String.class, String.class)
                                .setExpiryPolicyFactory(path::policy)
                                .setReadThrough(true)
                                .setCacheLoaderFactory(() -> new FakeLoader<>(key -> {
                                    if (key.equals("bad")) {
                                        throw new IllegalStateException("bad");
                                    }
                                    return key + "!";
                                })));
        AsyncCache<String, String> async = async(cache);

        done(async.loadAll(Set.of("a", "b"), false));
        assertThat(cache.containsKey("a")).isTrue();
        assertThat(done(async.get("c"))).isEqualTo("c!");
        assertThat(done(async.getAll(Set.of("a", "d")))).isEqualTo(Map.of("a", "a!", "d", "d!"));
        assertThat(failure(async.loadAll(Set.of("bad"), false))).isInstanceOf(CacheLoaderException.class);
        assertThat(failure(async.get("bad"))).isInstanceOf(CacheLoaderException.class);
    }

    /** A writer that accepts nothing. */
    private static final class BrokenWriter implements CacheWriter<String, String> {

        @Override
        public void write(Cache.Entry<? extends String, ? extends String> entry) {
            throw new IllegalStateException("broken");
        }

        @Override
        public void writeAll(Collection<Cache.Entry<? extends String, ? extends String>> entries) {
            throw new IllegalStateException("broken");
        }

        @Override
        public void delete(Object key) {
            throw new IllegalStateException("broken");
        }

        @Override
        public void deleteAll(Collection<?> keys) {
            throw new IllegalStateException("broken");
        }
    }

    private RedisCache<String, String> cache(Path path) {
        return fixture.cache("texts", String.class, String.class, path.policy());
    }

    @SuppressWarnings("unchecked") // a class literal has no type arguments
    private static AsyncCache<String, String> async(RedisCache<String, String> cache) {
        return (AsyncCache<String, String>) cache.unwrap(AsyncCache.class);
    }

    private static <T> @Nullable T done(CompletionStage<T> stage) throws Exception {
        return stage.toCompletableFuture().get(10, TimeUnit.SECONDS);
    }

    /** The outcome of a stage, as a dependent stage receives it. */
    private static Throwable failure(CompletionStage<?> stage) {
        CompletableFuture<Throwable> failure = new CompletableFuture<>();
        var unused = stage.whenComplete((result, error) -> failure.complete(error));
        assertThatThrownBy(() -> done(stage)).isNotNull();
        return Objects.requireNonNull(failure.join());
    }

    /** Null, as code without null checks passes it. */
    @SuppressWarnings({"NullAway", "TypeParameterUnusedInFormals"})
    private static <T> T none() {
        return null;
    }
}
