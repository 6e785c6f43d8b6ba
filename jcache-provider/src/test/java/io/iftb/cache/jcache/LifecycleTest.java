package io.iftb.cache.jcache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.iftb.cache.jcache.event.CacheEvents;
import io.iftb.cache.jcache.management.Statistics;
import io.iftb.cache.observe.CallListeners;
import io.iftb.cache.observe.CallObserver;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;
import javax.cache.Cache;
import javax.cache.configuration.MutableCacheEntryListenerConfiguration;
import javax.cache.configuration.MutableConfiguration;
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
                        new EventLog<String, String>().synchronousConfiguration(), new ReplyAwaiter("late")));
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

        CompletableFuture<Void> destroyed =
                CompletableFuture.runAsync(() -> manager.destroyCache("processed"), task -> new Thread(task).start());
        await().until(cache::isClosed);
        assertThatThrownBy(() -> destroyed.get(1, TimeUnit.SECONDS)).isInstanceOf(TimeoutException.class);
        released.countDown();

        destroyed.get(10, TimeUnit.SECONDS);
        assertThat(caller.get(10, TimeUnit.SECONDS)).isEqualTo("done");
        assertThat(storedKeys()).isEmpty();
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
}
