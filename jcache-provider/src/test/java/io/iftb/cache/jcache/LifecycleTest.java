package io.iftb.cache.jcache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.awaitility.Awaitility.await;

import io.iftb.cache.jcache.event.CacheEvents;
import io.iftb.cache.jcache.management.Statistics;
import io.iftb.cache.observe.CallListeners;
import io.iftb.cache.observe.CallObserver;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.Collection;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;
import javax.cache.Cache;
import javax.cache.CacheException;
import javax.cache.configuration.MutableCacheEntryListenerConfiguration;
import javax.cache.configuration.MutableConfiguration;
import javax.cache.expiry.ExpiryPolicy;
import javax.cache.integration.CacheWriter;
import javax.cache.processor.EntryProcessor;
import javax.management.ObjectName;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Caches that are closed or destroyed while their loaders or entry processors run. */
@Timeout(20)
class LifecycleTest {

    private final JCacheFixture fixture = JCacheFixture.open();
    private final CountDownLatch loading = new CountDownLatch(1);
    private final CountDownLatch released = new CountDownLatch(1);
    private final AtomicReference<Cache<String, String>> seenByLoader = new AtomicReference<>();
    private final IftbCacheManager manager = fixture.manager();

    @AfterEach
    void close() {
        released.countDown();
        fixture.close();
    }

    /** A cache whose loader requests another cache from its manager once it is released. */
    private Cache<String, String> loadingCache() throws InterruptedException {
        Cache<String, String> cache = manager.createCache(
                "loading",
                new MutableConfiguration<String, String>()
                        .setTypes(String.class, String.class)
                        .setCacheLoaderFactory(() -> new FakeLoader<>(key -> {
                            loading.countDown();
                            try {
                                assertThat(released.await(15, TimeUnit.SECONDS)).isTrue();
                            } catch (InterruptedException e) {
                                Thread.currentThread().interrupt();
                            }
                            seenByLoader.set(manager.createCache(
                                    "made-by-loader",
                                    new MutableConfiguration<String, String>().setTypes(String.class, String.class)));
                            return key;
                        })));
        cache.loadAll(Set.of("k"), true, null);
        assertThat(loading.await(10, TimeUnit.SECONDS)).isTrue();
        return cache;
    }

    /** Such as one whose class loader has been closed. */
    @Test
    void close_listenerWhoseCloseFailsByAnError_closesEverythingElse() {
        class Broken extends EventLog<String, String> implements AutoCloseable {
            @Override
            public void close() {
                throw new NoClassDefFoundError("gone");
            }
        }
        FakeLoader<String, String> loader = new FakeLoader<>(key -> key);
        Cache<String, String> cache = manager.createCache(
                "broken",
                new MutableConfiguration<String, String>()
                        .setTypes(String.class, String.class)
                        .setCacheLoaderFactory(() -> loader)
                        .addCacheEntryListenerConfiguration(new Broken().synchronousConfiguration()));
        Cache<String, String> other = manager.createCache("other", new MutableConfiguration<>());

        manager.close();

        assertThat(cache.isClosed() && other.isClosed()).isTrue();
        assertThat(loader.closed).isTrue();
        assertThat(fixture.manager()).as("another one").isNotSameAs(manager);
    }

    /** Else another thread could change an entry of which the listener then does not hear. */
    @Test
    void getCache_whileTheListenersOfANewCacheAreMade_hasNoneYet() {
        AtomicReference<@Nullable Object> seen = new AtomicReference<>("nothing was asked");
        Cache<String, String> cache = manager.createCache(
                "half",
                new MutableConfiguration<String, String>()
                        .addCacheEntryListenerConfiguration(new MutableCacheEntryListenerConfiguration<>(
                                () -> {
                                    seen.set(CompletableFuture.supplyAsync(() -> manager.getCache("half"))
                                            .orTimeout(10, TimeUnit.SECONDS)
                                            .join());
                                    return new EventLog<>();
                                },
                                null,
                                false,
                                true)));

        assertThat(seen.get()).isNull();
        assertThat((Object) manager.getCache("half")).isSameAs(cache);
    }

