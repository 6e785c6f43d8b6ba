package io.iftb.cache.jcache.event;

/**
 * The delivery of a queued event to a synchronous listener, in the thread that caused the event. Call one of the two methods,
 * since later events of the key wait for it.
 */
public abstract class EventDelivery {

    EventDelivery() {}

    /**
     * Delivers the event in this thread, after earlier events of the key. If the wait for those ends early, or this thread is in
     * a synchronous listener and may not wait for others, the event is delivered later, in a thread of the executor.
     *
     * @param limit how long it may wait for listeners
     * @throws javax.cache.event.CacheEntryListenerException if the listener throws, or the wait times out
     */
    abstract void deliver(WaitLimit limit);

    /** Delivers the event in a thread of the executor, after earlier events of the key. */
    abstract void defer();
}
