package io.iftb.cache.jcache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import javax.cache.configuration.MutableConfiguration;
import javax.cache.expiry.CreatedExpiryPolicy;
import javax.cache.expiry.Duration;
import javax.cache.integration.CacheLoaderException;
import javax.cache.integration.CompletionListener;
import javax.cache.integration.CompletionListenerFuture;
import javax.cache.processor.EntryProcessorException;
import javax.cache.processor.EntryProcessorResult;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A loader, and one that fails half-way. */
class ReadThroughTest {

    private final JCacheFixture fixture = JCacheFixture.open();

    @AfterEach
    void close() {
        fixture.close();
    }

    @Test
    void get_missing_loadsOnceAndStores() {
        FakeLoader<String, String> loader = new FakeLoader<>(key -> key.equals("none") ? null : key + "!");
        RedisCache<String, String> cache = cache(loader, true);
        EventLog<String, String> log = new EventLog<>();
        cache.registerCacheEntryListener(log.synchronousConfiguration());
        cache.configuration().enableStatistics(true);

        assertThat(cache.get("a")).isEqualTo("a!");
        assertThat(cache.get("a")).isEqualTo("a!");
        assertThat(cache.get("none")).isNull();

        assertThat(loader.asked).containsExactly("a", "none");
        assertThat(log.take()).containsExactly("CREATED null -> a!");
        assertThat(cache.statistics().getCacheMisses()).isEqualTo(2);
        assertThat(cache.statistics().getCacheHits()).isEqualTo(1);
        assertThat(cache.statistics().getCachePuts()).isZero();
    }

    @Test
    void get_manyThreadsMissing_loadOnce() {
        FakeLoader<String, String> loader = new FakeLoader<>(key -> key + "!");
        RedisCache<String, String> cache = cache(loader, true);

        var gets = IntStream.range(0, 16)
                .mapToObj(i -> CompletableFuture.supplyAsync(() -> cache.get("a"), task -> new Thread(task).start()))
                .toList();

        gets.forEach(get -> assertThat(get.join()).isEqualTo("a!"));
        assertThat(loader.asked).containsExactly("a");
    }

    @Test
    void getAll_someMissing_loadsThose() {
        FakeLoader<String, String> loader = new FakeLoader<>(key -> key.equals("none") ? null : key + "!");
        RedisCache<String, String> cache = cache(loader, true);
        cache.put("a", "here");

        assertThat(cache.getAll(Set.of("a", "b", "none"))).isEqualTo(Map.of("a", "here", "b", "b!"));
        assertThat(loader.asked).containsExactlyInAnyOrder("b", "none");
        assertThat(cache.containsKey("b")).isTrue();
    }

    @Test
    void otherOperations_missing_doNotLoad() {
        FakeLoader<String, String> loader = new FakeLoader<>(key -> key + "!");
        RedisCache<String, String> cache = cache(loader, true);

        assertThat(cache.containsKey("a")).isFalse();
        assertThat(cache.getAndReplace("a", "v")).isNull();
        assertThat(cache.replace("a", "a!", "v")).isFalse();
        assertThat(cache.remove("a", "a!")).isFalse();
        assertThat(cache.getAndRemove("a")).isNull();
        assertThat(cache.getAndPut("a", "v")).isNull();
        assertThat(loader.asked).isEmpty();
    }

    @Test
    void invoke_missing_loadsWhatIsReadOnly() {
        FakeLoader<String, String> loader = new FakeLoader<>(key -> key + "!");
        RedisCache<String, String> cache = cache(loader, true);

        assertThat(cache.<Boolean>invoke("a", (entry, arguments) -> entry.exists()))
                .isFalse();
        assertThat(loader.asked).isEmpty();
        assertThat(cache.<String>invoke("a", (entry, arguments) -> entry.getValue()))
                .isEqualTo("a!");
        assertThat(cache.containsKey("a")).isTrue();
    }

    @Test
    void get_loaderThatThrows_isWrapped() {
        RedisCache<String, String> cache = cache(failing(), true);

        assertThatExceptionOfType(CacheLoaderException.class)
                .isThrownBy(() -> cache.get("bad"))
                .havingCause()
                .withMessage("bad");
        assertThatExceptionOfType(CacheLoaderException.class).isThrownBy(() -> cache.getAll(Set.of("a", "bad")));
        assertThat(cache.containsKey("a")).as("half a batch is not stored").isFalse();
    }

    @Test
    void get_lifetimeOfZero_givesWhatWasLoadedAndStoresNothing() {
        FakeLoader<String, String> loader = new FakeLoader<>(key -> key + "!");
        RedisCache<String, String> cache = (RedisCache<String, String>) fixture.manager()
                .createCache(
                        "texts",
                        configuration(loader, true)
                                .setExpiryPolicyFactory(CreatedExpiryPolicy.factoryOf(Duration.ZERO)));

        assertThat(cache.get("a")).isEqualTo("a!");
        assertThat(cache.containsKey("a")).isFalse();
    }

