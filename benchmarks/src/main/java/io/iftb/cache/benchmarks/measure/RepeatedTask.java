package io.iftb.cache.benchmarks.measure;

import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/** An operation that is too short to time by itself: a call carries it out a hundred times. Allocates nothing itself. */
final class RepeatedTask implements Task {

    private static final int OPERATIONS = 100;

    private final IntFunction<Object> operation;
    private final Check check;

    /** Keeps answers reachable, so that the compiler cannot drop an operation. */
    private final @Nullable Object[] answers = new Object[OPERATIONS];

    /** Verifies the answer of a turn. */
    @FunctionalInterface
    interface Check {
        void accept(int turn, Object answer);
    }

    /**
     * @param operation carries it out, given its turn from 0 on
     * @param check verifies an answer
     */
    RepeatedTask(IntFunction<Object> operation, Check check) {
        this.operation = operation;
        this.check = check;
    }

    @Override
    public Object call() {
        for (int turn = 0; turn < OPERATIONS; turn++) {
            answers[turn] = operation.apply(turn);
        }
        return answers;
    }

    @Override
    public int operations() {
        return OPERATIONS;
    }

    @Override
    public void check() {
        for (int turn = 0; turn < OPERATIONS; turn++) {
            check.accept(turn, operation.apply(turn));
        }
    }
}
