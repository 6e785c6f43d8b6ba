package io.iftb.cache.cli;

import io.iftb.cache.MarketCaches;
import io.iftb.cache.cli.MigrationCount.Fate;
import io.iftb.cache.codec.UntrustedClassException;
import io.iftb.cache.market.DomainCache;
import io.iftb.cache.redis.ReplyFuture;
import io.iftb.cache.store.CacheBackend;
import io.iftb.cache.store.EntryStore.Change;
import io.iftb.cache.store.Lifetimes;
import io.iftb.cache.store.PlainValue;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * Stores old entries of one cache in the new layout where it has none, and reads them back.
 *
 * @param kind of the entries in the report
 */
record OldEntries<K, V>(CacheBackend<K, V> cache, String kind, MigrationReport report) {

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

    /**
     * Moves entries.
     *
     * @param now what the server's clock shows
     * @return those that were read back equal
     */
    List<PlainValue> move(List<Entry> entries, long now) {
        Map<K, byte[]> encoded = new LinkedHashMap<>();
        List<Change<K>> changes = new ArrayList<>();
        for (Entry each : entries) {
            K key = cache.options().keyType().cast(each.key());
            byte[] value = encoded(each);
            if (value != null) {
                encoded.put(key, value);
                changes.add(new Change<>(key, null, value, lifetime(each.old().expires(), now)));
            }
        }
        List<CompletableFuture<Boolean>> stored = cache.exact().compareAndSetAll(changes);
        stored.forEach(each -> {
            var unused = ReplyFuture.await(each);
        });
        Map<K, byte[]> found = ReplyFuture.await(cache.exact().getAll(encoded.keySet(), Lifetimes.KEEP));
        List<PlainValue> equal = new ArrayList<>();
        for (Entry each : entries) {
            K key = cache.options().keyType().cast(each.key());
            byte[] wanted = encoded.get(key);
            if (wanted == null) {
                continue;
            }
            byte[] back = found.get(key);
            if (back == null) {
                report.absent(kind, each.old(), now);
            } else if (Arrays.equals(back, wanted)) {
                report.of(kind).add(Fate.EQUAL, 1);
                equal.add(each.old());
            } else {
                report.of(kind).add(Fate.DIFFERENT, 1);
            }
        }
        return equal;
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
