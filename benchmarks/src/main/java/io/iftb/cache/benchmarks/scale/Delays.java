package io.iftb.cache.benchmarks.scale;

import java.util.Arrays;

/** How long requests took, in microseconds. */
final class Delays {

    private double[] micros = new double[1_024];
    private int size;

    void add(double delay) {
        if (size == micros.length) {
            micros = Arrays.copyOf(micros, 2 * size);
        }
        micros[size++] = delay;
    }

    int size() {
        return size;
    }

    /** The time in which a part of them was done, between 0 and 1; 0 if there were none. */
    double quantile(double part) {
        if (size == 0) {
            return 0;
        }
        Arrays.sort(micros, 0, size);
        return micros[Math.max(0, (int) Math.ceil(part * size) - 1)];
    }
}
