package io.iftb.cache.store;

import io.iftb.cache.codec.GivenClasses;
import io.iftb.cache.codec.GivenToCaches;
import io.iftb.cache.codec.KeyCodec;
import io.iftb.cache.codec.KryoCodec;
import io.iftb.cache.codec.ValueCodec;
import io.iftb.cache.market.BarKey;
import io.iftb.cache.market.DomainCache;
import io.iftb.cache.market.FearGreed;
import io.iftb.cache.market.OhlcvBar;
import io.iftb.cache.market.SeriesKey;
import io.iftb.cache.near.NearMap;
import io.iftb.cache.redis.RedisConnection;
import io.iftb.cache.redis.ScanPosition;
import io.iftb.cache.settings.CacheOptions;
import io.iftb.cache.settings.CacheSettings;
import io.iftb.cache.settings.OnUnavailable;
import io.iftb.cache.settings.TrustRule;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** Makes the stores of caches on one connection, each from its {@link CacheOptions}. */
public final class CacheStores {

    private final RedisConnection redis;
    private final Keys keys;
    private final CacheSettings settings;

    private final GivenToCaches given;
    private final SeriesDamage damage = new SeriesDamage();

    /** By the pattern of their keys: all stores of the same series know the same pages, and take turns. */
    private final Map<String, SeriesAccess> series = new ConcurrentHashMap<>();

    /** By their channel. */
    private final Map<String, EntryGuards> guards = new ConcurrentHashMap<>();

    private final NearMaps near;
    private final Outages outages;

    /**
     * @param settings hold the namespace, the class loader and the trusted classes of all caches
     * @param given what the program has given to each cache: one that is opened again trusts it still
     */
    public CacheStores(RedisConnection redis, CacheSettings settings, GivenToCaches given) {
        this.redis = redis;
        this.keys = new Keys(settings.namespace());
        this.settings = settings;
        this.given = given;
        this.near = new NearMaps(redis);
        this.outages = new Outages(redis);
    }

    /** The names of the domain caches, and of all other caches that have entries on the server; a scan of its keys. */
    public CompletableFuture<Set<String>> names() {
        return new CacheNames(redis, keys).all();
    }

    /** A walk over all keys of the namespace. */
    public KeyWalk walk(ScanPosition from) {
        CandleStore candles =
                exactCandles(settings.options(DomainCache.OHLCV.cacheName(), BarKey.class, OhlcvBar.class));
        return new KeyWalk(redis, keys, candles, from);
    }

    /** The rights of the user of this connection. */
    public UserRights rights() {
        return new UserRights(redis, keys);
    }

    /** What reads of candles have found lost or unreadable. */
    public SeriesDamage damage() {
        return damage;
    }

    /** What was dropped and missed of all caches while the server was unavailable. */
    public OutageStatus outages() {
        return outages.status();
    }

    /**
     * The candles by series, under the keys of that cache. If reads of the cache miss while the server is unavailable, the
     * caller makes a miss of their failure, see {@link OutageStore#miss}.
     */
    public CandleStore candles(CacheOptions<?, ?> options) {
        CandleStore candles = exactCandles(options);
        DroppedChanges<SeriesKey, TimeRanges> dropped = droppedBars(options);
        return isMissing(options)
                ? new OutageCandleStore(
                        redis, candles, dropped, null, near.series(options, keys(options)), staleNanos(options))
                : new SettlingCandleStore(redis, candles, dropped, null);
    }

    /** The candles by series with what has been fetched of them, under the keys of that cache. */
    public CoverageStore coverage(CacheOptions<?, ?> options) {
        return new CoverageStore(
                redis,
                access(options),
                droppedBars(options),
                near.series(options, keys(options)),
                near.fences(options));
    }

    private static boolean isMissing(CacheOptions<?, ?> options) {
        return options.onUnavailable() == OnUnavailable.MISS || options.onUnavailable() == OnUnavailable.STALE;
    }

