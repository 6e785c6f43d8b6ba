package io.iftb.cache.observe;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells of each call of one cache: as a line of the log on {@value #LOGGER} at DEBUG, as an event of the JDK Flight Recorder if it
 * was slow or failed, and to each {@link CallListener}. Keys are shortened; values are never told. While nobody asks, a call costs
 * some nanoseconds and no memory. Safe for use by several threads.
 */
public final class CallObserver {

    /** The name of the logger. */
    public static final String LOGGER = "io.iftb.cache.operations";

    static final Logger LOG = LoggerFactory.getLogger(LOGGER);

    private final String cacheName;
    private final CallListeners listeners;

    private CallObserver(String cacheName, CallListeners listeners) {
        this.cacheName = cacheName;
        this.listeners = listeners;
    }

    /** Of the cache of a name. */
    public static CallObserver of(String cacheName, CallListeners listeners) {
        return new CallObserver(cacheName, listeners);
    }

    /**
     * A call begins, and must end: by {@link ObservedCall#ended}, {@link ObservedCall#failed} or {@link ObservedCall#endingWith}.
     *
     * @param operation the name of the method
     * @param key the key, or the collection of the keys of a batch; null for none
     * @return null if nobody asks
     */
    public @Nullable ObservedCall begin(String operation, @Nullable Object key) {
        boolean isLogged = LOG.isDebugEnabled();
        return isLogged || !listeners.isEmpty() || FlightRecorder.isOn()
                ? new ObservedCall(cacheName, operation, key, isLogged, listeners)
                : null;
    }

    /** A read was answered with what this JVM holds. */
    public void hit(String operation, Object key) {
        ObservedCall call = begin(operation, key);
        if (call != null) {
            call.ended(CallOutcome.HIT, CallOrigin.NEAR);
        }
    }
}
