package io.iftb.cache.jcache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.iftb.cache.MarketCaches;
import io.iftb.cache.RedisClient;
import io.iftb.cache.embedded.EmbeddedServer;
import io.iftb.cache.settings.CacheSetting;
import io.iftb.cache.settings.Setting;
import io.iftb.cache.settings.SettingSources;
import io.iftb.cache.store.OutageStore;
import java.lang.management.ManagementFactory;
import java.net.URI;
import java.time.Duration;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Properties;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import javax.cache.Cache;
import javax.cache.CacheException;
import javax.cache.CacheManager;
import javax.cache.configuration.MutableConfiguration;
import javax.cache.event.CacheEntryEvent;
import javax.cache.event.CacheEntryListenerException;
import javax.cache.event.EventType;
import javax.cache.integration.CacheWriter;
import javax.cache.processor.EntryProcessor;
import javax.management.MBeanServer;
import javax.management.ObjectName;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Each operation of the standard API while its server is stopped, with both answers to an outage, and what is there afterwards. */
@Tag("servers")
@Timeout(60)
class OutageTest {

    private static final Duration BUDGET = Duration.ofMillis(300);

    private final EmbeddedServer server = EmbeddedServer.start();
    private final IftbCachingProvider provider =
            new IftbCachingProvider(new SettingSources(Properties::new, name -> ""));
    private final EventLog<String, String> events = new EventLog<>();
    private final List<String> written = new CopyOnWriteArrayList<>();
    private boolean stopped;

    /** Who is told of changes or asked for values: the operations take other ways then. */
    enum Told {
        NOBODY,
        LISTENER,
        WRITER,
        LOADER,
        NEAR
    }

    @AfterEach
    void close() throws Exception {
        if (stopped) {
            signal("CONT");
        }
        provider.close();
        server.close();
    }

    private void signal(String name) throws Exception {
        stopped = name.equals("STOP");
        assertThat(new ProcessBuilder("kill", "-" + name, Long.toString(server.pid()))
                        .start()
                        .waitFor())
                .isZero();
    }

    private CacheManager manager(String onUnavailable) {
        Properties settings = new Properties();
        settings.setProperty(Setting.OPERATION_TIMEOUT.propertyName(), BUDGET.toMillis() + "ms");
        settings.setProperty(CacheSetting.NEAR.propertyName("NEAR"), "on");
        if (!onUnavailable.isEmpty()) {
            settings.setProperty(Setting.ON_UNAVAILABLE.propertyName(), onUnavailable);
        }
        return provider.getCacheManager(URI.create(server.uri()), null, settings);
    }

    private Cache<String, String> cache(String onUnavailable, Told told) {
        MutableConfiguration<String, String> configuration =
                new MutableConfiguration<String, String>().setTypes(String.class, String.class);
        switch (told) {
            case LISTENER -> configuration.addCacheEntryListenerConfiguration(events.synchronousConfiguration());
            case WRITER -> configuration.setWriteThrough(true).setCacheWriterFactory(() -> new Writer(written));
            case LOADER ->
                configuration.setReadThrough(true).setCacheLoaderFactory(() -> new FakeLoader<>(key -> "loaded"));
            default -> {
                // nobody
            }
        }
        return manager(onUnavailable).createCache(told.name(), configuration);
    }

    private record Writer(List<String> written) implements CacheWriter<String, String> {

        @Override
        public void write(Cache.Entry<? extends String, ? extends String> entry) {
            written.add(entry.getKey() + "=" + entry.getValue());
        }

        @Override
        public void writeAll(java.util.Collection<Cache.Entry<? extends String, ? extends String>> entries) {
            entries.forEach(this::write);
            entries.clear();
        }

        @Override
        public void delete(Object key) {
            written.add("-" + key);
        }

        @Override
        public void deleteAll(java.util.Collection<?> keys) {
            keys.forEach(this::delete);
            keys.clear();
        }
    }

