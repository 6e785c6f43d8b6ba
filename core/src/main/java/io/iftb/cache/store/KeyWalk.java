package io.iftb.cache.store;

import io.iftb.cache.codec.ValueCodec;
import io.iftb.cache.market.SeriesKey;
import io.iftb.cache.redis.Batch;
import io.iftb.cache.redis.Command;
import io.iftb.cache.redis.KeyScan;
import io.iftb.cache.redis.RedisConnection;
import io.iftb.cache.redis.Reply;
import io.iftb.cache.redis.ReplyFuture;
import io.iftb.cache.redis.ScanPosition;
import io.iftb.cache.redis.WrongTypeException;
import io.iftb.cache.store.FoundKey.Measured;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * A walk over all keys of the namespace, which tells of each whose it is and, if wanted, what it takes. Keys that exist all
 * the time are found at least once. Not safe for use by several threads.
 */
public final class KeyWalk {

    private static final byte[] NOTHING = {};

    private final RedisConnection redis;
    private final Keys keys;
    private final CandleStore candles;
    private final KeyScan scan;

    /** The names of caches of which a value was seen. */
    private final Set<String> seen = new HashSet<>();

    KeyWalk(RedisConnection redis, Keys keys, CandleStore candles, ScanPosition from) {
        this.redis = redis;
        this.keys = keys;
        this.candles = candles;
        this.scan = redis.scan(keys.all(), from);
    }

    /** How many keys of the database a step looks at on average. */
    public static int step() {
        return KeyScan.STEP;
    }

    /** How far this has come, to go on from there later. */
    public ScanPosition position() {
        return scan.position();
    }

    /**
     * How often {@link #next} has begun the primary under way anew, since it was started meanwhile or a moment before: keys
     * of it are given again.
     */
    public int begunAnew() {
        return scan.begunAnew();
    }

    /**
     * The next keys, possibly none; null at the end. Two round trips, and one for each thousand keys.
     *
     * @param isMeasured whether keys of that owner are measured
     */
    public CompletableFuture<@Nullable List<FoundKey>> next(Predicate<KeyOwner> isMeasured) {
        return ReplyFuture.then(
                scan.next(),
                found -> found == null
                        ? CompletableFuture.completedFuture(null)
                        : Pieces.ofKeys(found)
                                .send("looked at", piece -> look(piece, isMeasured))
                                .thenApply(pieces ->
                                        pieces.stream().flatMap(List::stream).toList()));
    }

    private CompletableFuture<List<FoundKey>> look(List<String> redisKeys, Predicate<KeyOwner> isMeasured) {
        Batch batch = redis.batch();
        List<Look> looks = new ArrayList<>(redisKeys.size());
        for (String redisKey : redisKeys) {
            KeyOwner owner = keys.owner(redisKey);
            boolean isWanted = isMeasured.test(owner);
            boolean isSure = owner.kind() != KeyOwner.Kind.CACHE
                    || keys.isOfSeries(redisKey)
                    || (!isWanted && seen.contains(owner.name()));
            looks.add(new Look(
                    redisKey,
                    owner,
                    isSure ? null : start(batch, redisKey),
                    isWanted ? batch.read(Reply.INTEGER_OR_NIL, Command.MEMORY_USAGE, redisKey) : null,
                    isWanted ? batch.read(Reply.INTEGER, Command.PTTL, redisKey) : null,
                    describe(redisKey)));
        }
        batch.send();
        return ReplyFuture.joined(
                        looks.stream().flatMap(each -> each.all().stream()).toList())
                .thenApply(done ->
                        looks.stream().map(this::found).filter(Objects::nonNull).toList());
    }

    private static CompletableFuture<byte @Nullable []> start(Batch batch, String redisKey) {
        return Futures.ifForeign(batch.read(Reply.BYTES, Command.GETRANGE, redisKey, 0, 0), NOTHING);
    }

    private @Nullable CompletableFuture<CandleStore.@Nullable Description> describe(String redisKey) {
        SeriesKey series = keys.series(redisKey);
        return series == null
                ? null
                : candles.describe(series).exceptionally(error -> {
                    if (Futures.cause(error) instanceof WrongTypeException) {
                        return null;
                    }
                    throw Futures.wrapped(error);
                });
    }

    /** The questions about one key; those that need not be asked are null. */
    private record Look(
            String redisKey,
            KeyOwner owner,
            @Nullable CompletableFuture<byte @Nullable []> start,
            @Nullable CompletableFuture<@Nullable Long> bytes,
            @Nullable CompletableFuture<Long> pttl,
            @Nullable CompletableFuture<CandleStore.@Nullable Description> series) {

        List<CompletableFuture<?>> all() {
            List<CompletableFuture<?>> all = new ArrayList<>(4);
            for (CompletableFuture<?> each : new CompletableFuture<?>[] {start, bytes, pttl, series}) {
                if (each != null) {
                    all.add(each);
                }
            }
            return all;
        }
    }

    /** What was found; null if the key has gone meanwhile. */
    private @Nullable FoundKey found(Look look) {
        KeyOwner owner = look.owner();
        if (look.start() != null) {
            byte[] start = look.start().join();
            if (start == null || !ValueCodec.isStart(start)) {
                owner = KeyOwner.OTHERS;
            } else {
                seen.add(owner.name());
            }
        }
        Measured measured = null;
        if (look.bytes() != null && look.pttl() != null) {
            Long bytes = look.bytes().join();
            long pttl = look.pttl().join(); // -1 if it never ends, -2 if it is gone
            if (bytes == null || pttl < Lifetimes.ETERNAL) {
                return null;
            }
            measured = new Measured(bytes, pttl);
        }
        return new FoundKey(
                look.redisKey(),
                owner,
                measured,
                look.series() == null ? null : look.series().join());
    }
}
