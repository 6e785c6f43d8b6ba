package io.iftb.cache.redis;

import java.util.List;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * What is heard of changed keys on one connection after the other: until when it was all, who listens, and who waits for a
 * fence. What was fresh is revoked before anybody hears of a loss. All methods run in the thread of the connection.
 */
final class KeyWatch {

    /** How many fences may be unanswered. Who asks meanwhile shares the next one. */
    private static final int MOST_FENCES = 16;

    private final HeardUntil heard;
    private final FenceQueue fences;
    private final TrackingCounts counts;
    private final TrackedListeners listeners;
    private boolean standing;
    private int fencesUnderWay;

    /** How many connections were lost: the answers of a lost one no longer count. */
    private int losses;

    KeyWatch(KeyTracking.Shared shared, TrackedListeners listeners) {
        this.heard = shared.heard();
        this.fences = shared.fences();
        this.counts = shared.counts();
        this.listeners = listeners;
    }

    boolean isStanding() {
        return standing;
    }

    /**
     * The connection tracks prefixes, and has said all that was acknowledged since then and before a time.
     *
     * @param tracked whether a prefix is
     * @param unproven why fences are not to be trusted; null if they are
     */
    void stands(Predicate<String> tracked, long heardNanos, @Nullable String unproven) {
        if (!standing) {
            counts.moveEpoch();
        }
        standing = true;
        listeners.stand(tracked, heard); // each drops what it holds before any is fresh
        heard.moveTo(heardNanos);
        counts.stands(unproven);
    }

    /** A fence was answered. */
    void heard(long sentNanos) {
        if (standing) {
            heard.moveTo(sentNanos);
        }
    }

    void changed(String key) {
        counts.invalidated();
        listeners.changed(key);
    }

    /** All that came before was heard, so what was fresh is fresh again once everything is dropped. */
    void flushed() {
        long before = heard.nanos();
        heard.revoke();
        counts.moveEpoch();
        listeners.reset();
        heard.moveTo(before);
    }

    /** The connection is lost, or could not be made. */
    void ended(String why) {
        long before = heard.nanos();
        heard.revoke();
        boolean stood = standing;
        standing = false;
        losses++;
        fencesUnderWay = 0;
        counts.stops(why);
        listeners.revoke();
        if (stood) {
            counts.moveEpoch();
            listeners.lost(before);
        }
        fences.fail(() -> new RedisUnavailableException(why, null));
    }

    /**
     * Sends a fence for those who ask for one.
     *
     * @param ping sends a command, and gives its answer once all that came before it was heard
     */
    void sendFence(Consumer<TrackingChannel.Answer> ping) {
        if (!standing) {
            fences.take();
            fences.fail(() -> {
                RuntimeException why = counts.refusal();
                return why == null ? new RedisUnavailableException(TrackingCounts.UNUSED, null) : why;
            });
        } else if (fencesUnderWay < MOST_FENCES && fences.isAsked()) {
            fencesUnderWay++;
            int before = losses;
            List<FenceQueue.Waiter> waiters = fences.take();
            ping.accept((reply, sent) -> {
                if (losses == before) { // else they have failed
                    fencesUnderWay--;
                    fences.answered(waiters, sent);
                    sendFence(ping);
                }
            });
        }
    }
}
