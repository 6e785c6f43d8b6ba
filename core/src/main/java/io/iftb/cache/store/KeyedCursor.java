package io.iftb.cache.store;

import io.iftb.cache.redis.KeyScan;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A walk over the keys of a cache, which reads the values of those that it has not seen before. How many it reads at once
 * follows the size of those before, since nobody knows what the next ones have: about {@link Pieces#MAX_BYTES}.
 */
final class KeyedCursor<K> implements EntryStore.Cursor<K> {

    /** Values of the first reply, of which each may have some megabytes. */
    private static final int FIRST = 16;

    /** How many times as many the next reply may have, if they are small. */
    private static final int GROWTH = 8;

    private final KeyScan scan;
    private final EntryKeys<K> keys;
    private final Function<List<String>, CompletableFuture<List<byte @Nullable []>>> values;
    private final Set<String> seen = new HashSet<>();
    private List<String> unread = List.of();
    private int most = FIRST;

    /** @param values reads the values of keys on the server */
    KeyedCursor(
            KeyScan scan,
            EntryKeys<K> keys,
            Function<List<String>, CompletableFuture<List<byte @Nullable []>>> values) {
        this.scan = scan;
        this.keys = keys;
        this.values = values;
    }

    @Override
    public CompletableFuture<EntryStore.@Nullable Page<K>> next() {
        if (!unread.isEmpty()) {
            return read();
        }
        return scan.next().thenCompose(found -> {
            if (found == null) {
                return CompletableFuture.completedFuture(null);
            }
            unread = found.stream().filter(keys::isKey).filter(seen::add).toList();
            return read();
        });
    }

    private CompletableFuture<EntryStore.@Nullable Page<K>> read() {
        if (unread.isEmpty()) {
            return CompletableFuture.completedFuture(new DecodingPage<>(keys, List.of()));
        }
        List<String> piece = unread.subList(0, Math.min(most, unread.size()));
        return values.apply(piece).thenApply(read -> {
            unread = unread.subList(piece.size(), unread.size()); // not before: a walk may go on after a failure
            Map<String, byte[]> present = KeyedStore.present(piece, read);
            if (!present.isEmpty()) {
                most = next(piece.size(), present.values());
            }
            return new DecodingPage<>(keys, List.of(present));
        });
    }

    private int next(int size, Collection<byte[]> read) {
        long bytes = read.stream().mapToLong(value -> value.length).sum();
        int grown = size < most / 2 ? most : Math.min(most * GROWTH, Pieces.MAX_ENTRIES);
        return (int) Math.max(1, Math.min(grown, Pieces.MAX_BYTES * read.size() / Math.max(1, bytes)));
    }
}
