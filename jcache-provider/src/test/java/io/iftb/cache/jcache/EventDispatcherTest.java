package io.iftb.cache.jcache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.awaitility.Awaitility.await;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import javax.cache.Cache;
import javax.cache.CacheException;
import javax.cache.configuration.CacheEntryListenerConfiguration;
import javax.cache.configuration.CompleteConfiguration;
import javax.cache.configuration.MutableCacheEntryListenerConfiguration;
import javax.cache.configuration.MutableConfiguration;
import javax.cache.event.CacheEntryEvent;
import javax.cache.event.CacheEntryListenerException;
import javax.cache.expiry.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Listeners that work, and listeners that fail. */
class EventDispatcherTest {

    /** The common pool has one thread on two cores, so a blocking task in it delays all others. */
    private static final Executor OWN_THREAD = task -> new Thread(task).start();

    private final JCacheFixture fixture = JCacheFixture.open();
    private final RedisCache<String, String> cache = fixture.cache("texts", String.class, String.class);
    private final EventLog<String, String> log = new EventLog<>();

    @AfterEach
    void close() {
        fixture.close();
    }

    @Test
    void synchronousListener_thatThrows_tellsTheCallerAndNothingIsUndone() {
        cache.registerCacheEntryListener(broken().synchronousConfiguration());
        cache.registerCacheEntryListener(log.synchronousConfiguration());

        assertThatExceptionOfType(CacheEntryListenerException.class)
                .isThrownBy(() -> cache.put("k", "v"))
                .havingCause()
                .withMessage("broken");

        assertThat(cache.get("k")).isEqualTo("v");
        assertThat(log.take()).as("the other listener").containsExactly("CREATED null -> v");
    }

    @Test
    void putAll_listenerThatThrows_storesAndTellsOfAll() {
        cache.registerCacheEntryListener(broken().synchronousConfiguration());
        cache.registerCacheEntryListener(log.synchronousConfiguration());

        assertThatExceptionOfType(CacheEntryListenerException.class)
                .isThrownBy(() -> cache.putAll(Map.of("a", "1", "b", "1", "c", "1")))
                .satisfies(e -> assertThat(e.getSuppressed()).hasSize(2));

        assertThat(cache.getAll(Set.of("a", "b", "c"))).hasSize(3);
        assertThat(log.take()).hasSize(3).containsOnly("CREATED null -> 1");
    }

    /** A constant, as some code has them: it cannot be suppressed in itself. */
    @Test
    void putAll_listenerThatThrowsTheSameExceptionEachTime_tellsOfAll() {
        CacheEntryListenerException constant = new CacheEntryListenerException("always the same");
        List<Object> heard = new ArrayList<>();
        EventLog<String, String> broken = new EventLog<>() {
            @Override
            void hear(CacheEntryEvent<? extends String, ? extends String> event) {
                heard.add(event.getKey());
                throw constant;
            }
        };
        cache.registerCacheEntryListener(broken.synchronousConfiguration());

        assertThatExceptionOfType(CacheEntryListenerException.class)
                .isThrownBy(() -> cache.putAll(Map.of("a", "1", "b", "1", "c", "1")))
                .isSameAs(constant);

        assertThat(heard).containsExactlyInAnyOrder("a", "b", "c");
        assertThat(cache.openEvents()).isZero();
    }

    @Test
    void listener_failureThatCannotBePrinted_isTold() {
        EventLog<String, String> broken = new EventLog<>() {
            @Override
            void hear(CacheEntryEvent<? extends String, ? extends String> event) {
                throw new IllegalStateException("broken") {
                    private static final long serialVersionUID = 1L;

                    @Override
                    public String getMessage() {
                        throw new UnsupportedOperationException("no text");
                    }
                };
            }
        };
        cache.registerCacheEntryListener(broken.synchronousConfiguration());
        cache.registerCacheEntryListener(log.synchronousConfiguration());

        assertThatExceptionOfType(CacheEntryListenerException.class)
                .isThrownBy(() -> cache.putAll(Map.of("a", "1", "b", "1")));

        assertThat(log.take()).hasSize(2);
        assertThat(cache.openEvents()).isZero();
    }

