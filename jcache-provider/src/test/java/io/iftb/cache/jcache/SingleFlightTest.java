package io.iftb.cache.jcache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.iftb.cache.settings.CacheSetting;
import io.iftb.cache.settings.Setting;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;
import javax.cache.Cache;
import javax.cache.CacheException;
import javax.cache.configuration.MutableConfiguration;
import javax.cache.integration.CacheLoader;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A missing entry is computed once; two managers, each with connections of its own, stand for two JVMs. */
@Timeout(120)
class SingleFlightTest {

    private static final String NAME = "flights";

    private final JCacheFixture here = fixture(builder -> builder);
    private final JCacheFixture there = fixture(builder -> builder.namespace(here.namespace()));
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final AtomicInteger computed = new AtomicInteger();
    private final CountDownLatch begun = new CountDownLatch(1);
    private final CountDownLatch ends = new CountDownLatch(1);

    private static JCacheFixture fixture(UnaryOperator<JCacheFixture.Builder> more) {
        return more.apply(JCacheFixture.builder().with(CacheSetting.SINGLE_FLIGHT, NAME, "on"))
                .build();
    }

    @AfterEach
    void close() {
        ends.countDown();
        threads.shutdownNow();
        here.close();
        there.close();
    }

    private static Cache<String, String> plain(JCacheFixture fixture) {
        return fixture.cache(NAME, String.class, String.class);
    }

    /** A cache whose loader computes slowly, and counts. */
    private Cache<String, String> loading(JCacheFixture fixture) {
        return fixture.manager()
                .createCache(
                        NAME,
                        new MutableConfiguration<String, String>()
                                .setTypes(String.class, String.class)
                                .setReadThrough(true)
                                .setCacheLoaderFactory(() -> new CacheLoader<String, String>() {
                                    @Override
                                    public String load(String key) {
                                        return compute();
                                    }

                                    @Override
                                    public Map<String, String> loadAll(Iterable<? extends String> keys) {
                                        Map<String, String> all = new HashMap<>();
                                        keys.forEach(key -> all.put(key, compute()));
                                        return all;
                                    }
                                }));
    }

