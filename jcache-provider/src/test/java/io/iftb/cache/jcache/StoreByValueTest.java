package io.iftb.cache.jcache;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.stream.Stream;
import javax.cache.Cache;
import javax.cache.configuration.MutableConfiguration;
import javax.cache.event.CacheEntryEvent;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Values are copied when they are stored and when they are read: changing a copy does not change the cache. */
class StoreByValueTest {

    private final JCacheFixture fixture = JCacheFixture.open();

    @AfterEach
    void close() {
        fixture.close();
    }

    static Stream<Way> waysIn() {
        return Stream.of(
                new Way("put", false, (cache, value) -> cache.put("k", value)),
                new Way("putAll", false, (cache, value) -> cache.putAll(Map.of("k", value))),
                new Way("putIfAbsent", false, (cache, value) -> cache.putIfAbsent("k", value)),
                new Way("getAndPut", true, (cache, value) -> cache.getAndPut("k", value)),
                new Way("replace", true, (cache, value) -> cache.replace("k", value)),
                new Way("replace equal", true, (cache, value) -> cache.replace("k", new int[] {0}, value)),
                new Way("getAndReplace", true, (cache, value) -> cache.getAndReplace("k", value)),
                new Way(
                        "invoke",
                        false,
                        (cache, value) -> cache.invoke("k", (entry, arguments) -> {
                            entry.setValue(value);
                            return null;
                        })),
                new Way(
                        "invokeAll",
                        true,
                        (cache, value) -> cache.invokeAll(Set.of("k"), (entry, arguments) -> {
                            entry.setValue(value);
                            return null;
                        })));
    }

    @ParameterizedTest
    @MethodSource("waysIn")
    void write_valueChangedAfterwards_isStoredAsItWas(Way way) {
        for (boolean heard : new boolean[] {false, true}) {
            Cache<String, int[]> cache = cache(way, heard);
            int[] value = {1};

            way.use.on(cache, value);
            value[0] = -1;

            assertThat(cache.get("k")).as("heard: %s", heard).containsExactly(1);
            fixture.manager().destroyCache("arrays");
        }
    }

    static Stream<Read> waysOut() {
        return Stream.of(
                new Read("get", cache -> cache.get("k")),
                new Read("getAll", cache -> cache.getAll(Set.of("k")).get("k")),
                new Read("iterator", cache -> cache.iterator().next().getValue()),
                new Read("invoke", cache -> cache.invoke("k", (entry, arguments) -> entry.getValue())),
                new Read(
                        "invokeAll",
                        cache -> Objects.requireNonNull(
                                        cache.invokeAll(Set.of("k"), (entry, arguments) -> entry.getValue())
                                                .get("k"))
                                .get()),
                new Read("getAndPut", cache -> cache.getAndPut("k", new int[] {1})),
                new Read("getAndReplace", cache -> cache.getAndReplace("k", new int[] {1})));
    }

    @ParameterizedTest
    @MethodSource("waysOut")
    void read_resultChangedAfterwards_leavesTheEntryAsItWas(Read read) {
        for (boolean heard : new boolean[] {false, true}) {
            Cache<String, int[]> cache = cache(read, heard);
            cache.put("k", new int[] {1});

            Objects.requireNonNull(read.use.apply(cache))[0] = -1;

            assertThat(cache.get("k")).as("heard: %s", heard).containsExactly(1);
            fixture.manager().destroyCache("arrays");
        }
    }

    @Test
    void putAll_mapChangedAfterwards_isStoredAsItWas() {
        Cache<String, int[]> cache = cache("arrays", true);
        Map<String, int[]> map = new LinkedHashMap<>(Map.of("k", new int[] {1}));

        cache.putAll(map);
        map.clear();

        assertThat(cache.get("k")).containsExactly(1);
    }

    @Test
    void events_valuesChangedByOneListener_reachTheOtherAsTheyWere() {
        Cache<String, int[]> cache = cache("arrays", false);
        EventLog<String, int[]> vandal = new EventLog<>() {
            @Override
            void hear(CacheEntryEvent<? extends String, ? extends int[]> event) {
                int[] value = event.getValue();
                value[0] = -1;
                if (event.isOldValueAvailable()) {
                    int[] oldValue = event.getOldValue();
                    oldValue[0] = -1;
                }
            }
        };
        EventLog<String, int[]> witness = new EventLog<>() {
            @Override
            void hear(CacheEntryEvent<? extends String, ? extends int[]> event) {
                assertThat(event.getValue()).as("%s", event.getEventType()).doesNotContain(-1);
                if (event.isOldValueAvailable()) {
                    assertThat(event.getOldValue())
                            .as("%s", event.getEventType())
                            .doesNotContain(-1);
                }
            }
        };
        cache.registerCacheEntryListener(vandal.synchronousConfiguration());
        cache.registerCacheEntryListener(witness.synchronousConfiguration());
        int[] value = {1};

        cache.put("k", value);
        cache.put("k", new int[] {2});
        cache.remove("k");

        assertThat(value).containsExactly(1);
    }

