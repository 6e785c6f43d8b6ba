package io.iftb.cache.jcache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.iftb.cache.MarketCaches;
import io.iftb.cache.market.Ticker;
import io.iftb.cache.settings.SettingSources;
import java.io.IOException;
import java.math.BigDecimal;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Properties;
import java.util.concurrent.TimeUnit;
import javax.cache.Cache;
import javax.cache.CacheException;
import javax.cache.CacheManager;
import javax.cache.configuration.CompleteConfiguration;
import javax.cache.configuration.MutableConfiguration;
import javax.cache.expiry.AccessedExpiryPolicy;
import javax.cache.expiry.CreatedExpiryPolicy;
import javax.cache.expiry.Duration;
import javax.cache.expiry.EternalExpiryPolicy;
import javax.cache.expiry.ExpiryPolicy;
import javax.cache.expiry.ModifiedExpiryPolicy;
import javax.cache.expiry.TouchedExpiryPolicy;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Settings of caches by name, on a real server. */
class NamedCachesTest {

    private static final String CACHES = "iftb.cache.caches.";

    @TempDir
    @SuppressWarnings("NullAway.Init") // by JUnit
    private Path folder;

    private final Map<String, String> environment = new HashMap<>();
    private final IftbCachingProvider provider =
            new IftbCachingProvider(new SettingSources(Properties::new, environment::get));
    private final String namespace = "named" + System.nanoTime();
    private final Properties properties = new Properties();

    @AfterEach
    void close() {
        provider.close();
    }

    // ---- createCache

    @Test
    void createCache_defaultsOfTheProgram_areFilledByTheFile() throws IOException {
        CacheManager manager = manager(
                "orders:\n  expiry: accessed 1h\n  key-type: String\n" + "  value-type: " + Order.class.getName());

        manager.createCache("orders", new MutableConfiguration<>());

        Cache<String, Order> orders = Objects.requireNonNull(manager.getCache("orders", String.class, Order.class));
        orders.put("1", new Order("BTCUSDT", 0.5));
        assertThat(orders.get("1")).isEqualTo(new Order("BTCUSDT", 0.5));
        assertThat(policy(orders)).isEqualTo(new AccessedExpiryPolicy(Duration.ONE_HOUR));
        assertThat(ttl("orders:1")).isBetween(3_500_000L, 3_600_000L);
    }

    @Test
    void createCache_whatTheProgramSays_goesBeforeTheFile() throws IOException {
        CacheManager manager = manager("orders: {expiry: created 5m, key-type: String, value-type: Long}");

        Cache<Integer, Order> orders = manager.createCache(
                "orders",
                new MutableConfiguration<Integer, Order>()
                        .setTypes(Integer.class, Order.class)
                        .setExpiryPolicyFactory(TouchedExpiryPolicy.factoryOf(Duration.ONE_DAY)));

        assertThat(policy(orders)).isEqualTo(new TouchedExpiryPolicy(Duration.ONE_DAY));
        assertThat(manager.getCache("orders", Integer.class, Order.class)).isSameAs(orders);
    }

    @Test
    void createCache_template_fillsWhatTheOwnNameLeavesOut() throws IOException {
        CacheManager manager = manager("'*': {expiry: created 5m, value-type: Long}\norders: {expiry: created 1m}");

        assertThat(policy(manager.createCache("orders", new MutableConfiguration<>())))
                .isEqualTo(new CreatedExpiryPolicy(Duration.ONE_MINUTE));
        assertThat(policy(manager.createCache("others", new MutableConfiguration<>())))
                .isEqualTo(new CreatedExpiryPolicy(Duration.FIVE_MINUTES));
        assertThat(manager.getCache("orders", Object.class, Long.class)).isNotNull();
    }

    @Test
    void createCache_templateInANearerPlace_standsBehindTheOwnName() throws IOException {
        properties.setProperty(CACHES + "*.expiry", "created 2h");
        CacheManager manager = manager("orders: {expiry: created 1m}");

        assertThat(policy(manager.createCache("orders", new MutableConfiguration<>())))
                .isEqualTo(new CreatedExpiryPolicy(Duration.ONE_MINUTE));
    }

    @Test
    void createCache_sameNameInEveryPlace_takesTheNearest() throws IOException {
        environment.put("IFTB_CACHE_CACHES_COM_ACME_ORDERS_EXPIRY", "created 1h");
        environment.put("IFTB_CACHE_CACHES_B_EXPIRY", "created 1h");
        properties.setProperty(CACHES + "b.expiry", "created 1d");
        CacheManager manager = manager("com.acme.Orders: {expiry: created 1m}\nb: {expiry: created 1m}");

        assertThat(policy(manager.createCache("com.acme.Orders", new MutableConfiguration<>())))
                .isEqualTo(new CreatedExpiryPolicy(Duration.ONE_HOUR));
        assertThat(policy(manager.createCache("b", new MutableConfiguration<>())))
                .isEqualTo(new CreatedExpiryPolicy(Duration.ONE_DAY));
    }

