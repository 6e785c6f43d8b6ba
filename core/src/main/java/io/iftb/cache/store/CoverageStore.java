package io.iftb.cache.store;

import io.iftb.cache.market.BarSeries;
import io.iftb.cache.market.Coverage;
import io.iftb.cache.market.Coverage.Range;
import io.iftb.cache.market.SeriesKey;
import io.iftb.cache.redis.Commands;
import io.iftb.cache.redis.RedisConnection;
import io.iftb.cache.redis.Reply;
import io.iftb.cache.redis.ReplyFuture;
import io.iftb.cache.redis.Script;
import io.iftb.cache.redis.Subscription;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The candles of series together with their coverage, and the leases of those who fetch. A write of bars that were fetched
 * and of what they cover is one step, and is made only while its lease holds. Safe for use by several threads.
 */
public final class CoverageStore {

    private static final Script LOAD = SeriesScripts.loadChange("load_bars.lua");
    private static final byte[] NO_VALUES = {};
    private static final byte[] NO_TOKEN = new byte[Long.BYTES];

    private final RedisConnection redis;
    private final SeriesAccess access;
    private final SeriesScripts scripts;
    private final DroppedChanges<SeriesKey, TimeRanges> dropped;
    private final @Nullable NearSeries near;
    private final String channel;
    private final SeriesLeases leases;
    private final CoverageReads reads;
    private final @Nullable HeldCoverage held;

    /**
     * @param near what this JVM holds of the series; null for nothing
     * @param fences for every read; null if none waits for them. With them the server answers each
     */
    CoverageStore(
            RedisConnection redis,
            SeriesAccess access,
            DroppedChanges<SeriesKey, TimeRanges> dropped,
            @Nullable NearSeries near,
            @Nullable Fences fences) {
        this.redis = redis;
        this.access = access;
        this.scripts = access.scripts();
        this.dropped = dropped;
        this.near = near;
        this.channel = scripts.keys().fetched(redis.database());
        this.leases = new SeriesLeases(redis, scripts, channel);
        this.reads = new CoverageReads(redis, access, near);
        this.held = near == null || fences != null ? null : new HeldCoverage(redis, near, this::coverage);
    }

    /**
     * What became of the wish for a lease.
     *
     * @param lease that was taken; null if none was
     * @param heldMillis how long others have leases on what is not covered, at most; 0 if all is covered
     */
    public record LeaseAnswer(@Nullable Lease lease, long heldMillis) {

        /** Whether nothing is to be fetched. */
        public boolean isCovered() {
            return lease == null && heldMillis == 0;
        }
    }

    /**
     * The right to fetch a part of a series, until it is used, given back, not extended in time, or taken away.
     *
     * @param token names it
     * @param range what to fetch
     */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    public record Lease(SeriesKey series, byte[] token, Range range) {}

    /** How a lease is taken. */
    public enum Taking {
        /** what nobody else has a lease on, and is not covered */
        TAKE,
        /** all of it: other leases end, and what they fetch is not stored */
        STEAL
    }

    /**
     * A bar that is open when a range is to be fetched.
     *
     * @param openTime epoch milliseconds; {@link Long#MAX_VALUE} if the range has none
     * @param maxAgeMillis how old what is stored of it may be
     */
    public record OpenBar(long openTime, long maxAgeMillis) {}

    /** The time of the server of a series, epoch milliseconds. */
    public long now(SeriesKey series) {
        return scripts.now(series);
    }

    /** The newest bars if this JVM holds them with their coverage; else null. */
    public @Nullable Covered held(SeriesKey series, int limit) {
        return held == null || !dropped.isEmpty() ? null : held.get(series, bars -> bars.latest(limit));
    }

    /** The newest bars of a range if this JVM holds them with their coverage; else null. */
    public @Nullable Covered held(SeriesKey series, long from, long to, int limit) {
        return held == null || !dropped.isEmpty() ? null : held.get(series, bars -> bars.range(from, to, limit));
    }

    /** Begins to hold the newest bars with their coverage, if this JVM may hold them. */
    public void hold(SeriesKey series, int limit) {
        if (held != null) {
            held.hold(series, limit);
        }
    }

    /** The newest bars, by two plain commands of one round trip if the head has them. */
    public CompletableFuture<Covered> latest(SeriesKey series, int limit) {
        return settled(series, commands -> reads.latest(commands, series, limit));
    }

    /** The newest bars of many series, in one batch. */
    public Map<SeriesKey, CompletableFuture<Covered>> latest(Collection<SeriesKey> universe, int limit) {
        if (dropped.isEmpty() && limit <= SeriesReader.HEAD_MIN_ROWS) {
            return reads.latest(universe, limit);
        }
        Map<SeriesKey, CompletableFuture<Covered>> each = new LinkedHashMap<>();
        universe.forEach(series -> each.computeIfAbsent(series, key -> latest(key, limit)));
        return each;
    }

