package io.iftb.cache.codec;

/** A class that may not be stored or read, since nothing in the configuration trusts it. */
public final class UntrustedClassException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    /** @param message names the class and the setting */
    public UntrustedClassException(String message) {
        super(message);
    }
}
