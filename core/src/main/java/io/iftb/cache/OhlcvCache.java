package io.iftb.cache;

import io.iftb.cache.fetch.BarFetcher;
import io.iftb.cache.fetch.BarSource;
import io.iftb.cache.fetch.FetchOptions;
import io.iftb.cache.market.BarSeries;
import io.iftb.cache.market.BarSeriesBuilder;
import io.iftb.cache.market.OhlcvBar;
import io.iftb.cache.market.SeriesKey;
import io.iftb.cache.redis.RedisConnection;
import io.iftb.cache.settings.Freshness;
import io.iftb.cache.store.Aged;
import io.iftb.cache.store.CandleStore;
import io.iftb.cache.store.Lifetimes;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * Candles by series: the last N bars, a range of time, or many series in one batch.
 *
 * <p>Each method has a blocking and an async form. The async form does not throw failures of the server: its stage
 * completes with them. Bars are sorted by open time, oldest first. An expired bar is absent. Each read of one series is a
 * snapshot, even while others write.
 */
public final class OhlcvCache {

    /** The lifetime of bars that never expire. */
    public static final Duration NEVER = Duration.ofSeconds(Long.MAX_VALUE);

    private final CandleParts parts;
    private final RedisConnection redis;
    private final @Nullable BarFetcher fetcher;
    private final CandleReads reads;
    private final CandleWrites writes;

    /** @param fetcher fetches what is missing; null for a cache that has what was put */
    OhlcvCache(CandleParts parts, @Nullable BarFetcher fetcher) {
        this.parts = parts;
        this.redis = parts.redis();
        this.fetcher = fetcher;
        this.reads = new CandleReads(parts, fetcher);
        this.writes = new CandleWrites(parts);
    }

    /**
     * The same cache, but its reads answer only when all of what they need is known to have been fetched, by whatever program, and
     * fetch what is not. Each closed bar is fetched once, and stays; the open one again when it is older than the options allow.
     * They fail with {@link io.iftb.cache.fetch.BarSourceException} if the source does, with {@code BudgetExhaustedException} if
     * there is no request left in time. Series are told apart by symbol and timeframe: a second exchange needs another namespace.
     */
    public OhlcvCache withSource(BarSource source, FetchOptions options) {
        return new OhlcvCache(parts, new BarFetcher(source, options, parts.fetching()));
    }

    CandleStore store() {
        return parts.store();
    }

    /** Fails the reads that wait for their turn to ask a source. */
    void close() {
        parts.fetching().close();
    }

    /** What this cache can do about what it does not have. */
    public BarFetching fetching() {
        return new BarFetching(redis, parts.coverage(), fetcher);
    }

    /**
     * Stores bars with the lifetime of {@code iftb.cache.caches.ohlcv.expiry}, by default 300 s from this write; see
     * {@link #put(SeriesKey, Collection, Duration)}.
     */
    public void put(SeriesKey series, Collection<OhlcvBar> bars) {
        redis.await(upsert(series, BarSeries.of(bars), parts.cache().lifetimes().creation()));
    }

    /**
     * Stores bars, in any order. A bar replaces the stored one of the same open time; of several bars with the same open
     * time the last counts. Atomic for up to 65,536 bars; if a later part fails, the message says how many bars were stored
     * before. The bars of one call count as all bars of the time from the first to the last.
     *
     * @param lifetime how long they live by the server's clock, rounded up to a millisecond, or {@link #NEVER}
     * @throws IllegalArgumentException if the lifetime is not positive
     */
    public void put(SeriesKey series, Collection<OhlcvBar> bars, Duration lifetime) {
        redis.await(upsert(series, BarSeries.of(bars), Lifetimes.positiveMillis(lifetime)));
    }

    /** Like {@link #put(SeriesKey, Collection)}. */
    public CompletionStage<Void> putAsync(SeriesKey series, Collection<OhlcvBar> bars) {
        return redis.handOver(
                upsert(series, BarSeries.of(bars), parts.cache().lifetimes().creation()));
    }

    /** Like {@link #put(SeriesKey, Collection, Duration)}. */
    public CompletionStage<Void> putAsync(SeriesKey series, Collection<OhlcvBar> bars, Duration lifetime) {
        return redis.handOver(upsert(series, BarSeries.of(bars), Lifetimes.positiveMillis(lifetime)));
    }

