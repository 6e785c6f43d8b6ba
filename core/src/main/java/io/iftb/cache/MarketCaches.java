package io.iftb.cache;

import io.iftb.cache.codec.GivenToCaches;
import io.iftb.cache.fetch.RequestBudget;
import io.iftb.cache.fetch.RequestBudgets;
import io.iftb.cache.fetch.RequestLimits;
import io.iftb.cache.fetch.SharedFetching;
import io.iftb.cache.market.BarKey;
import io.iftb.cache.market.DomainCache;
import io.iftb.cache.market.OhlcvBar;
import io.iftb.cache.observe.CallListener;
import io.iftb.cache.observe.CallListeners;
import io.iftb.cache.observe.CallObserver;
import io.iftb.cache.redis.BreakerStatus;
import io.iftb.cache.redis.ConnectionSettings;
import io.iftb.cache.redis.RedisConnection;
import io.iftb.cache.redis.TlsFiles;
import io.iftb.cache.settings.CacheOptions;
import io.iftb.cache.settings.CacheSettings;
import io.iftb.cache.settings.ConnectMode;
import io.iftb.cache.settings.SettingSources;
import io.iftb.cache.settings.TlsSettings;
import io.iftb.cache.store.CacheBackend;
import io.iftb.cache.store.CacheCounters;
import io.iftb.cache.store.CacheStores;
import java.lang.reflect.Type;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Entry point to all typed caches of one server. Safe for use by several threads; one per program is enough.
 *
 * <pre>{@code
 * try (MarketCaches caches = MarketCaches.open("redis://127.0.0.1:6379")) {
 *     BarSeries bars = caches.ohlcv().latest(SeriesKey.of("BTCUSDT", "1h"), 100);
 * }
 * }</pre>
 *
 * <p>Methods that talk to the server throw {@link io.iftb.cache.redis.RedisServerException} if it fails; in the async form
 * the stage completes with it. A write that was sent and not answered fails with {@link
 * io.iftb.cache.redis.RedisOutcomeUnknownException}. A value that cannot be read counts as a miss and is logged.
 *
 * <p>While the server is unavailable, reads miss, and writes and removals are dropped and remembered, unless {@code
 * iftb.cache.on-unavailable} is {@code fail}, or reads are answered with what this JVM holds ({@code stale}); see {@link io.iftb.cache.settings.OnUnavailable}. {@link #health} tells.
 */
public final class MarketCaches implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(MarketCaches.class);

    private final RedisConnection redis;
    private final CacheSettings settings;
    private final CacheStores stores;
    private final RequestBudgets budgets;
    private final OpenParts parts = new OpenParts();
    private final CallListeners calls = new CallListeners();
    private final OpenCaches caches;
    private final OhlcvCache ohlcv;
    private final MarketDataCache market;
    private final LlmCache llm;

    private MarketCaches(RedisConnection redis, CacheSettings settings, GivenToCaches given) {
        this.redis = redis;
        this.settings = settings;
        this.stores = new CacheStores(redis, settings, given);
        this.budgets = new RequestBudgets(redis, settings.namespace(), parts::opened);
        this.caches = new OpenCaches(settings, stores, parts);
        CacheBackend<BarKey, OhlcvBar> bars = caches.typed(DomainCache.OHLCV);
        this.ohlcv = new OhlcvCache(
                new CandleParts(
                        redis,
                        stores.candles(bars.options()),
                        bars,
                        stores.damage(),
                        new SharedFetching(redis, stores.coverage(bars.options()), parts.totals()),
                        calls(bars.name())),
                null);
        this.market = new MarketDataCache(
                entries(DomainCache.TICKER), entries(DomainCache.FUNDING), entries(DomainCache.FEAR_GREED));
        this.llm = new LlmCache(entries(DomainCache.LLM));
    }

    private <K, V> TypedEntries<K, V> entries(DomainCache cache) {
        return new TypedEntries<>(redis, caches.typed(cache), calls(cache.cacheName()));
    }

    /**
     * Connects to the server that is set in the system properties, the environment or a YAML file. {@code
     * iftb.cache.config}, in one of the first two, names the file. The default is {@code redis://127.0.0.1:6379}.
     *
     * @throws io.iftb.cache.settings.SettingException if a setting is unknown or wrong
     * @throws io.iftb.cache.redis.RedisServerException if the server cannot be reached or refuses the login
     */
    public static MarketCaches open() {
        return open(defaultSettings());
    }

    static CacheSettings defaultSettings() {
        @Nullable ClassLoader context = Thread.currentThread().getContextClassLoader();
        return new SettingSources()
                .resolve(context != null ? context : Objects.requireNonNull(MarketCaches.class.getClassLoader()));
    }

    /** Like {@link #open(CacheSettings)} with the address of a {@link CacheSettings.Builder#redisUri} and default settings. */
    public static MarketCaches open(String redisUri) {
        return open(CacheSettings.builder().redisUri(redisUri).build());
    }

    /**
     * Connects to a server.
     *
     * @throws io.iftb.cache.redis.RedisServerException if it cannot be reached or refuses the login
     * @throws IllegalArgumentException if the address is not one
     */
    public static MarketCaches open(CacheSettings settings) {
        return open(settings, new GivenToCaches());
    }

    /**
     * Connects to a server again, for the caching provider.
     *
     * @param given what the program has given to each cache, by a connection before this one too
     * @throws io.iftb.cache.redis.RedisServerException if it cannot be reached or refuses the login
     * @throws IllegalArgumentException if the address is not one
     */
    public static MarketCaches open(CacheSettings settings, GivenToCaches given) {
        RedisConnection redis = RedisConnection.open(connectionSettings(settings));
        try {
            return new MarketCaches(redis, settings, given);
        } catch (RuntimeException e) {
            redis.close();
            throw e;
        }
    }

    static ConnectionSettings connectionSettings(CacheSettings settings) {
        char[] password = settings.password();
        TlsSettings tls = settings.tls();
        return new ConnectionSettings(
                settings.redisUri(),
                settings.user(),
                password == null ? null : new String(password),
                settings.passwordFile(),
                settings.database(),
                settings.connectTimeout(),
                settings.operationTimeout(),
                new TlsFiles(
                        tls.trustFile(),
                        tls.trustPassword(),
                        tls.certificateFile(),
                        tls.keyFile(),
                        tls.keyPassword(),
                        tls.protocols(),
                        tls.ciphers()),
                settings.breakerFailures(),
                settings.connect() == ConnectMode.LAZY);
    }

    /** The cache of candles. */
    public OhlcvCache ohlcv() {
        return ohlcv;
    }

    /** The cache of tickers, funding rates and the fear and greed index. */
    public MarketDataCache market() {
        return market;
    }

    /** The cache of results of LLM analyses. */
    public LlmCache llm() {
        return llm;
    }

    /** The requests to a source that all JVMs which name it on this server may make together. See {@link RequestBudgets#of}. */
    public RequestBudget budget(String source, RequestLimits limits) {
        return budgets.of(source, limits);
    }

    /** What tools for operators need of the servers. */
    public Maintenance maintenance() {
        return new Maintenance(redis, stores, ohlcv.store());
    }

    /** The state of the server. Does not throw if the server fails: the result describes the problem. */
    public Health health() {
        return ServerHealth.of(redis, stores.outages());
    }

    /** What is known of the circuit breaker of the server; does not ask it. */
    public BreakerStatus breaker() {
        return redis.breaker();
    }

    /**
     * Hits and misses of a domain cache in this JVM, by the typed caches. Those of the standard API are in the statistics of
     * its cache (JSR-107, section 12.4), so that each read counts in one place.
     */
    public CacheCounters counters(DomainCache cache) {
        return caches.domain(cache).counters();
    }

    /**
     * The backend of a cache, with the options from the settings; see {@link #backend(CacheOptions)}.
     *
     * @throws IllegalArgumentException if the name is that of a domain cache with other types
     */
    public <K, V> CacheBackend<K, V> backend(String cacheName, Class<K> keyType, Class<V> valueType) {
        return backend(settings.options(cacheName, keyType, valueType));
    }

    /**
     * The backend of a cache; unless its options say something else, it fails while the server is unavailable. For a domain
     * cache with the options of the typed cache, it is the one that this uses, or counts with it. For any other it is a new view
     * of the entries under that name, which counts as open until you {@link #release} it.
     */
    public <K, V> CacheBackend<K, V> backend(CacheOptions<K, V> options) {
        return caches.backend(options);
    }

    /**
     * Lets values of a type that the program's code declares for a cache, such as the type that an annotated method returns, be
     * read from it before this program has stored one. What the type declares is included. With {@code iftb.cache.trust} =
     * {@code listed} it changes nothing.
     */
    public void declareValues(String cacheName, Type type) {
        stores.given(settings.options(cacheName, Object.class, Object.class)).declare(type);
    }

    /** Releases what {@link #backend} returned: {@link #clearAll} does not remove its entries any more. */
    public void release(CacheBackend<?, ?> cache) {
        caches.release(cache);
    }

    /** Lets a listener hear what is open now, and what is opened and closed from now on, until it is removed or this is closed. */
    public void addListener(CachesListener listener) {
        parts.add(listener);
    }

    /** Ends what {@link #addListener(CachesListener)} began. */
    public void removeListener(CachesListener listener) {
        parts.remove(listener);
    }

    /** Lets a listener hear of the calls of all caches of this object, and of the cache manager that it belongs to, from now on. */
    public void addListener(CallListener listener) {
        calls.add(listener);
    }

    /** Ends what {@link #addListener(CallListener)} began; it may still hear the end of calls that have begun. */
    public void removeListener(CallListener listener) {
        calls.remove(listener);
    }

    /** Tells of the calls of a cache, for the caching provider. */
    public CallObserver calls(String cacheName) {
        return CallObserver.of(cacheName, calls);
    }

    /** The connections of this object, and its circuit breaker; does not ask the server. */
    public ConnectionStatus connection() {
        return ConnectionStatus.of(redis);
    }

    /** The Redis client as {@code type}, such as {@code RedissonClient}; empty if it is not of that type. */
    public <T> Optional<T> client(Class<T> type) {
        return redis.client(type);
    }

    /** Removes the entries of the domain caches and of every other cache that is open in this object, and logs a warning. */
    public void clearAll() {
        LOG.warn("Clearing the caches {} on {}", caches.names(), redis.server());
        caches.all().forEach(cache -> redis.await(cache.store().clear()));
    }

    /**
     * The names of the domain caches, and of all other caches that have entries on the server, in the namespace of the
     * settings, whether or not they are open here. Scans the keys of the server, so do not call it on a hot path.
     */
    public Set<String> cacheNames() {
        return redis.await(stores.names());
    }

    /** The address of the server, without user and password. */
    public String server() {
        return redis.server();
    }

    /** Closes the connection, and stops the server if it is embedded. Entries stay. Closing again does nothing. */
    @Override
    public void close() {
        parts.closeAll();
        budgets.close();
        ohlcv.close();
        redis.close();
        stores.close();
    }
}
