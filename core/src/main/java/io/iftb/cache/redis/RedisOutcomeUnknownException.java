package io.iftb.cache.redis;

import org.jspecify.annotations.Nullable;

/**
 * A write was sent and not answered: it may have been carried out, and may still be, even after a later write of the same
 * key, whose value it then replaces. Only writes end with it, and only if they were sent; read the entry before you write
 * again.
 */
public final class RedisOutcomeUnknownException extends RedisServerException {

    private static final long serialVersionUID = 1L;

    /**
     * @param message one sentence that names the server, the trouble and the remedy
     * @param cause what ended the waiting; null if time did
     */
    public RedisOutcomeUnknownException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
