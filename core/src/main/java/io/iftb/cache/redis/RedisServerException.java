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

    /**
     * Whether the server is at fault, and may be well again without anybody changing the call: it cannot be reached, does not
     * answer, or says that it cannot serve now. Not so if it refuses this call, such as for want of a right or of memory, or if
     * the caller was interrupted or had closed the connection.
     */
    public boolean isOutage() {
        return false;
    }
}
