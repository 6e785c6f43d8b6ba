package io.iftb.cache.store;

import io.iftb.cache.codec.CorruptValueException;
import io.iftb.cache.codec.ValueCodec;
import io.iftb.cache.near.DirectKeys;
import io.iftb.cache.near.KeyReader;
import io.iftb.cache.near.NearMap;
import io.iftb.cache.near.SharedValues;
import io.iftb.cache.redis.Batch;
import io.iftb.cache.redis.Command;
import io.iftb.cache.redis.Commands;
import io.iftb.cache.redis.Deadline;
import io.iftb.cache.redis.RedisConnection;
import io.iftb.cache.redis.Reply;
import io.iftb.cache.redis.ReplyFuture;
import io.iftb.cache.store.EntryStore.TimedValue;
import java.time.Duration;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The near cache of entries that each have their own key on the server. */
final class NearEntries<K, V> implements NearReads<K, V>, Holding<K> {

    private final RedisConnection redis;
    private final KeyedStore<K> store;

    /** The store for what is asked beside the map. */
    private final EntryStore<K> asked;

    private final EntryKeys<K> keys;
    private final ValueCodec<V> codec;
    private final NearMap<HeldEntry> map;
    private final @Nullable Fences fences;
    private final long maxAgeNanos;
    private final EntryFreshness freshness;

    /**
     * @param changing the same store for changes
     * @param fences for every read; null if none waits for them
     */
    NearEntries(
            RedisConnection redis,
            KeyedStore<K> store,
            EntryStore<K> changing,
            EntryKeys<K> keys,
            ValueCodec<V> codec,
            NearMap<HeldEntry> map,
            @Nullable Fences fences,
            Duration maxAge,
            EntryFreshness freshness) {
        this.redis = redis;
        this.store = store;
        this.asked = new NearStore<>(changing, this);
        this.keys = keys;
        this.codec = codec;
        this.map = map;
        this.fences = fences;
        this.maxAgeNanos = maxAge.toNanos();
        this.freshness = freshness;
        map.checkBy(new NearCheck<>(
                map,
                redis.tracking(),
                (redisKey, held) -> redis.read(Reply.BYTES, Command.GET, redisKey)
                        .thenApply(now -> Arrays.equals(now, held.bytes()))));
    }

    /** A key that is looked up by its text on the server. */
    private record TextKey(String redisKey) {}

    /** What a key is looked up by. */
    private Object nearKey(K key) {
        return DirectKeys.isDirect(key) ? key : new TextKey(keys.redisKey(key));
    }

    @Override
    public void drop(K key) {
        map.drop(nearKey(key));
    }

    @Override
    public void dropAll() {
        map.dropAll();
    }

    @Override
    public void seen(K key, byte @Nullable [] value) {
        map.seen(nearKey(key), held -> Arrays.equals(held.bytes(), value));
    }

    @Override
    public void present(K key) {
        map.seen(nearKey(key), held -> true);
    }

    @Override
    public byte @Nullable [] stale(K key, long maxAgeNanos) {
        HeldEntry held = map.stale(nearKey(key), maxAgeNanos);
        return held == null ? null : held.bytes();
    }

    @Override
    public long ageNanos() {
        return map.ageNanos();
    }

    @Override
    public @Nullable V get(K key) {
        if (fences != null) {
            return null;
        }
        Object nearKey = nearKey(key);
        HeldEntry held = map.get(nearKey);
        return held == null ? null : value(nearKey, held);
    }

