package io.iftb.cache.benchmarks.measure;

import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/** The turns of one thread: in each round every task is called once, in random order, and its time is kept. */
final class Turns {

    /** How many times the time that it should take. */
    private static final int PATIENCE = 4;

    private final Task[] tasks;
    private final int[] order;
    private final long[][] nanos;
    private final SplittableRandom random;
    private int rounds;

    /** Keeps answers reachable, so that no call can be left out. */
    @SuppressWarnings("unused")
    private volatile @Nullable Object last;

    Turns(List<Task> tasks, long seed) {
        this.tasks = tasks.toArray(new Task[0]);
        this.order = new int[tasks.size()];
        Arrays.setAll(order, i -> i);
        this.nanos = new long[tasks.size()][1 << 12];
        this.random = new SplittableRandom(seed);
    }

    /** Plays rounds for a time, and then up to a number of them unless that takes much longer. */
    void run(Duration time, int minRounds) {
        long start = System.nanoTime();
        long passed = 0;
        while (passed < time.toNanos() || (rounds < minRounds && passed < PATIENCE * time.toNanos())) {
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

    /** Forgets the times so far. */
    void forget() {
        rounds = 0;
    }

    /** The times of an operation of a task. */
    double[] nanos(int task) {
        double operations = tasks[task].operations();
        return Arrays.stream(nanos[task], 0, rounds)
                .mapToDouble(each -> each / operations)
                .toArray();
    }
}