    private String compute() {
        int number = computed.incrementAndGet();
        begun.countDown();
        try {
            assertThat(ends.await(60, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
        return "computed " + number;
    }

    private boolean isLeased() {
        return Objects.equals(here.raw().send("EXISTS", "{" + here.namespace() + ":" + NAME + ":key}:lease"), 1L);
    }

    /** How a value is asked for. */
    enum Way {
        READ_THROUGH {
            @Override
            @Nullable
            String get(SingleFlightTest test, Cache<String, String> cache) {
                return cache.get("key");
            }
        },
        READ_THROUGH_ALL {
            @Override
            @Nullable
            String get(SingleFlightTest test, Cache<String, String> cache) {
                return cache.getAll(Set.of("key")).get("key");
            }
        },
        /** as Spring does it for {@code sync = true} */
        INVOKE {
            @Override
            @Nullable
            String get(SingleFlightTest test, Cache<String, String> cache) {
                return cache.invoke("key", (entry, arguments) -> {
                    if (!entry.exists()) {
                        entry.setValue(test.compute());
                    }
                    return entry.getValue();
                });
            }
        },
        /** as {@code @CacheResult} does it */
        GET_AND_PUT {
            @Override
            @Nullable
            String get(SingleFlightTest test, Cache<String, String> cache) {
                String value = cache.get("key");
                if (value == null) {
                    value = test.compute();
                    cache.put("key", value);
                }
                return value;
            }
        };

        abstract @Nullable String get(SingleFlightTest test, Cache<String, String> cache);

        Cache<String, String> cache(SingleFlightTest test, JCacheFixture fixture) {
            return this == READ_THROUGH || this == READ_THROUGH_ALL ? test.loading(fixture) : plain(fixture);
        }
    }

    @ParameterizedTest
    @EnumSource(Way.class)
    void get_manyCallersInTwoJvms_computesOnce(Way way) throws Exception {
        List<Cache<String, String>> caches = List.of(way.cache(this, here), way.cache(this, there));
        List<Future<String>> callers = new ArrayList<>();
        for (int i = 0; i < 32; i++) {
            Cache<String, String> cache = caches.get(i % 2);
            callers.add(threads.submit((Callable<String>) () -> way.get(this, cache)));
        }
        assertThat(begun.await(60, TimeUnit.SECONDS)).isTrue();
        ends.countDown();

        for (Future<String> each : callers) {
            assertThat(each.get(60, TimeUnit.SECONDS)).isEqualTo("computed 1");
        }
        assertThat(computed).hasValue(1);
        assertThat(isLeased()).isFalse();
    }

    @ParameterizedTest
    @EnumSource(
            value = Way.class,
            names = {"READ_THROUGH", "READ_THROUGH_ALL", "INVOKE"})
    void get_removedMeanwhile_computesAgain(Way way) throws Exception {
        Cache<String, String> cache = way.cache(this, here);
        Future<String> caller = threads.submit((Callable<String>) () -> way.get(this, cache));
        assertThat(begun.await(60, TimeUnit.SECONDS)).isTrue();
        plain(there).remove("key");
        ends.countDown();

        assertThat(caller.get(60, TimeUnit.SECONDS)).isEqualTo("computed 2");
        assertThat(there.<String, String>domainCache(NAME, String.class, String.class)
                        .get("key"))
                .isEqualTo("computed 2");
    }

    /** The second caller takes the lease that the removal has ended. It is not the one under which the first has computed. */
    @ParameterizedTest
    @EnumSource(
            value = Way.class,
            names = {"READ_THROUGH", "READ_THROUGH_ALL", "INVOKE"})
    void get_removedMeanwhileAndWantedByAnotherThread_computesAgain(Way way) throws Exception {
        Cache<String, String> cache = way.cache(this, here);
        Future<String> first = threads.submit((Callable<String>) () -> way.get(this, cache));
        assertThat(begun.await(60, TimeUnit.SECONDS)).isTrue();
        plain(there).remove("key");
        await().until(() -> !isLeased());
        Future<String> second = threads.submit((Callable<String>) () -> way.get(this, cache));
        await().until(this::isLeased);
        ends.countDown();

        assertThat(first.get(60, TimeUnit.SECONDS)).isEqualTo("computed 2");
        assertThat(second.get(60, TimeUnit.SECONDS)).isEqualTo("computed 2");
        assertThat(cache.get("key")).isEqualTo("computed 2");
        assertThat(isLeased()).isFalse();
    }

    @ParameterizedTest
    @EnumSource(
            value = Way.class,
            names = {"READ_THROUGH", "READ_THROUGH_ALL", "INVOKE"})
    void get_putMeanwhile_keepsWhatWasPut(Way way) throws Exception {
        Cache<String, String> cache = way.cache(this, here);
        Future<String> caller = threads.submit((Callable<String>) () -> way.get(this, cache));
        assertThat(begun.await(60, TimeUnit.SECONDS)).isTrue();
        plain(there).put("key", "put");
        ends.countDown();

        assertThat(caller.get(60, TimeUnit.SECONDS)).isEqualTo("put");
        assertThat(cache.get("key")).isEqualTo("put");
    }

    @Test
    void getAll_keysThatOthersLoad_waitsForTheseAndLoadsTheRest() throws Exception {
        Cache<String, String> cache = loading(here);
        Cache<String, String> other = loading(there);
        Future<String> caller = threads.submit((Callable<String>) () -> cache.get("key"));
        assertThat(begun.await(60, TimeUnit.SECONDS)).isTrue();
        Future<Map<String, String>> both =
                threads.submit((Callable<Map<String, String>>) () -> other.getAll(Set.of("key", "more")));
        while (computed.get() < 2) {
            Thread.onSpinWait();
        }
        ends.countDown();

        assertThat(both.get(60, TimeUnit.SECONDS))
                .containsEntry("key", "computed 1")
                .containsEntry("more", "computed 2");
        assertThat(caller.get(60, TimeUnit.SECONDS)).isEqualTo("computed 1");
        assertThat(computed).hasValue(2);
    }

    @Test
    void get_loaderFails_givesTheLeaseBack() {
        Cache<String, String> cache = here.manager()
                .createCache(
                        NAME,
                        new MutableConfiguration<String, String>()
                                .setTypes(String.class, String.class)
                                .setReadThrough(true)
                                .setCacheLoaderFactory(() -> new CacheLoader<String, String>() {
                                    @Override
                                    public String load(String key) {
                                        throw new IllegalStateException("no source");
                                    }

                                    @Override
                                    public Map<String, String> loadAll(Iterable<? extends String> keys) {
                                        throw new IllegalStateException("no source");
                                    }
                                }));
        assertThatThrownBy(() -> cache.get("key")).hasRootCauseMessage("no source");
        assertThatThrownBy(() -> cache.getAll(Set.of("key"))).hasRootCauseMessage("no source");

        while (isLeased()) {
            Thread.onSpinWait(); // the test's time is limited
        }
    }

    @Test
    void get_missedAgainByTheSameThread_doesNotWait() {
        Cache<String, String> cache = plain(here);
        assertThat(cache.get("key")).isNull();
        assertThat(isLeased()).isTrue();
        assertThat(cache.get("key")).isNull();
        cache.put("key", "put");
        assertThat(isLeased()).isFalse();
    }

    @Test
    void get_missedByOneWhoThenWritesManyEntries_wakesThoseWhoWait() throws Exception {
        Cache<String, String> cache = plain(here);
        Cache<String, String> other = plain(there);
        assertThat(cache.get("key")).isNull();
        Future<String> waits = threads.submit((Callable<String>) () -> other.get("key"));
        await().during(Duration.ofMillis(300)).until(() -> !waits.isDone());
        long start = System.nanoTime();
        cache.putAll(Map.of("key", "put", "more", "put"));
        assertThat(waits.get(60, TimeUnit.SECONDS)).isEqualTo("put");

        cache.removeAll(Set.of("key", "more"));
        assertThat(cache.get("key")).isNull();
        Future<String> again = threads.submit((Callable<String>) () -> other.get("key"));
        await().during(Duration.ofMillis(300)).until(() -> !again.isDone());
        cache.clear();
        assertThat(again.get(60, TimeUnit.SECONDS)).isNull(); // and it is expected to put it now
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(8)); // not the leases
    }

    /** Its lease ends by itself. */
    @Test
    @Tag("thorough") // until a lease ends
    void get_missedByOneWhoNeverPuts_isComputedByAnother() throws Exception {
        Cache<String, String> cache = plain(here);
        Cache<String, String> other = plain(there);
        assertThat(cache.get("key")).isNull();
        long start = System.nanoTime();
        Future<String> waits = threads.submit((Callable<String>) () -> other.get("key"));

        assertThat(waits.get(60, TimeUnit.SECONDS)).isNull();
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isGreaterThan(Duration.ofSeconds(5));
    }

    @Test
    void invoke_insideTheProcessor_doesNotWaitForItself() {
        Cache<String, String> cache = plain(here);
        String value = cache.invoke("key", (entry, arguments) -> {
            assertThat(cache.get("key")).isNull();
            entry.setValue("set");
            return entry.getValue();
        });
        assertThat(value).isEqualTo("set");
        assertThat(cache.get("key")).isEqualTo("set");
    }

    @Test
    void get_otherTooSlow_failsWithinItsTime() throws Exception {
        Cache<String, String> cache = loading(here);
        Future<String> caller = threads.submit((Callable<String>) () -> cache.get("key"));
        assertThat(begun.await(60, TimeUnit.SECONDS)).isTrue();
        try (JCacheFixture hurried =
                fixture(builder -> builder.namespace(here.namespace()).with(Setting.USER_CODE_TIMEOUT, "300ms"))) {
            Cache<String, String> other = loading(hurried);
            assertThatThrownBy(() -> other.get("key"))
                    .isInstanceOf(CacheException.class)
                    .hasMessageContaining("iftb.cache.user-code-timeout");
        }
        ends.countDown();
        assertThat(caller.get(60, TimeUnit.SECONDS)).isEqualTo("computed 1");
    }

    @Test
    void getAll_interruptedWhileLeasesAreTaken_givesThemBack() throws Exception {
        ends.countDown();
        try (JCacheFixture alone = fixture(JCacheFixture.Builder::ownServer)) {
            Cache<String, String> cache = loading(alone);
            cache.getAll(Set.of("first"));
            alone.raw().send("CLIENT", "PAUSE", "60000", "WRITE"); // reads go on
            CompletableFuture<Throwable> thrown = new CompletableFuture<>();
            Thread caller = new Thread(() -> {
                try {
                    cache.getAll(Set.of("key", "more"));
                } catch (CacheException e) {
                    thrown.complete(e);
                }
            });
            caller.start();
            await().until(() -> isAnyBlocked(alone.raw()));
            caller.interrupt();
            assertThat(thrown.get(20, TimeUnit.SECONDS)).hasMessageContaining("interrupted");
            alone.raw().send("CLIENT", "UNPAUSE");

            Future<Map<String, String>> other =
                    threads.submit((Callable<Map<String, String>>) () -> cache.getAll(Set.of("key", "more")));
            assertThat(other.get(20, TimeUnit.SECONDS)).containsOnlyKeys("key", "more");
        }
    }

    private static boolean isAnyBlocked(RawRedis raw) {
        byte[] info = (byte[]) Objects.requireNonNull(raw.send("INFO", "clients"));
        return !new String(info, StandardCharsets.US_ASCII).contains("blocked_clients:0");
    }

    @ParameterizedTest
    @EnumSource(
            value = Way.class,
            names = {"READ_THROUGH", "READ_THROUGH_ALL"})
    void destroyCache_whileItIsComputed_waitsAndLeavesNothing(Way way) throws Exception {
        Cache<String, String> cache = way.cache(this, here);
        Future<String> caller = threads.submit((Callable<String>) () -> way.get(this, cache));
        assertThat(begun.await(60, TimeUnit.SECONDS)).isTrue();

        Future<?> destroyed = threads.submit(() -> here.manager().destroyCache(NAME));
        await().until(cache::isClosed);
        assertThatThrownBy(() -> destroyed.get(1, TimeUnit.SECONDS)).isInstanceOf(TimeoutException.class);
        ends.countDown();
        destroyed.get(20, TimeUnit.SECONDS);
        assertThat(caller.get(20, TimeUnit.SECONDS)).isEqualTo("computed 1");
        assertThat(here.raw().keys(here.namespace() + ":" + NAME + ":*")).isEmpty();
    }
}
