package io.iftb.cache.jcache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.stream.Stream;
import javax.cache.Cache;
import javax.cache.CacheException;
import javax.cache.configuration.MutableCacheEntryListenerConfiguration;
import javax.cache.configuration.MutableConfiguration;
import javax.cache.event.CacheEntryEvent;
import javax.cache.event.CacheEntryListenerException;
import javax.cache.expiry.Duration;
import javax.cache.expiry.ExpiryPolicy;
import javax.cache.integration.CacheLoaderException;
import javax.cache.integration.CacheWriter;
import javax.cache.integration.CacheWriterException;
import javax.cache.processor.EntryProcessorException;
import javax.cache.processor.EntryProcessorResult;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Code of the program that throws a checked exception which it does not declare, as Kotlin, Groovy and Scala let it. */
@Timeout(60)
class CheckedExceptionsTest {

    private final JCacheFixture fixture = JCacheFixture.open();
    private final EventLog<String, String> log = new EventLog<>();

    @AfterEach
    void close() {
        fixture.close();
    }

    @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals"}) // that is the trick
    private static <E extends Throwable, T> T sneak(Throwable failure) throws E {
        throw (E) failure;
    }

    @SuppressWarnings("TypeParameterUnusedInFormals") // gives nothing, in place of anything
    private static <T> T broken() {
        return CheckedExceptionsTest.<RuntimeException, T>sneak(new IOException("broken"));
    }

    private static MutableConfiguration<String, String> configuration() {
        return new MutableConfiguration<String, String>().setTypes(String.class, String.class);
    }

    private static EventLog<String, String> brokenListener() {
        return new EventLog<>() {
            @Override
            void hear(CacheEntryEvent<? extends String, ? extends String> event) {
                broken();
            }
        };
    }

    /** Code that throws, the calls that run it, and what they throw. */
    private record Code(
            String what,
            MutableConfiguration<String, String> configuration,
            Function<Cache<String, String>, ?> call,
            Function<AsyncCache<String, String>, CompletionStage<?>> asyncCall,
            Class<? extends CacheException> expected) {

        @Override
        public String toString() {
            return what;
        }
    }

    private static Object put(Cache<String, String> cache) {
        cache.put("k", "v");
        return cache;
    }

    static Stream<Code> code() {
        return Stream.of(
                new Code(
                        "processor",
                        configuration(),
                        cache -> cache.invoke("k", (entry, none) -> broken()),
                        async -> async.invoke("k", (entry, none) -> broken()),
                        EntryProcessorException.class),
                new Code(
                        "loader",
                        configuration()
                                .setReadThrough(true)
                                .setCacheLoaderFactory(() -> new FakeLoader<String, String>(key -> broken())),
                        cache -> cache.get("k"),
                        async -> async.get("k"),
                        CacheLoaderException.class),
                new Code(
                        "writer",
                        configuration().setWriteThrough(true).setCacheWriterFactory(SneakyWriter::new),
                        CheckedExceptionsTest::put,
                        async -> async.put("k", "v"),
                        CacheWriterException.class),
                new Code(
                        "listener",
                        configuration()
                                .addCacheEntryListenerConfiguration(
                                        brokenListener().synchronousConfiguration()),
                        CheckedExceptionsTest::put,
                        async -> async.put("k", "v"),
                        CacheEntryListenerException.class),
                new Code(
                        "filter",
                        configuration()
                                .addCacheEntryListenerConfiguration(new MutableCacheEntryListenerConfiguration<>(
                                        EventLog::new, () -> event -> broken(), false, true)),
                        CheckedExceptionsTest::put,
                        async -> async.put("k", "v"),
                        CacheEntryListenerException.class));
    }

    private static final class SneakyWriter implements CacheWriter<String, String> {

        @Override
        public void write(Cache.Entry<? extends String, ? extends String> entry) {
            broken();
        }

        @Override
        public void writeAll(Collection<Cache.Entry<? extends String, ? extends String>> entries) {
            broken();
        }

        @Override
        public void delete(Object key) {}

        @Override
        public void deleteAll(Collection<?> keys) {
            keys.clear();
        }
    }

    private static final class SneakyPolicy implements ExpiryPolicy {

        @Override
        public Duration getExpiryForCreation() {
            return broken();
        }

        @Override
        public Duration getExpiryForAccess() {
            return broken();
        }

        @Override
        public Duration getExpiryForUpdate() {
            return broken();
        }
    }

    /** A value whose {@code equals} throws. */
    static final class Strange {

        private final String text;

        Strange(String text) {
            this.text = text;
        }

        @Override
        public boolean equals(Object other) {
            return broken();
        }

        @Override
        public int hashCode() {
            return text.hashCode();
        }
    }