    private static void openBreaker(Cache<String, String> cache) {
        MarketCaches caches = cache.getCacheManager().unwrap(MarketCaches.class);
        await().until(() -> {
            try {
                cache.containsKey("k");
            } catch (CacheException e) {
                // or it says so
            }
            return caches.breaker().open();
        });
    }

    @ParameterizedTest
    @EnumSource
    void miss_serverStopped_missesAndDropsAndNothingComesBack(Told told) throws Exception {
        Cache<String, String> cache = cache("miss", told);
        cache.putAll(Map.of("put", "old", "removed", "old", "putAll", "old", "removeAll", "old", "left", "old"));
        events.take();
        written.clear();

        signal("STOP");
        for (int round = 0; round < 2; round++) { // before the breaker opens, and after
            String missed = told == Told.LOADER ? "loaded" : null;
            assertThat(cache.get("left")).isEqualTo(missed);
            assertThat(cache.getAll(Set.of("left", "none")).size()).isEqualTo(told == Told.LOADER ? 2 : 0);
            assertThat(cache.containsKey("left")).isFalse();
            cache.put("put", "new");
            cache.putAll(Map.of("putAll", "new"));
            assertThat(cache.remove("removed")).isFalse();
            cache.removeAll(Set.of("removeAll"));
            openBreaker(cache);
        }
        assertThat(events.take()).isEmpty();
        if (told == Told.WRITER) {
            assertThat(written).contains("put=new", "putAll=new", "-removed", "-removeAll");
        }

        signal("CONT");
        await().pollInterval(Duration.ofMillis(1)).until(() -> {
            for (String key : List.of("put", "putAll", "removed", "removeAll")) {
                assertThat(cache.get(key)).as(key).isNotEqualTo("old");
            }
            assertThat(cache.get("removed")).isNotEqualTo("new");
            return isForgotten(cache) && "old".equals(cache.get("left"));
        });
        cache.put("put", "newest");
        assertThat(cache.get("put")).isEqualTo("newest");
    }

    @ParameterizedTest
    @EnumSource
    void miss_serverStopped_countsNoWriteThatWasDropped(Told told) throws Exception {
        RedisCache<String, String> cache = (RedisCache<String, String>) cache("miss", told);
        cache.put("k", "old");
        cache.getCacheManager().enableStatistics(cache.getName(), true);
        signal("STOP");
        cache.put("k", "new");
        cache.putAll(Map.of("k", "new", "other", "new"));
        cache.remove("k");

        assertThat(cache.statistics().getCachePuts()).isZero();
        assertThat(cache.statistics().getCacheRemovals()).isZero();
    }

    private static boolean isForgotten(Cache<?, ?> cache) {
        return cache.getCacheManager()
                        .unwrap(MarketCaches.class)
                        .health()
                        .outages()
                        .remembered()
                == 0;
    }

    @ParameterizedTest
    @EnumSource(names = {"NOBODY", "LISTENER"})
    void miss_clearAndRemoveAll_nothingComesBack(Told told) throws Exception {
        Cache<String, String> cache = cache("miss", told);
        cache.put("k", "old");
        signal("STOP");
        cache.removeAll();
        cache.clear();
        AsyncCache<?, ?> async = cache.unwrap(AsyncCache.class);
        assertThat(async.clear().toCompletableFuture()).succeedsWithin(5, TimeUnit.SECONDS);
        assertThat(cache.get("k")).isNull();
        signal("CONT");
        MarketCaches caches = cache.getCacheManager().unwrap(MarketCaches.class);
        await().pollInterval(Duration.ofMillis(1)).until(() -> {
            assertThat(cache.get("k")).isNull();
            return !caches.breaker().open() && !caches.health().outages().remembersAll();
        });
        assertThat(cache.get("k")).isNull();
    }

