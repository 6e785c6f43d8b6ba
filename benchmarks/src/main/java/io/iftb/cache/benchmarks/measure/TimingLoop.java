package io.iftb.cache.benchmarks.measure;

import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.apache.commons.math3.util.MathArrays;
import org.jspecify.annotations.Nullable;

/** The measurement of one thread: each round calls every task once, in random order, and records its time. */
final class TimingLoop {

    /** After this many times the given duration, the minimum of rounds is given up. */
    private static final int PATIENCE = 4;

    private final Task[] tasks;
    private final int[] order;
    private final long[][] nanos;
    private final SplittableRandom random;
    private int rounds;

    /** Keeps answers reachable, so that the compiler cannot drop a call. */
    @SuppressWarnings("unused")
    private volatile @Nullable Object last;

    TimingLoop(List<Task> tasks, long seed) {
        this.tasks = tasks.toArray(new Task[0]);
        this.order = MathArrays.natural(tasks.size());
        this.nanos = new long[tasks.size()][1 << 12];
        this.random = new SplittableRandom(seed);
    }

    /** Runs rounds for a duration, then up to a minimum of rounds unless that takes much longer. */
    void run(Duration duration, int minRounds) {
        long start = System.nanoTime();
        long passed = 0;
        while (passed < duration.toNanos() || (rounds < minRounds && passed < PATIENCE * duration.toNanos())) {
            round();
            passed = System.nanoTime() - start;
        }
    }

    private void round() {
        if (rounds == nanos[0].length) {
            for (int i = 0; i < nanos.length; i++) {
                nanos[i] = Arrays.copyOf(nanos[i], 2 * rounds);
            }
        }
        shuffle();
        for (int next : order) {
            Task task = tasks[next];
            task.before();
            long start = System.nanoTime();
            Object answer = task.call();
            nanos[next][rounds] = System.nanoTime() - start;
            last = answer;
        }
        rounds++;
    }

    private void shuffle() {
        for (int i = order.length - 1; i > 0; i--) {
            int other = random.nextInt(i + 1);
            int moved = order[i];
            order[i] = order[other];
            order[other] = moved;
        }
    }

    /** Discards the times of the warm-up. */
    void reset() {
        rounds = 0;
    }

    /** The recorded times of a task, for one operation each. */
    double[] nanos(int task) {
        double operations = tasks[task].operations();
        return Arrays.stream(nanos[task], 0, rounds)
                .mapToDouble(each -> each / operations)
                .toArray();
    }
}