    private RedisCache<String, String> cache(MutableConfiguration<String, String> configuration) {
        return (RedisCache<String, String>) fixture.manager().createCache("texts", configuration);
    }

    private static void assertUsable(RedisCache<String, String> cache) throws Exception {
        await().until(cache::isIdle);
        assertThat(cache.openEvents()).isZero();
        assertThat(CompletableFuture.supplyAsync(
                                () -> cache.replace("k", "none", "other"), task -> new Thread(task).start())
                        .get(10, TimeUnit.SECONDS))
                .as("another thread")
                .isFalse();
    }

    @ParameterizedTest
    @MethodSource("code")
    void call_codeThrowsACheckedException_isWrappedAndKeepsNothing(Code code) throws Exception {
        RedisCache<String, String> cache = cache(code.configuration());

        assertThatThrownBy(() -> code.call().apply(cache))
                .isInstanceOf(code.expected())
                .hasRootCauseInstanceOf(IOException.class);
        assertUsable(cache);
    }

    @ParameterizedTest
    @MethodSource("code")
    @SuppressWarnings("unchecked") // a class literal has no type arguments
    void asyncCall_codeThrowsACheckedException_isWrappedAndKeepsNothing(Code code) throws Exception {
        RedisCache<String, String> cache = cache(code.configuration());
        CompletionStage<?> stage = code.asyncCall().apply(cache.unwrap(AsyncCache.class));

        assertThatThrownBy(() -> stage.toCompletableFuture().get(20, TimeUnit.SECONDS))
                .isInstanceOf(ExecutionException.class)
                .hasCauseInstanceOf(code.expected())
                .hasRootCauseInstanceOf(IOException.class);
        assertUsable(cache);
    }

    @Test
    void put_policyThrowsACheckedException_storesWithTheDefaultLifetime() throws Exception {
        RedisCache<String, String> cache = cache(configuration().setExpiryPolicyFactory(() -> new SneakyPolicy()));

        cache.put("k", "v");

        assertThat(cache.get("k")).isEqualTo("v");
        assertUsable(cache);
    }

    @Test
    void invokeAll_oneProcessorThrowsACheckedException_changesTheOthers() throws Exception {
        RedisCache<String, String> cache = cache(configuration());

        Map<String, EntryProcessorResult<String>> results =
                cache.<String>invokeAll(new TreeSet<>(List.of("a", "b", "c")), (entry, none) -> {
                    if (entry.getKey().equals("b")) {
                        return broken();
                    }
                    entry.setValue("1");
                    return "done";
                });

        assertThatThrownBy(() -> Objects.requireNonNull(results.get("b")).get())
                .isInstanceOf(EntryProcessorException.class)
                .hasRootCauseInstanceOf(IOException.class);
        assertThat(cache.getAll(Set.of("a", "b", "c"))).containsOnlyKeys("a", "c");
        assertUsable(cache);
    }

    @Test
    void listeners_oneThrowsACheckedException_theOtherHears() throws Exception {
        RedisCache<String, String> cache = cache(configuration());
        cache.registerCacheEntryListener(brokenListener().synchronousConfiguration());
        cache.registerCacheEntryListener(log.synchronousConfiguration());

        assertThatThrownBy(() -> cache.put("k", "v")).isInstanceOf(CacheEntryListenerException.class);

        assertThat(log.take()).containsExactly("CREATED null -> v");
        assertUsable(cache);
    }

    /** An object whose {@code equals} does that is no code of an own interface. */
    @Test
    void replace_equalsThrowsACheckedException_keepsNoLock() throws Exception {
        RedisCache<String, Strange> cache = fixture.cache("strange", String.class, Strange.class);
        cache.put("k", new Strange("v"));

        assertThatThrownBy(() -> cache.replace("k", new Strange("v"), new Strange("w")))
                .isInstanceOf(CacheException.class)
                .hasMessageContaining("k")
                .hasRootCauseInstanceOf(IOException.class);
        assertThat(cache.isIdle()).isTrue();
    }

    @Test
    void createCache_factoryThrowsACheckedException_isWrapped() {
        assertThatThrownBy(() -> cache(configuration().setExpiryPolicyFactory(() -> broken())))
                .isInstanceOf(CacheException.class)
                .hasMessageContaining("expiry policy")
                .hasRootCauseInstanceOf(IOException.class);
        assertThatThrownBy(() -> cache(configuration()
                        .addCacheEntryListenerConfiguration(
                                new MutableCacheEntryListenerConfiguration<>(() -> broken(), null, false, true))))
                .isInstanceOf(CacheException.class)
                .hasMessageContaining("listener")
                .hasRootCauseInstanceOf(IOException.class);
        assertThat(cache(configuration()).isClosed()).isFalse();
    }
}
