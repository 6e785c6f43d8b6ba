package io.iftb.cache.benchmarks.against;

import org.jspecify.annotations.Nullable;

/** Thrown when there is no other build to compare with; the message says what to do. */
public final class AgainstException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    AgainstException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
