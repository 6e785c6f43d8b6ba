package io.iftb.cache.fetch;

import io.iftb.cache.market.TimeBuckets;
import io.iftb.cache.market.Timeframe;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Objects;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** How bars are fetched from a source. Immutable: each method {@code with…} returns other options. */
public final class FetchOptions {

    private static final int MOST_BARS = 65_536;
    private static final int MOST_PARALLEL = 64;
    private static final Duration SHORTEST_AGE = Duration.ofSeconds(1);
    private static final Duration LONGEST_AGE = Duration.ofSeconds(60);

    private final String sourceName;
    private int pageLimit = 1_000;
    private @Nullable Duration lifetime;
    private @Nullable Duration openBarAge;
    private Duration settleTime = Duration.ofSeconds(2);
    private Duration lateness = Duration.ofMinutes(1);
    private Duration timeout = Duration.ofSeconds(60);
    private Duration failurePause = Duration.ofSeconds(5);
    private int parallelism = 8;
    private @Nullable InstantSource clock;
    private Function<Timeframe, TimeBuckets> buckets = TimeBuckets::utc;
    private @Nullable RequestBudget budget;
    private int requestWeight = 1;

    private FetchOptions(String sourceName) {
        this.sourceName = sourceName;
    }

    private FetchOptions(FetchOptions other) {
        this.sourceName = other.sourceName;
        this.pageLimit = other.pageLimit;
        this.lifetime = other.lifetime;
        this.openBarAge = other.openBarAge;
        this.settleTime = other.settleTime;
        this.lateness = other.lateness;
        this.timeout = other.timeout;
        this.failurePause = other.failurePause;
        this.parallelism = other.parallelism;
        this.clock = other.clock;
        this.buckets = other.buckets;
        this.budget = other.budget;
        this.requestWeight = other.requestWeight;
    }

    /**
     * The default options for a source: pages of 1,000 bars, which stay for ever once they have closed.
     *
     * @param sourceName names the source in messages and counters; it does not separate its bars from those of another source
     * @throws IllegalArgumentException if it is blank
     */
    public static FetchOptions of(String sourceName) {
        if (sourceName.isBlank()) {
            throw new IllegalArgumentException("the name of the source is blank; give one, such as binance");
        }
        return new FetchOptions(sourceName);
    }

    /**
     * With another limit of bars in one answer, 1,000 by default.
     *
     * @throws IllegalArgumentException if it is outside 1 to 65,536
     */
    public FetchOptions withPageLimit(int bars) {
        FetchOptions other = new FetchOptions(this);
        other.pageLimit = within("page limit", bars, MOST_BARS);
        return other;
    }

    /**
     * With closed bars that end, after a time by the clock of the server; by default they never do.
     *
     * @throws IllegalArgumentException if it is not positive
     */
    public FetchOptions withLifetime(Duration ofBars) {
        FetchOptions other = new FetchOptions(this);
        other.lifetime = positive("lifetime", ofBars);
        return other;
    }

    /**
     * With another age up to which the bar that is still open is taken from the cache; by default a tenth of its timeframe, at
     * least 1 s and at most 60 s.
     *
     * @throws IllegalArgumentException if it is negative
     */
    public FetchOptions withOpenBarAge(Duration age) {
        FetchOptions other = new FetchOptions(this);
        other.openBarAge = notNegative("age of the open bar", age);
        return other;
    }

    /**
     * With other waits for bars that have just closed.
     *
     * @param settling how long after its close a bar counts as final although no later one came, since the clocks differ; 2 s
     *     by default
     * @param late how long after its close a source may give a bar for the first time; one minute by default
     * @throws IllegalArgumentException if one is negative
     */
    public FetchOptions withLateBars(Duration settling, Duration late) {
        FetchOptions other = new FetchOptions(this);
        other.settleTime = notNegative("settle time", settling);
        other.lateness = notNegative("lateness", late);
        return other;
    }

