package io.iftb.cache.jcache;

import static org.assertj.core.api.Assertions.assertThat;

import io.iftb.cache.settings.Setting;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import javax.cache.Cache;
import javax.cache.CacheManager;
import javax.cache.configuration.MutableConfiguration;
import javax.management.MBeanServer;
import javax.management.ObjectName;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Two cache managers of one provider on one server, each with its own version of a class. */
class ClassLoadersTest {

    private static final String ORDER = "com.acme.Order";

    @TempDir
    @SuppressWarnings("NullAway.Init") // by JUnit
    private Path folder;

    private final JCacheFixture fixture = JCacheFixture.open();

    @SuppressWarnings("NullAway.Init") // before each
    private CompiledClasses old;

    @SuppressWarnings("NullAway.Init") // before each
    private CompiledClasses fresh;

    @BeforeEach
    void compile() throws IOException {
        old = CompiledClasses.of(folder.resolve("old"), ORDER, "public record Order(String symbol, int amount) {}");
        fresh = CompiledClasses.of(
                folder.resolve("fresh"), ORDER, "public record Order(String note, int amount, String symbol) {}");
    }

    @AfterEach
    void close() throws IOException {
        fixture.close();
        old.close();
        fresh.close();
    }

    @Test
    void getCacheManager_twoLoaders_areTwoManagersAndEachIsFoundAgain() {
        CacheManager first = manager(old);
        CacheManager second = manager(fresh);

        assertThat(first).isNotSameAs(second).isSameAs(manager(old));
        assertThat(first.getClassLoader()).isSameAs(old);
        assertThat(second.getClassLoader()).isSameAs(fresh);
        fixture.provider().close(old);
        assertThat(first.isClosed()).isTrue();
        assertThat(second.isClosed()).isFalse();
    }

    @Test
    void createCache_inOneManager_isNoCacheOfTheOther() throws Exception {
        cache(old);

        assertThat(manager(fresh).<Object, Object>getCache("orders")).isNull();
        assertThat(manager(fresh).getCacheNames()).isEmpty();
        Cache<String, Object> second = cache(fresh);
        assertThat((Object) manager(fresh).getCache("orders", String.class, fresh.loadClass(ORDER)))
                .isSameAs(second);
    }

    @Test
    void anyRead_valueOfTheOtherManager_isOfTheOwnVersion() throws Exception {
        Cache<String, Object> first = cache(old);
        Cache<String, Object> second = cache(fresh);
        Object written = old.make(ORDER, "BTC", 1);
        String read = "Order[note=null, amount=1, symbol=BTC]";

        first.put("k", written);

        assertThat(second.get("k")).hasToString(read).isInstanceOf(fresh.loadClass(ORDER));
        assertThat(second.getAll(Set.of("k"))).hasToString("{k=" + read + "}");
        assertThat(second.iterator().next().getValue()).hasToString(read);
        assertThat(second.<String>invoke(
                        "k", (entry, arguments) -> entry.getValue().toString()))
                .isEqualTo(read);
        assertThat(second.getAndPut("k", fresh.make(ORDER, "new", 2, "ETH"))).hasToString(read);
        assertThat(first.get("k")).hasToString("Order[symbol=ETH, amount=2]").isInstanceOf(old.loadClass(ORDER));
        assertThat(first.replace("k", old.make(ORDER, "ETH", 2), written)).isTrue();
        assertThat(second.getAndRemove("k")).hasToString(read);
    }

    @Test
    void event_valueBeforeByTheOtherManager_isOfTheOwnVersion() throws Exception {
        Cache<String, Object> second = cache(fresh);
        EventLog<String, Object> log = new EventLog<>();
        second.registerCacheEntryListener(log.synchronousConfiguration());
        cache(old).put("k", old.make(ORDER, "BTC", 1));

        second.put("k", fresh.make(ORDER, "new", 2, "ETH"));

        assertThat(log.take())
                .containsExactly(
                        "UPDATED Order[note=null, amount=1, symbol=BTC] -> Order[note=new, amount=2, symbol=ETH]");
    }

    @Test
    void key_ofTwoVersions_isTheSameKeyWhileItsPartsAre() throws Exception {
        CompiledClasses same =
                CompiledClasses.of(folder.resolve("same"), ORDER, "public record Order(String symbol, int amount) {}");
        cache(old, Object.class, Object.class).put(old.make(ORDER, "BTC", 1), "v");

        assertThat(cache(same, Object.class, Object.class).get(same.make(ORDER, "BTC", 1)))
                .isEqualTo("v");
        same.close();
    }

    @Test
    void get_configuredTypeOfALoaderOfItsOwn_isOfThatTypeThoughTheManagersLoaderKnowsTheName() throws Exception {
        Class<?> type = fresh.loadClass(ORDER);
        Cache<String, Object> cache = cache(old, String.class, type);
        Object order = fresh.make(ORDER, "note", 1, "BTC");

        cache.put("k", order);

        assertThat(cache.get("k")).isEqualTo(order);
    }

    @Test
    void get_threadWithAnotherContextLoader_isByTheManagersLoader() throws Exception {
        Cache<String, Object> cache = cache(old, String.class, Object.class);
        AtomicReference<Object> read = new AtomicReference<>();
        Thread thread = new Thread(() -> {
            cache.put("k", order(old));
            read.set(cache.get("k"));
        });
        thread.setContextClassLoader(fresh);
        thread.start();
        thread.join();

        assertThat(read.get()).isInstanceOf(old.loadClass(ORDER));
    }

    @Test
    void mBean_ofTwoManagersOfOneUri_isThatOfTheFirstAndGoesWithIt() throws Exception {
        Cache<String, Object> first = cache(old);
        Cache<String, Object> second = cache(fresh);
        manager(old).enableStatistics("orders", true);
        manager(fresh).enableStatistics("orders", true);

        second.get("k");
        second.get("k");
        first.get("k");

        assertThat(missesOfTheBeans()).containsExactly(1L);
        second.close();
        assertThat(missesOfTheBeans()).containsExactly(1L);
        first.close();
        assertThat(missesOfTheBeans()).isEmpty();
    }

    private List<Object> missesOfTheBeans() throws Exception {
        MBeanServer server = ManagementFactory.getPlatformMBeanServer();
        String uri = TestServer.address().replace(':', '.');
        List<Object> misses = new ArrayList<>();
        for (ObjectName name : server.queryNames(
                new ObjectName("javax.cache:type=CacheStatistics,CacheManager=" + uri + ",Cache=orders"), null)) {
            misses.add(server.getAttribute(name, "CacheMisses"));
        }
        return misses;
    }

    private CacheManager manager(ClassLoader loader) {
        Properties properties = new Properties();
        properties.setProperty(Setting.NAMESPACE.propertyName(), fixture.namespace());
        properties.setProperty(Setting.TRUSTED.propertyName(), "com.acme.*");
        return fixture.provider().getCacheManager(URI.create(TestServer.address()), loader, properties);
    }

    private static Object order(CompiledClasses classes) {
        try {
            return classes.make(ORDER, "BTC", 1);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(e);
        }
    }

    private Cache<String, Object> cache(ClassLoader loader) throws ClassNotFoundException {
        return cache(loader, String.class, loader.loadClass(ORDER));
    }

    @SuppressWarnings("unchecked") // the type is known at run time only
    private <K> Cache<K, Object> cache(ClassLoader loader, Class<K> keyType, Class<?> valueType) {
        return manager(loader)
                .createCache(
                        "orders", new MutableConfiguration<K, Object>().setTypes(keyType, (Class<Object>) valueType));
    }
}
