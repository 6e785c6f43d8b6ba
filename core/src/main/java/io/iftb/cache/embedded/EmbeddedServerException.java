package io.iftb.cache.embedded;

import org.jspecify.annotations.Nullable;

/** Thrown if an embedded server cannot be started. The message names the remedy. */
public final class EmbeddedServerException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    /** @param message what is wrong, and what to do about it */
    public EmbeddedServerException(String message) {
        super(message);
    }

    /**
     * @param message what is wrong, and what to do about it
     * @param cause the error of the operating system
     */
    public EmbeddedServerException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
