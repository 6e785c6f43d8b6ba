package io.iftb.cache.benchmarks.gate;

/** How the gate judges a figure that differs from the baseline. */
enum ChangeKind {
    /** Worse, beyond the tolerance. */
    REGRESSION,
    /** In the baseline, but not in the run. */
    MISSING,
    /** Better, beyond the tolerance. */
    IMPROVEMENT,
    /** In the run, but not in the baseline. */
    NEW,
    /** The forks differ too much for a judgement. */
    NOISY,
    /** Shown, but not judged. */
    SHOWN,
    /** Judged, and not slower than in the other build of the run. */
    NOT_SLOWER;

    /** Whether it fails the build. */
    boolean fails() {
        return this == REGRESSION || this == MISSING;
    }

    /** Its text in the table. */
    String label() {
        return switch (this) {
            case REGRESSION -> "REGRESSION";
            case MISSING -> "MISSING";
            case IMPROVEMENT -> "better";
            case NEW -> "new";
            case NOISY -> "too noisy to judge";
            case SHOWN -> "not judged";
            case NOT_SLOWER -> "not slower";
        };
    }
}
