package io.iftb.cache.cli;

import io.iftb.cache.MarketCaches;
import io.iftb.cache.cli.MigrationCount.Fate;
import io.iftb.cache.codec.UntrustedClassException;
import io.iftb.cache.market.DomainCache;
import io.iftb.cache.redis.ReplyFuture;
import io.iftb.cache.redis.WrongTypeException;
import io.iftb.cache.store.CacheBackend;
import io.iftb.cache.store.CandleStore;
import io.iftb.cache.store.EntryStore.Change;
import io.iftb.cache.store.EntryStore.TimedValue;
import io.iftb.cache.store.Lifetimes;
import io.iftb.cache.store.PlainValue;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Stores old entries of one cache in the new layout where it has none, and reads them back.
 *
 * @param kind of the entries in the report
 */
record OldEntries<K, V>(CacheBackend<K, V> cache, String kind, MigrationReport report) {

    private static final String TICKER = DomainCache.TICKER.cacheName();

    /**
     * An entry that was read.
     *
     * @param old where it comes from
     */
    record Entry(Object key, Object value, PlainValue old) {}

    /** The entries of a domain cache. */
    static OldEntries<?, ?> of(MarketCaches caches, DomainCache cache, MigrationReport report) {
        return new OldEntries<>(
                caches.backend(cache.cacheName(), cache.keyType(), cache.valueType()), cache.cacheName(), report);
    }

    /** An entry that can be stored. */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    private record Encoded<T>(T key, byte[] value, PlainValue old) {}

    /**
     * Moves entries.
     *
     * @param now what the server's clock shows
     * @return those that were read back equal, and end no earlier than the old ones
     */
    List<PlainValue> move(List<Entry> entries, long now) {
        List<Encoded<K>> encoded = new ArrayList<>();
        for (Entry each : entries) {
            K key = cache.options().keyType().cast(each.key());
            byte[] value = encoded(each);
            if (value != null) {
                encoded.add(new Encoded<>(key, value, each.old()));
            }
        }
        return store(encoded, now);
    }

    private List<PlainValue> store(List<Encoded<K>> entries, long now) {
        if (entries.isEmpty()) {
            return List.of();
        }
        try {
            List<Change<K>> changes = entries.stream()
                    .map(each -> new Change<>(
                            each.key(), null, each.value(), lifetime(each.old().expires(), now)))
                    .toList();
            cache.exact().compareAndSetAll(changes).forEach(each -> {
                var unused = ReplyFuture.await(each);
            });
        } catch (IllegalArgumentException | UntrustedClassException | WrongTypeException e) {
            return oneByOne(entries, now, e); // a key that cannot be stored, or that others have
        }
        return compare(entries, now);
    }

    private List<PlainValue> oneByOne(List<Encoded<K>> entries, long now, RuntimeException why) {
        if (entries.size() == 1) {
            Fate fate = why instanceof WrongTypeException ? Fate.DIFFERENT : Fate.UNREADABLE;
            report.refused(kind, entries.get(0).old().redisKey(), fate, why.getMessage());
            return List.of();
        }
        return entries.stream()
                .flatMap(each -> store(List.of(each), now).stream())
                .toList();
    }

    private List<PlainValue> compare(List<Encoded<K>> entries, long now) {
        Map<K, TimedValue> found = found(entries.stream().map(Encoded::key).collect(Collectors.toSet()));
        List<PlainValue> equal = new ArrayList<>();
        for (Encoded<K> each : entries) {
            TimedValue back = found.get(each.key());
            if (back == null) {
                report.absent(kind, each.old(), now);
            } else if (Arrays.equals(back.value(), each.value())) {
                report.of(kind).add(Fate.EQUAL, 1);
                if (isLasting(back.ttl(), lifetime(each.old().expires(), now))) {
                    equal.add(each.old());
                }
            } else if (kind.equals(TICKER)) {
                report.of(kind).add(Fate.DIFFERENT, 1); // bots write tickers all the time
            } else {
                report.refused(
                        kind, each.old().redisKey(), Fate.DIFFERENT, "the new layout has another value, which stayed");
            }
        }
        return equal;
    }

    /** Reads entries back, all on their way at once. */
    private Map<K, TimedValue> found(Set<K> keys) {
        Map<K, CompletableFuture<@Nullable TimedValue>> reads = new LinkedHashMap<>();
        keys.forEach(key -> reads.put(key, cache.exact().getWithTtl(key)));
        Map<K, TimedValue> found = new HashMap<>();
        reads.forEach((key, read) -> {
            TimedValue value = ReplyFuture.await(read);
            if (value != null) {
                found.put(key, value);
            }
        });
        return found;
    }

    /** Whether an entry ends no earlier than wanted. The server keeps it for a while after its end. */
    private boolean isLasting(long ttl, long wanted) {
        long kept = cache.freshness().options().keptMillis();
        return ttl == Lifetimes.ETERNAL
                || (wanted != Lifetimes.ETERNAL && ttl - kept >= wanted - CandleStore.SAME_EXPIRY_MILLIS);
    }

    /** The bytes of a value; null if it cannot be stored. */
    private byte @Nullable [] encoded(Entry entry) {
        try {
            return cache.codec().encode(cache.options().valueType().cast(entry.value()));
        } catch (IllegalArgumentException | UntrustedClassException e) {
            report.refused(kind, entry.old().redisKey(), Fate.UNREADABLE, e.getMessage());
            return null;
        }
    }

    private static long lifetime(long expires, long now) {
        return expires == Long.MAX_VALUE ? Lifetimes.ETERNAL : Math.max(1, expires - now);
    }
}
