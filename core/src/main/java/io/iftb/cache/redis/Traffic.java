package io.iftb.cache.redis;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * What the connections to a server know together: when the last reply came, which channels are open, and when the next may
 * be opened. Safe for use by several threads.
 */
final class Traffic {

    /** Connections that may be opened at once, after a time in which none was. */
    private static final int BURST = 64;

    private static final long CONNECT_INTERVAL_NANOS = TimeUnit.MILLISECONDS.toNanos(20);

    private final Set<ChannelGuard> open = ConcurrentHashMap.newKeySet();
    private volatile long lastReplyNanos = System.nanoTime();
    private long nextConnectNanos = System.nanoTime() - BURST * CONNECT_INTERVAL_NANOS;

    /** When the server answered last, by {@link System#nanoTime()}; when this was made, if it never did. */
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

    /** Drops the idle channels that are silent since a time: a call that was sent then has run out of time on another. */
    void dropSilentSince(long sinceNanos) {
        open.forEach(guard -> guard.dropIfSilentSince(sinceNanos));
    }

    /** Waits until all channels are closed, for a time at most. */
    void awaitClosed(long nanos) {
        long deadline = System.nanoTime() + nanos;
        while (!open.isEmpty() && System.nanoTime() < deadline) {
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(1));
        }
    }

    /** How long to wait before a connection is opened, so that there are no more than fifty a second. */
    synchronized long connectDelayNanos() {
        long now = System.nanoTime();
        nextConnectNanos = Math.max(nextConnectNanos, now - BURST * CONNECT_INTERVAL_NANOS) + CONNECT_INTERVAL_NANOS;
        return nextConnectNanos - now;
    }
}
