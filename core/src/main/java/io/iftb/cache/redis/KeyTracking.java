package io.iftb.cache.redis;

import io.netty.channel.EventLoop;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;

/**
 * Hears which keys change on the server, whoever changes them, and says until when it has heard all. One connection does
 * both, so that what it says holds: it is opened when the first prefix is tracked, made again when it is lost, and closed
 * with the last registration. Safe for use by several threads.
 */
public final class KeyTracking implements AutoCloseable {

    /**
     * How often a fence goes out by itself, and so how old what is held may be. A second is what market data stands, and
     * costs the server some microseconds.
     */
    static final Duration FENCE_INTERVAL = Duration.ofSeconds(1);

    private final FailureTranslator failures;
    private final Primaries primaries;
    private final EventLoop loop;
    private final Shared shared = new Shared(new HeardUntil(), new FenceQueue(), new TrackingCounts());
    private final TrackingLinks links;
    private final AtomicBoolean used = new AtomicBoolean();
    private volatile boolean closed;

    /** @param testWrite writes a key for a moment, on another connection */
    KeyTracking(
            TrackingEndpoints endpoints,
            Primaries primaries,
            FailureTranslator failures,
            Function<String, CompletableFuture<?>> testWrite) {
        this.failures = failures;
        this.primaries = primaries;
        this.loop = primaries.loop();
        this.links = new TrackingLinks(endpoints, primaries, loop, testWrite, shared);
    }

    /** What the thread of the connection writes and others read. */
    record Shared(HeardUntil heard, FenceQueue fences, TrackingCounts counts) {}

    /** What is tracked for a listener: keys that begin with one of its prefixes. */
    public interface Registration extends AutoCloseable {

        /**
         * The {@link System#nanoTime()} until which all changes under this prefix have been heard: every write that was
         * acknowledged to anybody before it. If the prefix is not tracked now, so long ago that no bound reaches it. This
         * is all that a read has to look at: {@code System.nanoTime() - heardUntilNanos() <= bound}.
         */
        long heardUntilNanos();

        /** Whether changes under this prefix are heard now. If not, what is read meanwhile must not be kept. */
        boolean isTracked();

        /**
         * Ends it. No call to the listener begins after this returns. Waits for a call that is under way in another
         * thread, so the caller must not hold a lock that its listener takes.
         */
        @Override
        void close();
    }

    /**
     * Hears changes, in a thread of the connection: it must not wait for anything. If it throws, its registration counts as
     * untracked for ever, since it may have missed a change.
     */
    public interface Listener {

        /** A key under the prefix was written, expired, was evicted or removed. */
        void changed(String redisKey);

        /**
         * Any key may have changed: the connection was lost or made again, a database was flushed, or the server was made
         * a replica. Freshness is revoked before the call, and comes back after it.
         */
        void reset();

        /**
         * The connection was lost, so changes are not heard any more. Comes instead of {@link #reset} from a listener that keeps
         * what it holds for later; that follows before anything is fresh again.
         *
         * @param heardNanos the {@link System#nanoTime()} until which all changes were heard
         */
        default void lost(long heardNanos) {
            reset();
        }
    }

    /**
     * What is known of the tracking.
     *
     * @param standing whether changes are heard; single registrations may wait for their prefix still
     * @param fenced whether {@link #fence()} can be had: the server has passed the test of its fence
     * @param reason why it does not stand or has no fence, with the remedy; empty if both are well
     * @param epochs how often everything had to be dropped
     * @param invalidations how many changed keys were heard
     * @param fences how many fences were answered
     * @param lastFenceNanos the round trip of the last fence, in ns; 0 before the first
     * @param fenceInterval how often a fence goes out by itself: with one round trip, the bound of staleness
     */
    public record Status(
            boolean standing,
            boolean fenced,
            String reason,
            long epochs,
            long invalidations,
            long fences,
            long lastFenceNanos,
            Duration fenceInterval) {}

