package io.iftb.cache.redis;

import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/** What is known of the tracking of a connection. Written by its thread, read by all. */
final class TrackingCounts {

    /** The reason before the first and after the last registration. */
    static final String UNUSED = "no key is tracked";

    private final LongAdder epochs = new LongAdder();
    private final LongAdder invalidations = new LongAdder();
    private final LongAdder fences = new LongAdder();
    private volatile long fenceNanos;
    private volatile State state = new State(false, false, UNUSED);

    /**
     * @param standing whether changes are heard
     * @param fenced whether the fence has passed its test
     * @param reason why one of both is not so; empty if both are
     */
    private record State(boolean standing, boolean fenced, String reason) {}

    void moveEpoch() {
        epochs.increment();
    }

    void invalidated() {
        invalidations.increment();
    }

    void fenceAnswered(long nanos) {
        fenceNanos = nanos;
        fences.increment();
    }

    void stands(@Nullable String unproven) {
        state = new State(true, unproven == null, unproven == null ? "" : unproven);
    }

    /** The first attempt begins; later ones leave the reason of the last. */
    void begins() {
        if (state.reason.equals(UNUSED)) {
            stops("the connection that hears which keys change is being opened");
        }
    }

    void stops(String reason) {
        state = new State(false, false, reason);
    }

    /** Why fences cannot be had; null if they can. */
    @Nullable
    RuntimeException refusal() {
        State now = state;
        if (now.fenced) {
            return null;
        }
        return now.standing ? new RedisServerException(now.reason) : new RedisUnavailableException(now.reason, null);
    }

    KeyTracking.Status status() {
        State now = state;
        return new KeyTracking.Status(
                now.standing,
                now.fenced,
                now.reason,
                epochs.sum(),
                invalidations.sum(),
                fences.sum(),
                fenceNanos,
                KeyTracking.FENCE_INTERVAL);
    }
}
