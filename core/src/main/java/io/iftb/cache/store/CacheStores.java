package io.iftb.cache.store;

import io.iftb.cache.codec.BarRow;
import io.iftb.cache.codec.GivenToCaches;
import io.iftb.cache.codec.KeyCodec;
import io.iftb.cache.codec.KryoCodec;
import io.iftb.cache.codec.ValueCodec;
import io.iftb.cache.market.BarKey;
import io.iftb.cache.market.DomainCache;
import io.iftb.cache.market.FearGreed;
import io.iftb.cache.market.OhlcvBar;
import io.iftb.cache.near.NearMap;
import io.iftb.cache.redis.RedisConnection;
import io.iftb.cache.settings.CacheOptions;
import io.iftb.cache.settings.CacheSettings;
import io.iftb.cache.settings.TrustRule;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;

/** Makes the stores of caches on one connection, each from its {@link CacheOptions}. */
public final class CacheStores {

    private final RedisConnection redis;
    private final Keys keys;
    private final CacheSettings settings;

    private final GivenToCaches given;
    private final SeriesDamage damage = new SeriesDamage();

    /** By the pattern of their keys: all stores of the same series know the same pages, and take turns. */
    private final Map<String, SeriesAccess> series = new ConcurrentHashMap<>();

    private final NearMaps near;

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
    }

    /** The names of the domain caches, and of all other caches that have entries on the server; a scan of its keys. */
    public CompletableFuture<Set<String>> names() {
        Set<String> domain = new TreeSet<>();
        for (DomainCache cache : DomainCache.values()) {
            domain.add(cache.cacheName());
        }
        return new CacheNames(redis, keys).addTo(domain);
    }

    /** What reads of candles have found lost or unreadable. */
    public SeriesDamage damage() {
        return damage;
    }

    /** The candles by series, under the keys of that cache. */
    public CandleStore candles(CacheOptions<?, ?> options) {
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
        ChangeChannel changes = new ChangeChannel(keys(options).changes(redis.database(), options.name()));
        return isCache(options, DomainCache.OHLCV)
                ? (CacheBackend<K, V>) openBars((CacheOptions<BarKey, OhlcvBar>) options, changes)
                : openEntries(options, changes);
    }

    private CacheBackend<BarKey, OhlcvBar> openBars(CacheOptions<BarKey, OhlcvBar> options, ChangeChannel changes) {
        BarEntryStore store = new BarEntryStore(candles(options), access(options), changes);
        NearSeries held = near.series(options, keys(options));
        if (held == null) {
            return CacheBackend.of(options, store, new BarValues(), null);
        }
        NearBars bars = new NearBars(redis, store, held, near.fences(options) != null);
        return CacheBackend.of(options, bars.store(), new BarValues(), bars);
    }

    private <K, V> CacheBackend<K, V> openEntries(CacheOptions<K, V> options, ChangeChannel changes) {
        KryoCodec kryo = kryo(options);
        EntryKeys<K> entryKeys = entryKeys(options, kryo);
        KeyedStore<K> store = new KeyedStore<>(redis, entryKeys, changes);
        ValueCodec<V> codec = kryo.values(options.valueType());
        NearMap<HeldEntry> map = near.entries(options, entryKeys.pattern());
        if (map == null) {
            return CacheBackend.of(options, store, codec, null);
        }
        NearEntries<K, V> held = new NearEntries<>(
                redis,
                store,
                entryKeys,
                codec,
                map,
                near.fences(options),
                NearMaps.near(options).maxAge());
        return CacheBackend.of(options, held.store(), codec, held);
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

    private KryoCodec kryo(CacheOptions<?, ?> options) {
        KryoCodec.Builder builder = KryoCodec.builder().trust(options.keyType(), options.valueType());
        ClassLoader classLoader = settings.classLoader();
        if (classLoader != null) {
            builder.classLoader(classLoader);
        }
        if (settings.trust() == TrustRule.GIVEN) {
            builder.trustGiven(given.of(keys(options).entries(options.name())));
        }
        settings.trusted().forEach(builder::trust);
        options.trusted().forEach(builder::trust);
        return builder.build();
    }

    private static final class BarValues implements ValueCodec<OhlcvBar> {

        @Override
        public byte[] encode(OhlcvBar bar) {
            return BarRow.value(bar);
        }

        @Override
        public OhlcvBar decode(byte[] value) {
            return BarRow.bar(value);
        }

        @Override
        public boolean needsNoTrust() {
            return true;
        }
    }
}