    /** How old what this JVM holds may be when it answers for the server; 0 if it must not. */
    private static long staleNanos(CacheOptions<?, ?> options) {
        Duration age = options.staleAge();
        return age == null || options.onUnavailable() != OnUnavailable.STALE ? 0 : age.toNanos();
    }

    private DroppedChanges<SeriesKey, TimeRanges> droppedBars(CacheOptions<?, ?> options) {
        CandleStore candles = exactCandles(options);
        BarEntryStore bars = new BarEntryStore(candles, access(options), changes(options));
        return outages.series(options.name(), keys(options).allSeries(), candles, bars);
    }

    private CandleStore exactCandles(CacheOptions<?, ?> options) {
        CandleStore candles = new RedisCandleStore(access(options));
        NearSeries held = near.series(options, keys(options));
        return held == null ? candles : new NearCandleStore(redis, candles, held, near.fences(options) != null);
    }

    /**
     * Opens the backend of a cache. Candles are rows of a series. Each entry of any other cache has its own Redis key: domain
     * caches have a fixed form; others use readable text or base64url of the key's bytes, depending on the key type.
     */
    @SuppressWarnings("unchecked") // the options of a domain cache have its types
    public <K, V> CacheBackend<K, V> open(CacheOptions<K, V> options) {
        return isCache(options, DomainCache.OHLCV)
                ? (CacheBackend<K, V>) openBars((CacheOptions<BarKey, OhlcvBar>) options)
                : openEntries(options);
    }

    private ChangeChannel changes(CacheOptions<?, ?> options) {
        return new ChangeChannel(keys(options).changes(redis.database(), options.name()));
    }

    private CacheBackend<BarKey, OhlcvBar> openBars(CacheOptions<BarKey, OhlcvBar> options) {
        BarEntryStore store = new BarEntryStore(exactCandles(options), access(options), changes(options));
        NearSeries held = near.series(options, keys(options));
        NearBars bars = held == null ? null : new NearBars(redis, store, held, near.fences(options) != null);
        DroppedKeys<BarKey, ?, ?> dropped = new DroppedKeys<>(
                droppedBars(options), BarKey::series, key -> TimeRanges.of(key.openTime(), key.openTime()));
        return backend(
                options,
                bars == null ? store : bars.store(),
                new BarValues(),
                bars,
                bars,
                dropped,
                EntryFreshness.of(options));
    }

    /** With what stands in front of the store in an outage. */
    private <K, V> CacheBackend<K, V> backend(
            CacheOptions<K, V> options,
            EntryStore<K> store,
            ValueCodec<V> codec,
            @Nullable NearReads<K, V> reads,
            @Nullable Holding<K> held,
            DroppedKeys<K, ?, ?> dropped,
            EntryFreshness freshness) {
        SettlingStore<K> exact = new SettlingStore<>(redis, store, dropped, null);
        OutageStore<K> outage =
                isMissing(options) ? new OutageStore<>(exact, dropped, held, staleNanos(options)) : null;
        NearReads<K, V> settling = reads == null ? null : new OutageReads<>(reads, outage, dropped);
        return CacheBackend.of(options, outage == null ? exact : outage, codec, settling, outage, freshness);
    }

    private <K, V> CacheBackend<K, V> openEntries(CacheOptions<K, V> options) {
        KryoCodec kryo = kryo(options);
        EntryKeys<K> entryKeys = entryKeys(options, kryo);
        StoredLifetimes stored = StoredLifetimes.of(options, () -> redis.clock().millis());
        KeyedStore<K> keyed = new KeyedStore<>(redis, entryKeys, changes(options), stored);
        EntryGuards guards = hasLeases(options) ? guards(options, entryKeys) : null;
        EntryStore<K> store = guards == null ? keyed : new LeaseEndingStore<>(redis, keyed, entryKeys, guards);
        DroppedChanges<String, Boolean> changes = outages.entries(
                options.name(),
                entryKeys.pattern(),
                store,
                redisKeys -> guards == null
                        ? Unlinking.keys(redis, redisKeys)
                        : LeaseEndingStore.removeKeys(guards.leases(), redisKeys));
        ValueCodec<V> codec = kryo.values(options.valueType());
        EntryFreshness freshness = EntryFreshness.of(options);
        NearMap<HeldEntry> map = near.entries(options, entryKeys.pattern());
        DroppedKeys<K, ?, ?> dropped = new DroppedKeys<>(changes, entryKeys::redisKey, key -> true);
        NearEntries<K, V> held = map == null
                ? null
                : new NearEntries<>(
                        redis,
                        keyed,
                        store,
                        entryKeys,
                        codec,
                        map,
                        near.fences(options),
                        NearMaps.near(options).maxAge(),
                        freshness);
        CacheBackend<K, V> backend =
                backend(options, held == null ? store : held.store(), codec, held, held, dropped, freshness);
        return guards == null ? backend : backend.with(flights(options, entryKeys, guards, held, stored));
    }

