package io.iftb.cache.redis;

import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig.SlidingWindowType;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The circuit breaker of one primary. It opens when several calls in a row have failed for the server's sake, with no reply
 * in between; then no call is sent until the server has answered a probe. Safe for use by several threads.
 *
 * <p>Successes are counted only after a failure, so a call on a server that is well costs two reads of memory.
 */
final class Breaker {

    private static final Logger LOG = LoggerFactory.getLogger(Breaker.class);

    /** It never closes by time, only by a probe. */
    private static final Duration FOR_EVER = Duration.ofDays(36_500);

    private final Object server;
    private final int failuresInARow;
    private final CircuitBreaker state;
    private final LongAdder failures = new LongAdder();
    private final LongAdder refused = new LongAdder();
    private volatile boolean failing;
    private volatile @Nullable RuntimeException last;
    private volatile @Nullable Opening opening;
    private volatile long opened;
    private volatile long nextProbeNanos;
    private volatile Runnable onOpen = () -> {};

    /** The time at which it opened, and what had been refused before. */
    private record Opening(Instant since, long nanos, long refusedBefore) {}

    /**
     * @param server what has the address of the server as its text
     * @param failuresInARow how many calls in a row have to fail; 0 if it never opens
     */
    Breaker(Object server, int failuresInARow) {
        this.server = server;
        this.failuresInARow = failuresInARow;
        int window = Math.max(1, failuresInARow);
        this.state = CircuitBreaker.of(
                server.toString(),
                CircuitBreakerConfig.custom()
                        .slidingWindowType(SlidingWindowType.COUNT_BASED)
                        .slidingWindowSize(window)
                        .minimumNumberOfCalls(window)
                        .failureRateThreshold(100)
                        .waitDurationInOpenState(FOR_EVER)
                        .build());
        if (failuresInARow == 0) {
            state.transitionToDisabledState();
        }
        state.getEventPublisher().onStateTransition(event -> {
            if (event.getStateTransition().getToState() == CircuitBreaker.State.OPEN) {
                opens();
            }
        });
    }

    /** Runs a task each time it has opened. */
    void onOpen(Runnable task) {
        onOpen = task;
    }

    /** Whether a call may be sent. */
    boolean permits() {
        return state.tryAcquirePermission();
    }

    boolean isOpen() {
        return opening != null;
    }

    /** How often it has opened. */
    long opened() {
        return opened;
    }

    /** Takes note of a reply. */
    void succeeded() {
        if (failing) {
            failing = false;
            state.onSuccess(0, TimeUnit.NANOSECONDS);
        }
    }

    /** Takes note of a call that failed for the server's sake. */
    void failed(RuntimeException why) {
        failures.increment();
        last = why;
        state.onError(0, TimeUnit.NANOSECONDS, why);
        failing = true;
    }

    /** Says when the next probe goes out, a {@link System#nanoTime()}. */
    void probesAt(long nanos) {
        nextProbeNanos = nanos;
    }

    /** The exception for a call that is not sent. */
    RuntimeException refusal(Request request) {
        refused.increment();
        Opening open = opening;
        RuntimeException why = last;
        long probeMillis = Math.max(0, TimeUnit.NANOSECONDS.toMillis(nextProbeNanos - System.nanoTime()));
        return new RedisUnavailableException(
                request.name() + " was not sent: Redis at " + server + " is taken for unavailable"
                        + (open == null ? "" : " since " + open.since) + ", because " + failuresInARow
                        + " calls in a row failed; the next probe goes out in " + probeMillis
                        + " ms; the last failure: "
                        + (why == null ? "unknown" : why.getMessage()),
                why);
    }

    private synchronized void opens() {
        opening = new Opening(Instant.now(), System.nanoTime(), refused.sum());
        opened++;
        RuntimeException why = last;
        LOG.warn(
                "Redis at {} is taken for unavailable, because {} calls in a row failed; calls fail at once until it answers a"
                        + " probe; the last failure: {}",
                server,
                failuresInARow,
                why == null ? "unknown" : why.getMessage());
        onOpen.run();
    }

    /** Closes it, since the server has answered a probe. */
    synchronized void close() {
        Opening open = opening;
        if (open == null) {
            return;
        }
        opening = null;
        failing = false;
        state.transitionToClosedState();
        LOG.info(
                "Redis at {} serves again, after {} ms in which {} calls were not sent",
                server,
                TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - open.nanos),
                refused.sum() - open.refusedBefore);
    }

    BreakerStatus status() {
        Opening open = opening;
        RuntimeException why = last;
        return new BreakerStatus(
                open != null,
                open == null ? null : open.since,
                opened,
                failures.sum(),
                refused.sum(),
                why == null ? null : why.getMessage());
    }
}
