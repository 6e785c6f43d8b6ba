package io.iftb.cache.observe;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells of each call of one cache: as a line of the log on {@value #LOGGER} at DEBUG, and as an event of the JDK Flight Recorder if
 * it was slow or failed. Keys are shortened; values are never told. While nobody asks, a call costs some nanoseconds and no
 * memory. Safe for use by several threads.
 */
public final class CallObserver {

    /** The name of the logger. */
    public static final String LOGGER = "io.iftb.cache.operations";

    static final Logger LOG = LoggerFactory.getLogger(LOGGER);

    private final String cacheName;

    private CallObserver(String cacheName) {
        this.cacheName = cacheName;
    }

    /** Of the cache of a name. */
    public static CallObserver of(String cacheName) {
        return new CallObserver(cacheName);
    }

    /**
     * A call begins.
     *
     * @param operation the name of the method
     * @param key the key, or the collection of the keys of a batch; null for none
     * @return null if nobody asks
     */
    public @Nullable ObservedCall begin(String operation, @Nullable Object key) {
        boolean isLogged = LOG.isDebugEnabled();
        return isLogged || FlightRecorder.isOn() ? new ObservedCall(cacheName, operation, key, isLogged) : null;
    }
}
