package io.iftb.cache.codec;

/**
 * Stands for a cause or suppressed exception whose class may not be stored: its message names the class and gives the
 * message of the original; the stack trace and the causes are those of the original.
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
