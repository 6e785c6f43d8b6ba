package io.iftb.cache.redis;

import org.jspecify.annotations.Nullable;

/**
 * Thrown if a write was sent and not answered: it may have been carried out, or may still be,
 * even after a later write of the same key. Reads, and writes that were not
 * sent, never fail with it. Read the entry before you write again.
 */
public final class RedisOutcomeUnknownException extends RedisServerException {

    private static final long serialVersionUID = 1L;

    private final boolean isOutage;

    /**
     * @param message one sentence that names the server, the trouble and the remedy
     * @param cause what ended the wait; null for a timeout
     */
    public RedisOutcomeUnknownException(String message, @Nullable Throwable cause) {
        this(message, cause, true);
    }

    /**
     * @param message one sentence that names the server, the trouble and the remedy
     * @param cause what led to it
     * @param isOutage whether the server is at fault, see {@link #isOutage()}
     */
    public RedisOutcomeUnknownException(String message, @Nullable Throwable cause, boolean isOutage) {
        super(message, cause);
        this.isOutage = isOutage;
    }

    @Override
    public boolean isOutage() {
        return isOutage;
    }
}
