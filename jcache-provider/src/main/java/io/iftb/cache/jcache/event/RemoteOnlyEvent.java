package io.iftb.cache.jcache.event;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The events of a change that no listener of this cache hears of.
 *
 * @param message what the server publishes for other JVMs; null for nothing
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
record RemoteOnlyEvent(byte @Nullable [] message) implements PendingEvent {

    @Override
    public List<EventDelivery> made() {
        return List.of();
    }

    @Override
    public void notMade() {
        // nobody waits for it
    }

    @Override
    public void abandoned() {
        // nobody waits for it
    }
}