    /** The newest bars of a range of time, see {@link CandleStore#range}. */
    public CompletableFuture<Covered> range(SeriesKey series, long from, long to, int limit) {
        return settled(series, commands -> reads.range(commands, new SeriesReader.Range(series, from, to, limit)));
    }

    /** What has been fetched of a series. */
    public CompletableFuture<Coverage> coverage(SeriesKey series) {
        return latest(series, 1).thenApply(Covered::coverage);
    }

    /**
     * Asks for a lease on the first part of a range that is neither covered nor leased.
     *
     * @param lifetimeMillis how long it lives unless it is extended
     */
    public CompletableFuture<LeaseAnswer> lease(
            SeriesKey series, Range range, OpenBar open, long lifetimeMillis, Taking taking) {
        return settled(
                series, commands -> leases.take(redis.timed(commands), series, range, open, lifetimeMillis, taking));
    }

    /** Extends a lease; completes with whether it was there. */
    public CompletableFuture<Boolean> extend(Lease lease, long lifetimeMillis) {
        return leases.keep(lease, lifetimeMillis);
    }

    /** Gives a lease back, and wakes those who wait for it. */
    public CompletableFuture<Boolean> giveBack(Lease lease) {
        return leases.keep(lease, 0);
    }

    /**
     * Stores what was fetched: the bars, and what they cover; the lease ends with it. Those who wait for it are woken.
     *
     * @param bars at most {@link CandleStore#ROUND_TRIP_BARS}, perhaps none
     * @param lifetime of the bars, see {@link Lifetimes}
     * @param lease the right to store them; null for none, for what others cannot have fetched at the same time
     * @param open the bar that was open when it was fetched, and when that was; null for none
     * @return fails with {@link LeaseLostException} if the lease is another's by now, and nothing was stored
     */
    public CompletableFuture<Void> store(
            SeriesKey series,
            BarSeries bars,
            long lifetime,
            @Nullable Lease lease,
            List<Coverage.Interval> covered,
            @Nullable OpenRead open) {
        byte[] token = lease == null ? NO_TOKEN : lease.token;
        CoverageChange change = CoverageChange.fetched(token, covered, open == null ? OpenRead.NONE : open);
        return written(series, bars, lifetime, change);
    }

    private CompletableFuture<Void> written(SeriesKey series, BarSeries bars, long lifetime, CoverageChange change) {
        return settled(series, commands -> {
            Supplier<CompletableFuture<Void>> write =
                    () -> write(redis.timed(commands), series, bars, lifetime, change);
            return near == null ? write.get() : near.changing(series, write);
        });
    }

    private CompletableFuture<Void> write(
            Commands commands, SeriesKey series, BarSeries bars, long lifetime, CoverageChange change) {
        Fetched fetched = new Fetched(change, channel, message(series));
        if (!bars.isEmpty()) {
            return access.writer()
                    .write(
                            commands,
                            SeriesSlice.of(series, bars, 0, bars.size(), lifetime, new AtomicReference<>())
                                    .fetched(fetched));
        }
        return scripts.run(
                        commands, LOAD, Reply.INTEGER_OR_PARTS, series, fetched.arguments(Lifetimes.ETERNAL, NO_VALUES))
                .thenAccept(reply -> {
                    if (reply instanceof List) {
                        throw new LeaseLostException(series);
                    }
                });
    }

    /** Says that a range is final as it is. */
    public CompletableFuture<Void> confirm(SeriesKey series, Range range) {
        Coverage.Interval all = new Coverage.Interval(range.from(), range.to(), Coverage.Reason.DATA, Coverage.FOREVER);
        return store(series, BarSeries.EMPTY, Lifetimes.ETERNAL, null, List.of(all), null);
    }

    /** From now on, a range is not covered; its bars stay until others are stored. */
    public CompletableFuture<Void> uncover(SeriesKey series, Range range) {
        CoverageChange change = CoverageChange.without(range.from(), range.to());
        return written(series, BarSeries.EMPTY, Lifetimes.ETERNAL, change);
    }

    /**
     * Hears of each series of which bars were stored that somebody fetched, or a lease was given back.
     *
     * @param listener is called in a thread of the connection, so it must not wait
     * @param missed is called when something may have been missed
     */
    public CompletableFuture<Subscription> subscribe(Consumer<SeriesKey> listener, Runnable missed) {
        Consumer<byte[]> subscriber = message -> {
            SeriesKey series = scripts.keys().series(new String(message, StandardCharsets.UTF_8));
            if (series != null) {
                listener.accept(series);
            }
        };
        return redis.subscribe(channel, subscriber, missed);
    }

    private String message(SeriesKey series) {
        return scripts.keys().head(series);
    }

    /** What has to be removed first, and the operation, have one budget. */
    private <T> CompletableFuture<T> settled(SeriesKey series, Function<Commands, CompletableFuture<T>> operation) {
        if (dropped.isEmpty()) {
            return operation.apply(redis);
        }
        Commands timed = redis.within(redis.deadline());
        return ReplyFuture.then(dropped.settled(List.of(series)), done -> operation.apply(timed));
    }
}