    /**
     * With another limit of time for a read that waits for the source, or for others that fetch; 60 s by default.
     *
     * @throws IllegalArgumentException if it is not positive
     */
    public FetchOptions withTimeout(Duration limit) {
        FetchOptions other = new FetchOptions(this);
        other.timeout = positive("timeout", limit);
        return other;
    }

    /**
     * With another pause after a failure, in which nobody asks for the same again; 5 s by default.
     *
     * @throws IllegalArgumentException if it is negative
     */
    public FetchOptions withFailurePause(Duration pause) {
        FetchOptions other = new FetchOptions(this);
        other.failurePause = notNegative("pause after a failure", pause);
        return other;
    }

    /**
     * With another number of requests that this JVM has under way at the same time, 8 by default. Each priority has as many of
     * its own, so that a read never waits for a warm-up. A request counts until its bars are stored: so if the JVM is killed,
     * that many are lost at most. All caches of one {@code MarketCaches} that were given the same source object count together.
     *
     * @throws IllegalArgumentException if it is outside 1 to 64
     */
    public FetchOptions withParallelism(int requests) {
        FetchOptions other = new FetchOptions(this);
        other.parallelism = within("parallelism", requests, MOST_PARALLEL);
        return other;
    }

    /** With the time of the source, such as of a simulation; by default the clock of the cache's server. */
    public FetchOptions withClock(InstantSource ofSource) {
        FetchOptions other = new FetchOptions(this);
        other.clock = Objects.requireNonNull(ofSource, "clock");
        return other;
    }

    /** With bars that are not aligned to UTC. */
    public FetchOptions withBuckets(Function<Timeframe, TimeBuckets> ofTimeframe) {
        FetchOptions other = new FetchOptions(this);
        other.buckets = Objects.requireNonNull(ofTimeframe, "buckets");
        return other;
    }

    /**
     * With a budget of requests that all who ask the source share.
     *
     * @param weight of one request
     * @throws IllegalArgumentException if the weight is not positive
     */
    public FetchOptions withBudget(RequestBudget shared, int weight) {
        FetchOptions other = new FetchOptions(this);
        other.budget = Objects.requireNonNull(shared, "budget");
        other.requestWeight = within("weight of a request", weight, Integer.MAX_VALUE);
        return other;
    }

    private static int within(String name, int value, int most) {
        if (value < 1 || value > most) {
            throw new IllegalArgumentException("the " + name + " is " + value + "; give 1 to " + most);
        }
        return value;
    }

    private static Duration positive(String name, Duration value) {
        if (value.isNegative() || value.isZero()) {
            throw new IllegalArgumentException("the " + name + " is " + value + "; give a positive one");
        }
        return value;
    }

    private static Duration notNegative(String name, Duration value) {
        if (value.isNegative()) {
            throw new IllegalArgumentException("the " + name + " is " + value + "; give 0 or more");
        }
        return value;
    }

    String sourceName() {
        return sourceName;
    }

    int pageLimit() {
        return pageLimit;
    }

    @Nullable
    Duration lifetime() {
        return lifetime;
    }

    Duration settleTime() {
        return settleTime;
    }

    Duration lateness() {
        return lateness;
    }

    Duration timeout() {
        return timeout;
    }

    Duration failurePause() {
        return failurePause;
    }

    int parallelism() {
        return parallelism;
    }

    @Nullable
    InstantSource clock() {
        return clock;
    }

    Function<Timeframe, TimeBuckets> buckets() {
        return buckets;
    }

    @Nullable
    RequestBudget budget() {
        return budget;
    }

    int requestWeight() {
        return requestWeight;
    }

    /** How old the open bar of a timeframe may be. */
    Duration openBarAge(Timeframe timeframe) {
        Duration given = openBarAge;
        if (given != null) {
            return given;
        }
        Duration tenth = timeframe.length().dividedBy(10);
        Duration longEnough = tenth.compareTo(SHORTEST_AGE) < 0 ? SHORTEST_AGE : tenth;
        return longEnough.compareTo(LONGEST_AGE) > 0 ? LONGEST_AGE : longEnough;
    }
}
