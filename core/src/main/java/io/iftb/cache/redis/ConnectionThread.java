package io.iftb.cache.redis;

import io.netty.util.concurrent.FastThreadLocalThread;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A thread of a connection. It moves bytes, decodes our own records and completes futures that we hold; it never waits and
 * never runs code of the user, and it is known by its type.
 */
final class ConnectionThread extends FastThreadLocalThread {

    private ConnectionThread(Runnable task, String name) {
        super(task, name);
        setDaemon(true);
    }

    /** Makes threads of a name that a number follows. */
    static ThreadFactory factory(String name) {
        AtomicInteger number = new AtomicInteger();
        return task -> new ConnectionThread(task, name + "-" + number.incrementAndGet());
    }

    /**
     * Refuses to wait in a thread of a connection: the reply would need that thread.
     *
     * @throws IllegalStateException if this is one
     */
    static void requireOther() {
        if (Thread.currentThread() instanceof ConnectionThread) {
            throw new IllegalStateException(
                    "a blocking call in " + Thread.currentThread().getName()
                            + ", a thread of the connection, would wait for itself; call the async form there, or continue in"
                            + " another thread, as by thenApplyAsync");
        }
    }
}
