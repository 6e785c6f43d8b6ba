package io.iftb.cache.codec;

/** Thrown for an object that may not or cannot be stored because of its class. The message says what to do instead. */
public final class UntrustedClassException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    /** @param message names the class and the setting */
    public UntrustedClassException(String message) {
        super(message);
    }
}
