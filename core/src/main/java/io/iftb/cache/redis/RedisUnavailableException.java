package io.iftb.cache.redis;

import org.jspecify.annotations.Nullable;

/** Thrown if the server cannot be reached or does not answer in time. */
public final class RedisUnavailableException extends RedisServerException {

    private static final long serialVersionUID = 1L;

    /**
     * @param message one sentence that names the server, the trouble and the remedy
     * @param cause the exception of the client library
     */
    public RedisUnavailableException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
