package io.iftb.cache.jcache.event;

/**
 * An event in the queue of its key, which a synchronous listener hears in the thread that caused it. One of its two
 * methods has to be called, since the events behind it wait.
 */
public abstract class EventDelivery {

    EventDelivery() {}

    /**
     * Lets the listener hear it in this thread, after the events before it. If the wait for those ends early, the
     * listener hears it later, in a thread of its executor.
     *
     * @param limit how long it may wait for listeners
     * @throws javax.cache.event.CacheEntryListenerException if the listener throws, or the limit is over
     */
    abstract void deliver(WaitLimit limit);

    /** Lets the listener hear it in a thread of its executor, after the events before it. */
    abstract void defer();
}
