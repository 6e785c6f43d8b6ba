package io.iftb.cache.redis;

import io.netty.util.concurrent.FastThreadLocalThread;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * An I/O thread of a connection, recognized by its type. It reads and writes bytes, decodes our own records and completes
 * internal futures. It never waits and never runs user code.
 */
final class ConnectionThread extends FastThreadLocalThread {

    private ConnectionThread(Runnable task, String name) {
        super(task, name);
        setDaemon(true);
    }

    /** Creates threads with a name prefix and a number. */
    static ThreadFactory factory(String name) {
        AtomicInteger number = new AtomicInteger();
        return task -> new ConnectionThread(task, name + "-" + number.incrementAndGet());
    }

    /**
     * Fails in an I/O thread of a connection. Waiting there would block the thread that has to read the reply.
     *
     * @throws IllegalStateException if the current thread is one
     */
    static void requireOther() {
        if (Thread.currentThread() instanceof ConnectionThread) {
            throw new IllegalStateException(
                    "a blocking call in " + Thread.currentThread().getName()
                            + ", a thread of the connection, would wait for itself; call the async form there, or continue in"
                            + " another thread, for example with thenApplyAsync");
        }
    }
}