    @Test
    void invoke_valueChangedInPlaceAndSet_isStoredAndTheOldOneIsNot() {
        Cache<String, int[]> cache = cache("arrays", false);
        EventLog<String, int[]> log = new EventLog<>() {
            @Override
            void hear(CacheEntryEvent<? extends String, ? extends int[]> event) {
                assertThat(event.getOldValue()).containsExactly(1);
                assertThat(event.getValue()).containsExactly(2);
            }
        };
        cache.put("k", new int[] {1});
        cache.registerCacheEntryListener(log.synchronousConfiguration());

        cache.invoke("k", (entry, arguments) -> {
            int[] value = entry.getValue();
            value[0] = 2;
            entry.setValue(value);
            return null;
        });

        assertThat(cache.get("k")).containsExactly(2);
    }

    // ---- the asynchronous form: changed before the operation is done

    /** Calls an asynchronous operation. */
    enum AsyncWay {
        PUT(false) {
            @Override
            CompletionStage<?> use(AsyncCache<String, int[]> cache, Map<String, int[]> entries) {
                return cache.put("k", value(entries));
            }
        },
        PUT_ALL(false) {
            @Override
            CompletionStage<?> use(AsyncCache<String, int[]> cache, Map<String, int[]> entries) {
                return cache.putAll(entries);
            }
        },
        PUT_IF_ABSENT(false) {
            @Override
            CompletionStage<?> use(AsyncCache<String, int[]> cache, Map<String, int[]> entries) {
                return cache.putIfAbsent("k", value(entries));
            }
        },
        GET_AND_PUT(true) {
            @Override
            CompletionStage<?> use(AsyncCache<String, int[]> cache, Map<String, int[]> entries) {
                return cache.getAndPut("k", value(entries));
            }
        },
        REPLACE(true) {
            @Override
            CompletionStage<?> use(AsyncCache<String, int[]> cache, Map<String, int[]> entries) {
                return cache.replace("k", value(entries));
            }
        },
        REPLACE_EQUAL(true) {
            @Override
            CompletionStage<?> use(AsyncCache<String, int[]> cache, Map<String, int[]> entries) {
                return cache.replace("k", new int[] {0}, value(entries));
            }
        },
        GET_AND_REPLACE(true) {
            @Override
            CompletionStage<?> use(AsyncCache<String, int[]> cache, Map<String, int[]> entries) {
                return cache.getAndReplace("k", value(entries));
            }
        };

        final boolean present;

        AsyncWay(boolean present) {
            this.present = present;
        }

        abstract CompletionStage<?> use(AsyncCache<String, int[]> cache, Map<String, int[]> entries);

        static int[] value(Map<String, int[]> entries) {
            return Objects.requireNonNull(entries.get("k"));
        }
    }

    @ParameterizedTest
    @EnumSource
    @SuppressWarnings("unchecked") // a class literal has no type arguments
    void asyncWrite_valueChangedAtOnce_isStoredAsItWas(AsyncWay way) throws Exception {
        for (boolean heard : new boolean[] {false, true}) {
            Cache<String, int[]> cache = cache(way, heard);
            if (way.present) {
                cache.put("k", new int[] {0});
            }
            int[] value = {1};
            Map<String, int[]> entries = new LinkedHashMap<>(Map.of("k", value));

            CompletionStage<?> stage = way.use((AsyncCache<String, int[]>) cache.unwrap(AsyncCache.class), entries);
            value[0] = -1;
            entries.clear();
            stage.toCompletableFuture().get(10, TimeUnit.SECONDS);

            assertThat(cache.get("k")).as("heard: %s", heard).containsExactly(1);
            fixture.manager().destroyCache("arrays");
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    @SuppressWarnings("unchecked") // a class literal has no type arguments
    void asyncRead_keysChangedAtOnce_isOfTheKeysAsTheyWere(boolean heard) throws Exception {
        Cache<String, int[]> cache = cache("arrays", heard);
        cache.put("k", new int[] {1});
        AsyncCache<String, int[]> async = (AsyncCache<String, int[]>) cache.unwrap(AsyncCache.class);
        Set<String> keys = new HashSet<>(Set.of("k"));

        CompletionStage<?> invoked = async.invokeAll(keys, (entry, arguments) -> {
            entry.setValue(new int[] {2});
            return null;
        });
        keys.clear();
        invoked.toCompletableFuture().get(10, TimeUnit.SECONDS);
        assertThat(cache.get("k")).containsExactly(2);

        keys.add("k");
        CompletionStage<Void> removed = async.removeAll(keys);
        keys.clear();
        removed.toCompletableFuture().get(10, TimeUnit.SECONDS);
        assertThat(cache.containsKey("k")).isFalse();
    }

    /** A cache with a listener, if its operations are to go through the general path; with an entry if there must be one. */
    private Cache<String, int[]> cache(Object way, boolean heard) {
        Cache<String, int[]> cache = fixture.manager()
                .createCache("arrays", new MutableConfiguration<String, int[]>().setTypes(String.class, int[].class));
        if (heard) {
            cache.registerCacheEntryListener(new EventLog<String, int[]>().synchronousConfiguration());
        }
        if (way instanceof Way in && in.present) {
            cache.put("k", new int[] {0});
        }
        return cache;
    }

    /** An operation that stores a value; whether it needs an entry of 0 before. */
    record Way(String name, boolean present, Use use) {

        @Override
        public String toString() {
            return name;
        }
    }

    @FunctionalInterface
    interface Use {
        void on(Cache<String, int[]> cache, int[] value);
    }

    /** An operation that returns a value. */
    record Read(String name, Function<Cache<String, int[]>, int @Nullable []> use) {

        @Override
        public String toString() {
            return name;
        }
    }
}