    @ParameterizedTest
    @EnumSource(names = {"NOBODY", "LISTENER", "NEAR"})
    void miss_clearAndAThreadThatWritesAllTheTime_servesAgain(Told told) throws Exception {
        Cache<String, String> cache = cache("miss", told);
        cache.put("k", "old");
        signal("STOP");
        cache.clear();
        AtomicBoolean isOver = new AtomicBoolean();
        CompletableFuture<Void> writing = CompletableFuture.runAsync(() -> {
            for (int i = 0; !isOver.get(); i++) {
                cache.put("written" + i % 100, "new");
            }
        });
        try {
            signal("CONT");
            MarketCaches caches = cache.getCacheManager().unwrap(MarketCaches.class);
            await().until(() ->
                    !caches.breaker().open() && !caches.health().outages().remembersAll());
            assertThat(cache.get("k")).isNotEqualTo("old");
            cache.put("k", "newest");
            assertThat(cache.get("k")).isEqualTo("newest");
        } finally {
            isOver.set(true);
            writing.join();
        }
    }

    /** The writer has to be told of each key, and nobody knows them. */
    @Test
    void miss_removeAllWithAWriter_throwsAndRemovesNothing() throws Exception {
        Cache<String, String> cache = cache("miss", Told.WRITER);
        cache.put("k", "old");
        written.clear();
        signal("STOP");

        assertThrows(cache::removeAll);

        signal("CONT");
        assertThat(written).isEmpty();
        await().untilAsserted(() -> assertThat(cache.get("k")).isEqualTo("old"));
    }

    /** A listener that runs code when an entry is removed. */
    private static EventLog<String, String> onRemovals(Callable<?> code) {
        return new EventLog<>() {
            @Override
            void hear(CacheEntryEvent<? extends String, ? extends String> event) {
                if (event.getEventType() == EventType.REMOVED) {
                    call(code);
                }
            }
        };
    }

