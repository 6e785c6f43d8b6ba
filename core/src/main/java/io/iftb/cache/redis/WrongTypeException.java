package io.iftb.cache.redis;

import org.jspecify.annotations.Nullable;

/** A key holds something that this cache did not write: another type of value, or bytes of another form. */
public final class WrongTypeException extends RedisServerException {

    private static final long serialVersionUID = 1L;

    /** @param message names the server, the key and what to do about it */
    public WrongTypeException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
