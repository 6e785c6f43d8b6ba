package io.iftb.cache.store;

import io.iftb.cache.codec.CorruptValueException;
import io.iftb.cache.codec.ValueCodec;
import io.iftb.cache.settings.CacheExpiry;
import io.iftb.cache.settings.CacheExpiry.Kind;
import io.iftb.cache.settings.CacheOptions;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The backend of one cache: the store of its entries, the codec of its values, and its counters.
 *
 * @param options its name, its types and its settings
 * @param store stores entries as bytes
 * @param codec encodes values
 * @param lifetimes the lifetimes of an entry after a write, from the expiry of the options
 * @param access the lifetime of an entry after a read, from the same; {@link Lifetimes#KEEP} if reads do not change it
 * @param counters counts the reads
 * @param near answers reads that do not change the lifetime; null if this JVM holds no values of the cache
 * @param outage the same store, if reads miss and writes are dropped while the server is unavailable; null if they fail
 * @param flights compute missing entries once for all JVMs; null if each computes for itself
 * @param freshness what the remaining lifetime of an entry says
 * @param <K> the type of its keys
 * @param <V> the type of its values
 */
public record CacheBackend<K, V>(
        CacheOptions<K, V> options,
        EntryStore<K> store,
        ValueCodec<V> codec,
        Lifetimes lifetimes,
        long access,
        CacheCounters counters,
        @Nullable NearReads<K, V> near,
        @Nullable OutageStore<K> outage,
        @Nullable EntryFlights<K> flights,
        EntryFreshness freshness) {

    private static final Logger LOG = LoggerFactory.getLogger(CacheBackend.class);

    static <K, V> CacheBackend<K, V> of(
            CacheOptions<K, V> options,
            EntryStore<K> store,
            ValueCodec<V> codec,
            @Nullable NearReads<K, V> near,
            @Nullable OutageStore<K> outage,
            EntryFreshness freshness) {
        CacheExpiry expiry = options.expiry();
        long time = lifetime(expiry);
        Lifetimes writes = new Lifetimes(time, expiry.startsOnUpdate() ? time : Lifetimes.KEEP);
        long access = expiry.startsOnAccess() ? time : Lifetimes.KEEP;
        return new CacheBackend<>(
                options, store, codec, writes, access, new CacheCounters(), near, outage, null, freshness);
    }

    /** How long entries are fresh from a write on, at most; see {@link Lifetimes}. */
    static long lifetime(CacheExpiry expiry) {
        return expiry.kind() == Kind.ETERNAL ? Lifetimes.ETERNAL : Lifetimes.positiveMillis(expiry.time());
    }

    /** The store for those who must know what is there: it fails if the server is unavailable. */
    public EntryStore<K> exact() {
        return outage == null ? store : outage.exact();
    }

    /** The same cache, with missing entries computed once for all. */
    CacheBackend<K, V> with(EntryFlights<K> computing) {
        return new CacheBackend<>(
                options, store, codec, lifetimes, access, counters, near, outage, computing, freshness);
    }

    /** The same cache, counted where another view of it counts. */
    public CacheBackend<K, V> withCounters(CacheCounters shared) {
        return new CacheBackend<>(options, store, codec, lifetimes, access, shared, near, outage, flights, freshness);
    }

    /** The name of the cache. */
    public String name() {
        return options.name();
    }

    /**
     * Decodes an entry that was read, and counts a hit or a miss. Unreadable bytes count as a miss and are logged, at most
     * once in ten seconds.
     *
     * @param bytes as the store read them; null if there is no entry
     * @return the value; null if there is none
     */
    public @Nullable V read(K key, byte @Nullable [] bytes) {
        V value = decode(key, bytes);
        counted(value != null);
        return value;
    }

    /** Counts a read as a hit or a miss. */
    public void counted(boolean hit) {
        if (hit) {
            counters.hit();
        } else {
            counters.miss();
        }
    }

    /** Counts a read of an unreadable entry as a miss, and logs it at most once in ten seconds. */
    public void unreadable(Object key, @Nullable String why) {
        corrupt(key, why);
        counted(false);
    }

    /** Like {@link #read}, but counts no hit or miss. Unreadable bytes still count as corrupt. */
    public @Nullable V decode(K key, byte @Nullable [] bytes) {
        if (bytes == null) {
            return null;
        }
        try {
            return decode(bytes);
        } catch (CorruptValueException e) {
            corrupt(key, e.getMessage());
            return null;
        }
    }

    /**
     * Decodes an entry that was read, and counts nothing.
     *
     * @param bytes as the store read them
     * @throws CorruptValueException if they cannot be read; an {@link io.iftb.cache.codec.UntrustedValueException} if they
     *     can once this program has stored an object of their class
     */
    public V decode(byte[] bytes) {
        if (bytes == EntryStore.FOREIGN) {
            throw new CorruptValueException("its key on the server holds another type of value");
        }
        return codec.decode(bytes);
    }

    /** Counts an entry that could not be read, and logs it at most once in ten seconds. */
    public void corrupt(Object key, @Nullable String why) {
        if (counters.corruptEntry()) {
            LOG.warn("Entry {} of cache '{}' counts as a miss: {}", key, name(), why);
        }
    }
}
