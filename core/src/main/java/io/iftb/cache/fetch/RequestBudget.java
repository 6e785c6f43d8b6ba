package io.iftb.cache.fetch;

import io.iftb.cache.redis.RedisConnection;
import io.iftb.cache.store.Keys;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/**
 * The requests to a source, such as an exchange, that all JVMs together may make: those that name the same source on the same
 * Redis server take tokens from one bucket, which keeps to the {@link RequestLimits}. Safe for use by several threads.
 *
 * <pre>{@code
 * RequestBudget binance = caches.budget("binance", RequestLimits.ofWeight(6_000, Duration.ofMinutes(1)));
 *
 * binance.acquire(2, Priority.READ, Duration.ofSeconds(10)).thenCompose(granted -> ask(exchange));
 * binance.reportUsedWeight(weightOf(answer)); // such as X-MBX-USED-WEIGHT-1M
 * binance.stopFor(retryAfter(answer)); // if its status is 429 or 418
 * }</pre>
 *
 * <p>Time is the server's clock and this JVM's monotonic clock; what date it is here does not matter. A bucket that is not
 * there, since nobody used it for long or the server lost it, begins empty: a first request waits until the tokens for it
 * have come. While the server is away, each JVM keeps to its share by itself: seven eighths of the rate divided by the number
 * of JVMs that the server knew last, or a 64th if it never said a number. It begins with nothing, 6 s after the server was heard
 * last.
 */
public final class RequestBudget {

    private final String source;
    private final RequestLimits limits;
    private final Tokens tokens;
    private final BudgetCounts counts = new BudgetCounts();
    private final Map<Priority, Lane> lanes = new EnumMap<>(Priority.class);
    private final Future<?> heartbeat;

    RequestBudget(
            String source, RequestLimits limits, RedisConnection redis, Keys keys, ScheduledExecutorService timer) {
        this.source = source;
        this.limits = limits;
        this.tokens = new Tokens(source, limits, new SharedTokens(redis, keys, source, limits));
        for (Priority priority : Priority.values()) {
            lanes.put(priority, new Lane(source, priority, tokens, counts, timer, redis.completions()));
        }
        this.heartbeat = timer.scheduleWithFixedDelay(
                tokens::letHear, 0, SharedTokens.HEARTBEAT.toMillis(), TimeUnit.MILLISECONDS);
    }

    /** The name of the source. */
    public String source() {
        return source;
    }

    /** The limits that it keeps to. */
    public RequestLimits limits() {
        return limits;
    }

    /** Waits for a request of weight 1 (see {@link #acquire(int, Priority, Duration)}). */
    public CompletableFuture<Void> acquire(Priority priority, Duration atMost) {
        return acquire(1, priority, atMost);
    }

    /**
     * Waits until a request may be made: the future completes then. Make it at once, since it counts from now.
     *
     * <p>The future fails with {@link BudgetExhaustedException} as soon as it is clear that the request cannot be made in that
     * time. That may come later by the time of one call to the server, 2 s at most. Cancel the future to leave the queue. At
     * most 10,000 requests of each priority wait in a JVM.
     *
     * @param weight as the source counts it; 1 or more, at most {@link RequestLimits#greatestWeight()}
     * @param atMost how long it waits; 0 if it is to be made now or not at all
     * @throws IllegalArgumentException if the weight can never be granted, or the time is negative
     * @throws IllegalStateException if the {@code MarketCaches} is closed
     */
    public CompletableFuture<Void> acquire(int weight, Priority priority, Duration atMost) {
        if (weight < 1 || weight > limits.greatestWeight()) {
            throw new IllegalArgumentException("a request of weight " + weight + " to '" + source + "'; give 1 to "
                    + limits.greatestWeight() + ", or limits with a greater burst (RequestLimits.withBurst)");
        }
        Claim claim = new Claim(weight, nanos(atMost));
        lane(priority).add(claim);
        return claim.result();
    }

    /**
     * Nobody may ask the source for a time, since it answered with status 429, or 418, or {@code Retry-After}. It holds at once
     * in this JVM, and in all others after one round trip; while the server is away, as soon as it is back. A longer stop is
     * not shortened.
     *
     * @param time not negative; more than 31 days counts as 31
     */
    public void stopFor(Duration time) {
        long nanos = nanos(time);
        counts.stopped();
        tokens.stopFor(Math.min(nanos, TimeUnit.DAYS.toNanos(31)));
    }

    /**
     * What the source says was used of its current window, such as in the header {@code X-MBX-USED-WEIGHT-1M}. It only takes
     * tokens away: while nobody else uses the same IP address, it changes nothing. It concerns the first window of weight.
     *
     * @param used 0 or more
     * @throws IllegalStateException if no limit is one of weight
     */
    public void reportUsedWeight(int used) {
        if (used < 0) {
            throw new IllegalArgumentException("used weight " + used + " is negative; give 0 or more");
        }
        if (!limits.countWeight()) {
            throw new IllegalStateException("the limits of '" + source + "' count requests only: " + limits
                    + "; give them a limit of weight (RequestLimits.andWeight)");
        }
        tokens.reportUsedWeight(used);
    }

    /** What it has done in this JVM, and its state; does not ask the server. */
    public BudgetStatus status() {
        int waiting = lanes.values().stream().mapToInt(Lane::size).sum();
        return counts.status(source, waiting, tokens);
    }

    private static long nanos(Duration time) {
        if (time.isNegative()) {
            throw new IllegalArgumentException("a time of " + time + " is negative; give 0 or more");
        }
        return time.compareTo(Duration.ofNanos(Long.MAX_VALUE)) > 0 ? Long.MAX_VALUE : time.toNanos();
    }

    private Lane lane(Priority priority) {
        return Objects.requireNonNull(lanes.get(priority));
    }

    /** Fails the requests that wait, and leaves the share of this JVM to the others; complete once the server knows it. */
    CompletableFuture<?> close() {
        heartbeat.cancel(false);
        lanes.values().forEach(Lane::close);
        return tokens.leave();
    }
}
