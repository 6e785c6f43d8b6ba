package io.iftb.cache.jcache.event;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The events of a change that is not made yet. The change has three ends: made, not made, and unknown. Call the method of its
 * end on every path. {@link #abandoned} does nothing after another end, so you can call it in a {@code finally}.
 */
public interface PendingEvent {

    /** The events of a change without listeners. */
    PendingEvent NONE = new RemoteOnlyEvent(null);

    /** The message that the server publishes in one step with the change; null for none. */
    byte @Nullable [] message();

    /**
     * The change was made. Call it while you hold the lock of the key.
     *
     * @return the deliveries to pass to {@link CacheEvents#deliver} once you hold no lock
     */
    List<EventDelivery> made();

    /** The change was not made. */
    void notMade();

    /**
     * It is unknown whether the change was or will be made. If its message comes back, listeners receive the events in threads
     * of their executor.
     */
    void abandoned();
}
