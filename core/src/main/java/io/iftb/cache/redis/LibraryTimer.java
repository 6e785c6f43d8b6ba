package io.iftb.cache.redis;

import io.netty.util.HashedWheelTimer;
import java.lang.reflect.Field;
import java.util.concurrent.atomic.AtomicBoolean;
import org.redisson.connection.ServiceManager;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The thread of the client library's timer. The library makes one that keeps the JVM alive, and has no setting for it. */
final class LibraryTimer {

    private static final Logger LOG = LoggerFactory.getLogger(LibraryTimer.class);
    private static final AtomicBoolean WARNED = new AtomicBoolean();

    private LibraryTimer() {}

    /** Lets the JVM end while the timer runs. To be called before its first task, which starts the thread. */
    static void letProgramEnd(ServiceManager library) {
        try {
            Field thread = HashedWheelTimer.class.getDeclaredField("workerThread");
            thread.setAccessible(true);
            ((Thread) thread.get(library.getTimer())).setDaemon(true);
        } catch (ReflectiveOperationException | RuntimeException e) {
            if (!WARNED.getAndSet(true)) {
                LOG.warn(
                        "This JVM does not end before each connection to Redis is closed: the timer of the client library"
                                + " cannot be changed ({}); close cache managers, MarketCaches and RedisClients",
                        e.toString());
            }
        }
    }
}
