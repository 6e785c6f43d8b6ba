package io.iftb.cache.redis;

import org.jspecify.annotations.Nullable;

/** Thrown if the server refuses or fails a command. The message names the server, without its password, and a remedy. */
public class RedisServerException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    /** @param message one sentence that names the server, the trouble and the remedy */
    public RedisServerException(String message) {
        super(message);
    }

    /**
     * @param message one sentence that names the server, the trouble and the remedy
     * @param cause the exception of the client library
     */
    public RedisServerException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
