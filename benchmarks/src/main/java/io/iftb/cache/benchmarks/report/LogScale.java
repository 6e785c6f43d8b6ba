package io.iftb.cache.benchmarks.report;

import java.util.ArrayList;
import java.util.List;

/**
 * A logarithmic axis of a drawing.
 *
 * @param min the smallest value, positive
 * @param max the largest value, larger than the smallest
 * @param start the coordinate of the smallest value
 * @param end the coordinate of the largest value
 */
record LogScale(double min, double max, double start, double end) {

    private static final int MAX_TICKS = 6;

    /** An axis with some room on both sides of its values. */
    static LogScale of(double min, double max, double start, double end) {
        return new LogScale(min / 1.05, max * 1.05, start, end);
    }

    /** The coordinate of a value. */
    double at(double value) {
        return start + (end - start) * Math.log(value / min) / Math.log(max / min);
    }

    /** Values to label: 1, 2 and 5 of each power of ten on a short axis, powers of ten on a long one. */
    List<Double> ticks() {
        List<Double> ticks = new ArrayList<>();
        int[] digits = max / min < 100 ? new int[] {1, 2, 5} : new int[] {1};
        int step = (int) Math.max(1, Math.ceil(Math.log10(max / min) / MAX_TICKS));
        for (int power = (int) Math.floor(Math.log10(min)); power <= Math.log10(max); power += step) {
            for (int digit : digits) {
                double tick = digit * Math.pow(10, power);
                if (tick >= min && tick <= max) {
                    ticks.add(tick);
                }
            }
        }
        return ticks;
    }
}
