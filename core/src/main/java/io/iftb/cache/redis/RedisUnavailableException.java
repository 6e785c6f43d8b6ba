package io.iftb.cache.redis;

import org.jspecify.annotations.Nullable;

/** The server cannot be reached, or did not answer in time. */
public final class RedisUnavailableException extends RedisServerException {

    private static final long serialVersionUID = 1L;

    /**
     * @param message one sentence that names the server, the trouble and the remedy
     * @param cause what the client library said
     */
    public RedisUnavailableException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
