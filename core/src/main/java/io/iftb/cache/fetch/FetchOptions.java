package io.iftb.cache.fetch;

import io.iftb.cache.market.TimeBuckets;
import io.iftb.cache.market.Timeframe;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Objects;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * How bars are fetched from a source. Immutable: each method returns other options.
 *
 * @param sourceName names the source in messages
 * @param pageLimit how many bars it gives in one answer at most, 1 to 65,536
 * @param lifetime of closed bars in the cache; null for never ending
 * @param openBarAge how old the bar may be that is still open; null for a tenth of its timeframe, 1 s to 60 s
 * @param settleTime how long after its close, by our clock, a bar counts as final when the source gives no later one
 * @param lateness how long after its close the source may give a bar for the first time
 * @param timeout how long a read waits for the source and for others that fetch
 * @param failurePause how long nobody asks again for what the source failed to give
 * @param parallelism how many pages of one read are fetched at the same time
 * @param clock the time of the source; null for the clock of the server of the cache
 * @param buckets when bars of a timeframe open
 */
public record FetchOptions(
        String sourceName,
        int pageLimit,
        @Nullable Duration lifetime,
        @Nullable Duration openBarAge,
        Duration settleTime,
        Duration lateness,
        Duration timeout,
        Duration failurePause,
        int parallelism,
        @Nullable InstantSource clock,
        Function<Timeframe, TimeBuckets> buckets) {

    private static final int MOST_BARS = 65_536;
    private static final int MOST_PARALLEL = 64;
    private static final Duration SHORTEST_AGE = Duration.ofSeconds(1);
    private static final Duration LONGEST_AGE = Duration.ofSeconds(60);

    /** @throws IllegalArgumentException if a number is out of range */
    public FetchOptions {
        Objects.requireNonNull(buckets, "buckets");
        if (sourceName.isBlank()) {
            throw new IllegalArgumentException("the name of the source is blank; give one, such as binance");
        }
        within("pageLimit", pageLimit, MOST_BARS);
        within("parallelism", parallelism, MOST_PARALLEL);
        positive("lifetime", lifetime);
        notNegative("openBarAge", openBarAge);
        notNegative("settleTime", settleTime);
        notNegative("lateness", lateness);
        positive("timeout", timeout);
        notNegative("failurePause", failurePause);
    }

    private static void within(String name, int value, int most) {
        if (value < 1 || value > most) {
            throw new IllegalArgumentException(name + " " + value + " is outside 1.." + most);
        }
    }

    private static void positive(String name, @Nullable Duration value) {
        if (value != null && (value.isNegative() || value.isZero())) {
            throw new IllegalArgumentException(name + " " + value + " is not positive");
        }
    }

    private static void notNegative(String name, @Nullable Duration value) {
        if (value != null && value.isNegative()) {
            throw new IllegalArgumentException(name + " " + value + " is negative");
        }
    }

    /** Default options for a source: pages of 1,000 bars, which stay for ever once they have closed. */
    public static FetchOptions of(String sourceName) {
        return new FetchOptions(
                sourceName,
                1_000,
                null,
                null,
                Duration.ofSeconds(2),
                Duration.ofMinutes(1),
                Duration.ofSeconds(60),
                Duration.ofSeconds(5),
                4,
                null,
                TimeBuckets::utc);
    }

    /** With another limit of bars in one answer. */
    public FetchOptions withPageLimit(int bars) {
        return copy(bars, lifetime, openBarAge, timeout, clock, buckets);
    }

    /** With closed bars that end. */
    public FetchOptions withLifetime(Duration ofClosedBars) {
        return copy(pageLimit, ofClosedBars, openBarAge, timeout, clock, buckets);
    }

    /** With another age up to which the open bar is taken from the cache. */
    public FetchOptions withOpenBarAge(Duration age) {
        return copy(pageLimit, lifetime, age, timeout, clock, buckets);
    }

    /** With another limit of time for a read that has to fetch. */
    public FetchOptions withTimeout(Duration limit) {
        return copy(pageLimit, lifetime, openBarAge, limit, clock, buckets);
    }

    /** With the time of the source, such as of a simulation or a replay. */
    public FetchOptions withClock(InstantSource ofSource) {
        return copy(pageLimit, lifetime, openBarAge, timeout, ofSource, buckets);
    }

    /** With bars that are not aligned to UTC. */
    public FetchOptions withBuckets(Function<Timeframe, TimeBuckets> ofTimeframe) {
        return copy(pageLimit, lifetime, openBarAge, timeout, clock, ofTimeframe);
    }

    /** With other waits for bars that have just closed; see {@link #settleTime} and {@link #lateness}. */
    public FetchOptions withLateBars(Duration settling, Duration late) {
        return new FetchOptions(
                sourceName,
                pageLimit,
                lifetime,
                openBarAge,
                settling,
                late,
                timeout,
                failurePause,
                parallelism,
                clock,
                buckets);
    }

    /** With another pause after a failure. */
    public FetchOptions withFailurePause(Duration pause) {
        return new FetchOptions(
                sourceName,
                pageLimit,
                lifetime,
                openBarAge,
                settleTime,
                lateness,
                timeout,
                pause,
                parallelism,
                clock,
                buckets);
    }

    /** With another number of pages that one read fetches at the same time. */
    public FetchOptions withParallelism(int pages) {
        return new FetchOptions(
                sourceName,
                pageLimit,
                lifetime,
                openBarAge,
                settleTime,
                lateness,
                timeout,
                failurePause,
                pages,
                clock,
                buckets);
    }

    private FetchOptions copy(
            int limit,
            @Nullable Duration life,
            @Nullable Duration age,
            Duration waiting,
            @Nullable InstantSource time,
            Function<Timeframe, TimeBuckets> opening) {
        return new FetchOptions(
                sourceName, limit, life, age, settleTime, lateness, waiting, failurePause, parallelism, time, opening);
    }

    /** How old the open bar of a timeframe may be. */
    Duration openBarAge(Timeframe timeframe) {
        Duration given = openBarAge;
        if (given != null) {
            return given;
        }
        Duration tenth = timeframe.length().dividedBy(10);
        return tenth.compareTo(SHORTEST_AGE) < 0
                ? SHORTEST_AGE
                : tenth.compareTo(LONGEST_AGE) > 0 ? LONGEST_AGE : tenth;
    }
}