    @Test
    void loadAll_withoutReplacing_loadsWhatIsMissing() throws Exception {
        FakeLoader<String, String> loader = new FakeLoader<>(key -> key + "!");
        RedisCache<String, String> cache = cache(loader, false);
        cache.put("a", "here");

        loadAll(cache, false, "a", "b");
        assertThat(loader.asked).containsExactly("b");
        assertThat(cache.getAll(Set.of("a", "b"))).isEqualTo(Map.of("a", "here", "b", "b!"));
        loadAll(cache, true, "a", "b");
        assertThat(cache.getAll(Set.of("a", "b"))).isEqualTo(Map.of("a", "a!", "b", "b!"));
    }

    @Test
    void loadAll_loaderThatThrows_tellsTheListener() {
        RedisCache<String, String> cache = cache(failing(), false);

        assertThatExceptionOfType(ExecutionException.class)
                .isThrownBy(() -> loadAll(cache, false, "a", "bad"))
                .withCauseInstanceOf(CacheLoaderException.class);
        assertThat(cache.containsKey("a")).isFalse();
    }

    @Test
    void invokeAll_loaderThatThrowsForOne_loadsTheOthers() {
        RedisCache<String, String> cache = cache(failing(), true);

        Map<String, EntryProcessorResult<String>> results =
                cache.invokeAll(Set.of("a", "bad", "c"), (entry, arguments) -> entry.getValue());

        assertThat(Objects.requireNonNull(results.get("a")).get()).isEqualTo("a");
        assertThat(cache.containsKey("a")).isTrue();
        assertThat(cache.containsKey("c")).isTrue();
        assertThatExceptionOfType(EntryProcessorException.class)
                .isThrownBy(() -> Objects.requireNonNull(results.get("bad")).get())
                .withCauseInstanceOf(CacheLoaderException.class);
        assertThat(cache.containsKey("bad")).isFalse();
    }

    @Test
    void getAll_loaderThatThrows_keepsWhatWasThere() {
        RedisCache<String, String> cache = cache(failing(), true);
        cache.put("here", "1");

        assertThatExceptionOfType(CacheLoaderException.class)
                .isThrownBy(() -> cache.getAll(Set.of("here", "a", "bad")))
                .havingCause()
                .withMessage("bad");

        assertThat(cache.getAll(Set.of("here"))).isEqualTo(Map.of("here", "1"));
        assertThat(cache.containsKey("a")).as("half a batch is not stored").isFalse();
    }

    @Test
    void get_loaderOfAnotherType_isRefusedAndStoresNothing() {
        FakeLoader<String, Object> untyped = new FakeLoader<>(key -> 1);
        RedisCache<String, String> cache = cache(cast(untyped), true);

        assertThatExceptionOfType(ClassCastException.class)
                .isThrownBy(() -> cache.get("a"))
                .withMessageContaining("java.lang.Integer")
                .withMessageContaining("'texts'");
        assertThatExceptionOfType(ClassCastException.class).isThrownBy(() -> cache.getAll(Set.of("a")));
        assertThatExceptionOfType(ExecutionException.class)
                .isThrownBy(() -> loadAll(cache, true, "a"))
                .withCauseInstanceOf(ClassCastException.class);
        assertThat(cache.containsKey("a")).isFalse();
    }

    @SuppressWarnings("unchecked") // as code without types passes it
    private static <K, V> FakeLoader<K, V> cast(FakeLoader<K, ?> loader) {
        return (FakeLoader<K, V>) loader;
    }

    @Test
    void loadAll_loaderThatFailsWithAnError_tellsTheListener() {
        RedisCache<String, String> cache = cache(
                new FakeLoader<>(key -> {
                    throw new AssertionError("broken class");
                }),
                false);

        assertThatExceptionOfType(ExecutionException.class)
                .isThrownBy(() -> loadAll(cache, false, "a"))
                .withCauseInstanceOf(CacheLoaderException.class)
                .withMessageContaining("broken class");
    }

    @Test
    void close_loadInFlight_waitsForItsEnd() throws Exception {
        CountDownLatch loading = new CountDownLatch(1);
        CountDownLatch released = new CountDownLatch(1);
        FakeLoader<String, String> loader = blocking(loading, released);
        RedisCache<String, String> cache = cache(loader, false);
        cache.loadAll(Set.of("a"), true, null);
        assertThat(loading.await(10, TimeUnit.SECONDS)).isTrue();

        CompletableFuture<Void> closing = CompletableFuture.runAsync(cache::close, task -> new Thread(task).start());
        assertThat(loader.closed).isFalse();
        released.countDown();
        closing.get(10, TimeUnit.SECONDS);

        assertThat(loader.closed).isTrue();
        assertThat(cache(new FakeLoader<>(key -> null), false).get("a")).isEqualTo("a");
    }

