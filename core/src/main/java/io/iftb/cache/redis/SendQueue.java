package io.iftb.cache.redis;

import java.util.Deque;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The commands and batches that wait for a free connection, in the order in which they came. At most as many as there are
 * connections are with the client library. Never blocks. Safe for use by several threads.
 *
 * <p>Threads of the connection must not stand behind virtual threads: one that holds or awaits a lock of the client library
 * may itself wait for its turn behind thousands of others. So virtual threads seldom enter the library.
 */
final class SendQueue {

    /** How many connections there are for commands. */
    static final int CONNECTIONS = 64;

    /** How many may wait. */
    static final int MOST_WAITING = 262_144;

    /** How many commands virtual threads send themselves; beyond, a thread of the connection does it. */
    private static final int MOST_BY_VIRTUAL_THREADS = 8;

    /** Whether this thread sends commands of this queue, so that what ends at once does not do it again inside. */
    private final ThreadLocal<Boolean> sending = ThreadLocal.withInitial(() -> false);

    private final Executor connectionThreads;
    private final int connections;
    private final AtomicInteger free;
    private final int mostWaiting;
    private final AtomicInteger waiting = new AtomicInteger();
    private final Deque<Sendable> queue = new ConcurrentLinkedDeque<>();

    /** A command or a batch, which takes one connection. */
    interface Sendable {

        /** Whether it is still to be sent. */
        boolean isToBeSent();

        /** Sends it; {@link #release} follows when it has ended, whatever happens. */
        void sendNow();
    }

    /** @param connectionThreads runs tasks in threads of the connection */
    SendQueue(Executor connectionThreads) {
        this(connectionThreads, CONNECTIONS, MOST_WAITING);
    }

    SendQueue(Executor connectionThreads, int connections, int mostWaiting) {
        this.connectionThreads = connectionThreads;
        this.connections = connections;
        this.free = new AtomicInteger(connections);
        this.mostWaiting = mostWaiting;
    }

    /** Sends a command when its turn comes; returns false if too many wait. */
    boolean add(Sendable command) {
        boolean handsOver = VirtualThreads.isCurrent() && connections - free.get() >= MOST_BY_VIRTUAL_THREADS;
        if (!handsOver && waiting.get() == 0 && take()) {
            command.sendNow();
            return true;
        }
        if (waiting.incrementAndGet() > mostWaiting) {
            waiting.decrementAndGet();
            return false;
        }
        queue.addLast(command);
        if (!handsOver) {
            sendNext();
        } else if (free.get() > 0) { // otherwise the end of another command sends it
            handOver();
        }
        return true;
    }

    private void handOver() {
        try {
            connectionThreads.execute(this::sendNext);
        } catch (RejectedExecutionException closed) {
            // calls that are under way have been failed
        }
    }

    /** Sends a command again, before those that wait for their first time. */
    void addAgain(Sendable command) {
        waiting.incrementAndGet();
        queue.addFirst(command);
        sendNext();
    }

    /** Gives back the connection of a command that has ended. */
    void release() {
        free.incrementAndGet();
        sendNext();
    }

    private boolean take() {
        int left = free.get();
        while (left > 0 && !free.compareAndSet(left, left - 1)) {
            left = free.get();
        }
        return left > 0;
    }

    private void sendNext() {
        if (waiting.get() == 0 || sending.get()) {
            return;
        }
        sending.set(true);
        try {
            while (!queue.isEmpty() && take()) {
                Sendable next = queue.pollFirst();
                if (next != null) {
                    waiting.decrementAndGet();
                }
                if (next != null && next.isToBeSent()) {
                    next.sendNow();
                } else {
                    free.incrementAndGet(); // the loop looks again: one may have come that found none free
                }
            }
        } finally {
            sending.remove();
        }
    }
}
