package io.iftb.cache.redis;

/** A subscription to a channel of the server, restored automatically after a lost connection. */
public interface Subscription extends AutoCloseable {

    /** Ends the subscription without waiting for the server. */
    @Override
    void close();
}
