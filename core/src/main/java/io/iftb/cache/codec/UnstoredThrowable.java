package io.iftb.cache.codec;

/**
 * A replacement for a cause or suppressed exception whose class may not be stored. Its message holds the class and message
 * of the original; its stack trace and causes are those of the original.
 */
public final class UnstoredThrowable extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private UnstoredThrowable(Throwable original) {
        super(original.toString(), original.getCause());
        setStackTrace(original.getStackTrace());
        for (Throwable suppressed : original.getSuppressed()) {
            addSuppressed(suppressed);
        }
    }

    static UnstoredThrowable of(Throwable original) {
        return new UnstoredThrowable(original);
    }
}
