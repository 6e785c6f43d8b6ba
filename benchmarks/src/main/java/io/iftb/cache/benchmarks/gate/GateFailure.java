package io.iftb.cache.benchmarks.gate;

/** Why the gate cannot judge, in a sentence that says what to do. */
public final class GateFailure extends RuntimeException {

    private static final long serialVersionUID = 1L;

    GateFailure(String sentence) {
        super(sentence);
    }

    GateFailure(String sentence, Throwable cause) {
        super(sentence, cause);
    }
}
