package io.iftb.cache.redis;

/** A subscription to a channel of the server; made again by itself after a lost connection. */
public interface Subscription extends AutoCloseable {

    /** Ends it, without waiting for the server. */
    @Override
    void close();
}
