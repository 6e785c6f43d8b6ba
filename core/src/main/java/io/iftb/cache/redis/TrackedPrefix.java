package io.iftb.cache.redis;

import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One registration: a prefix, who listens to it, and until when it has heard. */
final class TrackedPrefix implements KeyTracking.Registration {

    private static final Logger LOG = LoggerFactory.getLogger(TrackedPrefix.class);

    private final String prefix;
    private final KeyTracking.Listener listener;
    private final Consumer<TrackedPrefix> closing;
    private volatile HeardUntil heard = HeardUntil.NEVER;

    /** Whether the listener is called. Guarded by this, so that no call begins after {@link #close}. */
    private boolean listening = true;

    TrackedPrefix(String prefix, KeyTracking.Listener listener, Consumer<TrackedPrefix> closing) {
        this.prefix = prefix;
        this.listener = listener;
        this.closing = closing;
    }

    String prefix() {
        return prefix;
    }

    @Override
    public long heardUntilNanos() {
        return heard.nanos();
    }

    @Override
    public boolean isTracked() {
        return heard.isStanding();
    }

    /** From here on, the registration is as fresh as its connection. Drops what it held before. */
    synchronized void stand(HeardUntil connection) {
        if (listening && heard != connection && call(KeyTracking.Listener::reset)) {
            heard = connection;
        }
    }

    /** Whether it is to be tracked and is not yet. */
    synchronized boolean isWaiting() {
        return listening && heard == HeardUntil.NEVER;
    }

    void revoke() {
        heard = HeardUntil.NEVER;
    }

    synchronized void reset() {
        if (listening) {
            call(KeyTracking.Listener::reset);
        }
    }

    synchronized void changed(String key) {
        if (listening) {
            call(each -> each.changed(key));
        }
    }

    /** A listener that throws has missed something, so it must not count as fresh again. */
    private boolean call(Consumer<KeyTracking.Listener> event) {
        try {
            event.accept(listener);
            return true;
        } catch (RuntimeException | Error e) {
            listening = false;
            revoke();
            LOG.error("A listener of changed keys failed, so the near cache of '{}' stays off", prefix, e);
            return false;
        }
    }

    @Override
    public void close() {
        synchronized (this) {
            listening = false;
            revoke();
        }
        closing.accept(this);
    }
}
