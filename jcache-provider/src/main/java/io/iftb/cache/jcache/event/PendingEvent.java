package io.iftb.cache.jcache.event;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The events of a change that is not made yet. It has three ends: made, not made, and unknown. Call the method
 * of its end on every way out. {@link #abandoned} after another end does nothing, so it can stand in a {@code finally}.
 */
public interface PendingEvent {

    /** The events of a change that nobody hears of. */
    PendingEvent NONE = new RemoteOnlyEvent(null);

    /** What the server publishes in one step with the change; null for nothing. */
    byte @Nullable [] message();

    /**
     * Says that the change was made. Call it while you hold the lock of the key.
     *
     * @return what you pass to {@link CacheEvents#deliver} once you hold no lock
     */
    List<EventDelivery> made();

    /** Says that the change was not made. */
    void notMade();

    /**
     * Says that it is unknown whether the change was or will be made. The listeners hear of it if its message comes
     * back, in threads of their executor.
     */
    void abandoned();
}