    /**
     * Starts to track the keys that begin with a prefix. Returns at once; until {@link Registration#isTracked()}, nothing may
     * be kept. The listener is called for keys under the prefix only. The server goes on to announce the keys of a prefix whose
     * registration was closed, until the connection is made again: do not track prefixes that come and go all the time.
     *
     * @param prefix the beginning of Redis keys; empty for all keys of all databases
     * @throws RedisUnavailableException if the connection is closed
     */
    public Registration track(String prefix, Listener listener) {
        return track(List.of(prefix), listener);
    }

    /**
     * Like {@link #track(String, Listener)} for several prefixes; the registration is tracked when all of them are. The
     * server compares every key that is written with every prefix.
     *
     * @param prefixes at least one
     */
    public Registration track(Collection<String> prefixes, Listener listener) {
        if (closed) {
            throw failures.closed();
        }
        if (used.compareAndSet(false, true)) {
            primaries.check(() -> shared.fences.endLate(failures::lateFence));
        }
        TrackedPrefixes registration =
                new TrackedPrefixes(List.copyOf(prefixes), listener, closing -> run(() -> links.remove(closing)));
        run(() -> links.add(registration));
        return registration;
    }

    /**
     * The {@link System#nanoTime()} at which the last answered fence was sent: every write that was acknowledged to anybody
     * before it, under a prefix that is tracked, has been heard. So long ago that no bound reaches it, if tracking does not
     * stand. A read asks its {@link Registration} instead, which knows its own prefix.
     */
    public long heardUntilNanos() {
        return shared.heard.nanos();
    }

    /** Whether changes are heard now. */
    public boolean isStanding() {
        return shared.heard.isStanding();
    }

    /** A fence within the operation timeout; see {@link #fence(Deadline)}. */
    public CompletableFuture<Long> fence() {
        return fence(Deadline.after(primaries.budget()));
    }

    /**
     * A fence that is written after this call. When it completes, the listeners have heard every write that was acknowledged
     * to anybody before this call. Callers share a fence that is not yet written, and never one that is. The future completes
     * in a thread of the connection.
     *
     * @return the {@link System#nanoTime()} of its sending; fails with {@link RedisUnavailableException} at once if tracking
     *     does not stand, or when the connection is lost or the deadline passes; with {@link RedisServerException} if the
     *     server has not passed the test of its fence
     */
    public CompletableFuture<Long> fence(Deadline deadline) {
        if (closed) {
            return CompletableFuture.failedFuture(failures.closed());
        }
        RuntimeException refusal = shared.counts.refusal();
        if (refusal != null) {
            return CompletableFuture.failedFuture(refusal);
        }
        CompletableFuture<Long> fence = shared.fences.ask(deadline, this::run, links::sendFence);
        if (closed) {
            shared.fences.fail(failures::closed);
        }
        return fence;
    }

    /** Whether anything was ever tracked. */
    public boolean isUsed() {
        return used.get();
    }

    /** What is known now. */
    public Status status() {
        return shared.counts.status();
    }

    /** Runs a task in the thread of the connection; when that has ended, nothing is left to do. */
    private void run(Runnable task) {
        try {
            loop.execute(task);
        } catch (RejectedExecutionException ended) {
            shared.heard.revoke();
            shared.fences.fail(failures::closed);
        }
    }

    /** The connection of the commands is made, so that the primaries are known. */
    void connected() {
        run(links::look);
    }

    /** Closes the connection, and fails fences that are waited for. Closing again does nothing. */
    @Override
    public void close() {
        closed = true;
        CountDownLatch done = new CountDownLatch(1);
        run(() -> {
            links.close(
                    new TrackingTrouble(String.valueOf(failures.closed().getMessage()), TrackingTrouble.Kind.PASSING));
            shared.fences.fail(failures::closed);
            done.countDown();
        });
        if (Thread.currentThread() instanceof ConnectionThread || loop.isShuttingDown()) {
            return; // such a thread must not wait, and an ended one has nothing left
        }
        try {
            var unused = done.await(Calls.CLOSING_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
