package io.iftb.cache.benchmarks.measure;

/** A prepared workload of one contender for one thread. */
interface Task {

    /** Prepares a call; not timed. */
    default void before() {}

    /** Whether {@link #before} has an effect. */
    default boolean isPrepared() {
        return false;
    }

    /** The number of operations in a call: more than one if one is too short to time. */
    default int operations() {
        return 1;
    }

    /** Carries out the workload and returns the answer. */
    Object call();

    /**
     * Carries out the workload and checks its effect.
     *
     * @throws WrongAnswerException if it differs from the reference data
     */
    void check();
}