    /** Its close waits for its callback, which uses the listeners of the cache. */
    @Test
    @Timeout(20)
    void deregister_listenerWhoseCloseWaitsForItsCallback_ends() throws Exception {
        CountDownLatch listening = new CountDownLatch(1);
        CountDownLatch closing = new CountDownLatch(1);
        CountDownLatch ended = new CountDownLatch(1);
        AtomicBoolean isClosedInTime = new AtomicBoolean();
        class Graceful extends EventLog<String, String> implements AutoCloseable {
            @Override
            void hear(CacheEntryEvent<? extends String, ? extends String> event) {
                listening.countDown();
                assertThat(isReached(closing)).isTrue();
                cache.registerCacheEntryListener(log.synchronousConfiguration());
                cache.deregisterCacheEntryListener(log.synchronousConfiguration());
                ended.countDown();
            }

            @Override
            public void close() {
                closing.countDown();
                isClosedInTime.set(isReached(ended));
            }
        }
        MutableCacheEntryListenerConfiguration<String, String> configuration =
                new Graceful().synchronousConfiguration();
        cache.registerCacheEntryListener(configuration);
        CompletableFuture<Void> caller = CompletableFuture.runAsync(() -> cache.put("k", "v"), OWN_THREAD);
        assertThat(listening.await(10, TimeUnit.SECONDS)).isTrue();

        cache.deregisterCacheEntryListener(configuration);

        caller.get(10, TimeUnit.SECONDS);
        assertThat(isClosedInTime).isTrue();
    }