    @Test
    void createCache_namespaceOfItsOwn_isInFrontOfItsKeys() throws IOException {
        CacheManager manager = manager("orders: {namespace: " + namespace + "-shared}");
        Cache<String, Long> orders = manager.createCache("orders", typed(String.class, Long.class));

        orders.put("1", 1L);

        assertThat(raw("EXISTS", namespace + "-shared:orders:1")).isEqualTo("1");
        assertThat(raw("EXISTS", namespace + ":orders:1")).isEqualTo("0");
        manager.destroyCache("orders");
        assertThat(raw("EXISTS", namespace + "-shared:orders:1")).isEqualTo("0");
    }

    @Test
    void put_classTrustedByOneCache_isRefusedByAnother() throws IOException {
        properties.setProperty("iftb.cache.trust", "listed");
        CacheManager manager = manager("open: {trusted: ['" + Order.class.getName() + "']}");
        Cache<String, Object> open = manager.createCache("open", typed(String.class, Object.class));
        Cache<String, Object> other = manager.createCache("other", typed(String.class, Object.class));

        open.put("1", new Order("BTCUSDT", 1));

        assertThat(open.get("1")).isEqualTo(new Order("BTCUSDT", 1));
        assertThatExceptionOfType(CacheException.class)
                .isThrownBy(() -> other.put("1", new Order("BTCUSDT", 1)))
                .withMessageContaining("iftb.cache.trusted");
    }

    @Test
    void put_classTrustedByAllAndAnotherByOneCache_areBothStored() throws IOException {
        properties.setProperty("iftb.cache.trust", "listed");
        properties.setProperty("iftb.cache.trusted", Order.class.getName());
        CacheManager manager = manager("open: {trusted: [" + Fill.class.getName() + "]}");
        Cache<String, Object> open = manager.createCache("open", typed(String.class, Object.class));

        open.put("1", new Order("BTCUSDT", 1));
        open.put("2", new Fill(BigDecimal.ONE));

        assertThat(open.get("1")).isEqualTo(new Order("BTCUSDT", 1));
        assertThat(open.get("2")).isEqualTo(new Fill(BigDecimal.ONE));
    }

    // ---- getCache

    @Test
    void getCache_nameWithTypes_exists() throws IOException {
        CacheManager manager = manager("orders: {key-type: String, value-type: Long, expiry: modified 5m}");
        assertThat(manager.getCacheNames()).isEmpty();

        Cache<String, Long> orders = Objects.requireNonNull(manager.getCache("orders", String.class, Long.class));

        orders.put("1", 2L);
        assertThat(orders.get("1")).isEqualTo(2L);
        assertThat(policy(orders)).isEqualTo(new ModifiedExpiryPolicy(Duration.FIVE_MINUTES));
        assertThat(manager.<String, Long>getCache("orders")).isSameAs(orders);
        assertThatExceptionOfType(ClassCastException.class)
                .isThrownBy(() -> manager.getCache("orders", String.class, Order.class));
    }

    @Test
    void getCache_typesFromTheTemplate_existsIfTheNameIsNamed() throws IOException {
        CacheManager manager = manager("'*': {key-type: String, value-type: 'byte[]'}\norders: {expiry: created 5m}");

        assertThat(manager.getCache("orders", String.class, byte[].class)).isNotNull();
        assertThat(manager.<Object, Object>getCache("others")).isNull();
    }

    @Test
    void getCache_nameWithOneType_doesNotExist() throws IOException {
        CacheManager manager = manager("orders: {key-type: String}");

        assertThat(manager.<Object, Object>getCache("orders")).isNull();
    }

    @Test
    void getCache_domainCacheWithExpiry_hasThatLifetime() throws IOException {
        CacheManager manager = manager("ticker: {expiry: modified 50s}\n'*': {expiry: created 1h}");
        Cache<String, Ticker> ticker = Objects.requireNonNull(manager.getCache("ticker", String.class, Ticker.class));

        ticker.put("BTCUSDT", new Ticker(1, 2, 1.5, 10, 3, 0.5, 0.1, 7));

        assertThat(ttl("ticker:BTCUSDT")).isBetween(40_000L, 50_000L);
        Cache<?, ?> funding = Objects.requireNonNull(manager.getCache("funding"));
        assertThat(policy(funding))
                .as("the template does not hold for domain caches")
                .isEqualTo(new ModifiedExpiryPolicy(new Duration(TimeUnit.MILLISECONDS, 60_000)));
    }

    @Test
    void getCache_domainCacheWithNamespaceAndExpiry_isThatOfTheTypedCache() throws IOException {
        CacheManager manager = manager("ticker: {expiry: modified 50s, namespace: " + namespace + "-shared}");
        MarketCaches typed = manager.unwrap(MarketCaches.class);
        Cache<String, Ticker> ticker = Objects.requireNonNull(manager.getCache("ticker", String.class, Ticker.class));

        typed.market().putTicker("BTCUSDT", new Ticker(1, 2, 1.5, 10, 3, 0.5, 0.1, 7));

        assertThat(ticker.get("BTCUSDT")).isNotNull();
        assertThat(Long.parseLong(raw("PTTL", namespace + "-shared:ticker:BTCUSDT")))
                .isBetween(40_000L, 50_000L);
    }

