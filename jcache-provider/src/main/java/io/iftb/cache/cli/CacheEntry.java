package io.iftb.cache.cli;

import io.iftb.cache.MarketCaches;
import io.iftb.cache.codec.CorruptValueException;
import io.iftb.cache.codec.UntrustedValueException;
import io.iftb.cache.market.BarKey;
import io.iftb.cache.market.DomainCache;
import io.iftb.cache.market.OhlcvBar;
import io.iftb.cache.market.SeriesKey;
import io.iftb.cache.redis.ReplyFuture;
import io.iftb.cache.store.CacheBackend;
import io.iftb.cache.store.EntryStore;
import io.iftb.cache.store.EntryStore.Change;
import io.iftb.cache.store.EntryStore.Condition;
import io.iftb.cache.store.EntryStore.TimedValue;
import io.iftb.cache.store.Lifetimes;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * One entry of a cache, by the name that a user wrote.
 *
 * @param <K> the type of the keys
 * @param <V> the type of the values
 */
final class CacheEntry<K, V> {

    private static final int MOST_TRIES = 100;
    private static final long SECOND = 1_000;

    private final CacheBackend<K, V> cache;
    private final K key;
    private final String name;
    private final String server;

    private CacheEntry(CacheBackend<K, V> cache, K key, String name, String server) {
        this.cache = cache;
        this.key = key;
        this.name = name;
        this.server = server;
    }

    /**
     * The entry of a name.
     *
     * @param valueType of a cache that is no domain cache
     * @throws CommandFailure if the name is that of a series that has no bars
     */
    static CacheEntry<?, ?> named(EntryName name, ServerSession session, Class<?> valueType) {
        MarketCaches caches = session.caches();
        if (name.isSeries()) {
            SeriesKey series = name.series();
            OhlcvBar newest =
                    caches.ohlcv().latestBar(series).orElseThrow(() -> nothing(name.toString(), session.name()));
            return of(
                    caches.backend(name.cache(), BarKey.class, OhlcvBar.class),
                    BarKey.of(series, newest.openTime()),
                    name,
                    session);
        }
        DomainCache domain = name.domain().orElse(null);
        return domain == null
                ? of(caches.backend(name.cache(), String.class, valueType), name.key(), name, session)
                : of(caches.backend(name.cache(), domain.keyType(), domain.valueType()), name.key(), name, session);
    }

    private static <K, V> CacheEntry<K, V> of(
            CacheBackend<K, V> cache, Object key, EntryName name, ServerSession session) {
        return new CacheEntry<>(cache, cache.options().keyType().cast(key), name.toString(), session.name());
    }

    private static CommandFailure nothing(String name, String server) {
        return CommandFailure.trouble(
                "there is no entry " + name + " on " + server + "; it was never stored, or its lifetime has ended");
    }

    /** The key of the entry, of a series that of its newest bar. */
    K key() {
        return key;
    }

    /**
     * The bytes and the remaining lifetime of the entry.
     *
     * @throws CommandFailure if there is none, or another program stored what is there
     */
    TimedValue read() {
        TimedValue read = ReplyFuture.await(cache.exact().getWithTtl(key));
        if (read == null) {
            throw nothing(name, server);
        }
        if (read.value() == EntryStore.FOREIGN) {
            throw CommandFailure.trouble("entry " + name + " on " + server
                    + " holds another type of value than a cache writes; another program stored it, rename or delete"
                    + " its key");
        }
        return read;
    }

    /**
     * The value of some bytes.
     *
     * @throws CommandFailure if they cannot be read here
     */
    V decode(byte[] bytes) {
        try {
            return cache.decode(bytes);
        } catch (UntrustedValueException e) {
            throw CommandFailure.trouble("entry " + name + " cannot be read here: " + e.getMessage()
                    + "; on the command line, add the jar of the class to the class path (java -cp"
                    + " iftb-cache.jar:yours.jar " + Main.class.getName() + " get …), and name the class with --type");
        } catch (CorruptValueException e) {
            throw CommandFailure.trouble("entry " + name + " on " + server + " cannot be read: " + e.getMessage());
        }
    }

    /** How much of its lifetime is left to what was read, without the time for which the server keeps what has ended. */
    long left(TimedValue read) {
        return read.ttl() == Lifetimes.ETERNAL
                ? Lifetimes.ETERNAL
                : Math.max(
                        Lifetimes.EXPIRED,
                        read.ttl() - cache.freshness().options().keptMillis());
    }

    /** Stores a value, which has the type of the cache. */
    void put(Object value, @Nullable Duration lifetime) {
        Lifetimes lifetimes = lifetime == null ? cache.lifetimes() : Lifetimes.of(lifetime);
        byte[] bytes = cache.codec().encode(cache.options().valueType().cast(value));
        var unused = ReplyFuture.await(cache.exact().put(key, bytes, lifetimes, Condition.ANY));
    }

    /**
     * Sets the lifetime from now on, whatever the value is by then.
     *
     * @return what is left of it, which is less than that if the settings of the cache shorten it
     * @throws CommandFailure if there is no entry, or others change it all the time
     */
    long live(Duration lifetime) {
        long millis = Lifetimes.positiveMillis(lifetime);
        for (int i = 0; i < MOST_TRIES; i++) {
            byte[] bytes = read().value();
            if (ReplyFuture.await(cache.exact().compareAndSet(new Change<>(key, bytes, bytes, millis)))) {
                TimedValue set = ReplyFuture.await(cache.exact().getWithTtl(key));
                return set == null ? Lifetimes.EXPIRED : left(set);
            }
        }
        throw CommandFailure.trouble(
                "others change entry " + name + " all the time; its lifetime was not set, try again");
    }

    /** A remaining lifetime in words, to the nearest second. */
    static String text(long millis) {
        if (millis == Lifetimes.ETERNAL) {
            return "never ends";
        }
        if (millis == Lifetimes.EXPIRED) {
            return "ended";
        }
        return Lifetime.text(Duration.ofMillis(millis < SECOND ? millis : (millis + SECOND / 2) / SECOND * SECOND));
    }

    /** A remaining lifetime as a number of JSON, in milliseconds; null if it never ends. */
    static @Nullable Long json(long millis) {
        return millis == Lifetimes.ETERNAL ? null : Long.valueOf(millis);
    }

    /** The lifetime that a user wrote; null if none. */
    static @Nullable Duration lifetime(@Nullable String text) {
        return text == null ? null : Lifetime.parse(text);
    }
}