    /** Analyses are always computed once for all, and so is what is loaded anew. */
    private static boolean hasLeases(CacheOptions<?, ?> options) {
        return options.singleFlight() || options.freshness().areReadsSpecial() || isCache(options, DomainCache.LLM);
    }

    /** All views of a cache share who waits. */
    private EntryGuards guards(CacheOptions<?, ?> options, EntryKeys<?> entryKeys) {
        String channel = keys(options).computed(redis.database(), options.name());
        return guards.computeIfAbsent(
                channel,
                name -> new EntryGuards(
                        new EntryLeases(redis, name, redisKey -> outages.settled(entryKeys.pattern(), redisKey))));
    }

    private <K> EntryFlights<K> flights(
            CacheOptions<K, ?> options,
            EntryKeys<K> entryKeys,
            EntryGuards guards,
            @Nullable Holding<K> held,
            StoredLifetimes stored) {
        return new EntryFlights<>(
                options.name(),
                guards,
                entryKeys::redisKey,
                held == null ? key -> {} : held::drop,
                stored,
                settings.userCodeTimeout(),
                isMissing(options) ? EntryFlights.Outage.COMPUTE : EntryFlights.Outage.FAIL);
    }

    /** Wakes all who wait for entries, so that they learn that the connection was closed. */
    public void close() {
        guards.values().forEach(each -> each.wakeups().wakeAll());
    }

    @SuppressWarnings("unchecked") // as above
    private <K> EntryKeys<K> entryKeys(CacheOptions<K, ?> options, KryoCodec kryo) {
        Keys own = keys(options);
        String name = options.name();
        if (isCache(options, DomainCache.FEAR_GREED)) {
            return (EntryKeys<K>) EntryKeys.single(own, name, FearGreed.KEY, KeyCodec.of(String.class, kryo));
        }
        return isCache(options, DomainCache.LLM)
                ? (EntryKeys<K>) EntryKeys.analyses(own, name)
                : EntryKeys.texts(own, name, KeyCodec.of(options.keyType(), kryo));
    }

    private static boolean isCache(CacheOptions<?, ?> options, DomainCache domain) {
        return options.name().equals(domain.cacheName());
    }

    private SeriesAccess access(CacheOptions<?, ?> options) {
        Keys own = keys(options);
        return series.computeIfAbsent(
                own.allSeries(), pattern -> SeriesAccess.of(new SeriesScripts(redis, own), damage));
    }

    private Keys keys(CacheOptions<?, ?> options) {
        return options.namespace() == null ? keys : new Keys(options.namespace());
    }

    /** What the program has given to a cache; of no meaning if only listed classes may be read. */
    public GivenClasses given(CacheOptions<?, ?> options) {
        return given.of(keys(options).entries(options.name()));
    }

    private KryoCodec kryo(CacheOptions<?, ?> options) {
        KryoCodec.Builder builder = KryoCodec.builder().trust(options.keyType(), options.valueType());
        ClassLoader classLoader = settings.classLoader();
        if (classLoader != null) {
            builder.classLoader(classLoader);
        }
        if (settings.trust() == TrustRule.GIVEN) {
            builder.trustGiven(given(options));
        }
        settings.trusted().forEach(builder::trust);
        options.trusted().forEach(builder::trust);
        return builder.build();
    }
}
