package io.iftb.cache.jcache;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.iftb.cache.MarketCaches;
import io.iftb.cache.settings.CacheSetting;
import io.iftb.cache.settings.Setting;
import io.iftb.cache.settings.SettingSources;
import java.io.IOException;
import java.lang.reflect.Field;
import java.lang.reflect.Method;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Properties;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import javax.cache.Cache;
import javax.cache.CacheException;
import javax.cache.configuration.MutableConfiguration;
import javax.cache.integration.CacheWriter;

/** A cache manager behind a proxy, with a cache on each store for one set-up, and the truth past the proxy. */
final class FailureBench implements AutoCloseable {

    /** The name of the connections of the tests themselves. */
    static final String CONTROL = "control";

    private static final String NAME = "matrix";
    private static final int OTHER_KEY = 7;
    private static final Duration TRUTH = Duration.ofSeconds(30);

    private final FailureSetup setup;
    private final String namespace;
    private final RequestFaultProxy proxy;
    private final IftbCachingProvider provider = provider();
    private final IftbCachingProvider direct = provider();
    private final RawRedis raw;
    private final Map<StoreKind, RedisCache<Object, Object>> caches = new EnumMap<>(StoreKind.class);
    private final Map<StoreKind, Cache<Object, Object>> truths = new EnumMap<>(StoreKind.class);
    private final EventLog<Object, Object> events = new EventLog<>();
    private final List<String> written = new CopyOnWriteArrayList<>();

    /** @param budget the time of a call */
    FailureBench(URI server, FailureSetup setup, Duration budget) throws IOException {
        this.setup = setup;
        this.namespace = "ns-" + setup + "-" + budget.toMillis();
        this.proxy = new RequestFaultProxy(server.getPort(), namespace);
        this.raw = control(server.toString());
        for (StoreKind kind : StoreKind.values()) {
            String remoteEvents = setup == FailureSetup.REMOTE_EVENTS ? "on" : "off";
            Properties settings = settings(budget, remoteEvents);
            caches.put(kind, (RedisCache<Object, Object>) create(provider, proxy.uri(), kind, settings, setup));
            truths.put(kind, create(direct, server.toString(), kind, settings(TRUTH, "off"), FailureSetup.NOBODY));
        }
    }

    private static IftbCachingProvider provider() {
        return new IftbCachingProvider(new SettingSources(Properties::new, name -> ""));
    }

    private Properties settings(Duration budget, String remoteEvents) {
        Properties settings = new Properties();
        settings.setProperty(Setting.NAMESPACE.propertyName(), namespace);
        settings.setProperty(Setting.OPERATION_TIMEOUT.propertyName(), budget.toMillis() + "ms");
        for (StoreKind kind : StoreKind.values()) {
            settings.setProperty(CacheSetting.REMOTE_EVENTS.propertyName(NAME + kind), remoteEvents);
        }
        return settings;
    }

    @SuppressWarnings("unchecked") // the caller uses keys and values of the kind
    private Cache<Object, Object> create(
            IftbCachingProvider of, String address, StoreKind kind, Properties settings, FailureSetup told) {
        MutableConfiguration<Object, Object> configuration = new MutableConfiguration<>();
        configuration.setTypes((Class<Object>) kind.keyType, (Class<Object>) kind.valueType);
        if (told.listens()) {
            configuration.addCacheEntryListenerConfiguration(events.synchronousConfiguration());
        }
        if (told == FailureSetup.WRITER) {
            configuration.setWriteThrough(true).setCacheWriterFactory(() -> new RecordingWriter(written));
        }
        if (told == FailureSetup.LOADER) {
            configuration
                    .setReadThrough(true)
                    .setCacheLoaderFactory(() -> new FakeLoader<>(key -> kind.value(key, FailureOperation.LOADED)));
        }
        return of.getCacheManager(URI.create(address), null, settings).createCache(NAME + kind, configuration);
    }

    /** Another program on the server. */
    RawRedis raw() {
        return raw;
    }

    RequestFaultProxy proxy() {
        return proxy;
    }

    @SuppressWarnings("unchecked") // a class literal has no type arguments
    FailureOperation.Caller caller(StoreKind kind) {
        RedisCache<Object, Object> cache = cache(kind);
        return new FailureOperation.Caller(cache, (AsyncCache<Object, Object>) cache.unwrap(AsyncCache.class), kind);
    }

    private RedisCache<Object, Object> cache(StoreKind kind) {
        return Objects.requireNonNull(caches.get(kind));
    }

    private Cache<Object, Object> truth(StoreKind kind) {
        return Objects.requireNonNull(truths.get(kind));
    }

    /**
     * Has it found out which commands the server knows, which is asked by the first change on a connection: that costs a round
     * trip more. The budget of these calls is short, and the machine may be busy: then they are made again.
     */
    private void learnCommands(StoreKind kind) {
        Object key = kind.key(OTHER_KEY);
        Object before = kind.value(key, 1);
        Object after = kind.value(key, 2);
        await().pollInSameThread()
                .pollDelay(Duration.ZERO)
                .ignoreExceptionsInstanceOf(CacheException.class)
                .untilAsserted(() -> {
                    cache(kind).put(key, before);
                    assertThat(cache(kind).replace(key, before, after)).isTrue();
                    assertThat(cache(kind).remove(key, after)).isTrue();
                });
    }

