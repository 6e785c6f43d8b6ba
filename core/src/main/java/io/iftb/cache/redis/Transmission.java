package io.iftb.cache.redis;

import io.netty.channel.Channel;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.redisson.connection.ConnectionManager;
import org.redisson.connection.NodeSource;
import org.redisson.misc.RedisURI;

/**
 * Whether a command or a batch was sent: it waits for a connection until it is either sent or withdrawn, never both. So a
 * write that was withdrawn was certainly not carried out.
 */
@SuppressWarnings("serial") // never serialized
class Transmission extends AtomicInteger {

    private static final int WAITING = 0;
    private static final int SENT = 1;
    private static final int WITHDRAWN = 2;
    private static final int LOST = 3;

    private volatile @Nullable Channel channel;
    /** When it was sent; before that, when its turn came; 0 before that too. */
    private volatile long sentNanos;

    private boolean failed;

    /** A transmission after a server has said that it did not carry the command out. */
    @SuppressWarnings("serial") // never serialized
    private static final class Again extends Transmission {

        private final Throwable refusal;
        private volatile @Nullable NodeSource target;

        Again(Throwable refusal, @Nullable NodeSource target) {
            this.refusal = refusal;
            this.target = target;
        }

        @Override
        Throwable refusal() {
            return refusal;
        }

        @Override
        @Nullable
        NodeSource target() {
            return target;
        }

        @Override
        CompletableFuture<Void> findTarget(ConnectionManager library) {
            NodeSource named = target;
            if (named == null) {
                return super.findTarget(library);
            }
            return library.getServiceManager().resolveAll(named.getAddr()).thenAccept(all -> {
                RedisURI known = all.stream()
                        .filter(address -> library.getEntry(address) != null)
                        .findFirst()
                        .orElse(named.getAddr());
                target = new NodeSource(named.getSlot(), known, named.getRedirect());
            });
        }
    }

    /**
     * The transmission after one that has failed.
     *
     * @param refusal what a server has said, so that the command is sent again; null for nothing
     * @param target where it has told to send it; null for where the command belongs
     */
    static Transmission after(Transmission before, @Nullable Throwable refusal, @Nullable NodeSource target) {
        Transmission next = refusal == null ? new Transmission() : new Again(refusal, target);
        next.sentNanos = before.isSent() ? 0 : before.sentNanos;
        return next;
    }

    /** Why the command is sent again; null if no server has refused it. */
    @Nullable
    Throwable refusal() {
        return null;
    }

    /** Where it leads; null for where the command belongs. */
    @Nullable
    NodeSource target() {
        return null;
    }

    /** Finds the IP address of where it leads, by which the client library knows the server. */
    CompletableFuture<Void> findTarget(ConnectionManager library) {
        return CompletableFuture.completedFuture(null);
    }

    /** Its turn has come: a connection is taken for it, or opened. */
    void turn() {
        if (sentNanos == 0) {
            sentNanos = System.nanoTime();
        }
    }

    /** Whether it is not sent so long after its turn has come, since no connection could be opened. */
    boolean isStuck(long now, long nanos) {
        long since = sentNanos;
        return get() == WAITING && since != 0 && now - since >= nanos;
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

    /** Its connection was lost before it was sent: it is never sent, and another takes its place. False if it was sent. */
    boolean lose() {
        return compareAndSet(WAITING, LOST);
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