    // ---- what a value means

    @ParameterizedTest
    @CsvSource({"created 300s", "modified 5m", "accessed 300000ms", "touched  5m"})
    void expiry_policyAndTime_isThatPolicy(String text) throws IOException {
        ExpiryPolicy policy =
                policy(manager("orders: {expiry: " + text + "}").createCache("orders", new MutableConfiguration<>()));

        String word = text.substring(0, 1).toUpperCase(Locale.ROOT) + text.substring(1, text.indexOf(' '));
        assertThat(policy.getClass().getSimpleName()).isEqualTo(word + "ExpiryPolicy");
        assertThat(policy.getExpiryForCreation()).isEqualTo(Duration.FIVE_MINUTES);
    }

    @Test
    void expiry_eternal_goesBeforeTheTemplate() throws IOException {
        CacheManager manager = manager("'*': {expiry: created 7d}\norders: {expiry: eternal}");

        assertThat(policy(manager.createCache("orders", new MutableConfiguration<>())))
                .isEqualTo(new EternalExpiryPolicy());
    }

    @Test
    void createCache_domainCacheAsFrameworksDo_hasItsTypes() throws IOException {
        CacheManager manager = manager("");

        manager.createCache("ticker", new MutableConfiguration<>());

        assertThat(manager.getCache("ticker", String.class, Ticker.class)).isNotNull();
    }

    @Test
    void onUnavailable_ofOneCache_isTaken() throws IOException {
        CacheManager manager = manager("orders: {on-unavailable: fail}");

        assertThat(manager.createCache("orders", typed(String.class, Long.class)))
                .isNotNull();
    }

    // ---- what is refused

    @ParameterizedTest
    @CsvSource({
        "expiry, 5m, created",
        "expiry, created, created",
        "expiry, created 0s, 1ms or more",
        "expiry, created -5s, created",
        "expiry, created 5m later, created",
        "expiry, sometimes 5m, touched",
        "expiry, eternal 5m, eternal",
        "key-type, com.acme.Nobody, name of a class",
        "value-type, long, name of a class",
        "value-type, com.acme.Nobody[], name of a class",
        "near, 10000, fenced",
        "near-max-memory, 10000, 64MB",
        "near-max-age, 0s, 1ms to 1d",
        "near-max-age, 2d, 1ms to 1d",
        "remote-events, sometimes, on",
        "on-unavailable, sometimes, stale",
        "stale-age, 0s, 1ms to 1d",
        "stale-age, 2d, 1ms to 1d",
        "trusted, com.*.Order, names of classes or packages"
    })
    void getCacheManager_wrongValue_isRefusedAtTheStart(String name, String value, String accepted) {
        for (String cache : new String[] {"orders", "*"}) {
            assertThatExceptionOfType(CacheException.class)
                    .isThrownBy(() -> manager("\n'" + cache + "':\n  " + name + ": '" + value + "'"))
                    .withMessageContaining("Setting " + CACHES + cache + "." + name + " in line 4 of file:")
                    .withMessageContaining("is '" + value + "'; accepted is")
                    .withMessageContaining(accepted);
        }
    }

    @Test
    void createCache_wrongValueInTheEnvironment_isRefused() throws IOException {
        environment.put("IFTB_CACHE_CACHES_ORDERS_EXPIRY", "soon");
        CacheManager manager = manager("");

        assertThatExceptionOfType(CacheException.class)
                .isThrownBy(() -> manager.createCache("orders", new MutableConfiguration<>()))
                .withMessageContaining("the environment as IFTB_CACHE_CACHES_ORDERS_EXPIRY is 'soon'");
    }

    private CacheManager manager(String caches) throws IOException {
        String yaml = "iftb.cache.caches:\n" + (caches.isEmpty() ? "  {}" : caches.indent(2));
        URI file = Files.writeString(folder.resolve("bot.yaml"), yaml.replace("\n  \n", "\n\n"))
                .toUri();
        properties.setProperty("iftb.cache.redis.uri", TestServer.address());
        properties.setProperty("iftb.cache.namespace", namespace);
        return provider.getCacheManager(file, null, properties);
    }

    private long ttl(String key) {
        return Long.parseLong(raw("PTTL", namespace + ":" + key));
    }

    private static String raw(String command, String key) {
        try (RawRedis raw = new RawRedis(TestServer.address())) {
            return String.valueOf(raw.send(command, key));
        }
    }

    @SuppressWarnings("unchecked") // a class says nothing of type arguments
    private static <K, V> ExpiryPolicy policy(Cache<K, V> cache) {
        CompleteConfiguration<K, V> configuration = cache.getConfiguration(CompleteConfiguration.class);
        return configuration.getExpiryPolicyFactory().create();
    }

    private static <K, V> MutableConfiguration<K, V> typed(Class<K> keyType, Class<V> valueType) {
        return new MutableConfiguration<K, V>().setTypes(keyType, valueType);
    }

    /** A user's value class. */
    record Order(String symbol, double amount) {}

    /** Another. */
    record Fill(BigDecimal price) {}
}