    /** Makes the entries those of a state, past all listeners. */
    void prepare(StoreKind kind, List<Integer> state) {
        learnCommands(kind);
        for (int i = 0; i < state.size(); i++) {
            Object key = kind.key(i);
            if (state.get(i) == 0) {
                truth(kind).remove(key);
            } else {
                truth(kind).put(key, kind.value(key, state.get(i)));
            }
        }
        events.take();
        written.clear();
    }

    /** The numbers of the values that the server has; 0 for none. */
    List<Integer> state(StoreKind kind) {
        Object first = kind.key(0);
        Object second = kind.key(1);
        Map<Object, Object> found = truth(kind).getAll(Set.of(first, second));
        List<Integer> state = new ArrayList<>();
        for (Object key : List.of(first, second)) {
            Object value = found.get(key);
            state.add(value == null ? 0 : kind.number(value));
        }
        return state;
    }

    /** What the listener has heard since the last time. */
    List<String> heard() {
        return events.take();
    }

    /** What a listener hears of a change of the state. */
    static List<String> events(StoreKind kind, List<Integer> before, List<Integer> after) {
        List<String> expected = new ArrayList<>();
        for (int i = 0; i < before.size(); i++) {
            Object key = kind.key(i);
            Object old = before.get(i) == 0 ? null : kind.value(key, before.get(i));
            Object now = after.get(i) == 0 ? null : kind.value(key, after.get(i));
            if (old == null && now != null) {
                expected.add("CREATED null -> " + now);
            } else if (old != null && now == null) {
                expected.add("REMOVED " + old + " -> " + old);
            } else if (old != null && now != null && !old.equals(now)) {
                expected.add("UPDATED " + old + " -> " + now);
            }
        }
        return expected;
    }

    /** What the writer was told since the state was prepared. */
    List<String> written() {
        return List.copyOf(written);
    }

    /** Waits until nothing is left of the calls on a cache: no call, no lock, no event that waits. */
    void awaitNothingLeft(StoreKind kind) {
        MarketCaches server = cache(kind).getCacheManager().unwrap(MarketCaches.class);
        await().pollInterval(Duration.ofMillis(2)).untilAsserted(() -> {
            assertThat(callsUnderWay(server)).as("calls under way").isZero();
            assertThat(cache(kind).isIdle())
                    .as("locks are free and events heard; open events: "
                            + cache(kind).openEvents())
                    .isTrue();
        });
    }

    /** How many calls of any API on a connection have not ended. */
    static long callsUnderWay(Object server) throws ReflectiveOperationException {
        Object redis = field(server, "redis");
        Method count = redis.getClass().getDeclaredMethod("callsUnderWay");
        count.setAccessible(true);
        return (long) Objects.requireNonNull(count.invoke(redis));
    }

    private static Object field(Object of, String name) throws ReflectiveOperationException {
        Field field = of.getClass().getDeclaredField(name);
        field.setAccessible(true);
        return Objects.requireNonNull(field.get(of));
    }

    /** Waits until messages come again after all connections were closed. */
    void awaitConnected() {
        if (setup == FailureSetup.REMOTE_EVENTS) {
            await().pollInterval(Duration.ofMillis(5))
                    .until(() ->
                            ((List<?>) Objects.requireNonNull(raw.send("PUBSUB", "CHANNELS", "*" + namespace + "*")))
                                            .size()
                                    == StoreKind.values().length);
        }
    }

    /** The connections on which messages of any cache come. */
    List<String> messageConnections() {
        String clients =
                new String((byte[]) Objects.requireNonNull(raw.send("CLIENT", "LIST", "TYPE", "pubsub")), UTF_8);
        return clients.lines()
                .map(line -> line.substring(0, line.indexOf(' ')))
                .sorted()
                .toList();
    }

    @Override
    public void close() {
        proxy.heal();
        provider.close();
        direct.close();
        raw.close();
        proxy.close();
    }

    /** A writer that writes down what it is told. */
    private record RecordingWriter(List<String> written) implements CacheWriter<Object, Object> {

        @Override
        public void write(Cache.Entry<?, ?> entry) {
            written.add("write " + entry.getKey());
        }

        @Override
        public void writeAll(java.util.Collection<Cache.Entry<?, ?>> entries) {
            entries.forEach(this::write);
            entries.clear();
        }

        @Override
        public void delete(Object key) {
            written.add("delete " + key);
        }

        @Override
        public void deleteAll(java.util.Collection<?> keys) {
            keys.forEach(this::delete);
            keys.clear();
        }
    }

    /** A connection that {@link #CONTROL} tells from those of the caches. */
    static RawRedis control(String address) {
        RawRedis raw = new RawRedis(address);
        raw.send("CLIENT", "SETNAME", CONTROL);
        return raw;
    }
}