    /**
     * Stores bars that are columns already, such as those of another series, without making an object of each. Lifetime and
     * effect are those of {@link #put(SeriesKey, Collection)}.
     *
     * @throws IllegalArgumentException if {@link BarSeriesBuilder} was given a bar that {@link OhlcvBar} would refuse
     */
    public void put(SeriesKey series, BarSeries bars) {
        redis.await(upsert(series, valid(bars), parts.cache().lifetimes().creation()));
    }

    /** Like {@link #put(SeriesKey, BarSeries)}, with a lifetime as in {@link #put(SeriesKey, Collection, Duration)}. */
    public void put(SeriesKey series, BarSeries bars, Duration lifetime) {
        redis.await(upsert(series, valid(bars), Lifetimes.positiveMillis(lifetime)));
    }

    /** Like {@link #put(SeriesKey, BarSeries)}. */
    public CompletionStage<Void> putAsync(SeriesKey series, BarSeries bars) {
        return redis.handOver(
                upsert(series, valid(bars), parts.cache().lifetimes().creation()));
    }

    /** Like {@link #put(SeriesKey, BarSeries, Duration)}. */
    public CompletionStage<Void> putAsync(SeriesKey series, BarSeries bars, Duration lifetime) {
        return redis.handOver(upsert(series, valid(bars), Lifetimes.positiveMillis(lifetime)));
    }

    /** The builder of columns takes fields as they are, and what is stored must be readable. */
    private static BarSeries valid(BarSeries bars) {
        for (int i = 0; i < bars.size(); i++) {
            bars.bar(i);
        }
        return bars;
    }

    private CompletableFuture<Void> upsert(SeriesKey series, BarSeries bars, long lifetime) {
        return writes.upsert(Objects.requireNonNull(series, "series"), bars, lifetime);
    }

    /**
     * The newest bars. One round trip and one {@code GETRANGE} for a limit of up to 1,023. For more, one round trip if this
     * object knows the index of the series from an earlier read, else two.
     *
     * @param limit how many at most, 1 or more
     * @return the bars found, oldest first; empty if there are none
     * @throws IllegalArgumentException if the limit is not positive
     */
    public BarSeries latest(SeriesKey series, int limit) {
        BarSeries held = reads.held(series, limit);
        return held == null ? redis.await(reads.latest(series, limit)) : held;
    }

    /** Like {@link #latest(SeriesKey, int)}. */
    public CompletionStage<BarSeries> latestAsync(SeriesKey series, int limit) {
        BarSeries held = reads.held(series, limit);
        return held == null ? reads.handOver(reads.latest(series, limit)) : CompletableFuture.completedFuture(held);
    }

    /**
     * Like {@link #latest(SeriesKey, int)}, with bars that are as fresh as you need them. It makes a difference only if the
     * near cache of {@code ohlcv} is on: without it every read asks the server.
     */
    public BarSeries latest(SeriesKey series, int limit, Freshness freshness) {
        return freshness == Freshness.BOUNDED ? latest(series, limit) : redis.await(reads.latestFenced(series, limit));
    }

    /** Like {@link #latest(SeriesKey, int, Freshness)}. */
    public CompletionStage<BarSeries> latestAsync(SeriesKey series, int limit, Freshness freshness) {
        return freshness == Freshness.BOUNDED
                ? latestAsync(series, limit)
                : reads.handOver(reads.latestFenced(series, limit));
    }

    /**
     * Like {@link #latest(SeriesKey, int)}, and says how old the bars may be: older than the bound of near caches only if
     * {@code iftb.cache.on-unavailable} is {@code stale}, the server is unavailable, and this JVM gives what it holds.
     */
    public Aged<BarSeries> latestAged(SeriesKey series, int limit) {
        return redis.await(reads.latestAged(series, limit));
    }

    /** Like {@link #latestAged}. */
    public CompletionStage<Aged<BarSeries>> latestAgedAsync(SeriesKey series, int limit) {
        return reads.handOver(reads.latestAged(series, limit));
    }

