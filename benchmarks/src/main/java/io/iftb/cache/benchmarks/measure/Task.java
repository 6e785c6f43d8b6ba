package io.iftb.cache.benchmarks.measure;

/** A workload made ready on one contender, for one thread. */
interface Task {

    /** What has to be so before each call; not timed. */
    default void before() {}

    /** Whether {@link #before} does something. */
    default boolean isPrepared() {
        return false;
    }

    /** How many operations a call is: more than one where one alone is too short for a clock. */
    default int operations() {
        return 1;
    }

    /** Does it; gives the answer, so that it cannot be left out. */
    Object call();

    /**
     * Does it and checks what came of it.
     *
     * @throws WrongAnswerException if that is not what the reference data say
     */
    void check();
}
