package io.iftb.cache.redis;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * State shared by the connections to a server: the time of the last reply, the open channels, and when the next may be
 * opened. Safe for use by several threads.
 */
final class Traffic {

    /** How many connections may be opened at once after a pause. */
    private static final int BURST = 64;

    private static final long CONNECT_INTERVAL_NANOS = TimeUnit.MILLISECONDS.toNanos(20);

    private final Set<ChannelGuard> open = ConcurrentHashMap.newKeySet();
    private volatile long lastReplyNanos = System.nanoTime();
    private long nextConnectNanos = System.nanoTime() - BURST * CONNECT_INTERVAL_NANOS;

    /** The {@link System#nanoTime()} of the last reply; of the creation of this object if there was none. */
    long lastReplyNanos() {
        return lastReplyNanos;
    }

    void replied() {
        lastReplyNanos = System.nanoTime();
    }

    void add(ChannelGuard guard) {
        open.add(guard);
    }

    void remove(ChannelGuard guard) {
        open.remove(guard);
    }

    /** How many channels are open. */
    int openChannels() {
        return open.size();
    }

    /** Closes idle channels that have received nothing since then: a call sent at that time has timed out on another. */
    void dropSilentSince(long sinceNanos) {
        open.forEach(guard -> guard.dropIfSilentSince(sinceNanos));
    }

    /** Waits until all channels are closed, at most for that time. */
    void awaitClosed(long nanos) {
        long deadline = System.nanoTime() + nanos;
        while (!open.isEmpty() && System.nanoTime() < deadline) {
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(1));
        }
    }

    /** How long to wait before opening a connection, so that there are at most fifty a second. */
    synchronized long connectDelayNanos() {
        long now = System.nanoTime();
        nextConnectNanos = Math.max(nextConnectNanos, now - BURST * CONNECT_INTERVAL_NANOS) + CONNECT_INTERVAL_NANOS;
        return nextConnectNanos - now;
    }
}
