package io.iftb.cache.codec;

/**
 * Thrown for the bytes of an object whose class is not trusted. They may become readable once the program gives an object of
 * that class to the same cache.
 */
public final class UntrustedValueException extends CorruptValueException {

    private static final long serialVersionUID = 1L;

    /** @param message names the class and the remedy */
    public UntrustedValueException(String message) {
        super(message);
    }
}
