package io.iftb.cache.store;

import io.iftb.cache.codec.BarRow;
import io.iftb.cache.market.BarKey;
import io.iftb.cache.market.OhlcvBar;
import io.iftb.cache.market.SeriesKey;
import io.iftb.cache.redis.Batch;
import io.iftb.cache.redis.Deadline;
import io.iftb.cache.redis.RedisConnection;
import io.iftb.cache.redis.ReplyFuture;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * Single bars out of the columns of their series. A read of a recent bar brings the newest bars of its series along, so that
 * the next ones are held.
 */
final class NearBars implements NearReads<BarKey, OhlcvBar>, Holding<BarKey> {

    /** Bars that a read of a single one brings along: 7 KiB, which the server sends as fast as one. */
    private static final int ALONG = 128;

    private final RedisConnection redis;
    private final EntryStore<BarKey> store;
    private final NearSeries near;
    private final boolean isFenced;

    /** @param isFenced whether all reads see what was acknowledged before them: then the server answers each */
    NearBars(RedisConnection redis, BarEntryStore store, NearSeries near, boolean isFenced) {
        this.redis = redis;
        this.store = new NearStore<>(store, this);
        this.near = near;
        this.isFenced = isFenced;
    }

    @Override
    public @Nullable OhlcvBar get(BarKey key) {
        HeldBars held = isFenced ? null : near.get(key.series());
        return held == null ? null : bar(held, key);
    }

    private static @Nullable OhlcvBar bar(HeldBars held, BarKey key) {
        int index = held.bars().indexOf(key.openTime());
        return index < 0 ? null : held.bars().bar(index);
    }

    private static byte @Nullable [] value(@Nullable HeldBars held, BarKey key) {
        OhlcvBar bar = held == null ? null : bar(held, key);
        return bar == null ? null : BarRow.value(bar);
    }

    /** Whether a bar is likely to be one of the newest, of which none are held. */
    private boolean isToBringAlong(BarKey key, long now) {
        long age = now - key.openTime();
        return age / ALONG <= key.timeframe().length().toMillis() && near.get(key.series()) == null;
    }

    @Override
    public CompletableFuture<byte @Nullable []> read(BarKey key) {
        if (isFenced
                || !near.isHearing(key.series())
                || !isToBringAlong(key, redis.clock().millis())) {
            return store.get(key, Lifetimes.KEEP);
        }
        Deadline budget = redis.deadline();
        return ReplyFuture.then(near.readIfBars(redis.within(budget), key.series(), ALONG), held -> {
            byte[] value = value(held, key);
            return value == null
                    ? store.within(budget).get(key, Lifetimes.KEEP)
                    : CompletableFuture.completedFuture(value);
        });
    }

    @Override
    public CompletableFuture<Map<BarKey, byte[]>> readAll(Collection<? extends BarKey> keys) {
        Map<SeriesKey, CompletableFuture<@Nullable HeldBars>> reads = new LinkedHashMap<>();
        long now = redis.clock().millis();
        Deadline budget = redis.deadline();
        Batch batch = redis.within(budget).batch();
        try {
            for (BarKey key : keys) {
                if (!isFenced
                        && near.isHearing(key.series())
                        && !reads.containsKey(key.series())
                        && isToBringAlong(key, now)) {
                    reads.put(key.series(), near.readIfBars(batch, key.series(), ALONG));
                }
            }
        } finally {
            batch.send(); // others may wait for what has begun
        }
        return reads.isEmpty()
                ? store.getAll(keys, Lifetimes.KEEP)
                : ReplyFuture.then(ReplyFuture.joined(List.copyOf(reads.values())), done -> rest(keys, reads, budget));
    }

    private CompletableFuture<Map<BarKey, byte[]>> rest(
            Collection<? extends BarKey> keys,
            Map<SeriesKey, CompletableFuture<@Nullable HeldBars>> reads,
            Deadline budget) {
        Map<BarKey, byte[]> found = new HashMap<>();
        List<BarKey> others = new ArrayList<>();
        for (BarKey key : keys) {
            CompletableFuture<@Nullable HeldBars> read = reads.get(key.series());
            byte[] value = read == null ? null : value(read.join(), key);
            if (value == null) {
                others.add(key);
            } else {
                found.put(key, value);
            }
        }
        return asked(others, budget).thenApply(more -> {
            found.putAll(more);
            Map<BarKey, byte[]> ordered = new LinkedHashMap<>();
            for (BarKey key : keys) {
                byte[] value = found.get(key);
                if (value != null) {
                    ordered.put(key, value);
                }
            }
            return ordered;
        });
    }

    /** One piece is part of what is left of the budget; several have one each. */
    private CompletableFuture<Map<BarKey, byte[]>> asked(List<BarKey> others, Deadline budget) {
        if (others.isEmpty()) {
            return CompletableFuture.completedFuture(Map.of());
        }
        EntryStore<BarKey> asking = others.size() <= Pieces.MAX_ENTRIES ? store.within(budget) : store;
        return asking.getAll(others, Lifetimes.KEEP);
    }

    /** Bars are held as columns, without what is left of their lifetimes: the server tells it. */
    @Override
    public CompletableFuture<EntryStore.@Nullable TimedValue> readTimed(BarKey key) {
        return store.getWithTtl(key);
    }

    @Override
    public @Nullable HeldValue<OhlcvBar> held(BarKey key) {
        OhlcvBar bar = get(key);
        return bar == null ? null : new HeldValue<>(bar, Lifetimes.ETERNAL);
    }

    /** The store behind which this holds bars. */
    EntryStore<BarKey> store() {
        return store;
    }

    @Override
    public void drop(BarKey key) {
        near.drop(key.series());
    }

    @Override
    public void dropAll() {
        near.dropAll();
    }

    @Override
    public void seen(BarKey key, byte @Nullable [] value) {
        near.seen(key.series(), held -> held.agreesWithBar(key.openTime(), value));
    }

    @Override
    public void present(BarKey key) {
        near.seen(key.series(), held -> held.mayHave(key.openTime()));
    }

    @Override
    public byte @Nullable [] stale(BarKey key, long maxAgeNanos) {
        return value(near.stale(key.series(), maxAgeNanos), key);
    }

    @Override
    public long ageNanos() {
        return near.ageNanos();
    }

    @Override
    public NearStatus status() {
        return near.status();
    }
}
