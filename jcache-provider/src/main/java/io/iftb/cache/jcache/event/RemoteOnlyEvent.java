package io.iftb.cache.jcache.event;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The events of a change without listeners in this cache: only a message for other JVMs, if any.
 *
 * @param message the message that the server publishes; null for none
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
record RemoteOnlyEvent(byte @Nullable [] message) implements PendingEvent {

    @Override
    public List<EventDelivery> made() {
        return List.of();
    }

    @Override
    public void notMade() {
        // no listener waits for it
    }

    @Override
    public void abandoned() {
        // no listener waits for it
    }
}