    private static boolean isReached(CountDownLatch latch) {
        try {
            return latch.await(10, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    @Test
    void register_configurationIsChangedAfterwards_listenerStaysAsItWas() {
        EventLog<String, String> broken = broken();
        MutableCacheEntryListenerConfiguration<String, String> given = broken.synchronousConfiguration();
        cache.registerCacheEntryListener(given);
        MutableCacheEntryListenerConfiguration<String, String> equal =
                new MutableCacheEntryListenerConfiguration<>(given);
        given.setSynchronous(false);
        listeners(cache)
                .forEach(each -> ((MutableCacheEntryListenerConfiguration<String, String>) each).setSynchronous(false));

        assertThatExceptionOfType(CacheEntryListenerException.class).isThrownBy(() -> cache.put("k", "v"));
        assertThat(listeners(cache)).containsExactly(equal);

        cache.deregisterCacheEntryListener(equal);
        assertThat(listeners(cache)).isEmpty();
        cache.put("k", "w");
    }

    @Test
    void createCache_configurationOfAListenerIsChangedAfterwards_listenerStaysAsItWas() {
        MutableCacheEntryListenerConfiguration<String, String> given = broken().synchronousConfiguration();
        RedisCache<String, String> made = (RedisCache<String, String>) fixture.manager()
                .createCache(
                        "made",
                        new MutableConfiguration<String, String>()
                                .setTypes(String.class, String.class)
                                .addCacheEntryListenerConfiguration(given));
        given.setSynchronous(false);

        assertThatExceptionOfType(CacheEntryListenerException.class).isThrownBy(() -> made.put("k", "v"));
        assertThat(listeners(made)).isNotEmpty().allMatch(CacheEntryListenerConfiguration::isSynchronous);
    }

    @SuppressWarnings("unchecked") // a class literal has no type arguments
    private static Iterable<CacheEntryListenerConfiguration<String, String>> listeners(
            RedisCache<String, String> cache) {
        return cache.getConfiguration(CompleteConfiguration.class).getCacheEntryListenerConfigurations();
    }

    @Test
    void iterator_nextFailsByAListener_removeHasNothingToRemove() {
        RedisCache<String, String> once = fixture.cache(
                "once", String.class, String.class, new AnsweringPolicy(Duration.ETERNAL, null, Duration.ZERO));
        once.put("k", "v");
        once.registerCacheEntryListener(broken().synchronousConfiguration());
        Iterator<Cache.Entry<String, String>> entries = once.iterator();
        assertThatExceptionOfType(CacheEntryListenerException.class).isThrownBy(entries::next);

        assertThatIllegalStateException().isThrownBy(entries::remove);
    }

    @Test
    void putAll_ofSeveralPieces_listenerThatThrows_storesAll() {
        cache.registerCacheEntryListener(broken().synchronousConfiguration());
        Map<String, String> entries = new HashMap<>();
        IntStream.range(0, BatchPieces.PIECE + 1).forEach(i -> entries.put("k" + i, "v"));

        assertThatExceptionOfType(CacheEntryListenerException.class).isThrownBy(() -> cache.putAll(entries));
        assertThat(cache.getAll(entries.keySet())).hasSize(entries.size());

        assertThatExceptionOfType(CacheEntryListenerException.class).isThrownBy(cache::removeAll);
        assertThat(cache.iterator()).isExhausted();
    }

    @Test
    void asynchronousListener_thatThrows_isNotTheCallersAffair() {
        EventLog<String, String> broken = broken();
        cache.registerCacheEntryListener(broken.asynchronousConfiguration());

        cache.put("k", "1");
        cache.put("k", "2");

        await().untilAsserted(() -> assertThat(cache.get("k")).isEqualTo("2"));
    }

    @Test
    void asynchronousListener_thatBlocks_holdsUpNobody() {
        CountDownLatch released = new CountDownLatch(1);
        EventLog<String, String> slow = blocking(released, "");
        cache.registerCacheEntryListener(slow.asynchronousConfiguration());

        IntStream.range(0, 50).forEach(i -> cache.put("k", "v" + i));
        assertThat(cache.get("k")).isEqualTo("v49");
        released.countDown();

        List<String> heard = new ArrayList<>();
        await().untilAsserted(() -> {
            heard.addAll(slow.take());
            assertThat(heard).hasSize(50);
        });
        List<String> expected = new ArrayList<>(List.of("CREATED null -> v0"));
        IntStream.range(1, 50).forEach(i -> expected.add("UPDATED v" + (i - 1) + " -> v" + i));
        assertThat(heard).as("in the order of the key").isEqualTo(expected);
    }

    @Test
    void synchronousListener_thatBlocks_holdsUpItsKeyOnly() throws Exception {
        CountDownLatch released = new CountDownLatch(1);
        EventLog<String, String> slow = blocking(released, "slow");
        cache.registerCacheEntryListener(slow.synchronousConfiguration());

        CompletableFuture<Void> first = CompletableFuture.runAsync(() -> cache.put("slow", "1"), OWN_THREAD);
        await().untilAsserted(() -> assertThat(cache.get("slow")).isEqualTo("1"));
        CompletableFuture<Void> second = CompletableFuture.runAsync(() -> cache.put("slow", "2"), OWN_THREAD);
        await().untilAsserted(() -> assertThat(cache.get("slow")).isEqualTo("2"));
        cache.put("other", "1");
        assertThat(slow.take()).containsExactly("CREATED null -> 1");
        assertThat(first).isNotDone();
        assertThat(second).isNotDone();

        released.countDown();
        CompletableFuture.allOf(first, second).get(10, TimeUnit.SECONDS);
        assertThat(slow.take()).containsExactly("CREATED null -> 1", "UPDATED 1 -> 2");
    }

    @Test
    void listener_thatChangesItsOwnEntry_hearsThatToo() {
        EventLog<String, String> echo = new EventLog<>() {
            @Override
            void hear(CacheEntryEvent<? extends String, ? extends String> event) {
                super.hear(event);
                if (event.getValue().equals("first")) {
                    cache.put(event.getKey(), "second");
                }
            }
        };
        cache.registerCacheEntryListener(echo.synchronousConfiguration());

        cache.put("k", "first");

        assertThat(echo.take()).containsExactly("CREATED null -> first", "UPDATED first -> second");
    }

    @Test
    void filter_thatRefuses_isHeardBeforeTheListener() {
        cache.registerCacheEntryListener(new MutableCacheEntryListenerConfiguration<>(
                () -> log, () -> event -> event.getKey().startsWith("a"), false, true));

        cache.put("a1", "1");
        cache.put("b1", "1");
        cache.remove("a1");

        assertThat(log.take()).containsExactly("CREATED null -> 1", "REMOVED 1 -> 1");
    }

    @Test
    void filter_thatThrows_tellsTheCaller() {
        cache.registerCacheEntryListener(new MutableCacheEntryListenerConfiguration<>(
                () -> log,
                () -> event -> {
                    throw new IllegalStateException("broken filter");
                },
                false,
                true));

        assertThatExceptionOfType(CacheEntryListenerException.class)
                .isThrownBy(() -> cache.put("k", "v"))
                .withMessageContaining("broken filter");
    }

    @Test
    void registration_atRunTime_showsInTheConfigurationAndEnds() {
        MutableCacheEntryListenerConfiguration<String, String> listener = log.synchronousConfiguration();
        cache.put("k", "0");
        cache.registerCacheEntryListener(listener);
        assertThatIllegalArgumentException().isThrownBy(() -> cache.registerCacheEntryListener(listener));
        assertThat(configured()).isEqualTo(1);
        cache.put("k", "1");

        cache.deregisterCacheEntryListener(listener);

        cache.put("k", "2");
        assertThat(configured()).isZero();
        assertThat(log.take()).containsExactly("UPDATED 0 -> 1");
    }

    @Test
    void createCache_listenerFactoryThatThrows_leavesNoCacheAndClosesTheLoader() {
        FakeLoader<String, String> loader = new FakeLoader<>(key -> key);
        MutableConfiguration<String, String> configuration = new MutableConfiguration<String, String>()
                .setTypes(String.class, String.class)
                .setCacheLoaderFactory(() -> loader)
                .addCacheEntryListenerConfiguration(new MutableCacheEntryListenerConfiguration<>(
                        () -> {
                            throw new IllegalStateException("no listener");
                        },
                        null,
                        false,
                        true));

        assertThatExceptionOfType(CacheException.class)
                .isThrownBy(() -> fixture.manager().createCache("other", configuration))
                .withMessageContaining("no listener");
        assertThat(fixture.manager().getCacheNames()).containsExactly("texts");
        assertThat(loader.closed).isTrue();
    }

    @Test
    void createCache_listenerFactoryThatFailsWithAnError_leavesNoCache() {
        MutableConfiguration<String, String> configuration = new MutableConfiguration<String, String>()
                .setTypes(String.class, String.class)
                .addCacheEntryListenerConfiguration(new MutableCacheEntryListenerConfiguration<>(
                        () -> {
                            throw new NoClassDefFoundError("com/acme/Listener");
                        },
                        null,
                        false,
                        true));

        assertThatExceptionOfType(NoClassDefFoundError.class)
                .isThrownBy(() -> fixture.manager().createCache("other", configuration));

        assertThat(fixture.manager().getCacheNames()).containsExactly("texts");
    }

    @Test
    void createCache_listenerFactoryThatGivesNull_isRefused() {
        MutableConfiguration<String, String> configuration = new MutableConfiguration<String, String>()
                .setTypes(String.class, String.class)
                .addCacheEntryListenerConfiguration(
                        new MutableCacheEntryListenerConfiguration<>(EventDispatcherTest::none, null, false, true));

        assertThatExceptionOfType(CacheException.class)
                .isThrownBy(() -> fixture.manager().createCache("other", configuration))
                .withMessageContaining("'other'")
                .withMessageContaining("returned null");
    }

    @Test
    void event_valueChangedByTheListener_isNoMatterOfTheCache() {
        RedisCache<String, int[]> arrays = fixture.cache("arrays", String.class, int[].class);
        EventLog<String, int[]> vandal = new EventLog<>() {
            @Override
            void hear(CacheEntryEvent<? extends String, ? extends int[]> event) {
                int[] value = event.getValue();
                value[0] = -1;
            }
        };
        arrays.registerCacheEntryListener(vandal.synchronousConfiguration());
        int[] value = {1};

        arrays.put("k", value);

        assertThat(value).containsExactly(1);
        assertThat(arrays.get("k")).containsExactly(1);
        assertThat(arrays.getAndRemove("k")).containsExactly(1);
    }

    @SuppressWarnings("unchecked") // a class literal has no type arguments
    private int configured() {
        CompleteConfiguration<?, ?> configuration =
                (CompleteConfiguration<?, ?>) cache.getConfiguration(CompleteConfiguration.class);
        List<Object> listeners = new ArrayList<>();
        configuration.getCacheEntryListenerConfigurations().forEach(listeners::add);
        return listeners.size();
    }

    /** Null, as code without null checks passes it. */
    @SuppressWarnings({"NullAway", "TypeParameterUnusedInFormals"})
    private static <T> T none() {
        return null;
    }

    private static EventLog<String, String> broken() {
        return new EventLog<>() {
            @Override
            void hear(CacheEntryEvent<? extends String, ? extends String> event) {
                throw new IllegalStateException("broken");
            }
        };
    }

    /** Blocks in the events of keys with a prefix. */
    private static EventLog<String, String> blocking(CountDownLatch released, String prefix) {
        return new EventLog<>() {
            @Override
            void hear(CacheEntryEvent<? extends String, ? extends String> event) {
                try {
                    assertThat(!event.getKey().startsWith(prefix) || released.await(30, TimeUnit.SECONDS))
                            .isTrue();
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
                super.hear(event);
            }
        };
    }
}
