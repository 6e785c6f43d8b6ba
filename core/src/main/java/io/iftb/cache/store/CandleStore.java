package io.iftb.cache.store;

import io.iftb.cache.market.BarSeries;
import io.iftb.cache.market.SeriesKey;
import io.iftb.cache.redis.Deadline;
import java.util.BitSet;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * Port under the candles: the bars of each series, sorted by open time. Every read of one series is a snapshot, and an
 * expired bar is absent.
 *
 * <p>Lifetimes are those of {@link Lifetimes}. Failures of the server complete a future with {@link
 * io.iftb.cache.redis.RedisServerException}. Where a key holds something that this store does not write, reads fail with
 * {@link io.iftb.cache.codec.CorruptValueException} or {@link io.iftb.cache.redis.WrongTypeException}, and writes leave
 * it as it is and fail. Safe for use by several threads.
 */
public interface CandleStore {

    /** Bars that are written at once, as pages of about 800 KiB; the unit that is atomic. */
    int ROUND_TRIP_BARS = 65_536;

    /** Expiries that differ by no more are taken for the same: they are computed from clocks and from what is left. */
    long SAME_EXPIRY_MILLIS = 10_000;

    /** The same store, in which all that is done for one call has this budget; what is done in pieces has one for each. */
    CandleStore within(Deadline deadline);

    /**
     * Writes bars, whether or not they are there. Atomic for up to {@link #ROUND_TRIP_BARS}; safe to repeat. One round trip
     * if they are few and belong to the newest, or if they are many and lie behind, before or between the stored bars; else
     * two or three, or more if others write the same pages.
     *
     * <p>The bars of one call count as complete: none of the time that they span was left out. They close a hole of that
     * time.
     *
     * @param lifetime not {@code KEEP} or {@code EXPIRED}
     */
    CompletableFuture<Void> upsert(SeriesKey series, BarSeries bars, long lifetime);

    /** Like {@link #upsert}; completes with whether they were written, and not dropped in an outage. */
    default CompletableFuture<Boolean> upsertOrDrop(SeriesKey series, BarSeries bars, long lifetime) {
        return upsert(series, bars, lifetime).thenApply(done -> true);
    }

    /**
     * Writes bars that are not there; those that are there stay as they are, with their expiries. Atomic, and safe to repeat.
     * Three round trips, or more if others write the same pages. Completes with the bars that are there, this way or that, and
     * do not end earlier than given, by more than {@link #SAME_EXPIRY_MILLIS}; they may have other numbers.
     *
     * @param bars at most {@link #ROUND_TRIP_BARS}; of one that has expired nothing is written
     * @param expiries when each of them expires, epoch milliseconds of the server, or {@link Long#MAX_VALUE} for never, as
     *     all that is behind the year 2527
     */
    CompletableFuture<BitSet> add(SeriesKey series, BarSeries bars, long[] expiries);

    /**
     * The newest bars. One {@code GETRANGE} for a limit of up to 1,023; another round trip if some of these have expired.
     * For a larger limit one round trip, or two for many pages. Ends at a hole, see {@link SeriesDamage}.
     *
     * @param limit 1 or more
     */
    CompletableFuture<BarSeries> latest(SeriesKey series, int limit);

    /**
     * The newest bars of many series, in one batch. Each series has its own result; the map keeps their order.
     *
     * @param limit 1 or more
     */
    Map<SeriesKey, CompletableFuture<BarSeries>> latest(Collection<SeriesKey> universe, int limit);

    /**
     * The newest bars of a range of time, {@code from <= openTime < to}. One round trip for a few pages, two for more;
     * another if some bars have expired. Ends at a hole, see {@link SeriesDamage}.
     *
     * @param from epoch milliseconds; {@link Long#MIN_VALUE} for no bound
     * @param to epoch milliseconds; {@link Long#MAX_VALUE} for no bound
     * @param limit 1 or more
     */
    CompletableFuture<BarSeries> range(SeriesKey series, long from, long to, int limit);

    /**
     * Like {@link #latest}, and sees every write that was acknowledged to anybody before this call. Where this JVM holds bars,
     * it may wait for a fence instead of the data.
     */
    default CompletableFuture<BarSeries> latestFenced(SeriesKey series, int limit) {
        return latest(series, limit);
    }

    /** Like {@link #latest}, and says how old that may be. */
    default CompletableFuture<Aged<BarSeries>> latestAged(SeriesKey series, int limit) {
        return latest(series, limit).thenApply(Aged::fresh);
    }

    /** The newest bars, as {@link #latest} gives them, if this JVM holds them; else null. */
    default @Nullable BarSeries heldLatest(SeriesKey series, int limit) {
        return null;
    }

    /** The newest bars of a range, as {@link #range} gives them, if this JVM holds them and there are any; else null. */
    default @Nullable BarSeries heldRange(SeriesKey series, long from, long to, int limit) {
        return null;
    }

    /** Removes a series; completes with whether there was one. */
    CompletableFuture<Boolean> delete(SeriesKey series);

    /**
     * Packs what a series holds as rows: pages of an earlier layout, and the older rows of a head of more than 2,046.
     * Completes with how many pages were made; 0 if there was nothing to do.
     */
    CompletableFuture<Integer> compact(SeriesKey series);

    /** Removes all series, in several round trips; series written meanwhile may stay. */
    CompletableFuture<Void> deleteAll();

    /** Describes a series; completes with null if there is none. */
    CompletableFuture<@Nullable Description> describe(SeriesKey series);

    /** All series, sorted by symbol and length of bar; a scan of the server's keys. */
    CompletableFuture<List<SeriesKey>> list();

    /**
     * What the server holds of a series.
     *
     * @param rows number of bars; expired bars that are still stored count
     * @param firstOpenTime epoch milliseconds
     * @param lastOpenTime epoch milliseconds
     * @param bytes memory on the server
     * @param lifetimeLeft milliseconds, or {@link Lifetimes#ETERNAL}
     */
    record Description(long rows, long firstOpenTime, long lastOpenTime, long bytes, long lifetimeLeft) {}
}
