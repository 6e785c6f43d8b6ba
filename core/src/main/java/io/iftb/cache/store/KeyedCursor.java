package io.iftb.cache.store;

import io.iftb.cache.redis.KeyScan;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A walk over the keys of a cache, which reads the values of those that it has not seen before. How many it reads at once
 * follows the size of those before, since nobody knows what the next ones have: about {@link Pieces#MAX_BYTES}. It goes on
 * when somebody has taken the entries of a page, so that none is lost by a failure or an interrupt of its caller.
 */
final class KeyedCursor<K> implements EntryStore.Cursor<K> {

    /** Values of the first reply, of which each may have some megabytes. */
    private static final int FIRST = 16;

    /** How many times as many the next reply may have, if they are small. */
    private static final int GROWTH = 8;

    private final TakenScan scan;
    private final EntryKeys<K> keys;
    private final Function<List<String>, CompletableFuture<List<byte @Nullable []>>> values;
    private final Set<String> seen = new HashSet<>();
    private List<String> unread = List.of();
    private int most = FIRST;

    /**
     * @param begin a scan from its start
     * @param values reads the values of keys on the server
     */
    KeyedCursor(
            Supplier<KeyScan> begin,
            EntryKeys<K> keys,
            Function<List<String>, CompletableFuture<List<byte @Nullable []>>> values) {
        this.scan = new TakenScan(begin);
        this.keys = keys;
        this.values = values;
    }

    @Override
    public CompletableFuture<EntryStore.@Nullable Page<K>> next() {
        if (unread.isEmpty()) {
            return scan.next().thenApply(found -> found == null ? null : () -> taken(found));
        }
        List<String> from = unread;
        List<String> piece = from.subList(0, Math.min(most, from.size()));
        return values.apply(piece).thenApply(read -> {
            Map<String, byte[]> present = KeyedStore.present(piece, read);
            return new DecodingPage<>(keys, present, () -> taken(from, piece.size(), present));
        });
    }

    /** The caller has keys whose values it then reads. */
    private List<Map.Entry<K, byte[]>> taken(List<String> found) {
        scan.taken();
        if (unread.isEmpty()) {
            unread = found.stream().filter(keys::isKey).filter(seen::add).toList();
        }
        return List.of();
    }

    /** The caller has the entries of the first of these keys. */
    private void taken(List<String> from, int count, Map<String, byte[]> present) {
        if (unread == from) {
            unread = from.subList(count, from.size());
            if (!present.isEmpty()) {
                most = next(count, present.values());
            }
        }
    }

    private int next(int size, Collection<byte[]> read) {
        long bytes = read.stream().mapToLong(value -> value.length).sum();
        int grown = size < most / 2 ? most : Math.min(most * GROWTH, Pieces.MAX_ENTRIES);
        return (int) Math.max(1, Math.min(grown, Pieces.MAX_BYTES * read.size() / Math.max(1, bytes)));
    }
}
