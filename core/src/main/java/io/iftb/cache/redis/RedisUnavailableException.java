package io.iftb.cache.redis;

import org.jspecify.annotations.Nullable;

/** Thrown if the server cannot be reached, does not answer in time, or says that it cannot serve now, and nothing was changed. */
public final class RedisUnavailableException extends RedisServerException {

    private static final long serialVersionUID = 1L;

    private final boolean isOutage;

    /**
     * @param message one sentence that names the server, the trouble and the remedy
     * @param cause the exception of the client library
     */
    public RedisUnavailableException(String message, @Nullable Throwable cause) {
        this(message, cause, true);
    }

    /**
     * @param message one sentence that names the server, the trouble and the remedy
     * @param cause what led to it
     * @param isOutage whether the server is at fault, see {@link #isOutage()}
     */
    public RedisUnavailableException(String message, @Nullable Throwable cause, boolean isOutage) {
        super(message, cause);
        this.isOutage = isOutage;
    }

    @Override
    public boolean isOutage() {
        return isOutage;
    }
}
