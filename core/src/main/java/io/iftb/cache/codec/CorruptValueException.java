package io.iftb.cache.codec;

import org.jspecify.annotations.Nullable;

/** Thrown for bytes that are not a value of the codec that reads them. Caches count them as a miss. */
public class CorruptValueException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    /** @param message what is wrong with the bytes */
    public CorruptValueException(String message) {
        super(message);
    }

    /**
     * @param message what is wrong with the bytes
     * @param cause the failure of the decoder
     */
    public CorruptValueException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