    @Test
    void statistics_switchedOnAfterClose_leaveNoMBean() throws Exception {
        RedisCache<String, String> cache = fixture.cache("late", String.class, String.class);
        cache.close();

        cache.configuration().enableStatistics(true);
        cache.configuration().enableManagement(true);

        assertThat(ManagementFactory.getPlatformMBeanServer().queryNames(new ObjectName("*:Cache=late,*"), null))
                .isEmpty();
    }

    @Test
    void listener_addedAfterClose_isRefused() {
        RedisCache<String, String> cache = fixture.cache("late", String.class, String.class);
        CacheObservers<String, String> observers = new CacheObservers<>(
                WriteThrough.none(),
                new CacheEvents<>(cache, cache.backend(), Runnable::run, null, Duration.ofSeconds(1)),
                new Statistics(),
                CallObserver.of("late", new CallListeners()));
        observers.close();

        assertThatIllegalStateException()
                .isThrownBy(() -> observers.add(
                        new EventLog<String, String>().synchronousConfiguration(), () -> {}, new ReplyAwaiter("late")));
    }

    @Test
    void destroyCache_loaderThatAsksTheManager_waitsForItAndBlocksNoOther() throws Exception {
        Cache<String, String> cache = loadingCache();
        CompletableFuture<Void> destroyed =
                CompletableFuture.runAsync(() -> manager.destroyCache("loading"), task -> new Thread(task).start());
        while (!cache.isClosed()) {
            Thread.onSpinWait();
        }

        manager.createCache("other", new MutableConfiguration<String, String>()).put("k", "v");
        assertThat(destroyed).isNotDone();
        released.countDown();

        destroyed.get(5, TimeUnit.SECONDS);
        assertThat(seenByLoader.get()).isNotNull();
        Cache<String, String> again = manager.createCache(
                "loading", new MutableConfiguration<String, String>().setTypes(String.class, String.class));
        assertThat(again.get("k")).isNull();
    }

    @Test
    void destroyCache_thenCreateWhileItEnds_createsAfterTheEntriesAreGone() throws Exception {
        Cache<String, String> cache = loadingCache();
        CompletableFuture<Void> destroyed =
                CompletableFuture.runAsync(() -> manager.destroyCache("loading"), task -> new Thread(task).start());
        while (!cache.isClosed()) {
            Thread.onSpinWait();
        }
        CompletableFuture<Cache<String, String>> created = CompletableFuture.supplyAsync(
                () -> {
                    Cache<String, String> again = manager.createCache(
                            "loading", new MutableConfiguration<String, String>().setTypes(String.class, String.class));
                    again.put("k", "new");
                    return again;
                },
                task -> new Thread(task).start());
        released.countDown();

        destroyed.get(5, TimeUnit.SECONDS);
        assertThat(created.get(5, TimeUnit.SECONDS).get("k")).isEqualTo("new");
    }

    private static String process(
            Cache<String, String> cache, boolean all, EntryProcessor<String, String, String> code) {
        return all
                ? Objects.requireNonNull(cache.invokeAll(Set.of("k"), code).get("k"))
                        .get()
                : cache.invoke("k", code);
    }

    private Set<String> storedKeys() {
        return Set.copyOf(fixture.raw().keys(fixture.namespace() + ":processed:*"));
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void destroyCache_whileAProcessorRuns_waitsAndLeavesNothing(boolean all) throws Exception {
        Cache<String, String> cache = manager.createCache(
                "processed", new MutableConfiguration<String, String>().setTypes(String.class, String.class));
        CountDownLatch processing = new CountDownLatch(1);
        CompletableFuture<String> caller = CompletableFuture.supplyAsync(
                () -> process(cache, all, (entry, none) -> {
                    processing.countDown();
                    try {
                        assertThat(released.await(15, TimeUnit.SECONDS)).isTrue();
                    } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                    }
                    entry.setValue("v");
                    return "done";
                }),
                task -> new Thread(task).start());
        assertThat(processing.await(10, TimeUnit.SECONDS)).isTrue();

        assertDestroyWaitsUntilReleased(cache);

        assertThat(caller.get(10, TimeUnit.SECONDS)).isEqualTo("done");
        assertThat(storedKeys()).isEmpty();
    }