    @SuppressWarnings("unchecked") // what is shared was decoded by this codec
    private @Nullable V value(Object nearKey, HeldEntry held) {
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
    public @Nullable HeldValue<V> held(K key) {
        Object nearKey = nearKey(key);
        HeldEntry held = fences != null ? null : map.get(nearKey);
        V value = held == null ? null : value(nearKey, held);
        return held == null || value == null
                ? null
                : new HeldValue<>(value, held.timed().ttl());
    }

    @Override
    public CompletableFuture<byte @Nullable []> read(K key) {
        return map.isHearing()
                ? readHolding(key).thenApply(held -> held == null ? null : held.bytes())
                : asked.get(key, Lifetimes.KEEP);
    }

    @Override
    public CompletableFuture<@Nullable TimedValue> readTimed(K key) {
        return map.isHearing()
                ? readHolding(key).thenApply(held -> held == null ? null : held.timed())
                : asked.getWithTtl(key);
    }

    private CompletableFuture<@Nullable HeldEntry> readHolding(K key) {
        Fences wait = fences;
        if (wait == null) {
            return inBatch(redis.batch(), batch -> read(batch, key, NearMap.ANY_TIME));
        }
        return wait.then(
                redis.deadline(),
                since -> inBatch(redis.batch(), batch -> read(batch, key, since)),
                deadline -> asked.within(deadline).getWithTtl(key).thenApply(this::notHeld));
    }

    private @Nullable HeldEntry notHeld(@Nullable TimedValue found) {
        long now = System.nanoTime();
        return found == null ? null : new HeldEntry(now, found, now);
    }

    private static <T> T inBatch(Batch batch, Function<Batch, T> reads) {
        try {
            return reads.apply(batch);
        } finally {
            batch.send(); // others may wait for what has begun
        }
    }

    /** What is held, or what a read that began at {@code since} or later brings. */
    private CompletableFuture<@Nullable HeldEntry> read(Commands sending, K key, long since) {
        Object nearKey = nearKey(key);
        HeldEntry here = map.get(nearKey);
        if (here != null) {
            return CompletableFuture.completedFuture(here);
        }
        return map.read(nearKey, keys.redisKey(key), since, new EntryReader(sending, key));
    }

    private class EntryReader implements KeyReader<HeldEntry> {

        private final Commands sending;
        private final K key;

        EntryReader(Commands sending, K key) {
            this.sending = sending;
            this.key = key;
        }

        @Override
        public CompletableFuture<@Nullable HeldEntry> send(long began) {
            return store.getTimed(sending, key).thenApply(found -> found == null ? null : holding(began, found));
        }

        @Override
        public boolean isSame(HeldEntry held, HeldEntry brought) {
            return Arrays.equals(held.bytes(), brought.bytes());
        }

        @Override
        public EntryReader later() {
            Deadline deadline = redis.deadline();
            return new EntryReader(redis, key) {
                @Override
                public CompletableFuture<@Nullable HeldEntry> send(long began) {
                    return inBatch(redis.batch(), batch -> new EntryReader(batch, key).send(began));
                }

                @Override
                public CompletableFuture<@Nullable HeldEntry> joining(CompletableFuture<@Nullable HeldEntry> read) {
                    return SharedRead.within(redis, deadline, read);
                }
            };
        }
    }

    /** A value that is no longer fresh is not held, nor is one that no program of ours wrote. */
    private HeldEntry holding(long began, TimedValue found) {
        long ttl = found.ttl();
        long lifetime =
                ttl == Lifetimes.ETERNAL ? maxAgeNanos : TimeUnit.MILLISECONDS.toNanos(freshness.holdMillis(ttl));
        return new HeldEntry(began + Math.min(maxAgeNanos, lifetime), found, began);
    }

    @Override
    public CompletableFuture<Map<K, byte[]>> readAll(Collection<? extends K> all) {
        if (!map.isHearing()) {
            return asked.getAll(all, Lifetimes.KEEP);
        }
        Fences wait = fences;
        return Pieces.ofKeys(List.<K>copyOf(all))
                .send("read", piece -> wait == null ? readPiece(piece, NearMap.ANY_TIME) : readFenced(piece, wait))
                .thenApply(pieces -> {
                    Map<K, byte[]> found = new LinkedHashMap<>();
                    pieces.forEach(found::putAll);
                    return found;
                });
    }

    private CompletableFuture<Map<K, byte[]>> readFenced(List<K> piece, Fences wait) {
        return wait.then(
                redis.deadline(),
                since -> readPiece(piece, since),
                deadline -> asked.within(deadline).getAll(piece, Lifetimes.KEEP));
    }

    private CompletableFuture<Map<K, byte[]>> readPiece(List<K> piece, long since) {
        List<CompletableFuture<@Nullable HeldEntry>> reads = inBatch(
                redis.batch(),
                batch -> piece.stream().map(key -> read(batch, key, since)).toList());
        return ReplyFuture.all(reads).thenApply(all -> {
            Map<K, byte[]> present = new LinkedHashMap<>();
            for (int i = 0; i < all.size(); i++) {
                HeldEntry held = all.get(i);
                if (held != null) {
                    present.put(piece.get(i), held.bytes());
                }
            }
            return present;
        });
    }

    /** The store behind which this holds entries. */
    EntryStore<K> store() {
        return asked;
    }

    @Override
    public NearStatus status() {
        return NearStatus.of(map, redis.tracking());
    }
}
