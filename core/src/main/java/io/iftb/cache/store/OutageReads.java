package io.iftb.cache.store;

import io.iftb.cache.redis.ReplyFuture;
import io.iftb.cache.store.EntryStore.TimedValue;
import java.util.Collection;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * Near reads that first have removed what was dropped in an outage, and perhaps miss while the server is unavailable. What this
 * JVM holds it gives on, as long as near caches may: whatever drops a change drops what is held of it too.
 */
final class OutageReads<K, V> implements NearReads<K, V> {

    private final NearReads<K, V> near;
    private final @Nullable OutageStore<K> outage;
    private final DroppedKeys<K, ?, ?> dropped;

    /** @param outage makes misses of failures; null if they stay failures */
    OutageReads(NearReads<K, V> near, @Nullable OutageStore<K> outage, DroppedKeys<K, ?, ?> dropped) {
        this.near = near;
        this.outage = outage;
        this.dropped = dropped;
    }

    @Override
    public @Nullable V get(K key) {
        return near.get(key);
    }

    @Override
    public CompletableFuture<byte @Nullable []> read(K key) {
        CompletableFuture<byte @Nullable []> read =
                dropped.isEmpty() ? near.read(key) : ReplyFuture.then(dropped.settled(key), done -> near.read(key));
        OutageStore<K> missing = outage;
        return missing == null ? read : read.exceptionally(error -> missing.answer(error, key));
    }

    /** What this JVM gives for a server that cannot be asked is given without trying to load it anew. */
    @Override
    public CompletableFuture<@Nullable TimedValue> readTimed(K key) {
        CompletableFuture<@Nullable TimedValue> read = dropped.isEmpty()
                ? near.readTimed(key)
                : ReplyFuture.then(dropped.settled(key), done -> near.readTimed(key));
        OutageStore<K> missing = outage;
        return missing == null
                ? read
                : read.exceptionally(error -> {
                    byte[] stale = missing.answer(error, key);
                    return stale == null ? null : TimedValue.held(stale);
                });
    }

    @Override
    public @Nullable HeldValue<V> held(K key) {
        return near.held(key);
    }

    @Override
    public CompletableFuture<Map<K, byte[]>> readAll(Collection<? extends K> keys) {
        CompletableFuture<Map<K, byte[]>> read = dropped.isEmpty()
                ? near.readAll(keys)
                : ReplyFuture.then(dropped.settled(keys), done -> near.readAll(keys));
        OutageStore<K> missing = outage;
        return missing == null ? read : read.exceptionally(error -> missing.answers(error, keys));
    }

    @Override
    public void dropAll() {
        near.dropAll();
    }

    @Override
    public NearStatus status() {
        return near.status();
    }
}
