package io.iftb.cache.benchmarks.gate;

import org.jspecify.annotations.Nullable;

/** Thrown when the gate cannot compare; the message says what to do. */
final class GateException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    GateException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
