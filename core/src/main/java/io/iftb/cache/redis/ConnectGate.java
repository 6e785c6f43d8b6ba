package io.iftb.cache.redis;

import java.time.Instant;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes a connection in the background, again and again until the servers can be used, and lets no call through before.
 * Safe for use by several threads.
 */
final class ConnectGate implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(ConnectGate.class);
    private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(250);

    private final String server;
    private final LongAdder refused = new LongAdder();
    private final Instant since = Instant.now();
    private volatile boolean open;
    /** Beside the interrupt, which the client library may swallow. */
    private volatile boolean closed;

    private volatile long nextNanos = System.nanoTime();
    private volatile @Nullable RuntimeException last;
    private volatile @Nullable Thread thread;

    private ConnectGate(String server, boolean open) {
        this.server = server;
        this.open = open;
    }

    /** One for a connection that is made already. */
    static ConnectGate passed(String server) {
        return new ConnectGate(server, true);
    }

    /** One for a connection that is to be made. */
    static ConnectGate closed(String server) {
        return new ConnectGate(server, false);
    }

    /** Whether the connection is made. */
    boolean isOpen() {
        return open;
    }

    /**
     * Begins to connect.
     *
     * @param attempt makes the connection, or throws
     * @param then what follows once it is made
     */
    void begin(Runnable attempt, Runnable... then) {
        Thread connecting = new Thread(() -> connect(attempt, then), "iftb-cache-connect");
        connecting.setDaemon(true);
        thread = connecting;
        connecting.start();
    }

    private void connect(Runnable attempt, Runnable[] then) {
        while (!closed) {
            try {
                attempt.run();
                if (closed) {
                    return;
                }
                open = true;
                List.of(then).forEach(Runnable::run);
                LOG.info("Redis at {} is connected; {} calls were not sent before", server, refused.sum());
                return;
            } catch (RuntimeException | Error e) { // such as no memory for a thread: the next attempt may find it
                if (last == null && !closed) {
                    LOG.warn(
                            "Redis at {} is not connected yet, and is tried again and again: {}",
                            server,
                            e.getMessage());
                }
                last = e instanceof RuntimeException why
                        ? why
                        : new RedisServerException("connecting to Redis at " + server + " failed: " + e, e);
            }
            nextNanos = System.nanoTime() + PAUSE_NANOS;
            try {
                TimeUnit.NANOSECONDS.sleep(PAUSE_NANOS);
            } catch (InterruptedException end) {
                return;
            }
        }
    }

    /** The exception for a call that is not sent. */
    RuntimeException refusal(Request request) {
        refused.increment();
        RuntimeException why = last;
        long millis = Math.max(0, TimeUnit.NANOSECONDS.toMillis(nextNanos - System.nanoTime()));
        return new RedisUnavailableException(
                request.name() + " was not sent: Redis at " + server
                        + " is not connected yet; the next attempt begins in "
                        + millis + " ms"
                        + (why == null ? "" : "; the last one failed: " + why.getMessage()),
                why);
    }

    /** The state of a circuit breaker that stands for this. */
    BreakerStatus status() {
        RuntimeException why = last;
        return new BreakerStatus(true, since, 0, 0, refused.sum(), why == null ? null : why.getMessage());
    }

    /** Gives up. */
    @Override
    public void close() {
        closed = true;
        Thread connecting = thread;
        if (connecting != null) {
            connecting.interrupt();
        }
    }
}
