package io.iftb.cache.observe;

import io.iftb.cache.observe.CallListener.CallEndListener;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The listeners of the calls of all caches of one connection. Safe for use by several threads. */
public final class CallListeners {

    private static final Logger LOG = LoggerFactory.getLogger(CallListeners.class);

    private final List<CallListener> listeners = new CopyOnWriteArrayList<>();
    private final AtomicBoolean hasFailed = new AtomicBoolean();

    /** Without listeners. */
    public CallListeners() {}

    /** Adds one; it hears the calls that begin from now on. */
    public void add(CallListener listener) {
        listeners.add(listener);
    }

    /** Takes one out. It may still hear the end of calls that have begun. */
    public void remove(CallListener listener) {
        listeners.remove(listener);
    }

    boolean isEmpty() {
        return listeners.isEmpty();
    }

    /** Tells all that a call begins; returns who hears its end. */
    List<CallEndListener> begin(String cacheName, String operation, String key) {
        List<CallEndListener> ends = new ArrayList<>();
        for (CallListener listener : listeners) {
            tell(listener, each -> {
                CallEndListener end = each.begun(cacheName, operation, key);
                if (end != null) {
                    ends.add(end);
                }
            });
        }
        return ends;
    }

    void ended(List<CallEndListener> ends, CallOutcome outcome, CallOrigin origin) {
        ends.forEach(end -> tell(end, each -> each.ended(outcome, origin)));
    }

    void failed(List<CallEndListener> ends, CallOutcome outcome, String failure) {
        ends.forEach(end -> tell(end, each -> each.failed(outcome, failure)));
    }

    private <T> void tell(T listener, Consumer<T> event) {
        try {
            event.accept(listener);
        } catch (RuntimeException e) { // code of the program, and not what the caller of the cache asked for
            if (hasFailed.compareAndSet(false, true)) {
                LOG.warn("A listener of calls failed; the calls go on, and further failures are not logged", e);
            }
        }
    }
}
