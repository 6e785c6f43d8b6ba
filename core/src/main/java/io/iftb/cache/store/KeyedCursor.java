package io.iftb.cache.store;

import io.iftb.cache.redis.KeyScan;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** A walk over the keys of a cache, which reads the values of those that it has not seen before. */
final class KeyedCursor<K> implements EntryStore.Cursor<K> {

    private final KeyScan scan;
    private final EntryKeys<K> keys;
    private final Function<List<String>, CompletableFuture<List<byte @Nullable []>>> values;
    private final Set<String> seen = new HashSet<>();

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
        return scan.next().thenCompose(found -> {
            if (found == null) {
                return CompletableFuture.completedFuture(null);
            }
            List<String> fresh =
                    found.stream().filter(keys::isKey).filter(seen::add).toList();
            return Pieces.ofKeys(fresh)
                    .send("read", piece -> values.apply(piece).thenApply(read -> KeyedStore.present(piece, read)))
                    .thenApply(pieces -> new DecodingPage<>(keys, pieces));
        });
    }
}
