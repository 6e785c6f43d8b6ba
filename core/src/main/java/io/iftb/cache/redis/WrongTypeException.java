package io.iftb.cache.redis;

import org.jspecify.annotations.Nullable;

/** Thrown if a key holds something that this cache did not write: another type of value, or bytes of another form. */
public final class WrongTypeException extends RedisServerException {

    private static final long serialVersionUID = 1L;

    /** @param message names the server, the key and the remedy */
    public WrongTypeException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
