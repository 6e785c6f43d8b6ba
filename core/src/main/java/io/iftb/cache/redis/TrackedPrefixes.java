package io.iftb.cache.redis;

import java.util.List;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One registration: prefixes, who listens to them, and until when it has heard. */
final class TrackedPrefixes implements KeyTracking.Registration {

    private static final Logger LOG = LoggerFactory.getLogger(TrackedPrefixes.class);

    private final List<String> prefixes;
    private final KeyTracking.Listener listener;
    private final Consumer<TrackedPrefixes> closing;
    private volatile HeardUntil heard = HeardUntil.NEVER;

    /** Whether the listener is called. Guarded by this, so that no call begins after {@link #close}. */
    private boolean listening = true;

    TrackedPrefixes(List<String> prefixes, KeyTracking.Listener listener, Consumer<TrackedPrefixes> closing) {
        this.prefixes = prefixes;
        this.listener = listener;
        this.closing = closing;
    }

    List<String> prefixes() {
        return prefixes;
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

    synchronized void lost(long heardNanos) {
        if (listening) {
            call(each -> each.lost(heardNanos));
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
            LOG.error("A listener of changed keys failed, so the near cache of {} stays off", prefixes, e);
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
