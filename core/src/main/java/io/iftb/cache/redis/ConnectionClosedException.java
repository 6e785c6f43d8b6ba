package io.iftb.cache.redis;

import org.redisson.client.RedisConnectionException;

/** Signals that the connection of a command closed before its reply came. Never leaves this package. */
final class ConnectionClosedException extends RedisConnectionException {

    private static final long serialVersionUID = 1L;

    ConnectionClosedException() {
        super("the connection closed before the reply came");
    }
}