    /** A loader that says that it has begun, and goes on when it is told to. */
    private static FakeLoader<String, String> blocking(CountDownLatch loading, CountDownLatch released) {
        return new FakeLoader<>(key -> {
            loading.countDown();
            awaited(released);
            return key;
        });
    }

    private static void awaited(CountDownLatch latch) {
        try {
            assertThat(latch.await(10, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static FakeLoader<String, String> failing() {
        Function<String, @Nullable String> source = key -> {
            if (key.equals("bad")) {
                throw new IllegalStateException("bad");
            }
            return key;
        };
        return new FakeLoader<>(source);
    }

    private static void loadAll(RedisCache<String, String> cache, boolean replace, String... keys) throws Exception {
        CompletionListenerFuture done = new CompletionListenerFuture();
        cache.loadAll(Set.copyOf(Stream.of(keys).toList()), replace, done);
        done.get(10, TimeUnit.SECONDS);
    }

    private RedisCache<String, String> cache(FakeLoader<String, String> loader, boolean readThrough) {
        return (RedisCache<String, String>) fixture.manager().createCache("texts", configuration(loader, readThrough));
    }

    private static MutableConfiguration<String, String> configuration(
            FakeLoader<String, String> loader, boolean readThrough) {
        return new MutableConfiguration<String, String>()
                .setTypes(String.class, String.class)
                .setReadThrough(readThrough)
                .setCacheLoaderFactory(() -> loader);
    }

    @Test
    void destroyCache_whileAReaderLoads_waitsAndLeavesNothing() throws Exception {
        CountDownLatch loading = new CountDownLatch(1);
        CountDownLatch released = new CountDownLatch(1);
        FakeLoader<String, String> loader = blocking(loading, released);
        RedisCache<String, String> cache = cache(loader, true);
        CompletableFuture<@Nullable String> reader =
                CompletableFuture.supplyAsync(() -> cache.get("a"), task -> new Thread(task).start());
        assertThat(loading.await(10, TimeUnit.SECONDS)).isTrue();

        CompletableFuture<Void> destroyed = CompletableFuture.runAsync(
                () -> fixture.manager().destroyCache("texts"), task -> new Thread(task).start());
        await().until(cache::isClosed);
        assertThatExceptionOfType(TimeoutException.class).isThrownBy(() -> destroyed.get(1, TimeUnit.SECONDS));
        assertThat(loader.closed).isFalse();
        released.countDown();
        destroyed.get(10, TimeUnit.SECONDS);
        assertThat(reader.get(10, TimeUnit.SECONDS)).isEqualTo("a");
        assertThat(fixture.raw().keys(fixture.namespace() + ":texts:*")).isEmpty();
    }

    @Test
    void destroyCache_byTheLoaderOfLoadAll_doesNotWaitForItselfAndLeavesNothing() {
        RedisCache<String, String> cache = cache(
                new FakeLoader<>(key -> {
                    fixture.manager().destroyCache("texts");
                    return key;
                }),
                false);

        assertThatExceptionOfType(ExecutionException.class)
                .isThrownBy(() -> loadAll(cache, true, "a"))
                .withCauseInstanceOf(IllegalStateException.class)
                .withMessageContaining("closed");
        assertThat(fixture.raw().keys(fixture.namespace() + ":texts:*")).isEmpty();
    }

    /** A failure that cannot say what it is. */
    static final class NamelessError extends Error {

        private static final long serialVersionUID = 1;

        @Override
        public String getMessage() {
            throw new IllegalStateException("no text");
        }
    }

    @Test
    void loadAll_errorWithoutText_tellsTheListener() {
        RedisCache<String, String> cache = cache(
                new FakeLoader<>(key -> {
                    throw new NamelessError();
                }),
                false);

        assertThatExceptionOfType(ExecutionException.class)
                .isThrownBy(() -> loadAll(cache, false, "a"))
                .withCauseInstanceOf(CacheLoaderException.class)
                .havingCause()
                .withMessageContaining(NamelessError.class.getName());
    }

    @Test
    void loadAll_listenerFailsWithAnError_isToldOnce() {
        RedisCache<String, String> cache = cache(new FakeLoader<>(key -> key), false);
        List<String> told = new ArrayList<>();
        AtomicReference<@Nullable Thread> teller = new AtomicReference<>();
        cache.loadAll(Set.of("a"), true, new CompletionListener() {
            @Override
            public void onCompletion() {
                told.add("completion");
                teller.set(Thread.currentThread());
                throw new AssertionError("broken listener");
            }

            @Override
            public void onException(Exception e) {
                told.add("exception");
            }
        });

        await().until(() -> {
            Thread thread = teller.get();
            return thread != null && thread.getState() != Thread.State.RUNNABLE; // it has nothing to do any more
        });
        assertThat(told).containsExactly("completion");
    }
}
