package io.iftb.cache.benchmarks.gate;

/** What the gate thinks of a figure that is not as in the baseline. */
enum Outcome {
    /** Worse, beyond what the figure may move. */
    REGRESSION,
    /** In the baseline, but not measured now. */
    MISSING,
    /** Better, beyond what the figure may move. */
    IMPROVEMENT,
    /** Measured now, but not in the baseline. */
    NEW,
    /** The forks differ too much to tell. */
    NOISY,
    /** Told, but not judged. */
    SHOWN;

    /** Whether it fails the build. */
    boolean fails() {
        return this == REGRESSION || this == MISSING;
    }

    /** How the table says it. */
    String label() {
        return switch (this) {
            case REGRESSION -> "REGRESSION";
            case MISSING -> "MISSING";
            case IMPROVEMENT -> "better";
            case NEW -> "new";
            case NOISY -> "too noisy to judge";
            case SHOWN -> "not judged";
        };
    }
}
