package io.iftb.cache.redis;

import io.netty.channel.Channel;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.redisson.connection.NodeSource;

/**
 * Whether a command or a batch was sent: it waits for a connection until it is either sent or withdrawn, never both. So a
 * write that was withdrawn was certainly not carried out.
 */
@SuppressWarnings("serial") // never serialized
class Transmission extends AtomicInteger {

    private static final int WAITING = 0;
    private static final int SENT = 1;
    private static final int WITHDRAWN = 2;

    private volatile @Nullable Channel channel;
    private volatile long sentNanos;
    private boolean failed;

    /** A transmission to another server than the one to which the command belongs, since that one has told to. */
    @SuppressWarnings("serial") // never serialized
    private static final class Redirected extends Transmission {

        private final NodeSource target;

        Redirected(NodeSource target) {
            this.target = target;
        }

        @Override
        NodeSource target() {
            return target;
        }
    }

    /** A transmission to a server; null for the one to which the command belongs. */
    static Transmission to(@Nullable NodeSource target) {
        return target == null ? new Transmission() : new Redirected(target);
    }

    /** Where it leads; null for where the command belongs. */
    @Nullable
    NodeSource target() {
        return null;
    }

    /** Marks it as sent on a channel, before the first byte is written; returns false if it was withdrawn. */
    boolean begin(Channel on) {
        if (get() != SENT) {
            channel = on;
            sentNanos = System.nanoTime();
            compareAndSet(WAITING, SENT);
        }
        return get() == SENT;
    }

    /** Withdraws it; returns false if it was sent, so that it may be carried out. */
    boolean withdraw() {
        return get() == WITHDRAWN || compareAndSet(WAITING, WITHDRAWN);
    }

    boolean isSent() {
        return get() == SENT;
    }

    boolean isWithdrawn() {
        return get() == WITHDRAWN;
    }

    /** The channel on which it was sent; null before. */
    @Nullable
    Channel channel() {
        return channel;
    }

    /** The {@link System#nanoTime()} at which it was sent. */
    long sentNanos() {
        return sentNanos;
    }

    /** Takes note of a failure; returns whether it is the first one, of several commands that are sent together. */
    synchronized boolean fails() {
        boolean first = !failed;
        failed = true;
        return first;
    }

    /** Closes the channel on which it was sent. */
    void cut() {
        Channel on = channel;
        if (on != null) {
            ChannelGuard.cut(on, sentNanos);
        }
    }
}
