package io.iftb.cache.benchmarks.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.DoubleUnaryOperator;

/** An axis: where a value stands between both ends, and which values are worth a label. */
final class Scale {

    /** From this span on, a linear axis would press the smaller values together. */
    private static final double WIDE = 5;

    private static final double MARGIN = 0.04;
    private static final int MOST_TICKS = 6;

    private final DoubleUnaryOperator position;
    private final double low;
    private final double high;
    private final List<Double> ticks;

    private Scale(DoubleUnaryOperator position, double least, double most, List<Double> candidates) {
        this.position = position;
        double from = position.applyAsDouble(least);
        double to = position.applyAsDouble(most);
        double margin = to > from ? (to - from) * MARGIN : 0.5;
        this.low = from - margin;
        this.high = to + margin;
        this.ticks = candidates.stream()
                .filter(tick -> share(tick) >= 0 && share(tick) <= 1)
                .toList();
    }

    /** An axis for values that may span orders of magnitude; all are positive. */
    static Scale fitting(double least, double most) {
        return most / least >= WIDE ? logarithmic(least, most) : linear(least, most);
    }

    static Scale logarithmic(double least, double most) {
        return new Scale(Math::log10, least, most, decades(least, most));
    }

    private static Scale linear(double least, double most) {
        double step = step((most - least) / (MOST_TICKS - 1));
        List<Double> candidates = new ArrayList<>();
        for (long i = Math.round(Math.floor(least / step)) - 1; i * step <= most + step; i++) {
            // a product of a binary fraction has a tail of digits
            candidates.add(Math.round(i * step * 1e9) / 1e9);
        }
        return new Scale(DoubleUnaryOperator.identity(), least, most, candidates);
    }

    private static double step(double rough) {
        if (!(rough > 0)) {
            return 1;
        }
        double power = Math.pow(10, Math.floor(Math.log10(rough)));
        for (double digit : new double[] {1, 2, 5}) {
            if (digit * power >= rough) {
                return digit * power;
            }
        }
        return 10 * power;
    }

    private static List<Double> decades(double least, double most) {
        int from = (int) Math.floor(Math.log10(least)) - 1;
        int to = (int) Math.ceil(Math.log10(most)) + 1;
        double span = Math.log10(most / least);
        double[] digits = span < 1.8 ? new double[] {1, 2, 5} : new double[] {1};
        int stride = (int) Math.max(1, Math.ceil(span / MOST_TICKS));
        List<Double> candidates = new ArrayList<>();
        for (int power = from; power <= to; power++) {
            if (Math.floorMod(power, stride) == 0) {
                for (double digit : digits) {
                    candidates.add(digit * Math.pow(10, power));
                }
            }
        }
        return candidates;
    }

    /** 0 at the lower end, 1 at the upper one. */
    double share(double value) {
        return (position.applyAsDouble(value) - low) / (high - low);
    }

    /** A horizontal place in a drawing of any width. */
    String percent(double value) {
        return String.format(Locale.ROOT, "%.2f%%", 100 * share(value));
    }

    List<Double> ticks() {
        return ticks;
    }
}