    private static void call(Callable<?> code) {
        try {
            var unused = code.call();
        } catch (RuntimeException e) {
            throw e;
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    /** The outage is one of another server, not of this cache. */
    @Test
    void miss_removeAllAndTheServerOfAListenerIsAway_throwsAndDropsNothing() {
        Cache<String, String> cache = cache("miss", Told.NOBODY);
        cache.put("k", "old");
        EmbeddedServer away = EmbeddedServer.start();
        try (RedisClient client = RedisClient.connect(away.uri())) {
            away.close();
            cache.registerCacheEntryListener(onRemovals(() -> client.get("any")).synchronousConfiguration());

            assertThatThrownBy(cache::removeAll)
                    .isInstanceOf(CacheEntryListenerException.class)
                    .satisfies(
                            e -> assertThat(OutageStore.isOutage(e)).as("%s", e).isTrue());
        } finally {
            away.close();
        }
        assertThat(isForgotten(cache)).isTrue();
        assertThat(cache.getCacheManager()
                        .unwrap(MarketCaches.class)
                        .health()
                        .outages()
                        .remembersAll())
                .isFalse();
        assertThat(cache.get("k")).isNull();
    }

    @Test
    void miss_removeAllServerStopsAfterAListenerFailed_dropsTheRestAndThrowsThat() throws Exception {
        Cache<String, String> cache = cache("miss", Told.NOBODY);
        int morePagesThanOne = 1_500;
        cache.putAll(IntStream.range(0, morePagesThanOne).boxed().collect(Collectors.toMap(i -> "k" + i, i -> "old")));
        AtomicBoolean hasFailed = new AtomicBoolean();
        cache.registerCacheEntryListener(onRemovals(() -> {
                    if (hasFailed.compareAndSet(false, true)) {
                        signal("STOP");
                        throw new IllegalStateException("broken");
                    }
                    return null;
                })
                .synchronousConfiguration());

        assertThatThrownBy(cache::removeAll)
                .isInstanceOf(CacheEntryListenerException.class)
                .hasRootCauseMessage("broken");

        assertThat(cache.getCacheManager()
                        .unwrap(MarketCaches.class)
                        .health()
                        .outages()
                        .remembersAll())
                .isTrue();
    }

    @ParameterizedTest
    @EnumSource
    void miss_whatDependsOnTheEntry_throwsAndRunsNoProcessor(Told told) throws Exception {
        Cache<String, String> cache = cache("miss", told);
        cache.put("k", "old");
        AtomicBoolean ran = new AtomicBoolean();
        EntryProcessor<String, String, Boolean> processor = (entry, arguments) -> {
            ran.set(true);
            return true;
        };
        written.clear();
        signal("STOP");
        for (int round = 0; round < 2; round++) {
            assertThrows(() -> cache.putIfAbsent("k", "v"));
            assertThrows(() -> cache.replace("k", "v"));
            assertThrows(() -> cache.replace("k", "old", "v"));
            assertThrows(() -> cache.remove("k", "old"));
            assertThrows(() -> cache.getAndPut("k", "v"));
            assertThrows(() -> cache.getAndRemove("k"));
            assertThrows(() -> cache.getAndReplace("k", "v"));
            assertThrows(() -> cache.invoke("k", processor));
            assertThatThrownBy(() -> Objects.requireNonNull(
                                    cache.invokeAll(Set.of("k"), processor).get("k"))
                            .get())
                    .hasMessageContaining(server.uri());
            Iterator<Cache.Entry<String, String>> iterator = cache.iterator();
            assertThrows(iterator::hasNext);
            openBreaker(cache);
        }
        assertThat(ran).isFalse();
        assertThat(written).isEmpty();
    }

    private void assertThrows(ThrowingCallable call) {
        assertThatThrownBy(call).isInstanceOf(CacheException.class).hasMessageContaining(server.uri());
    }

    @Test
    void fail_isTheDefault_throwsTheServerAndTheRemedy() throws Exception {
        Cache<String, String> cache = cache("", Told.NOBODY);
        cache.put("k", "old");
        signal("STOP");
        assertThrows(() -> cache.get("k"));
        assertThrows(() -> cache.put("k", "v"));
        assertThrows(() -> cache.removeAll(Set.of("k")));
        openBreaker(cache);
        assertThatThrownBy(() -> cache.get("k"))
                .isExactlyInstanceOf(CacheException.class)
                .hasMessageStartingWith("Cache 'NOBODY': GET was not sent: Redis at " + server.uri()
                        + " is taken for unavailable since ")
                .hasMessageContaining("check the server");
        assertThrows(cache::clear);
        assertThrows(cache::removeAll);
        signal("CONT");
        await().ignoreExceptions().until(() -> cache.get("k") != null);
    }

    @Test
    void mBean_serverStopped_tellsTheBreakerAndWhatWasDropped() throws Exception {
        Cache<String, String> cache = cache("miss", Told.NOBODY);
        cache.getCacheManager().enableStatistics("NOBODY", true);
        MBeanServer beans = ManagementFactory.getPlatformMBeanServer();
        ObjectName name = beans.queryNames(new ObjectName("io.iftb.cache:type=Outage,Cache=NOBODY,*"), null)
                .iterator()
                .next();
        assertThat(beans.getAttribute(name, "OnUnavailable")).isEqualTo("miss");
        assertThat(beans.getAttribute(name, "BreakerOpen")).isEqualTo(false);
        signal("STOP");
        openBreaker(cache);
        cache.put("k", "v");
        cache.get("k");

        assertThat(beans.getAttribute(name, "BreakerOpen")).isEqualTo(true);
        assertThat(beans.getAttribute(name, "BreakerOpenSince").toString()).endsWith("Z");
        assertThat(beans.getAttribute(name, "LastFailure").toString()).contains("did not answer");
        assertThat(beans.getAttribute(name, "Dropped")).isEqualTo(1L);
        assertThat(beans.getAttribute(name, "Remembered")).isEqualTo(1L);
        assertThat((long) beans.getAttribute(name, "Missed")).isGreaterThan(1);
        cache.close();
        assertThat(beans.isRegistered(name)).isFalse();
    }
}
