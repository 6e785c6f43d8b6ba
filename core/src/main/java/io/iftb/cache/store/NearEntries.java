package io.iftb.cache.store;

import io.iftb.cache.codec.CorruptValueException;
import io.iftb.cache.codec.ValueCodec;
import io.iftb.cache.near.DirectKeys;
import io.iftb.cache.near.NearMap;
import io.iftb.cache.near.SharedValues;
import io.iftb.cache.redis.Batch;
import io.iftb.cache.redis.Commands;
import io.iftb.cache.redis.RedisConnection;
import io.iftb.cache.redis.ReplyFuture;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** The near cache of entries that each have their own key on the server. */
final class NearEntries<K, V> implements NearReads<K, V> {

    private final RedisConnection redis;
    private final KeyedStore<K> store;
    private final EntryKeys<K> keys;
    private final ValueCodec<V> codec;
    private final NearMap<HeldEntry> map;
    private final long maxAgeNanos;

    NearEntries(
            RedisConnection redis,
            KeyedStore<K> store,
            EntryKeys<K> keys,
            ValueCodec<V> codec,
            NearMap<HeldEntry> map,
            Duration maxAge) {
        this.redis = redis;
        this.store = store;
        this.keys = keys;
        this.codec = codec;
        this.map = map;
        this.maxAgeNanos = maxAge.toNanos();
    }

    /** A key that is looked up by its text on the server. */
    private record TextKey(String redisKey) {}

    /** What a key is looked up by. */
    static <K> Object nearKey(K key, EntryKeys<K> keys) {
        return DirectKeys.isDirect(key) ? key : new TextKey(keys.redisKey(key));
    }

    @Override
    @SuppressWarnings("unchecked") // what is shared was decoded by this codec
    public @Nullable V get(K key) {
        Object nearKey = nearKey(key, keys);
        HeldEntry held = map.get(nearKey);
        if (held == null) {
            return null;
        }
        Object shared = held.value();
        return shared == null ? decode(nearKey, held) : (V) shared;
    }

    private @Nullable V decode(Object nearKey, HeldEntry held) {
        try {
            V value = codec.decode(held.bytes());
            if (SharedValues.isImmutable(value)) {
                held.share(value);
            }
            return value;
        } catch (CorruptValueException e) {
            map.drop(nearKey); // the read of the server tells the caller
            return null;
        }
    }

    @Override
    public CompletableFuture<byte @Nullable []> read(K key) {
        if (!map.isHearing()) {
            return store.get(key, Lifetimes.KEEP);
        }
        Batch batch = redis.batch();
        try {
            return read(batch, key);
        } finally {
            batch.send();
        }
    }

    private CompletableFuture<byte @Nullable []> read(Commands sending, K key) {
        CompletableFuture<@Nullable HeldEntry> read = map.read(
                nearKey(key, keys),
                keys.redisKey(key),
                began -> store.getTimed(sending, key).thenApply(found -> found == null ? null : held(began, found)));
        return read.thenApply(held -> held == null ? null : held.bytes());
    }

    /** A value without a lifetime left is not held, nor is one that no program of ours wrote. */
    private HeldEntry held(long began, EntryStore.TimedValue found) {
        long ttl = found.ttl();
        long lifetime = ttl == Lifetimes.ETERNAL ? maxAgeNanos : TimeUnit.MILLISECONDS.toNanos(Math.max(0, ttl));
        return new HeldEntry(began + Math.min(maxAgeNanos, lifetime), found.value());
    }

    @Override
    public CompletableFuture<Map<K, byte[]>> readAll(Collection<? extends K> all) {
        if (!map.isHearing()) {
            return store.getAll(all, Lifetimes.KEEP);
        }
        return Pieces.ofKeys(List.<K>copyOf(all)).send("read", this::readPiece).thenApply(pieces -> {
            Map<K, byte[]> found = new LinkedHashMap<>();
            pieces.forEach(found::putAll);
            return found;
        });
    }

    private CompletableFuture<Map<K, byte[]>> readPiece(List<K> piece) {
        List<CompletableFuture<byte @Nullable []>> reads = new ArrayList<>(piece.size());
        Batch batch = redis.batch();
        try {
            piece.forEach(key -> reads.add(read(batch, key)));
        } finally {
            batch.send(); // others may wait for what has begun
        }
        return ReplyFuture.all(reads).thenApply(values -> KeyedStore.present(piece, values));
    }

    @Override
    public NearStatus status() {
        return NearStatus.of(map);
    }
}
