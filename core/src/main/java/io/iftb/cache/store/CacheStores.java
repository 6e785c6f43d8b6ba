package io.iftb.cache.store;

import io.iftb.cache.codec.BarRow;
import io.iftb.cache.codec.KeyCodec;
import io.iftb.cache.codec.KryoCodec;
import io.iftb.cache.codec.ValueCodec;
import io.iftb.cache.market.Analysis;
import io.iftb.cache.market.AnalysisKey;
import io.iftb.cache.market.BarKey;
import io.iftb.cache.market.OhlcvBar;
import io.iftb.cache.redis.RedisConnection;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Creates the stores of caches on one connection. */
public final class CacheStores {

    private static final Lifetimes ETERNAL = new Lifetimes(Lifetimes.ETERNAL, Lifetimes.ETERNAL);

    private final RedisConnection redis;
    private final Keys keys;
    private final SeriesScripts scripts;
    private final CandleStore candles;
    private final @Nullable ClassLoader classLoader;
    private final List<String> trusted;

    /**
     * @param namespace prefix of every key; may be empty
     * @param classLoader loads the classes of values; null for the default one
     * @param trusted names of classes that may be stored, or packages as {@code com.acme.*}
     */
    public CacheStores(
            RedisConnection redis, String namespace, @Nullable ClassLoader classLoader, List<String> trusted) {
        this(redis, new Keys(namespace), classLoader, trusted);
    }

    private CacheStores(RedisConnection redis, Keys keys, @Nullable ClassLoader classLoader, List<String> trusted) {
        this.redis = redis;
        this.keys = keys;
        this.scripts = new SeriesScripts(redis, keys);
        this.candles = new RedisCandleStore(scripts);
        this.classLoader = classLoader;
        this.trusted = trusted;
    }

    /**
     * The same on this connection, for caches with settings of their own.
     *
     * @param namespace prefix of their keys; null for the same namespace
     * @param more names of classes that may be stored in addition, or packages as {@code com.acme.*}
     */
    public CacheStores with(@Nullable String namespace, List<String> more) {
        List<String> all = Stream.concat(trusted.stream(), more.stream()).toList();
        return new CacheStores(redis, namespace == null ? keys : new Keys(namespace), classLoader, all);
    }

    /** The candles, by series. */
    public CandleStore candles() {
        return candles;
    }

    /** The same candles as a cache of single bars. */
    public StoredCache<BarKey, OhlcvBar> bars(String cacheName, Duration lifetime) {
        return cache(
                cacheName,
                BarKey.class,
                OhlcvBar.class,
                new BarEntryStore(candles, scripts, changes(cacheName)),
                new BarValues(),
                lifetime);
    }

    /** A cache with keys as readable text or as base64url of their bytes, depending on their type; eternal by default. */
    public <K, V> StoredCache<K, V> entries(
            String cacheName, Class<K> keyType, Class<V> valueType, @Nullable Duration lifetime) {
        KryoCodec kryo = kryo(keyType, valueType);
        EntryKeys<K> entryKeys = EntryKeys.texts(keys, cacheName, KeyCodec.of(keyType, kryo));
        return keyed(cacheName, keyType, valueType, entryKeys, kryo, lifetime);
    }

    /** A cache of analyses, whose keys on the server show the type of analysis. */
    public StoredCache<AnalysisKey, Analysis> analyses(String cacheName, Duration lifetime) {
        EntryKeys<AnalysisKey> entryKeys = EntryKeys.analyses(keys, cacheName);
        KryoCodec kryo = kryo(AnalysisKey.class, Analysis.class);
        return keyed(cacheName, AnalysisKey.class, Analysis.class, entryKeys, kryo, lifetime);
    }

    /** A cache in which the key {@code single} is stored under the name of the cache. */
    public <V> StoredCache<String, V> single(String cacheName, String single, Class<V> valueType, Duration lifetime) {
        KryoCodec kryo = kryo(String.class, valueType);
        EntryKeys<String> entryKeys = EntryKeys.single(keys, cacheName, single, KeyCodec.of(String.class, kryo));
        return keyed(cacheName, String.class, valueType, entryKeys, kryo, lifetime);
    }

    private KryoCodec kryo(Class<?> keyType, Class<?> valueType) {
        KryoCodec.Builder builder = KryoCodec.builder().trust(keyType, valueType);
        if (classLoader != null) {
            builder.classLoader(classLoader);
        }
        trusted.forEach(builder::trust);
        return builder.build();
    }

    private <K, V> StoredCache<K, V> keyed(
            String cacheName,
            Class<K> keyType,
            Class<V> valueType,
            EntryKeys<K> entryKeys,
            KryoCodec kryo,
            @Nullable Duration lifetime) {
        return cache(
                cacheName,
                keyType,
                valueType,
                new KeyedStore<>(redis, entryKeys, changes(cacheName)),
                kryo.values(valueType),
                lifetime);
    }

    private ChangeChannel changes(String cacheName) {
        return new ChangeChannel(keys.changes(redis.database(), cacheName));
    }

    private static <K, V> StoredCache<K, V> cache(
            String cacheName,
            Class<K> keyType,
            Class<V> valueType,
            EntryStore<K> store,
            ValueCodec<V> codec,
            @Nullable Duration lifetime) {
        Lifetimes lifetimes = lifetime == null ? ETERNAL : Lifetimes.of(lifetime);
        return new StoredCache<>(cacheName, keyType, valueType, store, codec, lifetimes, new CacheCounters());
    }

    private static final class BarValues implements ValueCodec<OhlcvBar> {

        @Override
        public byte[] encode(OhlcvBar bar) {
            return BarRow.value(Objects.requireNonNull(bar, "bar"));
        }

        @Override
        public OhlcvBar decode(byte[] value) {
            return BarRow.bar(value);
        }
    }
}
