package io.iftb.cache.benchmarks.measure;

import java.util.function.Consumer;
import java.util.function.Supplier;

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

    /**
     * A task that needs no preparation.
     *
     * @param call carries out the workload and returns the answer
     * @param check verifies the answer, or the effect of the call
     */
    static Task of(Supplier<Object> call, Consumer<Object> check) {
        return new Task() {
            @Override
            public Object call() {
                return call.get();
            }

            @Override
            public void check() {
                check.accept(call());
            }
        };
    }
}