    /** Destroys a cache whose code waits to be released, and releases it. */
    private void assertDestroyWaitsUntilReleased(Cache<?, ?> cache) throws Exception {
        CompletableFuture<Void> destroyed = CompletableFuture.runAsync(
                () -> manager.destroyCache(cache.getName()), task -> new Thread(task).start());
        await().until(cache::isClosed);
        assertThatThrownBy(() -> destroyed.get(1, TimeUnit.SECONDS)).isInstanceOf(TimeoutException.class);
        released.countDown();
        destroyed.get(10, TimeUnit.SECONDS);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void destroyCache_byItsProcessor_doesNotWaitForItselfAndLeavesNothing(boolean all) {
        Cache<String, String> cache = manager.createCache(
                "processed", new MutableConfiguration<String, String>().setTypes(String.class, String.class));

        assertThatThrownBy(() -> process(cache, all, (entry, none) -> {
                    manager.destroyCache("processed");
                    entry.setValue("v");
                    return "done";
                }))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("closed while your code ran for it");
        assertThat(storedKeys()).isEmpty();
    }

    private void awaitRelease() {
        loading.countDown();
        try {
            assertThat(released.await(15, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** A cache whose writer, or else whose expiry policy, runs code for each put. */
    private RedisCache<String, String> putting(boolean isWriter, Runnable code) {
        MutableConfiguration<String, String> configuration =
                new MutableConfiguration<String, String>().setTypes(String.class, String.class);
        if (isWriter) {
            configuration.setWriteThrough(true).setCacheWriterFactory(() -> new CallingWriter(code));
        } else {
            configuration.setExpiryPolicyFactory(() -> new CallingPolicy(code));
        }
        return (RedisCache<String, String>) manager.createCache("processed", configuration);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void destroyCache_whileAWriterOrAPolicyRuns_waitsAndLeavesNothing(boolean isWriter) throws Exception {
        Cache<String, String> cache = putting(isWriter, this::awaitRelease);
        CompletableFuture<Void> caller =
                CompletableFuture.runAsync(() -> cache.put("k", "v"), task -> new Thread(task).start());
        assertThat(loading.await(10, TimeUnit.SECONDS)).isTrue();

        assertDestroyWaitsUntilReleased(cache);

        caller.get(10, TimeUnit.SECONDS);
        assertThat(storedKeys()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void destroyCache_byItsWriterOrItsPolicy_doesNotWaitForItselfAndLeavesNothing(boolean isWriter) {
        Cache<String, String> cache = putting(isWriter, () -> manager.destroyCache("processed"));

        assertThatThrownBy(() -> cache.put("k", "v"))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("closed while your code ran for it");
        assertThat(storedKeys()).isEmpty();
    }

    @Test
    void destroyCache_loaderThatAsksForItsOwnCache_isRefusedAtOnce() throws Exception {
        AtomicReference<Throwable> refused = new AtomicReference<>();
        MutableConfiguration<String, String> configuration = new MutableConfiguration<String, String>()
                .setTypes(String.class, String.class)
                .setReadThrough(true)
                .setCacheLoaderFactory(() -> new FakeLoader<>(key -> {
                    awaitRelease();
                    refused.set(catchThrowable(() -> manager.createCache("own", new MutableConfiguration<>())));
                    return key;
                }));
        Cache<String, String> cache = manager.createCache("own", configuration);
        CompletableFuture<String> caller =
                CompletableFuture.supplyAsync(() -> cache.get("k"), task -> new Thread(task).start());
        assertThat(loading.await(10, TimeUnit.SECONDS)).isTrue();
        CompletableFuture<Void> destroyed =
                CompletableFuture.runAsync(() -> manager.destroyCache("own"), task -> new Thread(task).start());
        await().until(cache::isClosed);
        released.countDown();

        destroyed.get(10, TimeUnit.SECONDS);
        caller.get(10, TimeUnit.SECONDS);
        assertThat(refused.get()).isInstanceOf(CacheException.class).hasMessageContaining("is being destroyed");
    }

    @Test
    void destroyCache_componentWhoseCloseAsksForTheSameName_isRefusedAtOnce() {
        AtomicReference<Throwable> refused = new AtomicReference<>();
        class Asking extends EventLog<String, String> implements AutoCloseable {
            @Override
            public void close() {
                refused.set(catchThrowable(() -> manager.createCache("own", new MutableConfiguration<>())));
            }
        }
        manager.createCache(
                "own",
                new MutableConfiguration<String, String>()
                        .addCacheEntryListenerConfiguration(new Asking().synchronousConfiguration()));

        manager.destroyCache("own");

        assertThat(refused.get()).isInstanceOf(CacheException.class).hasMessageContaining("is being destroyed");
    }

    private static MutableConfiguration<String, String> withLoader(Runnable whenMade, FakeLoader<String, String> made) {
        return new MutableConfiguration<String, String>()
                .setTypes(String.class, String.class)
                .setCacheLoaderFactory(() -> {
                    whenMade.run();
                    return made;
                });
    }

    @Test
    void createCache_factoryThatWaitsForAThreadThatOpensAnother_ends() {
        AtomicReference<Cache<?, ?>> other = new AtomicReference<>();

        manager.createCache(
                "own",
                withLoader(
                        () -> other.set(CompletableFuture.supplyAsync(
                                        () -> manager.<Object, Object>getCache("llm"), task -> new Thread(task).start())
                                .orTimeout(10, TimeUnit.SECONDS)
                                .join()),
                        new FakeLoader<>(key -> key)));

        assertThat((Object) other.get()).isNotNull().isSameAs(manager.getCache("llm"));
    }

    @Test
    void createCache_factoryThatCreatesTheSameCache_isRefusedAndClosesNothingTwice() {
        AtomicReference<Throwable> refused = new AtomicReference<>();
        Cache<String, String> cache = manager.createCache(
                "own",
                withLoader(
                        () -> refused.set(
                                catchThrowable(() -> manager.createCache("own", new MutableConfiguration<>()))),
                        new FakeLoader<>(key -> key)));

        assertThat(refused.get()).isInstanceOf(CacheException.class).hasMessageContaining("exists already");
        assertThat((Object) manager.getCache("own", String.class, String.class)).isSameAs(cache);
    }

    @Test
    void getCache_existingByNameAndItsFactoryAsksForIt_isRefusedAtOnce() {
        AtomicReference<Throwable> refused = new AtomicReference<>();
        manager.createCache(
                "llm",
                new MutableConfiguration<String, Object>()
                        .addCacheEntryListenerConfiguration(new MutableCacheEntryListenerConfiguration<>(
                                () -> {
                                    refused.set(catchThrowable(() -> manager.getCache("llm")));
                                    return new EventLog<>();
                                },
                                null,
                                false,
                                true)));

        assertThat(refused.get())
                .isInstanceOf(CacheException.class)
                .hasMessageContaining("being opened by this thread");
    }

    @Test
    void close_whileAFactoryRuns_endsAndClosesWhatThatMakes() throws Exception {
        FakeLoader<String, String> loader = new FakeLoader<>(key -> key);
        CompletableFuture<Cache<String, String>> created = CompletableFuture.supplyAsync(
                () -> manager.createCache("own", withLoader(this::awaitRelease, loader)),
                task -> new Thread(task).start());
        assertThat(loading.await(10, TimeUnit.SECONDS)).isTrue();

        manager.close();
        released.countDown();

        assertThatThrownBy(() -> created.get(10, TimeUnit.SECONDS))
                .isInstanceOf(ExecutionException.class)
                .hasCauseInstanceOf(IllegalStateException.class);
        assertThat(loader.closed).isTrue();
    }

    /** A writer that runs code before it accepts a change. */
    private record CallingWriter(Runnable code) implements CacheWriter<String, String> {

        @Override
        public void write(Cache.Entry<? extends String, ? extends String> entry) {
            code.run();
        }

        @Override
        public void writeAll(Collection<Cache.Entry<? extends String, ? extends String>> entries) {
            code.run();
            entries.clear();
        }

        @Override
        public void delete(Object key) {
            code.run();
        }

        @Override
        public void deleteAll(Collection<?> keys) {
            code.run();
            keys.clear();
        }
    }

    /** An eternal policy that runs code before it answers for a creation. */
    private record CallingPolicy(Runnable code) implements ExpiryPolicy {

        @Override
        public javax.cache.expiry.Duration getExpiryForCreation() {
            code.run();
            return javax.cache.expiry.Duration.ETERNAL;
        }

        @Override
        public javax.cache.expiry.@Nullable Duration getExpiryForAccess() {
            return null;
        }

        @Override
        public javax.cache.expiry.@Nullable Duration getExpiryForUpdate() {
            return null;
        }
    }
}