    /**
     * The newest bars of many series, in one pipelined batch.
     *
     * @param limit how many at most of each, 1 or more
     * @return one element for each series, in the order given; empty for a series without bars
     * @throws IllegalArgumentException if the limit is not positive
     */
    public Map<SeriesKey, BarSeries> latest(Collection<SeriesKey> universe, int limit) {
        return redis.await(reads.latest(universe, limit));
    }

    /** Like {@link #latest(Collection, int)}. */
    public CompletionStage<Map<SeriesKey, BarSeries>> latestAsync(Collection<SeriesKey> universe, int limit) {
        return reads.handOver(reads.latest(universe, limit));
    }

    /** The newest bar. */
    public Optional<OhlcvBar> latestBar(SeriesKey series) {
        return CandleReads.newest(latest(series, 1));
    }

    /** Like {@link #latestBar}. */
    public CompletionStage<Optional<OhlcvBar>> latestBarAsync(SeriesKey series) {
        BarSeries held = reads.held(series, 1);
        return held == null
                ? reads.handOver(reads.latest(series, 1).thenApply(CandleReads::newest))
                : CompletableFuture.completedFuture(CandleReads.newest(held));
    }

    /** All bars of a range of time, see {@link #range(SeriesKey, long, long, int)}. */
    public BarSeries range(SeriesKey series, long from, long to) {
        return range(series, from, to, Integer.MAX_VALUE);
    }

    /** Like {@link #range(SeriesKey, long, long)}. */
    public CompletionStage<BarSeries> rangeAsync(SeriesKey series, long from, long to) {
        return rangeAsync(series, from, to, Integer.MAX_VALUE);
    }

    /**
     * The newest bars of a range of time, {@code from <= openTime < to}. Only blocks of 128 bars that have some of them are
     * sent, packed. One round trip if this object knows the index of the series from an earlier read, else two. Ends at a
     * hole, see {@link #holes}.
     *
     * @param from epoch milliseconds; {@link Long#MIN_VALUE} for no bound, which a cache with a source refuses
     * @param to epoch milliseconds; {@link Long#MAX_VALUE} for no bound
     * @param limit how many at most, 1 or more
     * @throws IllegalArgumentException if {@code from} is after {@code to}, or the limit not positive
     */
    public BarSeries range(SeriesKey series, long from, long to, int limit) {
        BarSeries held = reads.heldRange(series, from, to, limit);
        return held == null ? redis.await(reads.range(series, from, to, limit)) : held;
    }

    /** Like {@link #range(SeriesKey, long, long, int)}. */
    public CompletionStage<BarSeries> rangeAsync(SeriesKey series, long from, long to, int limit) {
        BarSeries held = reads.heldRange(series, from, to, limit);
        return held == null
                ? reads.handOver(reads.range(series, from, to, limit))
                : CompletableFuture.completedFuture(held);
    }

    /**
     * Packs what a series holds as rows, such as pages of an earlier version, and joins small pages; returns how many it
     * made. It is never necessary, since pages are packed when bars in them are next written. Afterwards programs of an
     * earlier version are refused when they write the series.
     */
    public int compact(SeriesKey series) {
        return redis.await(writes.compact(series));
    }

    /** Like {@link #compact}. */
    public CompletionStage<Integer> compactAsync(SeriesKey series) {
        return redis.handOver(writes.compact(series));
    }

    /** How many reads here ended at a hole, or asked for bars in one: the server evicted bars, which now count as absent. */
    public long holes() {
        return parts.damage().holes();
    }

    /** How many pages of bars, and records of what was fetched, could not be decoded here, and count as absent. */
    public long unreadablePages() {
        return parts.damage().unreadable();
    }

    /** Removes a series; returns whether it existed. */
    public boolean invalidate(SeriesKey series) {
        return redis.await(writes.delete(series));
    }

    /** Like {@link #invalidate}. */
    public CompletionStage<Boolean> invalidateAsync(SeriesKey series) {
        return redis.handOver(writes.delete(series));
    }

    /**
     * All stored series, sorted by symbol and length of bar. Scans the keys of the server, so do not call it on a hot path.
     * A series whose key holds something else is left out and logged.
     */
    public List<SeriesInfo> series() {
        return new SeriesListing(redis, parts.store(), parts.cache()).all();
    }

    /** Removes all series. */
    public void clear() {
        redis.await(writes.deleteAll());
    }
}
